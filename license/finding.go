package license

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"
)

// Severity is how urgent a firing finding is. It means the same everywhere.
type Severity string

// The severities, least urgent first.
const (
	Info     Severity = "info"     // good to know
	Warning  Severity = "warning"  // it will end, or nothing will renew it
	Critical Severity = "critical" // protection is gone, or ends within 3 days and will not renew
)

// Rank orders severities: greater is worse. An unknown word ranks lowest.
func (s Severity) Rank() int {
	switch s {
	case Critical:
		return 3
	case Warning:
		return 2
	case Info:
		return 1
	default:
		return 0
	}
}

// State is a rule's answer about one subject.
type State string

// The answers of a rule. Unknown is neither firing nor ok: something the
// rule reads could not be known.
const (
	Firing  State = "firing"
	OK      State = "ok"
	Unknown State = "unknown"
	// Covered is a firing finding of which another one that fires tells already:
	// it is not told and does not count.
	Covered State = "covered"
)

// Finding is what one rule says about one subject.
type Finding struct {
	// Account is the name of the account and Uin its number, in a report about many; else
	// both are empty.
	Account  string `json:",omitempty"`
	Uin      string `json:",omitempty"`
	Rule     string // the rule's id
	Subject  string // the order's ResourceId; empty for the whole account
	State    State
	Severity Severity // what it is, or would be, when firing
	Title    Text     // one line of what; set when firing
	Detail   Text     // one line of evidence; set when firing
	Runbook  string   // https link to what to do; may be empty

	// Deadline is the end of what the finding is about; zero when it has none.
	Deadline time.Time
	// DaysLeft is the calendar days to Deadline; nil when it has none.
	DaysLeft *int64
	// RemindAt are the days left at which the rule wants to speak again,
	// greatest first.
	RemindAt []int64

	// RemindEvery is how long after a channel was told the rule wants to speak
	// again; 0 when it does not. RemindLater takes its place once the finding has
	// fired for a week; 0 when nothing does.
	RemindEvery time.Duration
	RemindLater time.Duration

	// Measure says how much of it there is; nil when the rule does not measure, or
	// when that is not known. It is worse when the measure has grown by WorseBy
	// since a channel was told (0: never by that) or has crossed one of WorseAt,
	// smallest first.
	Measure *float64
	WorseBy float64
	WorseAt []float64
	// Lingers: the rule is not true any more, but not clear of its threshold
	// either. A finding that fired goes on; one that did not is OK. The texts are
	// set, and State is OK.
	Lingers bool
	// Calendar: it would fire, no less badly and not much less of it, if nothing but the
	// clock had changed since the previous reading. False without a previous reading.
	Calendar bool

	// CoveredBy is the key of the finding that tells of this one already; set when
	// Covered. Covers are the rules that do so while they fire (the rule's
	// covered_by).
	CoveredBy string
	Covers    []string

	// Machines is how many machines it is about: those that lose, or have lost,
	// their protection; nil when it is about none, or when that is not known.
	// Licenses is how many licenses the order has; nil likewise.
	Machines *int64
	Licenses *int64
	// Bound are the machines that lose, or have lost, their edition with the order; nil where
	// that is not known, and of an order that renews itself.
	Bound *LosingMachines `json:",omitempty"`
	Owner string          // who looks after it, by the rules' owner; may be empty
	// Group is what is said of several findings of the rule at once, behind their
	// number: "end within 30 days and are not set to renew". Empty: the rule has no such text.
	Group Text
	// Over is what is true once a firing finding is over: "no longer ends soon".
	// Empty: the title is quoted.
	Over Text

	// Source is the reading the rule judges, the first one where it reads
	// several. Findings about the whole account that share a product take over
	// from each other.
	Source Source
	// Event marks a change between two readings: it is told once, when it
	// happens, and never resolves. EventID says what changed, from what to what,
	// so that the same change is told once and the next one is told again.
	Event   bool
	EventID string

	// Story is what was said before about a firing finding; nil without memory.
	Story *Story

	Evidence []Evidence // the conditions that were judged, with their values
	Missing  []string   // Unknown: the fields ("tcss.State") or sources ("tcss") that are not known
	// Undocumented are those of Missing that hold a value, but one that the API does
	// not document, or that contradicts another one.
	Undocumented []Value
	Problem      string // Unknown: why the rule itself could not be judged; empty when data was missing
	// Others are, in a run, the other orders of which the rule is Unknown for the same
	// reason: one finding stands for 10,000.
	Others []string `json:",omitempty"`
	// OKOthers are, in a run, the other orders of which the rule is OK and that are asked
	// for one by one.
	OKOthers []OKOther `json:"-"`
}

