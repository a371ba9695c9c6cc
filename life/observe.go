package life

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/license"
)

// turn is one run's step of the ledger: what was seen, and what has become of
// the stories by that.
type turn struct {
	ledger *Ledger
	in     Input
	known  []string // the channels, and those that were gone lately: what they heard is told as over when they are back

	// By channel, before the run's own messages: what is on its way, and what of
	// that comes before them.
	pending, ahead map[string]pending

	findings map[string]*license.Finding // by key; not changed
	judged   map[string]bool             // the rules that gave a finding
	blind    map[string]bool             // the rules that can say nothing about subjects they do not name
	firing   []*license.Finding          // those with a story, in the rules' order

	acks []license.Ack
	over map[string]license.Ack // by key: acknowledgements that the finding has ended
	// taken are, by key of the finding that takes over, the stories that it
	// continues.
	taken map[string][]ending
	// unwatched are, by rule, the stories of rules that are gone.
	unwatched map[string][]ending
	// unchanged is since when a digest that is left out says the same.
	unchanged time.Time
	// inUse is how many licenses the running orders have in use; nil when that is
	// not known.
	inUse func() *int64
	// orders are those that were read, by name.
	orders func() directory
}

// observe brings the ledger up to what was seen now.
func (l *Ledger) observe(in Input) *turn {
	t := &turn{
		ledger: l, in: in, pending: map[string]pending{}, ahead: map[string]pending{},
		findings: map[string]*license.Finding{}, judged: map[string]bool{}, blind: map[string]bool{},
		taken:  map[string][]ending{},
		inUse:  sync.OnceValue(func() *int64 { return in.Snapshot.Orders.InUse(in.Now) }),
		orders: sync.OnceValue(func() directory { return directoryOf(in.Snapshot.Orders) }),
	}
	t.observeNames()
	t.known = slices.Clone(in.Channels)
	for _, channel := range keys(l.book.Channels) {
		t.known = appendNew(t.known, channel)
	}
	for _, channel := range t.known {
		t.pending[channel] = l.pending(channel, in.Now)
		t.ahead[channel] = l.ahead(channel, in)
	}
	t.index()
	t.observeAcks()
	t.observeStories()
	l.pruneEnded(in.Now)
	t.observeEvents()
	t.observeWatched()
	t.observeSources()
	t.observeDoubts()
	t.observeLapses()
	t.observeReadings()
	return t
}

// directory has orders by their names, those that may be shorter apart; nil for a name of
// several.
type directory struct{ full, short map[string]*license.Order }

func directoryOf(read *license.Orders) directory {
	d := directory{make(map[string]*license.Order, len(read.List)), make(map[string]*license.Order, len(read.List))}
	enter := func(names map[string]*license.Order, name string, o *license.Order) {
		if _, shared := names[name]; shared {
			o = nil
		}
		names[name] = o
	}
	for i := range read.List {
		o := &read.List[i]
		enter(d.full, o.FullName(), o)
		if o.Twin == 0 {
			enter(d.short, o.Name(), o)
		}
	}
	delete(d.full, "")
	delete(d.short, "")
	return d
}

// order is Orders.Find: there are thousands of both.
func (t *turn) order(subject string) *license.Order {
	o, is := t.orders().full[subject]
	if !is {
		o, is = t.orders().short[subject]
	}
	if is || !strings.Contains(subject, "#") {
		return o
	}
	return t.in.Snapshot.Orders.Find(subject)
}

// isListed says whether the subject may be the name of an order that is listed.
func (t *turn) isListed(subject string) bool {
	_, isShared := t.orders().short[subject]
	return isShared || t.order(subject) != nil
}

func (t *turn) index() {
	settled := t.ledger.Settle(t.in.Findings, t.in.Mode)
	for i, f := range settled {
		key := f.Key()
		if _, twice := t.findings[key]; twice {
			continue
		}
		t.findings[key] = &settled[i]
		t.judged[f.Rule] = true
		if f.State == license.Unknown && f.Subject == "" {
			t.blind[f.Rule] = true
		}
		if f.State == license.Firing && !f.Event {
			t.firing = append(t.firing, &settled[i])
		}
	}
}

