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
	// alertLife is how long an alert is owed, and a piece of news worth an alert.
	alertLife = 7 * day
	// newsLife is how long news wait for a digest.
	newsLife = 8 * day
	// storyLife is how long a story is kept that no rule tells any more.
	storyLife = 90 * day
	// endedLife is how long it is known that a story is over, and what was told of it.
	endedLife = 30 * day
	// onceLife is how long it is known that a note was told.
	onceLife = 2 * day
	// maxEnded bounds the stories that are over and kept for people who ask.
	maxEnded = 100
)

// prune forgets what is too old to matter. It is called once a run.
func (l *Ledger) prune(now time.Time) {
	b := &l.book
	l.pruneDoubts(now)
	for _, m := range slices.Clone(b.Outbox) {
		limit := alertLife
		if !m.isAlert() {
			limit = eventLife
		}
		if now.Sub(m.At) < limit {
			continue
		}
		for _, channel := range slices.Clone(m.Owed) {
			l.giveUp(m, channel, now)
		}
		m.Calls = nil
	}
	l.sweep()
	maps.DeleteFunc(b.Failing, func(_ string, at time.Time) bool { return age(now, at) >= storyLife })
	maps.DeleteFunc(b.Slots, func(_ string, s *slot) bool { return age(now, s.At) >= eventLife })
	maps.DeleteFunc(b.IDs, func(_ string, at time.Time) bool { return age(now, at) >= eventLife })
	maps.DeleteFunc(b.Refused, func(_ string, at time.Time) bool { return passed(now, at, refusalPause) })
	l.pruneOnce(now)
}

// pruneEnded forgets stories that ended long ago. Of those that only people ask for, the
// last are kept, and of the others when they ended.
func (l *Ledger) pruneEnded(now time.Time) {
	b := &l.book
	maps.DeleteFunc(b.Ended, func(_ string, e *ended) bool { return age(now, fromSeconds(e.At, now.Location())) >= endedLife })
	acked := map[string]bool{}
	for _, a := range b.Acks {
		acked[license.Finding{Rule: a.Rule, Subject: a.Subject}.Key()] = true
	}
	all := keys(b.Ended)
	slices.SortStableFunc(all, func(x, y string) int { return cmp.Compare(b.Ended[x].At, b.Ended[y].At) })
	for _, key := range all[:max(0, len(all)-maxEnded)] {
		e := b.Ended[key]
		// What comes back within a day, or is over for a day and acknowledged.
		if decides := acked[key] || age(now, fromSeconds(e.At, now.Location())) < calm; decides {
			e.Said = nil
		} else {
			delete(b.Ended, key)
		}
	}
}

// pruneNews ends what was to be told for too long, and forgets what the run before would
// have forgotten: a clock that is ahead by itself forgets nothing.
func (l *Ledger) pruneNews(now, before time.Time) {
	for _, n := range l.book.News {
		if now.Sub(n.At) >= alertLife {
			n.Tell = nil
		}
	}
	l.book.News = slices.DeleteFunc(l.book.News, func(n *news) bool {
		return before.Sub(n.At) >= newsLife || len(n.Tell) == 0 && len(n.List) == 0
	})
}