// OKOther is one of the orders for which a finding that is OK stands.
type OKOther struct {
	Subject  string
	Deadline time.Time // of the order, as Finding.Deadline
	DaysLeft *int64    // to Deadline
}

// OfOther is what the finding says of one of its OKOthers.
func (f Finding) OfOther(other OKOther) Finding {
	f.Subject, f.Deadline, f.DaysLeft, f.OKOthers = other.Subject, other.Deadline, other.DaysLeft, nil
	return f
}

// Subjects are the subject and the others.
func (f Finding) Subjects() iter.Seq[string] {
	return func(yield func(string) bool) {
		_ = yield(f.Subject) && !slices.ContainsFunc(f.Others, func(other string) bool { return !yield(other) })
	}
}

// CountFindings is how many there are, the others that each stands for included.
func CountFindings(findings []Finding) int {
	n := len(findings)
	for i := range findings {
		n += len(findings[i].Others)
	}
	return n
}

// Evidence is one leaf condition of a rule with the values it read.
type Evidence struct {
	Condition string  // as written, for example "order.DaysLeft <= 30"
	State     State   // Firing: true; OK: false
	Values    []Value // the fields the condition reads, in order
}

// Value is a field and what it held.
type Value struct {
	Field string // for example "order.DaysLeft"
	Text  string // in JSON notation; "unknown" when not known
	Known bool
}

// IsAcknowledged says whether somebody has said that the finding is known: it is
// no reason to call anybody, and no headline.
func (f Finding) IsAcknowledged() bool {
	s := f.Story
	return s != nil && s.Ack != nil && !s.Ack.Over && !s.Ack.Ended && !s.FirstOfAckedRule
}

// HasGrown says whether there is so much more of it than an earlier measure that this is
// worse; not where either is not known.
func (f Finding) HasGrown(earlier *float64) bool {
	if f.Measure == nil || earlier == nil {
		return false
	}
	crossed := slices.ContainsFunc(f.WorseAt, func(threshold float64) bool {
		return *earlier < threshold && threshold <= *f.Measure
	})
	return crossed || f.WorseBy > 0 && *f.Measure-*earlier >= f.WorseBy
}

// SortFindings orders findings for people: what is not acknowledged first, then the worst, of a
// report about many accounts what is about all of them, then what most machines hang on, then the
// soonest; a deadline comes before none. Among equals the order stays. There may be thousands, and
// they are large: their places are sorted, and each is moved once.
func SortFindings(findings []Finding) {
	places := make([]int, len(findings))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { return compareFindings(&findings[i], &findings[j]) })
	for i := range places {
		first, at := findings[i], i
		for places[at] != at { // round and round, until it is the first one's place
			from := places[at]
			places[at] = at
			if from == i {
				findings[at] = first
				break
			}
			findings[at], at = findings[from], from
		}
	}
}

func compareFindings(a, b *Finding) int {
	return cmp.Or(
		compareBools(a.IsAcknowledged(), b.IsAcknowledged()),
		cmp.Compare(b.Severity.Rank(), a.Severity.Rank()),
		compareBools(a.Account != "", b.Account != ""),
		cmp.Compare(b.machinesAtStake(), a.machinesAtStake()),
		compareBools(a.Deadline.IsZero(), b.Deadline.IsZero()),
		a.Deadline.Compare(b.Deadline),
	)
}

// machinesAtStake is how many machines hang on the finding, as far as is known: where it is
// not, every license may be in use.
func (f Finding) machinesAtStake() int64 {
	switch {
	case f.Machines != nil:
		return *f.Machines
	case f.Licenses != nil:
		return *f.Licenses
	default:
		return 1
	}
}

// compareBools puts false before true.
func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// Key names the finding among all of an account: the rule's id, with the
// subject behind a slash when there is one.
func (f Finding) Key() string {
	if f.Subject == "" {
		return f.Rule
	}
	return f.Rule + "/" + f.Subject
}

// Fact names what it tells among all that a message may tell: its key, and what has
// changed where it is an event.
func (f Finding) Fact() string {
	fact := f.Key()
	if f.EventID != "" {
		fact += " " + f.EventID
	}
	return factOf(f.Account, fact)
}

// factOf is a fact about an account, which is empty where a report is about one alone.
func factOf(account, fact string) string {
	if account == "" {
		return fact
	}
	return account + factMark + fact
}

// factMark parts the account from the fact; no account's name holds it.
const factMark = "\t"

// AccountOfFact takes apart what Fact gives in a report about many accounts.
func AccountOfFact(fact string) (account, rest string) {
	account, rest, ok := strings.Cut(fact, factMark)
	if !ok {
		return "", fact
	}
	return account, rest
}
