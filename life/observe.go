package life

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/license"
)

// transition is one run's step of the ledger: what was seen, and what has become of
// the records by that.
type transition struct {
	ledger *Ledger
	in     Input
	// the channels, and those that were gone lately: what they heard is told as over when they are back
	knownChannels []string

	undelivered map[string]undelivered // by channel: what is on its way

	findings      map[string]*license.Finding // by key; not changed
	judged        map[string]bool             // the rules that gave a finding
	unknownForAll map[string]bool             // the rules that can say nothing about subjects they do not name
	firing        []firingFinding             // those with a record, in the rules' order

	acks      []license.Ack
	endedAcks map[string]license.Ack // by key: acknowledgements that the finding has ended
	// superseded are, by key of the finding that takes over, the records that it
	// continues.
	superseded map[string][]keyedRecord
	// unwatched are, by rule, the records of rules that are gone.
	unwatched map[string][]keyedRecord
	// inUse is how many licenses the running orders have in use; nil when that is
	// not known.
	inUse func() *int64
	// orders are those that were read, by name.
	orders func() orderDirectory
}

// firingFinding is a finding that fires, with its key, which is made once.
type firingFinding struct {
	*license.Finding // not changed
	key              string
}

// observeRun brings the ledger up to what was seen now.
func (l *Ledger) observeRun(in Input) *transition {
	t := &transition{
		ledger: l, in: in, undelivered: map[string]undelivered{},
		findings: map[string]*license.Finding{}, judged: map[string]bool{}, unknownForAll: map[string]bool{},
		superseded: map[string][]keyedRecord{},
		inUse:      sync.OnceValue(func() *int64 { return in.Snapshot.Orders.InUse(in.Now) }),
		orders:     sync.OnceValue(func() orderDirectory { return directoryOf(in.Snapshot.Orders) }),
	}
	t.observeNames()
	t.knownChannels = slices.Clone(in.Channels)
	for _, channel := range sortedKeys(l.stored.Channels) {
		t.knownChannels = appendNew(t.knownChannels, channel)
	}
	for _, channel := range t.knownChannels {
		t.undelivered[channel] = l.undeliveredAndLost(channel, in.Now)
	}
	t.indexFindings()
	t.observeAcks()
	t.observeFindings()
	l.pruneEnded(in.Now)
	t.observeEvents()
	t.observeWatched()
	t.observeSources()
	t.observeUnjudged()
	t.observeLapses()
	t.observeReadings()
	return t
}

// orderDirectory has orders by their names, those that may be shorter apart; nil for a name of
// several.
type orderDirectory struct{ full, short map[string]*license.Order }

func directoryOf(read *license.Orders) orderDirectory {
	d := orderDirectory{make(map[string]*license.Order, len(read.List)),
		make(map[string]*license.Order, len(read.List))}
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

// orderNamed is Orders.Find: there are thousands of both.
func (t *transition) orderNamed(subject string) *license.Order {
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
func (t *transition) isListed(subject string) bool {
	_, isShared := t.orders().short[subject]
	return isShared || t.orderNamed(subject) != nil
}

func (t *transition) indexFindings() {
	settled := t.ledger.Settle(t.in.Findings, t.in.Mode)
	for i, f := range settled {
		key := f.Key()
		if _, twice := t.findings[key]; twice {
			continue
		}
		t.findings[key] = &settled[i]
		t.judged[f.Rule] = true
		if f.State == license.Unknown && f.Subject == "" {
			t.unknownForAll[f.Rule] = true
		}
		if f.State == license.Firing && !f.Event {
			t.firing = append(t.firing, firingFinding{&settled[i], key})
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
		l.coverByRecords(findings, change)
	}
	for i := range findings {
		if f := &findings[i]; f.State == license.OK && f.Lingers && l.isFiring(f.Key()) {
			state := license.Firing
			if f.CoveredBy != "" {
				state = license.Covered
			}
			change(i).State = state
		}
	}
	return settled
}

// coverByRecords covers what fires by what fired when it was last known, and is not
// known now. A digest tells it: it is all that is known then.
func (l *Ledger) coverByRecords(findings []license.Finding, change func(int) *license.Finding) {
	known := map[string]bool{}
	for i := range findings {
		known[findings[i].Key()] = findings[i].State != license.Unknown
	}
	for i := range findings {
		f := &findings[i]
		if f.State != license.Firing || l.isFiring(f.Key()) {
			continue
		}
		by := ""
		cover := func(key string, s *findingRecord) {
			if !known[key] && s != nil && s.Away.IsZero() && slices.Contains(f.Covers, s.Rule) {
				by = min(key, cmp.Or(by, key))
			}
		}
		switch f.Subject {
		case "":
			for key, s := range l.stored.Records {
				cover(key, s)
			}
		default: // thousands of orders are not looked for among thousands
			for _, rule := range f.Covers {
				key := license.Finding{Rule: rule, Subject: f.Subject}.Key()
				cover(key, l.stored.Records[key])
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
	for _, c := range l.stored.EventRecords {
		asked[license.Finding{Rule: c.Rule, Subject: c.Subject}.Key()] = true
	}
	namesakes := l.namesakeStems()
	isAsked := func(rule, subject string) bool {
		key := license.Finding{Rule: rule, Subject: subject}.Key()
		return l.stored.Records[key] != nil || asked[key]
	}
	return func(rule, subject string) bool {
		stem, _, isLong := strings.Cut(subject, "#")
		return isAsked(rule, subject) || namesakes[stem] || isLong && isAsked(rule, stem)
	}
}

// isFiring says whether the finding with this key fired when it was last known.
func (l *Ledger) isFiring(key string) bool {
	s := l.stored.Records[key]
	return s != nil && s.Away.IsZero()
}

// isUnknown says whether nothing is known about the rule and subject now.
func (t *transition) isUnknown(rule, subject string) bool {
	f, ok := t.findings[license.Finding{Rule: rule, Subject: subject}.Key()]
	if ok {
		return f.State == license.Unknown
	}
	return t.unknownForAll[rule]
}

// observeFindings ends the records that are over and then begins or continues
// those of the findings that fire.
func (t *transition) observeFindings() {
	records := t.ledger.stored.Records
	for _, key := range sortedKeys(records) {
		t.endRecord(key, records[key])
	}
	t.notifyUnwatched()
	for _, f := range t.firing {
		s := records[f.key]
		if s == nil {
			s = t.beginRecord(f)
			records[f.key] = s
		}
		s.Seen, s.Severity, s.Title, s.Over = t.in.Now, f.Severity, f.Title, f.Over
		s.Ends, s.Left = f.Deadline, f.DaysLeft
		s.Covered, s.Missing, s.Destroyed = false, 0, t.isDestroyed(f.Subject)
		s.Away = time.Time{}
		t.noteAckedMeasure(s, *f.Finding)
	}
}

// beginRecord begins a record, or continues those that it took over.
func (t *transition) beginRecord(f firingFinding) *findingRecord {
	s := &findingRecord{
		Number: t.ledger.nextSerial(), Rule: f.Rule, Subject: f.Subject, Since: t.in.Now,
		Notified: map[string]*lastNotification{},
	}
	if e := t.ledger.stored.Ended[f.key]; e != nil {
		s.Back = age(t.in.Now, fromSeconds(e.At, t.in.Now.Location())) < calmPeriod
	}
	for _, e := range t.superseded[f.key] {
		t.continueFrom(s, e)
	}
	if s.Since.Before(t.in.Now) {
		s.Begun = t.in.Now
	}
	t.reclaimSuperseded(f.key, s)
	return s
}
