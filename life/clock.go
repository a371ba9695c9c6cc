package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// observeClock puts right what a run left behind whose clock was ahead: what it told
// with "1 day left" was told of another day. That the channel knows of the finding
// stays; no threshold counts as told, and no message that was written then is sent.
// Which of the two clocks was wrong cannot be known, so this run ends nothing.
func (l *Ledger) observeClock(now time.Time) {
	for _, s := range l.book.Stories {
		if isAhead(s.Seen, now) {
			l.isBehind, s.Seen = true, now
		}
		for channel, h := range s.Said {
			if isAhead(h.Written, now) || isAhead(h.At, now) {
				told := earlier(s.Since, now)
				m := mark{Story: h.Story, Severity: h.Severity, Measure: h.Measure, Deadline: h.Deadline}
				if !m.Deadline.IsZero() {
					m.Severity = "" // how bad it was came of the days
				}
				s.Said[channel] = &said{told, spoken{told, m}}
			}
		}
	}
	for _, m := range slices.Clone(l.book.Outbox) {
		if isAhead(m.At, now) {
			for _, channel := range slices.Clone(m.Owed) {
				l.giveUp(m, channel, now)
			}
			m.Lost = nil // nothing accepted since would be newer
		}
	}
	l.sweep()
}

// wordOf is what a channel that was told so far reads of a change. Under a clock that was
// wrong it was told something, and how bad that was does not count: it is said again.
func wordOf(change license.Change, told *mark) license.Change {
	if change == license.ChangeWorse && told != nil && told.Severity == "" {
		return license.ChangeDue
	}
	return change
}

// isAhead says whether a time cannot have been yet, by more than clocks differ.
func isAhead(at, now time.Time) bool { return at.Sub(now) > earliness }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
