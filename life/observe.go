package life

import (
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

	findings      map[string]int  // by key: the place in in.Findings, which are settled
	judged        map[string]bool // the rules that gave a finding
	unknownForAll map[string]bool // the rules that can say nothing about subjects they do not name
	firing        []firingFinding // those with a record, in the rules' order
	// remembered are, by key of a finding that fires, the records of what told of it as long as
	// that was known.
	remembered map[string][]keyedRecord

	acks      []license.Ack
	endedAcks map[string]license.Ack // by key: acknowledgements that the finding has ended
	// ended are the keys of the records that ended, in order.
	ended []string
	// superseded are, by key of the finding that takes over, the records that it
	// continues.
	superseded map[string][]keyedRecord
	// restored are the records that go on, since what took them over was undone.
	restored []*findingRecord
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

func (l *Ledger) newTransition(in Input) *transition {
	return &transition{
		ledger: l, in: in, undelivered: map[string]undelivered{},
		findings: map[string]int{}, judged: map[string]bool{}, unknownForAll: map[string]bool{},
		remembered: map[string][]keyedRecord{}, superseded: map[string][]keyedRecord{},
		inUse:  sync.OnceValue(func() *int64 { return in.Snapshot.Orders.InUse(in.Now) }),
		orders: sync.OnceValue(func() orderDirectory { return directoryOf(in.Snapshot.Orders) }),
	}
}

// observeRun brings the ledger up to what was seen now.
func (l *Ledger) observeRun(in Input) *transition {
	t := l.newTransition(in)
	t.observeNames()
	t.settleFindings()
	t.knownChannels = slices.Clone(in.Channels)
	for _, channel := range sortedKeys(l.stored.Channels) {
		t.knownChannels = appendNew(t.knownChannels, channel)
	}
	for _, channel := range t.knownChannels {
		t.undelivered[channel] = l.undeliveredAndLost(channel, in.Now)
	}
	t.observeAcks()
	t.observeFindings()
	l.pruneEnded(in.Now)
	t.observeEvents()
	t.observeWatched()
	t.observeSources()
	t.observeUnjudged()
	t.observeLapses()
	t.observeBindings()
	t.observeReadings()
	t.letGoOfOK()
	return t
}

// letGoOfOK leaves out the findings that are OK, once it is entered what is over: there may be
// 10,000, each as large as one that is told.
func (t *transition) letGoOfOK() {
	all, firing, others := t.in.Findings, t.firing, 0
	for i := range all {
		if all[i].State != license.OK {
			others++
		}
	}
	if others > len(all)*3/4 { // to copy them takes more than it saves
		return
	}
	t.in.Findings, t.findings = make([]license.Finding, 0, others), nil
	for i := range all {
		if all[i].State == license.OK {
			continue
		}
		t.in.Findings = append(t.in.Findings, all[i])
		if len(firing) > 0 && firing[0].Finding == &all[i] {
			firing[0].Finding, firing = &t.in.Findings[len(t.in.Findings)-1], firing[1:]
		}
	}
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
	if f := t.finding(license.Finding{Rule: rule, Subject: subject}.Key()); f != nil {
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
	t.restoreRecords()
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
	}
	if e := t.ledger.stored.Ended[f.key]; e != nil {
		s.Back = age(t.in.Now, fromSeconds(e.At, t.in.Now.Location())) < calmPeriod
	}
	for _, e := range t.remembered[f.key] {
		s.Since = earlierOf(s.Since, e.record.Since)
	}
	for _, e := range t.superseded[f.key] {
		t.continueFrom(s, e)
		if f.Calendar {
			s.TookOver = append(s.TookOver, e.record)
		}
	}
	delete(t.superseded, f.key) // there may be 10,000
	if s.Since.Before(t.in.Now) {
		s.Begun = t.in.Now
	}
	t.reclaimSuperseded(f.key, s)
	return s
}
