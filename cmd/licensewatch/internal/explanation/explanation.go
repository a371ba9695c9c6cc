// Package explanation says why there was a message, or none: what every rule
// makes of a snapshot and from which values, what each channel was told of it,
// what it is owed, and when it is told next.
//
// It asks the rules and the life cycle themselves: what an alert would say is
// found by letting a copy of the ledger plan one. It is pure; nothing is sent or
// saved.
//
// The files:
//
//	explanation.go  what is asked, and the answer, whose JSON form is documented
//	explain.go      the answer is put together, with the sources and what explains a silence
//	condition.go    expressions with their values, and how they combine
//	rule.go         one rule, and why it judges nothing; its findings, with what the ledger knows
//	outlook.go      what an alert would say now
//	runout.go       the use of each day, and when licenses run out
//	forecast.go     what the coming days bring if nothing changes
//	channel.go      one finding, as one channel knows it
//	page.go         all of it for people
//	channelpage.go  the part of it about the channels
//	table.go        a line for each finding
//	tone.go         how both are coloured
package explanation

import (
	"time"

	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// Input is what an explanation is made from.
type Input struct {
	Now      time.Time // in the zone that days are counted in
	Language license.Language
	Hours    license.Hours    // when alerts say what is only due by the calendar
	Snapshot license.Snapshot // without a previous reading: that is the ledger's
	Set      *rules.Set
	Rules    []rules.Description // of the same file
	Memory   Memory
	Ledger   *life.Ledger // nil: there is none to look at
	Doubt    string       // whose the memory is when it is another account's
	Channels []string     // that the settings name; none: those that the ledger knows
	// Hearing is who hears of the account, where it is one of many; nil otherwise.
	Hearing *handler.Hearing
	Name    string // of the account, in the accounts file
	// Fix says what to do about a source that could not be read.
	Fix func(*license.Failure) string
	// Rule and Subject are what is asked about; empty: everything.
	Rule, Subject string
}

// Memory is where what was said before is remembered.
type Memory string

// The memories.
const (
	MemoryStore   Memory = "store"   // the ledger of LICENSEWATCH_STATE_URL
	MemoryNone    Memory = "none"    // no store is set
	MemoryIgnored Memory = "ignored" // it was asked not to look
	MemoryOthers  Memory = "others"  // it is another account's: a run goes without
)

// Explanation is the answer. Times are in the configured zone.
type Explanation struct {
	At      time.Time    `json:"at"` // of the judgement
	Account string       `json:"account,omitempty"`
	Name    string       `json:"name,omitempty"` // in the accounts file
	Site    license.Site `json:"site"`
	Memory  Memory       `json:"memory"`
	// LastRun is when a run last read anything; nil when that is not known.
	LastRun  *time.Time `json:"last_run_at"`
	Channels []string   `json:"channels"`
	Sources  []Source   `json:"sources"`
	Rules    []Rule     `json:"rules"`
	Owed     []Owed     `json:"owed"`
	Notes    []string   `json:"notes"`
}

// Source is one reading of the cloud.
type Source struct {
	Source license.Source `json:"source"`
	Status SourceStatus   `json:"status"`
	Facts  string         `json:"facts,omitempty"` // code, action, request id
	Fix    string         `json:"fix,omitempty"`
	// UnreadSince and UnreadRuns are how long the function's runs fail to read it.
	UnreadSince *time.Time `json:"unread_since,omitempty"`
	UnreadRuns  int        `json:"unread_runs,omitempty"`
}

// SourceStatus is what became of a source.
type SourceStatus string

// The statuses of a source.
const (
	SourceRead       SourceStatus = "read"
	SourceIncomplete SourceStatus = "incomplete" // not all orders came
	SourceFailed     SourceStatus = "failed"
	SourceLeftOut    SourceStatus = "left_out" // not asked for
)

// Rule is a rule with its findings.
type Rule struct {
	ID           string           `json:"id"`
	Place        string           `json:"place"` // file:line of its condition, or of what switches it off
	Severity     license.Severity `json:"severity"`
	Each         bool             `json:"each_order"`
	When         string           `json:"when"`
	InfoWhen     string           `json:"info_when,omitempty"`
	CriticalWhen string           `json:"critical_when,omitempty"`
	ClearWhen    string           `json:"clear_when,omitempty"`
	CoveredBy    []string         `json:"covered_by,omitempty"`
	CoveredWhen  string           `json:"covered_when,omitempty"`
	Measure      string           `json:"measure,omitempty"`
	WorseBy      float64          `json:"worse_by,omitempty"`
	WorseAt      []float64        `json:"worse_at,omitempty"`
	RemindAt     []int64          `json:"remind_at,omitempty"`
	RemindEvery  string           `json:"remind_every,omitempty"`
	RemindLater  string           `json:"remind_later,omitempty"` // takes the place of remind_every after a week
	// NotJudged is why the rule judges nothing at all; nil when it does.
	NotJudged *Reason   `json:"not_judged,omitempty"`
	Findings  []Finding `json:"findings"`
	// Forecast is what a rule about the run-out of licenses looks at.
	Forecast []UseForecast `json:"forecast,omitempty"`
}

// Reason is why something is not judged.
type Reason struct {
	Code ReasonCode `json:"code"`
	Text string     `json:"text"`
}

// ReasonCode is a Reason in a word.
type ReasonCode string

// The reasons.
const (
	ReasonDisabled   ReasonCode = "disabled"        // its file switches it off
	ReasonLeftOut    ReasonCode = "source_left_out" // a source it reads is not asked for
	ReasonFleet      ReasonCode = "about_the_fleet" // it judges all accounts together
	ReasonNoPrevious ReasonCode = "no_previous"     // there is no reading before to compare with
	ReasonNoOrders   ReasonCode = "no_orders"       // there is no order to judge
)

// State is a finding's state.
type State string

// The states: those of a judgement, and what else can be said of a finding.
const (
	Firing    State = State(license.Firing)
	Covered   State = State(license.Covered) // fires, and another finding tells of it
	OK        State = State(license.OK)
	Unknown   State = State(license.Unknown)
	Gone      State = "gone"       // it fired, and its order is no longer listed
	NotJudged State = "not_judged" // the rule says nothing about this order
)

// Finding is what a rule says about one subject, and what became of that.
type Finding struct {
	Key      string           `json:"key"`
	Subject  string           `json:"subject,omitempty"`
	State    State            `json:"state"`
	Severity license.Severity `json:"severity"` // what it is, or would be
	Title    string           `json:"title,omitempty"`
	Detail   string           `json:"detail,omitempty"`
	Event    bool             `json:"event,omitempty"`
	Change   string           `json:"change,omitempty"` // of an event: from what to what
	Since    *time.Time       `json:"since"`            // first seen to fire; nil: by no run
	Deadline *time.Time       `json:"deadline,omitempty"`
	DaysLeft *int64           `json:"days_left,omitempty"`
	Missing  []string         `json:"missing,omitempty"`
	// Undocumented are those of Missing that hold a value nobody has documented.
	Undocumented []Value  `json:"undocumented,omitempty"`
	CoveredBy    string   `json:"covered_by,omitempty"` // the finding that tells of it
	Lingers      bool     `json:"lingers,omitempty"`    // not true any more, and not clear of its threshold
	Measure      *float64 `json:"measure,omitempty"`    // how much of it there is
	Machines     *int64   `json:"machines,omitempty"`   // how many it is about
	Owner        string   `json:"owner,omitempty"`
	Problem      string   `json:"problem,omitempty"` // why it is unknown, gone or not judged, where no value is missing

	When        *Judgement `json:"when,omitempty"`
	Info        *Judgement `json:"info_when,omitempty"`
	Critical    *Judgement `json:"critical_when,omitempty"`
	Clear       *Judgement `json:"clear_when,omitempty"`
	CoveredWhen *Judgement `json:"covered_when,omitempty"`
	Ahead       *Ahead     `json:"ahead,omitempty"`
	Ack         *Ack       `json:"acknowledgement,omitempty"`
	Channels    []Channel  `json:"channels"`
}

// Judgement is a condition with the values it read.
type Judgement struct {
	Leaves   []Leaf `json:"conditions"`
	Combined string `json:"combined"` // for example "true && false"
	Answer   string `json:"answer"`   // true, false or unknown
}

// Leaf is a condition that is judged as a whole.
type Leaf struct {
	Condition string  `json:"condition"`
	Answer    string  `json:"answer"` // true, false or unknown
	Values    []Value `json:"values"`
}

// Value is a field and what it held.
type Value struct {
	Field string `json:"field"`
	Value string `json:"value"` // in JSON notation; "unknown"
}

// Ahead is what comes if nothing but the date changes. A date that is nil does
// not come within the days that were looked at.
type Ahead struct {
	Days       int        `json:"days"` // that were looked at
	FiresAt    *time.Time `json:"fires_at"`
	CriticalAt *time.Time `json:"critical_at"`
	Left       *int64     `json:"-"` // days left when it first comes
}

// Ack is an acknowledgement.
type Ack struct {
	Of       string           `json:"of"`    // RULE or RULE/SUBJECT
	Until    time.Time        `json:"until"` // the instant at which it ends
	By       string           `json:"by"`
	Reason   string           `json:"reason"`
	At       time.Time        `json:"at"`
	Severity license.Severity `json:"severity,omitempty"` // that it covers
	Over     bool             `json:"over"`               // the finding got worse: the next run ends it
}

// Channel is a finding as one channel knows it.
type Channel struct {
	Channel string   `json:"channel"`
	Told    *Told    `json:"told"` // what it accepted last; nil: nothing
	Owed    []string `json:"owed,omitempty"`
	Alert   Alert    `json:"alert"`
	Why     string   `json:"why"`
	// NextAt is when an alert speaks of it next if nothing but the date changes:
	// the first one at that time or later. nil when it does not.
	NextAt  *time.Time `json:"next_at"`
	NextWhy string     `json:"next_why,omitempty"`
}

// Alert is what an alert that runs now does about a finding.
type Alert string

// What alerts do.
const (
	AlertSpeaks Alert = "speaks"       // it is due
	AlertOwed   Alert = "owed"         // a message about it is on its way
	AlertAcked  Alert = "acknowledged" // it is silenced
	AlertQuiet  Alert = "quiet"        // there is nothing to say, or nothing new
	AlertOpen   Alert = "unknown"      // only the memory knows
)

// Told is what a channel was told last.
type Told struct {
	At       *time.Time       `json:"at"`
	Severity license.Severity `json:"severity"`
	DaysLeft *int64           `json:"days_left,omitempty"`
	RemindAt *int64           `json:"remind_at,omitempty"` // the smallest that had been reached
	Before   string           `json:"before,omitempty"`    // it was of this finding, which has turned into this one
	OverAt   *time.Time       `json:"over_at,omitempty"`   // when the finding ended, after that
}

// Owed is a message that a channel has not accepted.
type Owed struct {
	ID       string       `json:"id"`
	Mode     license.Mode `json:"mode"`
	At       time.Time    `json:"written_at"`
	Channel  string       `json:"channel"`
	Findings []string     `json:"findings"`
	Tries    int          `json:"tries_without_answer,omitempty"`
	PausedAt *time.Time   `json:"refused_at,omitempty"` // it waits for an hour from then on
	// GivenUpAt is when it was given up, as it got no answer: it is not sent again.
	GivenUpAt *time.Time `json:"given_up_at,omitempty"`
	Former    bool       `json:"former,omitempty"` // the settings do not name the channel any more
}
