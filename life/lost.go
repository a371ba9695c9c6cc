package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

// A message that got no answer may have arrived, or not. So nothing of it counts as
// told, and what it said is due again. But it may have been read: the end of what it
// said is told, and it is not sent again and again.

const (
	// maxDoubts is in how many runs an alert is tried that gets no answer.
	maxDoubts = 3
	// doubtLife is for how long, and how long alerts then leave what it said to the
	// next digest.
	doubtLife = day
)

// doubt notes that the channel was sent the message and gave no answer. A digest is
// not sent again; an alert is, by the next runs.
func (l *Ledger) doubt(m *letter, channel string, now time.Time) {
	if !m.isAlert() {
		l.lose(m, channel, now)
		return
	}
	l.countDoubt(m, channel)
	m.Doubted = made(m.Doubted)
	if m.Doubted[channel].IsZero() {
		m.Doubted[channel] = now
	}
	if m.Doubts[channel] >= maxDoubts {
		l.abandon(m, channel, now)
	}
}

// countDoubt counts the runs in which the message got no answer. A rerun of the same
// event does not count: two tries within a minute say as much about a chat as one.
func (l *Ledger) countDoubt(m *letter, channel string) {
	m.Doubts, m.DoubtIn = made(m.Doubts), made(m.DoubtIn)
	if event := l.book.Event; event != "" && m.DoubtIn[channel] == event {
		m.Rerun = appendNew(m.Rerun, channel)
		return
	}
	m.Doubts[channel]++
	m.DoubtIn[channel] = l.book.Event
	m.Rerun = slices.DeleteFunc(m.Rerun, func(c string) bool { return c == channel })
}

// isTriedIn says whether the event and a rerun of it have tried the message in vain: no
// further rerun does.
func (m *letter) isTriedIn(event, channel string) bool {
	return event != "" && m.DoubtIn[channel] == event && slices.Contains(m.Rerun, channel)
}

// abandon ends the tries of an alert that got no answer. What it said is due with the
// next digest, and that is where it is named.
func (l *Ledger) abandon(m *letter, channel string, now time.Time) {
	list := slices.Clone(l.channels)
	for _, other := range append(keys(l.book.Digests), channel) {
		list = appendNew(list, other)
	}
	l.addNews(news{Unheard: &license.Unheard{Channel: channel, ID: m.ID, At: m.At, GivenUp: now}}, now, nil, list)
	l.lose(m, channel, now)
}

// lose takes the channel from those that are owed the message, and keeps in mind what
// it may have heard by it.
func (l *Ledger) lose(m *letter, channel string, at time.Time) {
	m.Lost = made(m.Lost)
	m.Lost[channel] = at
	for key, mark := range m.Findings {
		if s := l.book.Stories[key]; s != nil && s.owns(mark) && s.Said[channel] != nil {
			h := *s.Said[channel]
			h.soften(mark)
			s.Said[channel] = &h
		}
	}
	l.deliver(m, channel)
}

// soften makes what a channel knows as mild as what it may have heard since: what is
// worse than either is told.
func (h *said) soften(m mark) {
	if m.Severity.Rank() < h.Severity.Rank() {
		h.Severity = m.Severity
	}
	if m.Measure != nil && h.Measure != nil && *m.Measure < *h.Measure {
		h.Measure = m.Measure
	}
}

// pruneDoubts abandons the alerts that got no answer for too long, and forgets what
// was lost long ago.
func (l *Ledger) pruneDoubts(now time.Time) {
	for _, m := range slices.Clone(l.book.Outbox) {
		for _, channel := range slices.Clone(m.Owed) {
			if m.Doubts[channel] > 0 && age(now, m.doubtedAt(channel)) >= doubtLife {
				l.abandon(m, channel, now)
			}
		}
		if age(now, m.At) >= endedLife {
			m.Lost = nil
		}
	}
	l.sweep()
}

// doubtedAt is when the channel first gave no answer to the message.
func (m *letter) doubtedAt(channel string) time.Time {
	if at, ok := m.Doubted[channel]; ok {
		return at
	}
	return m.At
}

