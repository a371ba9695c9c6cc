package report

import (
	"time"

	"licensewatch/license"
)

// Report is what is said. A part that has nothing to say is empty.
type Report struct {
	// Now is the reader's today, in the zone in which times are shown.
	Now time.Time
	// From and To are the first and the last day of what is looked back at, in UTC.
	From, To time.Time
	// Until is how far is looked ahead.
	Until time.Time
	// HasHistory: there are records; else it is of single readings.
	HasHistory bool
	// Notes say what the report lacks.
	Notes []license.Text

	Accounts []Account
	Summary  Summary
	Needs    []Need
	// MoreNeeds are how many more there are, where there are too many to keep.
	MoreNeeds int
	// KnowsAcks: acknowledgements are known, also where there is none.
	KnowsAcks bool

	Orders  []Order // what ends, has ended or may end, the soonest first; see Order.Compare
	Days    []Day   // every day from the first record on
	Outlook []Outlook

	Plan     []PlannedOrder
	Gap      []GapDay
	Evidence Evidence
	Said     []SaidDay
	// SaidByDay is what was said by day, channel and mode, of all accounts.
	SaidByDay []SaidSum
	// MoreSaid is how many more rows there are.
	MoreSaid int
}

// Account is an account and its newest reading.
type Account struct {
	ID     string // the UIN, the folder of the archive, or what the file says
	Name   string // as people call it; may be empty
	Site   license.Site
	Record string // where the reading comes from; empty: there is none
	ReadAt time.Time
	Status AccountStatus
	// Unread are the sources that could not be read.
	Unread   []Unread
	Values   Values
	Worst    license.Severity // of what fires; empty: nothing
	Findings int              // that fire
	Unknown  int              // rules that could not be judged
}

// Label is what people call the account.
func (a *Account) Label() string {
	if a.Name != "" && a.Name != a.ID {
		return a.Name + " (" + a.ID + ")"
	}
	return a.ID
}

// AccountStatus says how much is known of an account.
type AccountStatus string

// The statuses.
const (
	StatusRead   AccountStatus = "read"   // all of it, lately
	StatusPartly AccountStatus = "partly" // some sources could not be read
	StatusOld    AccountStatus = "old"    // the newest reading is older than two days
	StatusUnread AccountStatus = "unread" // nothing could be read, or there is no reading
)

// oldReading is after how long a reading counts as old.
const oldReading = 48 * time.Hour

// Summary are the first figures.
type Summary struct {
	Critical, Warning, Info int // findings that fire and nobody has acknowledged
	Acknowledged            int // those that somebody has
	Unknown                 int // rules that could not be judged
	// Accounts is how many there are; Read how many are read fully and lately.
	Accounts, Read int
	// Valid and Used licenses are those of the accounts that tell both, likewise Machines and
	// Protected, those with an edition that a license pays for.
	Valid, Used         Total
	Machines, Protected Total
	Next                *Order
	Broken              int // records
}

// Total is a sum over accounts.
type Total struct {
	Sum   int64
	Known int // accounts that tell it
	Of    int // accounts that ever do, or should
}

// IsWhole says whether all accounts tell it.
func (t *Total) IsWhole() bool { return t.Known > 0 && t.Known == t.Of }

func (t *Total) add(n *int64) {
	t.Of++
	if n != nil {
		t.Known++
		t.Sum += *n
	}
}

// Need is a finding that needs somebody.
type Need struct {
	Account string // its label
	Record  string
	Rule    string
	Subject string // empty: the account
	// Severity is that of the finding.
	Severity license.Severity
	Title    license.Text
	Detail   license.Text
	Owner    string
	// Since is the first of the records in a row in which it fires, or is not known, and IsOlder
	// whether there is none before it to tell since when.
	Since   time.Time
	IsOlder bool
	Told    *Told        // nil: nobody was, as far as records say
	Ack     *license.Ack // nil: nobody has, or it is not known
}

// Told is a report that chats took.
type Told struct {
	At       time.Time
	Mode     string
	Channels []string
	Record   string
}

// Day are the metrics of a day.
type Day struct {
	Day     time.Time
	Metrics [metrics]Total
	Record  string // where there is one account; else the accounts' tables have them
}

// GapDay is how many machines have lost their edition by the end of a day, if nothing is renewed.
type GapDay struct {
	Day  time.Time // in the reader's zone
	Lost int64
	// Orders is how many orders end on that day.
	Orders int
}

// SaidSum are the messages of a day to a channel. One of many accounts counts once, and is
// about as many accounts as have it in their records.
type SaidSum struct {
	Day      time.Time
	Channel  string
	Mode     string // as in SaidDay
	Accounts int
	Accepted int
	Refused  int
	NoAnswer int
	Code     string // of a refusal
	Record   string // that has them all; empty: there is none
	isFleet  bool   // counted as the runs of many accounts have it
}

// SaidDay are the messages of a day to a channel.
type SaidDay struct {
	Day      time.Time
	Account  string
	Channel  string
	Mode     string // "digest", "alert", or "note"
	Accepted int
	Refused  int
	NoAnswer int
	Code     string // of a refusal
	Record   string // the last one
}
