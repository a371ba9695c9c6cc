package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// An alert is given up towards one silent channel beside others that know. What no
// channel knows is said to the first that accepts anything.

// Revive notes that the channel accepted a note: what it was told without an answer, and
// no other channel knows either, is not left to the next digest.
func (l *Ledger) Revive(channel string) {
	for _, m := range l.book.Outbox {
		if m.isLost(channel) && m.isAlert() && !l.isKnownElsewhere(m, channel) {
			m.Lost[channel] = time.Time{}
		}
	}
}

// Unaccepted are the alerts that got no answer and that no channel knows, by the channels
// that are left alone with them; for each the last. What would be said now is worth asking
// whether the channel is there.
func (l *Ledger) Unaccepted(channels []string, now time.Time, hours license.Hours) []license.Unheard {
	var all []license.Unheard
	misses := l.missesAtNight
	if hours.Contains(now) {
		misses = func(channel string, m *letter) bool { return l.misses(channel, m, isThere) }
	}
	for _, channel := range channels {
		for _, m := range slices.Backward(l.book.Outbox) {
			if m.rests(channel, now) && misses(channel, m) && !l.isKnownElsewhere(m, channel) {
				all = append(all, license.Unheard{Channel: channel, ID: m.ID, At: m.At, GivenUp: m.Lost[channel]})
				break
			}
		}
	}
	return all
}

// missesAtNight is misses for what is said outside the hours as well.
func (l *Ledger) missesAtNight(channel string, m *letter) bool {
	isCritical := func(s *story) bool { return isThere(s) && s.Severity == license.Critical }
	return l.missesFinding(channel, m, isCritical) || slices.ContainsFunc(l.book.News, func(n *news) bool {
		return slices.Contains(n.Tell, channel) && m.tells(n) && isNewsUrgent(n)
	})
}

// isKnownElsewhere says whether some other channel was told all that a message said.
func (l *Ledger) isKnownElsewhere(m *letter, channel string) bool {
	return slices.ContainsFunc(l.Channels(), func(other string) bool { return other != channel && l.knows(other, m) })
}

// knows says whether the channel was told all that a message said, by whichever message.
func (l *Ledger) knows(channel string, m *letter) bool {
	for key, mark := range m.Findings {
		if s := l.book.Stories[key]; s != nil && s.owns(mark) && !s.Said[channel].includes(mark) {
			return false
		}
	}
	return !l.missesOutage(channel, m) && !slices.ContainsFunc(l.book.News, func(n *news) bool {
		return slices.Contains(n.Tell, channel) && slices.Contains(m.News, n.Number)
	})
}

// includes says whether a channel that knows h was told at least as much as the mark says.
func (h *said) includes(m mark) bool {
	return h != nil && h.Severity.Rank() >= m.Severity.Rank() && (m.Rung == nil || h.Rung != nil && *h.Rung <= *m.Rung)
}
