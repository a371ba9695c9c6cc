package report

import (
	"cmp"
	"strings"
	"time"

	"licensewatch/license"
)

// Options say what a report is about.
type Options struct {
	// Now is the reader's today, in the zone in which times are shown.
	Now time.Time
	// From and To are the days that are looked back at, in UTC; To is at most today.
	From, To time.Time
	Until    time.Time // how far is looked ahead
	// HasHistory: the readings come from records.
	HasHistory bool
	// Notes say what the report lacks; see LeftOut and NotRead.
	Notes []license.Text
	// Acks are the acknowledgements that hold, by account; nil: not known.
	Acks map[string][]license.Ack
	// EachDay, where it is set, takes every day of every account, which a Report does not keep.
	EachDay func(account *Account, day time.Time, record string, values *Values) error
}

// Builder makes a Report of accounts, one after the other.
type Builder struct {
	options Options
	report  Report
	gaps    map[time.Time]*GapDay
	days    daySums
	// digest is the last that was said of all accounts together; nil: none.
	digest *Told
	said   saidSums
	// missing are the days of which accounts have no record.
	missing missingDays
	names   int // bytes of the machines' names
}

// mostNeeds is how many findings a report keeps.
const mostNeeds = 2_000

// NewBuilder begins a report.
func NewBuilder(options Options) *Builder {
	b := &Builder{options: options, gaps: map[time.Time]*GapDay{}, said: saidSums{}, missing: missingDays{},
		days: daySums{map[time.Time]*Day{}, map[time.Time]*[metrics]int{}},
		report: Report{Now: options.Now, From: utcDay(options.From), To: utcDay(options.To), Until: options.Until,
			HasHistory: options.HasHistory, KnowsAcks: options.Acks != nil, Notes: options.Notes}}
	if options.HasHistory {
		for d := b.report.From; !d.After(b.report.To); d = d.AddDate(0, 0, 1) {
			b.report.Evidence.Days = append(b.report.Evidence.Days, EvidenceDay{Day: d})
		}
	}
	return b
}

// Add takes an account, of which nothing more will come.
func (b *Builder) Add(g *Gatherer) error {
	a := &g.account
	if g.newest != nil {
		b.describe(a, g.newest)
	}
	if g.digest == nil {
		g.digest = b.digest
	}
	b.addFindings(g)
	b.addEvidence(g)
	if err := b.addDays(g); err != nil {
		return err
	}
	if g.newest != nil {
		b.addOrders(g)
	}
	b.addSaid(g, false)
	b.summarize(a)
	b.report.Accounts = append(b.report.Accounts, *a)
	return nil
}

// AddFleet takes what runs of many accounts sealed besides the accounts' own records: what was
// said of all of them. It comes before the accounts.
func (b *Builder) AddFleet(g *Gatherer) {
	b.addChain(g)
	b.addSaid(g, true)
	if g.digest != nil && (b.digest == nil || g.digest.At.After(b.digest.At)) {
		b.digest = g.digest
	}
}

// addSaid keeps what was said.
func (b *Builder) addSaid(g *Gatherer, isFleet bool) {
	for _, s := range g.said {
		b.said.add(&s, isFleet)
		s.Account = g.account.Label()
		if len(b.report.Said) == mostSaid {
			b.report.MoreSaid++
			continue
		}
		b.report.Said = append(b.report.Said, s)
	}
}

// describe says of an account what its newest reading says.
func (b *Builder) describe(a *Account, r *Reading) {
	s := &r.Snapshot
	a.Site, a.Record, a.ReadAt, a.Values = s.Site, r.Record, s.ReadAt, ValuesOf(s)
	failed := 0
	for _, source := range license.Sources() {
		why := s.Failures[source]
		if why == nil {
			continue
		}
		a.Unread = append(a.Unread, Unread{source, why})
		if source == license.SourceOverview || source == license.SourceOrders {
			failed++
		}
	}
	if s.Orders != nil && s.Orders.Incomplete {
		a.Unread = append(a.Unread, Unread{Source: license.SourceOrders})
	}
	switch {
	case s.Overview == nil && s.Orders == nil && s.PurchaseState == nil && s.Machines == nil, failed == 2:
		a.Status = StatusUnread
	case b.options.Now.Sub(s.ReadAt) > oldReading && b.options.HasHistory:
		a.Status = StatusOld
	case len(a.Unread) > 0:
		a.Status = StatusPartly
	default:
		a.Status = StatusRead
	}
}

func (b *Builder) summarize(a *Account) {
	s := &b.report.Summary
	s.Accounts++
	if a.Status == StatusRead {
		s.Read++
	}
	addPart(&s.Used, &s.Valid, a.Values.Get(Used), a.Values.Get(Valid))
	addPart(&s.Protected, &s.Machines, protectedOf(&a.Values), a.Values.Get(Machines))
}