// isOwed says whether the channel is owed the message.
func (m *letter) isOwed(channel string) bool { return slices.Contains(m.Owed, channel) }

// mayBeRepeat says whether the channel was sent the message before and gave no answer.
func (m *letter) mayBeRepeat(channel string) bool { return m.Doubts[channel] > 0 }

// isLost says whether the channel may have heard the message, and is not sent it again.
func (m *letter) isLost(channel string) bool {
	_, lost := m.Lost[channel]
	return lost
}

// rests says whether alerts leave what a lost alert said to the next digest.
func (m *letter) rests(channel string, now time.Time) bool {
	at := m.Lost[channel]
	return m.isAlert() && !at.IsZero() && age(now, at) < doubtLife
}

// release ends that a lost digest itself is missed, which is so until the channel
// accepts something, and that alerts leave to a digest what no channel knows; with a new
// digest also what others do.
func (l *Ledger) release(channel string, digest bool) {
	for _, m := range l.book.Outbox {
		if m.isLost(channel) && (digest || !m.isAlert() || !l.isKnownElsewhere(m, channel)) {
			m.Lost[channel] = time.Time{}
		}
	}
}

// isThere says whether the story is told while it goes on.
func isThere(s *story) bool { return !s.Covered && s.Away.IsZero() }

// forgetLost forgets the messages that were lost in the channel and tell nothing that
// it may have heard of by them alone.
func (l *Ledger) forgetLost(channel string) {
	for _, m := range l.book.Outbox {
		if m.isLost(channel) && (m.isAlert() || m.Lost[channel].IsZero()) && !l.misses(channel, m, func(*story) bool { return true }) {
			delete(m.Lost, channel)
		}
	}
	l.sweep()
}

// misses says whether the channel was never told something that a lost message said: a
// story that is there and counts, or something else that is still to be told.
func (l *Ledger) misses(channel string, m *letter, counts func(*story) bool) bool {
	b := &l.book
	return l.missesFinding(channel, m, counts) || l.missesOutage(channel, m) || m.Dropped > 0 && b.Dropped[channel] > 0 ||
		slices.ContainsFunc(b.News, func(n *news) bool {
			isFirst := slices.Contains(n.Tell, channel) || slices.Contains(n.List, channel) && (n.Gap != nil || n.Unheard != nil)
			return isFirst && m.tells(n)
		})
}

func (l *Ledger) missesFinding(channel string, m *letter, counts func(*story) bool) bool {
	for key, mark := range m.Findings {
		s := l.book.Stories[key]
		isNew := m.isAlert() || slices.Contains(m.Fresh, key)
		if !isNew || s == nil || !s.owns(mark) || !counts(s) {
			continue
		}
		if h := s.Said[channel]; h == nil || h.Written.Before(m.At) {
			return true
		}
	}
	return false
}

func (l *Ledger) missesOutage(channel string, m *letter) bool {
	for source, since := range m.Outages {
		o, ok := l.book.Outages[source]
		if _, told := o.Said[channel]; ok && o.Since.Equal(since) && !told {
			return true
		}
	}
	return false
}

// Doubtful are those of the channels that may not have got what they were told, in
// their order. A lost digest itself is missed, until something is accepted or another
// one is written.
func (l *Ledger) Doubtful(channels []string) []string {
	return slices.DeleteFunc(slices.Clone(channels), func(channel string) bool {
		return !slices.ContainsFunc(l.book.Outbox, func(m *letter) bool {
			switch {
			case !m.isLost(channel):
				return m.isOwed(channel) && m.mayBeRepeat(channel)
			case !m.isAlert() && !m.Lost[channel].IsZero():
				return true
			default:
				return l.misses(channel, m, isThere)
			}
		})
	})
}

// Unheard are the alerts that were given up lately because a channel gave no answer, and
// that another one knows: it can be told.
func (l *Ledger) Unheard(now time.Time) []license.Unheard {
	var all []license.Unheard
	for _, n := range l.book.News {
		if n.Unheard == nil || age(now, n.At) >= day {
			continue
		}
		isIt := func(m *letter) bool {
			return m.ID == n.Unheard.ID && m.rests(n.Unheard.Channel, now) && l.isKnownElsewhere(m, n.Unheard.Channel)
		}
		if slices.ContainsFunc(l.book.Outbox, isIt) {
			all = append(all, *n.Unheard)
		}
	}
	return all
}

