package report

import (
	"time"

	"licensewatch/license"
)

// Reading is what a run read of an account.
type Reading struct {
	Record   string // where it comes from
	Snapshot license.Snapshot
}

// Finding is what rules said, as a record has it.
type Finding struct {
	Rule, Subject string
	State         license.State
	Severity      license.Severity
	Title, Detail license.Text
	Owner         string
	// IsChange: it tells of what changed since the reading before. Records do not say so.
	IsChange bool
}

// Key names a finding as license.Finding does.
func (f *Finding) Key() string { return license.Finding{Rule: f.Rule, Subject: f.Subject}.Key() }

// Message is what a channel answered.
type Message struct {
	At      time.Time
	Channel string // as people call it
	Kind    string // "report", "note" or "file"
	Mode    string
	Verdict string // "accepted", "refused" or "no-answer"
	Code    string
}

// Gatherer takes what there is of one account, the oldest record first.
type Gatherer struct {
	account  Account
	newest   *Reading
	before   *license.Snapshot // see Before
	days     []dayValues
	orders   map[string]*history
	findings []Finding
	firing   map[string]firing
	record   string // of the findings
	records  int    // with findings
	said     []SaidDay
	digest   *Told // the last that a chat took
	first    map[string]*Told
	evidence accountEvidence
}

// dayValues are the values of a day's last reading.
type dayValues struct {
	day    time.Time
	record string
	values Values
}

// firing is since when something fires.
type firing struct {
	rule    string
	since   time.Time
	isOlder bool
	seen    int // the number of the last record that had it, or did not know it
}

// history is what is kept of an order's ends.
type history struct {
	end, latest, moved time.Time
	moves, back        int
	seen               time.Time
	used               *int64 // licenses when it last ran; nil: not known
}

// NewGatherer begins an account.
func NewGatherer(id, name string) *Gatherer {
	return &Gatherer{account: Account{ID: id, Name: name, Status: StatusUnread}, orders: map[string]*history{},
		firing: map[string]firing{}, first: map[string]*Told{}}
}

// AddReading takes a reading. One that tells nothing is still the newest: what could not be read
// is not what was read before.
func (g *Gatherer) AddReading(r Reading) {
	s := &r.Snapshot
	if g.newest != nil && s.ReadAt.Before(g.newest.Snapshot.ReadAt) {
		return
	}
	if g.newest != nil {
		g.before = lastAnswers(&g.newest.Snapshot, g.before)
	}
	g.newest = &r
	d := dayValues{utcDay(s.ReadAt), r.Record, ValuesOf(s)}
	if n := len(g.days); n > 0 && g.days[n-1].day.Equal(d.day) {
		g.days[n-1] = d
	} else {
		g.days = append(g.days, d)
	}
	if s.Orders != nil {
		for i := range s.Orders.List {
			g.followOrder(&s.Orders.List[i], s.ReadAt)
		}
	}
	if row, ok := containers(s.PurchaseState, s.ReadAt); ok {
		g.follow(row.Key, row.End, s.ReadAt)
	}
}

func (g *Gatherer) followOrder(o *license.Order, at time.Time) {
	end, ok := o.DeadlineTime()
	if key := o.Key(); ok && key != "" && isPrepaid(o) {
		h := g.follow(key, end, at)
		if used := countOf(o.UsedLicenseCnt); used != nil && end.After(at) {
			h.used = used
		}
	}
}

// follow keeps how an end moves.
func (g *Gatherer) follow(key string, end, at time.Time) *history {
	h := g.orders[key]
	if h == nil {
		h = &history{end: end}
		g.orders[key] = h
	}
	if !h.end.Equal(end) {
		h.moves, h.moved = h.moves+1, at
		if end.Before(h.end) {
			h.back++
		}
	}
	h.end, h.seen = end, at
	if end.After(h.latest) {
		h.latest = end
	}
	return h
}

// AddFindings takes what the rules said in a record.
func (g *Gatherer) AddFindings(record string, at time.Time, findings []Finding) {
	g.records++
	g.findings, g.record = findings, record
	for i := range findings {
		f := &findings[i]
		if f.State == license.Unknown {
			g.goesOn(f)
		}
		if f.State != license.Firing {
			continue
		}
		was, known := g.firing[f.Key()]
		if !known || was.seen < g.records-1 {
			was = firing{rule: f.Rule, since: at, isOlder: g.records == 1}
			delete(g.first, f.Key())
		}
		was.seen = g.records
		g.firing[f.Key()] = was
	}
}

// goesOn keeps since when something fires over a record that does not know it: it may fire
// there. Of a rule whose source was not read there is one unknown finding, without a subject.
func (g *Gatherer) goesOn(unknown *Finding) {
	for key, was := range g.firing {
		if was.seen == g.records-1 && (key == unknown.Key() || unknown.Subject == "" && was.rule == unknown.Rule) {
			was.seen = g.records
			g.firing[key] = was
		}
	}
}

// Newest is the newest reading; nil when there is none.
func (g *Gatherer) Newest() *Reading { return g.newest }

// Before is what was read of each source last before the newest reading; nil when nothing was.
func (g *Gatherer) Before() *license.Snapshot { return g.before }

// lastAnswers is what was read of each source last, by a reading and by what was before it,
// which may be nil.
func lastAnswers(s, before *license.Snapshot) *license.Snapshot {
	last := &license.Snapshot{ReadAt: s.ReadAt}
	for _, source := range license.Sources() {
		switch {
		case s.IsRead(source):
			last.SetAnswer(source, s.Answer(source))
		case before != nil:
			last.SetAnswer(source, before.Answer(source))
		}
	}
	return last
}

// Reword puts the words of these findings, and their owners, to those that have the same key
// and state. A change is reworded only where the words were the same in one of the languages:
// it may have been one from a reading that is not there.
func (g *Gatherer) Reword(findings []Finding) {
	byKey := make(map[string]*Finding, len(findings))
	for i := range findings {
		byKey[findings[i].Key()] = &findings[i]
	}
	for i := range g.findings {
		f := &g.findings[i]
		now := byKey[f.Key()]
		if now == nil || now.State != f.State || now.Severity != f.Severity {
			continue
		}
		if said := f.Title.En; !now.IsChange || said == now.Title.En || said == now.Title.Zh {
			f.Title, f.Detail, f.Owner = now.Title, now.Detail, now.Owner
		}
	}
}

// AddUsed takes how many licenses were in use on a day of which nothing else is known. Days come
// in their order, and before any reading.
func (g *Gatherer) AddUsed(of time.Time, record string, used int64) {
	d := dayValues{day: utcDay(of), record: record}
	d.values.set(Used, &used)
	if n := len(g.days); n > 0 && !g.days[n-1].day.Before(d.day) {
		return
	}
	g.days = append(g.days, d)
}