// addPart adds an account to a sum and to that of what it is a part of; to neither where one of
// them is not known, for a part of some accounts is none of the whole of others.
func addPart(part, whole *Total, n, of *int64) {
	if n == nil || of == nil {
		n, of = nil, nil
	}
	part.add(n)
	whole.add(of)
}

// addFindings keeps what fires.
func (b *Builder) addFindings(g *Gatherer) {
	s := &b.report.Summary
	for i := range g.findings {
		f := &g.findings[i]
		switch f.State {
		case license.Unknown:
			g.account.Unknown++
			s.Unknown++
		case license.Firing:
			g.account.Findings++
			if f.Severity.Rank() > g.account.Worst.Rank() {
				g.account.Worst = f.Severity
			}
			isAcked := b.addNeed(g, f)
			switch {
			case isAcked:
				s.Acknowledged++
			case f.Severity == license.Critical:
				s.Critical++
			case f.Severity == license.Warning:
				s.Warning++
			default:
				s.Info++
			}
		}
	}
}

// addNeed keeps a finding that fires, and says whether somebody has acknowledged it.
func (b *Builder) addNeed(g *Gatherer, f *Finding) (isAcked bool) {
	since := g.firing[f.Key()]
	need := Need{Account: g.account.Label(), Record: g.record, Rule: f.Rule, Subject: f.Subject, Severity: f.Severity,
		Title:  f.Title,
		Detail: f.Detail, Owner: f.Owner, Since: since.since, IsOlder: since.isOlder,
		Told: g.told(f.Key(), since.since)}
	for _, ack := range b.options.Acks[g.account.ID] {
		if ack.Covers(f.Rule, f.Subject) {
			need.Ack = &ack
		}
	}
	b.report.Needs = append(b.report.Needs, need)
	if len(b.report.Needs) >= 2*mostNeeds {
		b.cutNeeds()
	}
	return need.Ack != nil
}

// cutNeeds keeps the worst.
func (b *Builder) cutNeeds() {
	needs := b.report.Needs
	sortBy(needs, func(i, j int) int { return compareNeeds(&needs[i], &needs[j]) })
	if n := len(needs) - mostNeeds; n > 0 {
		b.report.MoreNeeds += n
		clear(needs[mostNeeds:])
		b.report.Needs = needs[:mostNeeds]
	}
}

// compareNeeds puts what nobody has acknowledged first, then the worst, then the longest.
func compareNeeds(a, b *Need) int {
	acked := func(n *Need) int {
		if n.Ack != nil {
			return 1
		}
		return 0
	}
	return cmp.Or(acked(a)-acked(b), b.Severity.Rank()-a.Severity.Rank(), a.Since.Compare(b.Since),
		strings.Compare(a.Account, b.Account), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Subject, b.Subject))
}

// addDays adds an account's days to those of all, and lets them go.
func (b *Builder) addDays(g *Gatherer) error {
	var told uint32
	for i := range g.days {
		d := &g.days[i]
		if d.day.Before(b.report.From) || d.day.After(b.report.To) {
			continue
		}
		for m := range metrics {
			if n := d.values.Get(m); n != nil {
				b.days.add(d, m, *n, told&(1<<m) == 0)
				told |= 1 << m
			}
		}
		if b.options.EachDay != nil {
			if err := b.options.EachDay(&g.account, d.day, d.record, &d.values); err != nil {
				return err
			}
		}
	}
	g.days = nil
	return nil
}

// Report is what was built. The builder is not used any more.
func (b *Builder) Report() *Report {
	r := &b.report
	b.cutNeeds()
	sortBy(r.Accounts, func(i, j int) int {
		a, b := &r.Accounts[i], &r.Accounts[j]
		return cmp.Or(b.Worst.Rank()-a.Worst.Rank(), strings.Compare(a.Label(), b.Label()))
	})
	sortBy(r.Orders, func(i, j int) int { return r.Orders[i].Compare(&r.Orders[j]) })
	r.Evidence.sort()
	r.Evidence.endToday(r.Now)
	r.Evidence.Missing = b.missing.listOf(r.Evidence.Days)
	sortBy(r.Said, func(i, j int) int {
		a, b := &r.Said[i], &r.Said[j]
		return cmp.Or(b.Day.Compare(a.Day), strings.Compare(a.Account, b.Account),
			strings.Compare(a.Channel, b.Channel))
	})
	r.SaidByDay, r.Days = b.said.list(), b.days.list(r.From, r.To)
	b.makeGap()
	for i := range r.Orders {
		if o := &r.Orders[i]; o.State == StateRuns && !o.End.Before(r.Now) {
			r.Summary.Next = o
			break
		}
	}
	r.Plan = planOf(r.Orders, r.Now, r.Until)
	r.Outlook = outlookOf(r.Days)
	return r
}
