package life

import (
	"slices"
	"time"
)

// transition is one run's step of the ledger: what was seen, and what has become of
// the records by that.
type transition struct {
	*runAcks
	orders *runOrders
	// the channels, and those that were gone lately: what they heard is told as over when they are back
	knownChannels []string

	undelivered map[string]undelivered // by channel: what is on its way

	// ended are the keys of the records that ended, in order.
	ended []string
	// superseded are, by key of the finding that takes over, the records that it
	// continues.
	superseded map[string][]keyedRecord
	// restored are the records that go on, since what took them over was undone.
	restored []*findingRecord
	// unwatched are, by rule, the records of rules that are gone.
	unwatched map[string][]keyedRecord
}

// observeRun brings the ledger up to what was seen now.
func observeRun(l *Ledger, in Input) *transition {
	b, now := &l.stored, in.Now
	b.followNames(in.Snapshot)
	findings := settleFindings(l, in)
	t := &transition{
		undelivered:   map[string]undelivered{},
		orders:        newRunOrders(in.Snapshot, b.Previous.Orders, b.Lapses, now),
		knownChannels: slices.Clone(in.Channels), superseded: map[string][]keyedRecord{},
	}
	for _, channel := range sortedKeys(b.Channels) {
		t.knownChannels = appendNew(t.knownChannels, channel)
	}
	for _, channel := range t.knownChannels {
		t.undelivered[channel] = b.undeliveredAndLost(channel, now)
	}
	t.runAcks = observeAcks(findings)
	t.observeFindings()
	b.pruneEnded(now, b.Acks)
	t.observeEvents()
	t.observeWatched()
	t.observeSources()
	t.observeUnjudged()
	// These need the reading before, which this one replaces.
	b.Lapses.observe(in.Snapshot, b.Previous, now)
	b.Bound.observe(in.Snapshot, now)
	b.Previous = b.Previous.with(in.Snapshot)
	findings.findings = nil // only what has ended asks for them; there may be 20,000 keys
	return t
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
		s.Covered, s.Missing, s.Destroyed = false, 0, t.orders.isDestroyed(f.Subject)
		s.Away = time.Time{}
		t.noteAckedMeasure(s, *f.Finding)
	}
}

// beginRecord begins a record, or continues those that it took over.
func (t *transition) beginRecord(f firingFinding) *findingRecord {
	s := &findingRecord{
		Number: t.ledger.stored.nextSerial(), Rule: f.Rule, Subject: f.Subject, Since: t.in.Now,
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