// Settle gives the findings as this ledger sees them: one that fired goes on
// firing until it is clear of its threshold, or is covered. To alerts it is covered as
// well while the rule that told of it cannot be judged.
func (l *Ledger) Settle(findings []license.Finding, mode license.Mode) []license.Finding {
	settled, isOurs := findings, false
	change := func(i int) *license.Finding { // a copy, and only where there is a change: they may be many
		if !isOurs {
			settled, isOurs = slices.Clone(findings), true
		}
		return &settled[i]
	}
	if mode == license.ModeAlert {
		l.coverByStories(findings, change)
	}
	for i := range findings {
		if f := &findings[i]; f.State == license.OK && f.Lingers && l.isThere(f.Key()) {
			state := license.Firing
			if f.CoveredBy != "" {
				state = license.Covered
			}
			change(i).State = state
		}
	}
	return settled
}

// coverByStories covers what fires by what fired when it was last known, and is not
// known now. A digest tells it: it is all that is known then.
func (l *Ledger) coverByStories(findings []license.Finding, change func(int) *license.Finding) {
	known := map[string]bool{}
	for i := range findings {
		known[findings[i].Key()] = findings[i].State != license.Unknown
	}
	for i := range findings {
		f := &findings[i]
		if f.State != license.Firing || l.isThere(f.Key()) {
			continue
		}
		by := ""
		cover := func(key string, s *story) {
			if !known[key] && s != nil && s.Away.IsZero() && slices.Contains(f.Covers, s.Rule) {
				by = min(key, cmp.Or(by, key))
			}
		}
		switch f.Subject {
		case "":
			for key, s := range l.book.Stories {
				cover(key, s)
			}
		default: // thousands of orders are not looked for among thousands
			for _, rule := range f.Covers {
				key := license.Finding{Rule: rule, Subject: f.Subject}.Key()
				cover(key, l.book.Stories[key])
			}
		}
		if by != "" {
			covered := change(i)
			covered.State, covered.CoveredBy = license.Covered, min(by, cmp.Or(f.CoveredBy, by))
		}
	}
}

// Remembers tells which findings the ledger asks for one by one although they are ok or
// unknown: those that fired in an earlier run and have not ended, also where the order may
// have another name by now, and the changes of the last day.
func (l *Ledger) Remembers() func(rule, subject string) bool {
	asked := map[string]bool{}
	for _, c := range l.book.Changes {
		asked[license.Finding{Rule: c.Rule, Subject: c.Subject}.Key()] = true
	}
	namesakes := l.namesakes()
	isAsked := func(rule, subject string) bool {
		key := license.Finding{Rule: rule, Subject: subject}.Key()
		return l.book.Stories[key] != nil || asked[key]
	}
	return func(rule, subject string) bool {
		stem, _, isLong := strings.Cut(subject, "#")
		return isAsked(rule, subject) || namesakes[stem] || isLong && isAsked(rule, stem)
	}
}

// isThere says whether the finding with this key fired when it was last known.
func (l *Ledger) isThere(key string) bool {
	s := l.book.Stories[key]
	return s != nil && s.Away.IsZero()
}

// isUnknown says whether nothing is known about the rule and subject now.
func (t *turn) isUnknown(rule, subject string) bool {
	f, ok := t.findings[license.Finding{Rule: rule, Subject: subject}.Key()]
	if ok {
		return f.State == license.Unknown
	}
	return t.blind[rule]
}

// observeStories ends the stories that are over and then begins or continues
// those of the findings that fire.
func (t *turn) observeStories() {
	stories := t.ledger.book.Stories
	for _, key := range keys(stories) {
		t.end(key, stories[key])
	}
	t.tellUnwatched()
	for _, f := range t.firing {
		key := f.Key()
		s := stories[key]
		if s == nil {
			s = t.begin(*f)
			stories[key] = s
		}
		s.Seen, s.Severity, s.Title, s.Over = t.in.Now, f.Severity, f.Title, f.Over
		s.Ends, s.Left = f.Deadline, f.DaysLeft
		s.Covered, s.Missing, s.Destroyed = false, 0, t.isDestroyed(f.Subject)
		s.Away = time.Time{}
		t.noteMeasure(s, *f)
	}
}

// begin begins a story, or continues those that it took over.
func (t *turn) begin(f license.Finding) *story {
	s := &story{
		Number: t.ledger.next(), Rule: f.Rule, Subject: f.Subject, Since: t.in.Now, Said: map[string]*said{}, Was: map[string]*was{},
	}
	if e := t.ledger.book.Ended[f.Key()]; e != nil {
		s.Back = age(t.in.Now, fromSeconds(e.At, t.in.Now.Location())) < calm
	}
	for _, e := range t.taken[f.Key()] {
		t.inherit(s, e)
	}
	if s.Since.Before(t.in.Now) {
		s.Begun = t.in.Now
	}
	t.settleWas(f.Key(), s)
	return s
}
