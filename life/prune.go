package life

import (
	"cmp"
	"maps"
	"slices"
	"time"
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
	// endedLife is how long it is known what was told of a story that is over, for
	// people who ask.
	endedLife = 30 * day
	// onceLife is how long it is known that a note was told.
	onceLife = 2 * day
	// maxNews bounds the news that are kept.
	maxNews = 300
	// maxEnded bounds the stories that are over and still known.
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
		if age(now, m.At) < limit {
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
	l.pruneEnded(now)
	l.pruneNews(now)
	l.pruneOnce(now)
}

// pruneEnded forgets stories that ended long ago, and the oldest of too many.
func (l *Ledger) pruneEnded(now time.Time) {
	b := &l.book
	maps.DeleteFunc(b.Ended, func(_ string, e *ended) bool { return age(now, fromSeconds(e.At, now.Location())) >= endedLife })
	ended := keys(b.Ended)
	slices.SortStableFunc(ended, func(x, y string) int { return cmp.Compare(b.Ended[x].At, b.Ended[y].At) })
	for _, key := range ended[:max(0, len(ended)-maxEnded)] {
		delete(b.Ended, key)
	}
}

// pruneNews ends what was to be told for too long.
func (l *Ledger) pruneNews(now time.Time) {
	for _, n := range l.book.News {
		if age(now, n.At) >= alertLife {
			n.Tell = nil
		}
	}
	l.book.News = slices.DeleteFunc(l.book.News, func(n *news) bool {
		return age(now, n.At) >= newsLife || len(n.Tell) == 0 && len(n.List) == 0
	})
	for len(l.book.News) > maxNews {
		for _, channel := range l.book.News[0].Tell {
			l.book.Dropped[channel]++
		}
		l.book.News = l.book.News[1:]
	}
}
