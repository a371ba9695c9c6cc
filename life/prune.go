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

// prune forgets what is too old to matter. It is called once a run.
func (l *Ledger) prune(now time.Time) {
	b := &l.stored
	l.pruneAmbiguous(now)
	for _, m := range slices.Clone(b.Outbox) {
		limit := alertLife
		if !m.isAlert() {
			limit = eventLife
		}
		old := now.Sub(m.At)
		if m.saysCriticalHappened() { // a clock that has jumped must not leave it to the hours
			old = b.Runs.watchedFor(m.At, now)
		}
		if old < limit {
			continue
		}
		for _, channel := range slices.Clone(m.Owed) {
			l.giveUp(m, channel, now)
		}
		m.Calls = nil
	}
	l.sweep()
	maps.DeleteFunc(b.Failing, func(_ string, at time.Time) bool { return age(now, at) >= recordLife })
	maps.DeleteFunc(b.Slots, func(_ string, s *digestSlot) bool { return age(now, s.At) >= eventLife })
	maps.DeleteFunc(b.IDs, func(_ string, at time.Time) bool { return age(now, at) >= eventLife })
	maps.DeleteFunc(b.Refused, func(_ string, at time.Time) bool { return isDueAgain(now, at, refusalPause) })
	l.stored.Notes.prune(now)
}

// pruneEnded forgets records that ended long ago. Of those that only people ask for, the
// last are kept, and of the others when they ended.
func (l *Ledger) pruneEnded(now time.Time) {
	b := &l.stored
	maps.DeleteFunc(b.Ended, func(_ string, e *endedRecord) bool {
		return age(now, fromSeconds(e.At, now.Location())) >= endedLife
	})
	acked := map[string]bool{}
	for _, a := range b.Acks {
		acked[license.Finding{Rule: a.Rule, Subject: a.Subject}.Key()] = true
	}
	all := sortedKeys(b.Ended)
	slices.SortFunc(all, func(x, y string) int { return cmp.Or(cmp.Compare(b.Ended[x].At, b.Ended[y].At), cmp.Compare(x, y)) })
	for _, key := range all[:max(0, len(all)-maxEnded)] {
		e := b.Ended[key]
		// What comes back within a day, or is over for a day and acknowledged.
		if decides := acked[key] || age(now, fromSeconds(e.At, now.Location())) < calmPeriod; decides {
			e.Notified = nil
		} else {
			delete(b.Ended, key)
		}
	}
}

// pruneOneOffs ends what was to be told for too long.
func (l *Ledger) pruneOneOffs(now time.Time) {
	for _, n := range l.stored.OneOffs {
		if l.stored.Runs.watchedFor(n.At, now) >= alertLife {
			n.Tell = nil
		}
	}
	l.stored.OneOffs = slices.DeleteFunc(l.stored.OneOffs, func(n *oneOff) bool {
		return l.stored.Runs.watchedFor(n.At, now) >= oneOffLife || len(n.Tell) == 0 && len(n.List) == 0
	})
}
