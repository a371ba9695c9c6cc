package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// observeSources counts the runs that failed, and makes one-offs of sources that can
// be read again.
func (t *transition) observeSources() {
	outages, snapshot := t.ledger.stored.Outages, t.in.Snapshot
	for source := range outages {
		if source != sourceUnjudged && !snapshot.Wants(source) {
			delete(outages, source)
		}
	}
	for _, source := range snapshot.Wanted {
		o, failing := outages[source]
		read := snapshot.IsRead(source)
		partly := snapshot.IsPartly(source)
		switch {
		case read && !partly:
			if failing {
				t.endOutage(source, o)
			}
			delete(outages, source)
		case failing:
			o.Runs++
			o.Partly, o.Cause = partly, causeOf(snapshot.Failures[source])
			outages[source] = o
		default:
			outages[source] = outage{Runs: 1, Since: t.in.Now, Partly: partly, Notified: map[string]time.Time{},
				Cause: causeOf(snapshot.Failures[source])}
		}
	}
}

func (t *transition) endOutage(source license.Source, o outage) {
	var heard []string
	for _, channel := range t.knownChannels {
		if _, ok := o.lastToldTo(source, channel, t.undelivered[channel]); ok {
			heard = append(heard, channel)
		}
	}
	change := license.SourceChange{Source: source, Readable: true, Since: o.Since, At: t.in.Now, Runs: o.Runs,
		Partly: o.Partly}
	t.ledger.addOneOff(oneOff{Source: &change}, t.in.Now, heard, nil)
}

// observeUnjudged counts the runs in a row that could not judge something of what they
// read. While the list of orders is incomplete, that is what is told.
func (t *transition) observeUnjudged() {
	outages := t.ledger.stored.Outages
	switch o, goesOn := outages[sourceUnjudged]; {
	case outages[license.SourceOrders].Partly:
	case !t.hasUnjudged():
		delete(outages, sourceUnjudged)
	case goesOn:
		o.Runs++
		outages[sourceUnjudged] = o
	default:
		outages[sourceUnjudged] = outage{Runs: 1, Since: t.in.Now, Notified: map[string]time.Time{}}
	}
}

// hasUnjudged says whether something that was read cannot be judged, and nobody has
// acknowledged that.
func (t *transition) hasUnjudged() bool {
	isUnread := func(name string) bool { _, failing := t.ledger.stored.Outages[license.Source(name)]; return failing }
	for i := range t.in.Findings {
		f := &t.in.Findings[i] // in its place: a copy of each would go to the heap
		isExplained := len(f.Missing) > 0 && !slices.ContainsFunc(f.Missing, func(name string) bool {
			return !isUnread(name)
		})
		if f.State == license.Unknown && !isExplained && !t.isAcknowledged(f) {
			return true
		}
	}
	return false
}

// observeWatched makes one-offs of the sources that are not asked for any more. What the role
// does not allow yet is told by itself.
func (t *transition) observeWatched() {
	b, refused := &t.ledger.stored, t.in.Snapshot.Refused()
	for _, source := range b.Watched {
		isWanted := t.in.Snapshot.Wants(source) || source.Info().Behind != "" // that one only some runs ask for
		if !isWanted && !slices.Contains(refused, source) {
			t.ledger.addOneOff(oneOff{Unwatched: &license.Unwatched{Source: source}}, t.in.Now, t.in.Channels, nil)
		}
	}
	b.Watched = slices.Clone(t.in.Snapshot.Wanted)
}

// observeEvents makes one-offs of the events that fire and did not in the last run.
func (t *transition) observeEvents() {
	b := &t.ledger.stored
	before, seen := map[eventID]eventRecord{}, map[eventID]bool{}
	for _, c := range b.EventRecords {
		before[c.eventID] = c
	}
	var all []eventRecord
	for _, f := range t.in.Findings {
		id := eventID{f.Rule, f.Subject, f.EventID}
		if !f.Event || f.State != license.Firing || seen[id] {
			continue
		}
		seen[id] = true
		c, known := before[id]
		isNew := !known || c.Over
		c.eventID, c.Over = id, false
		if age(t.in.Now, c.At) >= day {
			c.At, c.Times = t.in.Now, 0
		}
		if isNew && c.Times < maxTimes {
			c.Times++
			t.notifyEvent(f)
		}
		all = append(all, c)
	}
	for _, c := range b.EventRecords {
		c.Over = c.Over || !t.isUnknown(c.Rule, c.Subject) // of one of which nothing is known it may go on
		if !seen[c.eventID] && (!c.Over || age(t.in.Now, c.At) < day) {
			all = append(all, c)
		}
	}
	b.EventRecords = all
}

// notifyEvent makes a one-off of an event.
func (t *transition) notifyEvent(f license.Finding) {
	list := slices.DeleteFunc(slices.Clone(t.in.Channels), func(channel string) bool {
		return !t.in.isRouted(&f, channel)
	})
	tell := list
	if silencingAck(t.acks, f.Rule, f.Subject) != nil {
		tell = nil
	}
	f.Evidence = nil
	t.ledger.addOneOff(oneOff{Event: &f}, t.in.Now, tell, list)
}
