package license

import "time"

// Change is how a firing finding stands to what a channel was last told.
type Change string

// The changes.
const (
	ChangeNew Change = "new" // not told before
	// a greater severity, the next threshold of RemindAt, or the successor of what was told
	ChangeWorse   Change = "worse"
	ChangeDue     Change = "due"     // told before, and time to say it again; the deadline may have moved later
	ChangeOngoing Change = "ongoing" // told before, nothing changed; only in a digest
)

// Story is what came before a firing finding, as one channel knows it.
type Story struct {
	Change Change
	// Since is when it was first seen to fire; for an event, when it happened. A
	// finding that took over from another one continues that one's story.
	Since time.Time

	// What the channel was last told, where that differs and Change is
	// ChangeWorse or ChangeDue; else zero.
	WasDaysLeft *int64
	WasSeverity Severity
	WasDeadline time.Time // set when the deadline moved later
	WasTitle    Text      // set when it took over from another finding: that one's title
	WasKey      string    `json:",omitempty"` // and its Key

	// NextAt is when it speaks next if nothing changes, in the report's zone;
	// zero when it does not.
	NextAt time.Time
	// Ack is the acknowledgement that silences it, or the one that has just
	// ended because of it (Ack.Over); nil when there is none.
	Ack *Ack
	// FirstOfAckedRule: it began to fire after its whole rule was acknowledged
	// (Ack), which says nothing of it yet.
	FirstOfAckedRule bool
}

// Resolved is a finding that is over.
type Resolved struct {
	Account string `json:",omitempty"` // as in Finding
	Uin     string `json:",omitempty"`
	// Reading is that of its account, in a report about many; nil: the report's.
	Reading  *Snapshot `json:"-"`
	Key      string    // the finding's
	Source   Source    // the reading its rule judges; empty when not known
	Title    Text      // as it last was
	Over     Text      // what is true instead (Finding.Over); empty: quote the title
	Severity Severity  // as it was last told
	Gone     bool      // its order is no longer there; else the rule is no longer true
	// Destroyed: of those that are gone, an order that is still listed, as
	// destroyed.
	Destroyed bool
	// TakenOver: the licenses of the order are gone, but as many are in use again as
	// before.
	TakenOver bool
	// Undone: it was told, or is over, only because the clock of a run was wrong.
	Undone bool
	Since  time.Time // when it was first seen to fire
	At     time.Time // when it was seen to be over
}

// Fact names what it tells among all that a message may tell.
func (r *Resolved) Fact() string { return factOf(r.Account, "over "+r.Key) }

// Ack is somebody's word that a finding is known and taken care of: reminders
// about it are silent until Until or until it gets worse.
type Ack struct {
	Rule    string
	Subject string    // empty: all of the rule's subjects
	Until   time.Time // the instant at which it ends
	Reason  string
	By      string
	At      time.Time // when it was given
	// Severity is what it covers: a finding that is worse ends it. Empty until
	// the rule first fires.
	Severity Severity
	// Over is true when a finding that got worse has ended it.
	Over bool
	// Ended is true when its time has come to an end and that is being told.
	Ended bool
}

// Covers says whether the acknowledgement is about the finding of this rule and
// subject.
func (a Ack) Covers(rule, subject string) bool {
	return a.Rule == rule && (a.Subject == "" || a.Subject == subject)
}

// SourceChange is a source that stays unread, or one that can be read again.
type SourceChange struct {
	Source   Source
	Readable bool      // it can be read again
	Since    time.Time // when the first run failed to read it
	At       time.Time // Readable: when it was read again
	Runs     int       // how many runs in a row failed to read it
	Partly   bool      // the last of them read some of it: a list that was incomplete
}
