package life

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

const (
	day = 24 * time.Hour
	// eventLife is the longest age of an event that the platform runs again.
	eventLife = 6 * time.Hour
	// alertLife is how long an alert is owed, and a one-off worth an alert.
	alertLife = 7 * day
	// oneOffLife is how long one-offs wait for a digest.
	oneOffLife = 8 * day
	// recordLife is how long a record is kept that no rule tells any more.
	recordLife = 90 * day
	// endedLife is how long it is known that a record is over, and what was told of it.
	endedLife = 30 * day
	// noteLife is how long it is known that a note was told.
	noteLife = 2 * day
	// maxEnded bounds the records that are over and kept for people who ask.
	maxEnded = 100
)

// tidy leaves out what makes no sense.
func (facts *factLog) tidy() {
	facts.Words = orEmpty(facts.Words)
	facts.Records, facts.Ended, facts.Outages = orEmpty(facts.Records), orEmpty(facts.Ended), orEmpty(facts.Outages)
	facts.Dropped, facts.Digests = orEmpty(facts.Dropped), orEmpty(facts.Digests)
	maps.DeleteFunc(facts.Ended, func(_ string, e *endedRecord) bool { return e == nil })
	for _, e := range facts.Ended {
		maps.DeleteFunc(e.Notified, func(_ string, s *lastNotification) bool { return s == nil })
	}
	maps.DeleteFunc(facts.Digests, func(_ string, d *acceptedDigest) bool { return d == nil })
	maps.DeleteFunc(facts.Dropped, func(_ string, n int) bool { return n <= 0 })
	for source, o := range facts.Outages {
		o.Notified = orEmpty(o.Notified)
		facts.Outages[source] = o
	}
	facts.OneOffs = slices.DeleteFunc(facts.OneOffs, func(n *oneOff) bool { return n == nil || !n.saysSomething() })
	shareChannels(facts.OneOffs)
	maps.DeleteFunc(facts.Records, func(key string, s *findingRecord) bool { return !s.isSound(key) })
	for _, s := range facts.Records {
		s.holdTold(facts.Words)
	}
}

// pruneEnded forgets records that ended long ago. Of those that only people ask for, the
// last are kept, and of the others when they ended.
func (facts *factLog) pruneEnded(now time.Time, acks []license.Ack) {
	maps.DeleteFunc(facts.Ended, func(_ string, e *endedRecord) bool {
		return age(now, fromSeconds(e.At, now.Location())) >= endedLife
	})
	acked := map[string]bool{}
	for _, a := range acks {
		acked[license.Finding{Rule: a.Rule, Subject: a.Subject}.Key()] = true
	}
	all := sortedKeys(facts.Ended)
	slices.SortFunc(all, func(x, y string) int {
		return cmp.Or(cmp.Compare(facts.Ended[x].At, facts.Ended[y].At), cmp.Compare(x, y))
	})
	for _, key := range all[:max(0, len(all)-maxEnded)] {
		e := facts.Ended[key]
		// What comes back within a day, or is over for a day and acknowledged.
		if decides := acked[key] || age(now, fromSeconds(e.At, now.Location())) < calmPeriod; decides {
			e.Notified = nil
		} else {
			delete(facts.Ended, key)
		}
	}
}

// pruneOneOffs ends what was to be told for too long.
func (facts *factLog) pruneOneOffs(now time.Time, runs RunHistory) {
	for _, n := range facts.OneOffs {
		if runs.watchedFor(n.At, now) >= alertLife {
			n.Tell = nil
		}
	}
	facts.OneOffs = slices.DeleteFunc(facts.OneOffs, func(n *oneOff) bool {
		return runs.watchedFor(n.At, now) >= oneOffLife || len(n.Tell) == 0 && len(n.List) == 0
	})
}

// rewind takes back the times without runs, and the ends, that were none, and lets
// nothing begin in the future.
func (facts *factLog) rewind(now time.Time) {
	facts.OneOffs = slices.DeleteFunc(facts.OneOffs,
		func(n *oneOff) bool { return n.Gap != nil && isAhead(n.Gap.To, now) })
	for source, o := range facts.Outages {
		if isAhead(o.Since, now) {
			o.Since = now
			facts.Outages[source] = o
		}
		for channel, at := range o.Notified {
			if isAhead(at, now) {
				delete(o.Notified, channel)
			}
		}
	}
	maps.DeleteFunc(facts.Ended, func(_ string, e *endedRecord) bool {
		return isAhead(fromSeconds(e.At, now.Location()), now)
	})
}

// rewindAccepted forgets the digests that cannot have been accepted yet, and lets what is told
// once not begin later than now.
func (facts *factLog) rewindAccepted(now time.Time) {
	maps.DeleteFunc(facts.Digests, func(_ string, d *acceptedDigest) bool { return isAhead(d.At, now) })
	for _, n := range facts.OneOffs {
		n.At = earlierOf(n.At, now)
	}
}

// resumeAck takes back that an acknowledgement has ended.
func (facts *factLog) resumeAck(a license.Ack) {
	for _, s := range facts.Records {
		if s.AckEnded != nil && isSameAck(*s.AckEnded, a) {
			s.AckEnded, s.AckEndPending = nil, nil
		}
	}
}