// FailingSince is since when the channel has accepted nothing that it was sent; false
// where it accepted what it was sent last.
func (l *Ledger) FailingSince(channel string) (time.Time, bool) {
	at, ok := l.book.Failing[channel]
	return at, ok
}

// noteFailing notes that the channel did not accept a message.
func (l *Ledger) noteFailing(channel string, now time.Time) {
	if at, ok := l.book.Failing[channel]; !ok || at.After(now) {
		l.book.Failing[channel] = now
	}
}

// sweep forgets the messages with which no channel has to do any more, and what those
// say that no channel is sent.
func (l *Ledger) sweep() {
	l.book.Outbox = slices.DeleteFunc(l.book.Outbox, func(m *letter) bool { return !m.matters() })
	for _, m := range l.book.Outbox {
		if len(m.Owed)+len(m.Calls) == 0 {
			m.Report = license.Report{}
		}
	}
}

// matters says whether any channel has to do with the message.
func (m *letter) matters() bool { return len(m.Owed)+len(m.Calls)+len(m.Lost) > 0 }

// isRefusedForGood says whether the channel is left alone after it refused the message,
// or another one, for good.
func (l *Ledger) isRefusedForGood(m *letter, channel string, now time.Time) bool {
	for _, refused := range []map[string]time.Time{m.Refused, l.book.Refused} {
		if at, ok := refused[channel]; ok && !passed(now, at, refusalPause) {
			return true
		}
	}
	return false
}

// pausedAt is when the channel refused the message, or another one, for good.
func (l *Ledger) pausedAt(m *letter, channel string) time.Time {
	return later(m.Refused[channel], l.book.Refused[channel])
}

// isAlarmed says whether the channel is owed something that is critical and new and
// that it has not refused again and again.
func (l *Ledger) isAlarmed(channel string) bool {
	return slices.ContainsFunc(l.book.Outbox, func(m *letter) bool {
		return m.isAlert() && m.isOwed(channel) && m.Refusals[channel] < maxDoubts && slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
			return isCallable(f) && f.Story != nil && (f.Story.Change == license.ChangeNew || f.Story.Change == license.ChangeWorse)
		})
	})
}

// unsure is a note that got no answer.
type unsure struct {
	Day   string `json:"day"`
	Runs  int    `json:"runs"`            // in which it was sent
	Event string `json:"event,omitempty"` // of the last of them
}

// MayTellToday says whether a run of the event may send the note to the channel: it was
// not told that day, no run of the same event got no answer to it, nor did three.
// An empty event is like no other.
func (l *Ledger) MayTellToday(channel, note, event string, now time.Time) bool {
	u := l.book.Unsure[channel][hashOf(note)]
	isUnsure := u != nil && u.Day == dateOf(now) && (u.Runs >= maxDoubts || event != "" && u.Event == event)
	return !isUnsure && !l.WasToldToday(channel, note, now)
}

// DoubtToldToday remembers for the day that the channel gave no answer to the note.
func (l *Ledger) DoubtToldToday(channel, note, event string, now time.Time) {
	notes := l.book.Unsure[channel]
	if notes == nil || len(notes) >= maxOnce {
		notes = map[string]*unsure{}
		l.book.Unsure[channel] = notes
	}
	u := notes[hashOf(note)]
	if u == nil || u.Day != dateOf(now) {
		u = &unsure{Day: dateOf(now)}
		notes[hashOf(note)] = u
	}
	u.Runs, u.Event = u.Runs+1, event
}

// pruneUnsure forgets what was unsure on other days than the last two.
func (l *Ledger) pruneUnsure(oldest, today string) {
	for channel, notes := range l.book.Unsure {
		maps.DeleteFunc(notes, func(_ string, u *unsure) bool { return u == nil || u.Day < oldest || u.Day > today })
		if len(notes) == 0 {
			delete(l.book.Unsure, channel)
		}
	}
}
