package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// A message that got no answer may have arrived, or not. So nothing of it counts as
// told, and what it said is due again. But it may have been read: the end of what it
// said is told, and it is not sent again and again.

const (
	// maxAmbiguousRuns is in how many runs an alert is tried that gets no answer.
	maxAmbiguousRuns = 3
	// ambiguousLife is for how long, and how long alerts then leave what it said to the
	// next digest.
	ambiguousLife = day
)

// noteNoAnswer notes that the channel was sent the message and gave no answer. A digest is
// not sent again; an alert is, by the next runs.
func (l *Ledger) noteNoAnswer(m *pendingMessage, channel string, now time.Time) {
	if !m.isAlert() {
		l.markLost(m, channel, now)
		return
	}
	l.countNoAnswer(m, channel)
	m.FirstAmbiguous = orEmpty(m.FirstAmbiguous)
	if m.FirstAmbiguous[channel].IsZero() {
		m.FirstAmbiguous[channel] = now
	}
	if m.AmbiguousRuns[channel] >= maxAmbiguousRuns {
		l.giveUpUnanswered(m, channel, now)
	}
}

// countNoAnswer counts the runs in which the message got no answer. A rerun of the same
// event does not count: two tries within a minute say as much about a chat as one.
func (l *Ledger) countNoAnswer(m *pendingMessage, channel string) {
	m.AmbiguousRuns, m.AmbiguousEvent = orEmpty(m.AmbiguousRuns), orEmpty(m.AmbiguousEvent)
	if event := l.stored.Event; event != "" && m.AmbiguousEvent[channel] == event {
		m.AmbiguousRerun = appendNew(m.AmbiguousRerun, channel)
		return
	}
	m.AmbiguousRuns[channel]++
	m.AmbiguousEvent[channel] = l.stored.Event
	m.AmbiguousRerun = slices.DeleteFunc(m.AmbiguousRerun, func(c string) bool { return c == channel })
}

// isTriedIn says whether the event and a rerun of it have tried the message in vain: no
// further rerun does.
func (m *pendingMessage) isTriedIn(event, channel string) bool {
	return event != "" && m.AmbiguousEvent[channel] == event && slices.Contains(m.AmbiguousRerun, channel)
}

// giveUpUnanswered ends the tries of an alert that got no answer. What it said is due with the
// next digest, and that is where it is named.
func (l *Ledger) giveUpUnanswered(m *pendingMessage, channel string, now time.Time) {
	list := slices.Clone(l.channels)
	for _, other := range append(sortedKeys(l.stored.Digests), channel) {
		list = appendNew(list, other)
	}
	l.addOneOff(oneOff{Unheard: &license.Unheard{Channel: channel, ID: m.ID, At: m.At, GivenUp: now}}, now, nil, list)
	l.markLost(m, channel, now)
}

// markLost takes the channel from those that are owed the message, and keeps in mind what
// it may have heard by it.
func (l *Ledger) markLost(m *pendingMessage, channel string, at time.Time) {
	m.Lost = orEmpty(m.Lost)
	m.Lost[channel] = at
	for key, mark := range m.Findings {
		if s := l.stored.Records[key]; s != nil && mark.isAbout(s) {
			if h := s.Notified.of(channel); h != nil {
				s.Notified.set(channel, s.sharedNotification(h.weakenedTo(*mark)), l.words)
			}
		}
	}
	l.endDelivery(m, channel)
}

// weakenedTo is what a channel knows, as mild as what it may have heard since: what is
// worse than either is told.
func (h *lastNotification) weakenedTo(m notification) *lastNotification {
	weaker := *h
	if m.Severity.Rank() < h.Severity.Rank() {
		weaker.Severity = m.Severity
	}
	if m.Measure != nil && h.Measure != nil && *m.Measure < *h.Measure {
		weaker.Measure = m.Measure
	}
	return &weaker
}

// pruneAmbiguous abandons the alerts that got no answer for too long, and forgets what
// was lost long ago.
func (l *Ledger) pruneAmbiguous(now time.Time) {
	for _, m := range slices.Clone(l.stored.Outbox) {
		for _, channel := range slices.Clone(m.Owed) {
			if m.AmbiguousRuns[channel] > 0 && !l.isBehind && age(now, m.ambiguousSince(channel)) >= ambiguousLife {
				l.giveUpUnanswered(m, channel, now)
			}
		}
		if l.stored.Runs.watchedFor(m.At, now) >= endedLife {
			m.Lost = nil
		}
	}
	l.sweep()
}

// ambiguousSince is when the channel first gave no answer to the message.
func (m *pendingMessage) ambiguousSince(channel string) time.Time {
	if at, ok := m.FirstAmbiguous[channel]; ok {
		return at
	}
	return m.At
}

// isOwed says whether the channel is owed the message.
func (m *pendingMessage) isOwed(channel string) bool { return slices.Contains(m.Owed, channel) }

// mayBeRepeat says whether the channel was sent the message before and gave no answer.
func (m *pendingMessage) mayBeRepeat(channel string) bool { return m.AmbiguousRuns[channel] > 0 }

// isLost says whether the channel may have heard the message, and is not sent it again.
func (m *pendingMessage) isLost(channel string) bool {
	_, lost := m.Lost[channel]
	return lost
}

// isLeftToDigest says whether alerts leave what a lost alert said to the next digest.
func (m *pendingMessage) isLeftToDigest(channel string, now time.Time) bool {
	at := m.Lost[channel]
	return m.isAlert() && !at.IsZero() && age(now, at) < ambiguousLife
}

// releaseLost ends that a lost digest itself is missed, which is so until the channel
// accepts something, and that alerts leave to a digest what no channel knows; with a new
// digest also what others do.
func (l *Ledger) releaseLost(channel string, digest bool) {
	for _, m := range l.stored.Outbox {
		if m.isLost(channel) && (digest || !m.isAlert() || !l.isKnownElsewhere(m, channel)) {
			m.Lost[channel] = time.Time{}
		}
	}
}

// isRecordFiring says whether the record is told while it goes on.
func isRecordFiring(s *findingRecord) bool { return !s.Covered && s.Away.IsZero() }

// forgetLost forgets the messages that were lost in the channel and tell nothing that
// it may have heard of by them alone.
func (l *Ledger) forgetLost(channel string) {
	for _, m := range l.stored.Outbox {
		if m.isLost(channel) && (m.isAlert() || m.Lost[channel].IsZero()) &&
			!l.missesAny(channel, m, func(*findingRecord) bool { return true }) {
			delete(m.Lost, channel)
		}
	}
	l.sweep()
}

// missesAny says whether the channel was never told something that a lost message said: a
// record that is there and counts, or something else that is still to be told.
func (l *Ledger) missesAny(channel string, m *pendingMessage, counts func(*findingRecord) bool) bool {
	b := &l.stored
	return l.missesFinding(channel, m, counts) || l.missesOutage(channel, m) ||
		m.Dropped > 0 && b.Dropped[channel] > 0 ||
		slices.ContainsFunc(b.OneOffs, func(n *oneOff) bool {
			isFirst := slices.Contains(n.Tell, channel) ||
				slices.Contains(n.List, channel) && (n.Gap != nil || n.Unheard != nil)
			return isFirst && m.tellsOneOff(n)
		})
}

func (l *Ledger) missesFinding(channel string, m *pendingMessage, counts func(*findingRecord) bool) bool {
	for key, mark := range m.Findings {
		s := l.stored.Records[key]
		isNew := m.isAlert() || slices.Contains(m.Fresh, key)
		if !isNew || s == nil || !mark.isAbout(s) || !counts(s) {
			continue
		}
		if h := s.Notified.of(channel); h == nil || h.Written.Before(m.At) {
			return true
		}
	}
	return false
}

func (l *Ledger) missesOutage(channel string, m *pendingMessage) bool {
	for source, since := range m.Outages {
		o, ok := l.stored.Outages[source]
		if _, told := o.Notified[channel]; ok && o.Since.Equal(since) && !told {
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
		return !slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool {
			switch {
			case !m.isLost(channel):
				return m.isOwed(channel) && m.mayBeRepeat(channel)
			case !m.isAlert() && !m.Lost[channel].IsZero():
				return true
			default:
				return l.missesAny(channel, m, isRecordFiring)
			}
		})
	})
}

// Unheard are the alerts that were given up lately because a channel gave no answer, and
// that another one knows: it can be told.
func (l *Ledger) Unheard(now time.Time) []license.Unheard {
	var all []license.Unheard
	for _, n := range l.stored.OneOffs {
		if n.Unheard == nil || age(now, n.At) >= day {
			continue
		}
		isIt := func(m *pendingMessage) bool {
			return m.ID == n.Unheard.ID && m.isLeftToDigest(n.Unheard.Channel, now) &&
				l.isKnownElsewhere(m, n.Unheard.Channel)
		}
		if slices.ContainsFunc(l.stored.Outbox, isIt) {
			all = append(all, *n.Unheard)
		}
	}
	return all
}

// FailingSince is since when the channel has accepted nothing that it was sent; false
// where it accepted what it was sent last.
func (l *Ledger) FailingSince(channel string) (time.Time, bool) {
	at, ok := l.stored.Failing[channel]
	return at, ok
}

// noteFailing notes that the channel did not accept a message.
func (l *Ledger) noteFailing(channel string, now time.Time) {
	if at, ok := l.stored.Failing[channel]; !ok || at.After(now) {
		l.stored.Failing[channel] = now
	}
}

// sweep forgets the messages with which no channel has to do any more, and what those
// say that no channel is sent.
func (l *Ledger) sweep() {
	l.stored.Outbox = slices.DeleteFunc(l.stored.Outbox, func(m *pendingMessage) bool {
		return !m.concernsAnyChannel()
	})
	for _, m := range l.stored.Outbox {
		if len(m.Owed)+len(m.Calls) == 0 {
			m.Report = license.Report{}
		}
	}
}

// concernsAnyChannel says whether any channel has to do with the message.
func (m *pendingMessage) concernsAnyChannel() bool { return len(m.Owed)+len(m.Calls)+len(m.Lost) > 0 }

// isRefusedForGood says whether the channel is left alone after it refused the message,
// or another one, for good.
func (l *Ledger) isRefusedForGood(m *pendingMessage, channel string, now time.Time) bool {
	for _, refused := range []map[string]time.Time{m.Refused, l.stored.Refused} {
		if at, ok := refused[channel]; ok && !isDueAgain(now, at, refusalPause) {
			return true
		}
	}
	return false
}

// pausedAt is when the channel refused the message, or another one, for good.
func (l *Ledger) pausedAt(m *pendingMessage, channel string) time.Time {
	return laterOf(m.Refused[channel], l.stored.Refused[channel])
}

// isAlarmed says whether the channel is owed something that is critical and new and
// that it has not refused again and again.
func (l *Ledger) isAlarmed(channel string) bool {
	return slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool {
		return m.isAlert() && m.isOwed(channel) && m.Refusals[channel] < maxAmbiguousRuns &&
			slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
				return isCallable(f) && f.Story != nil &&
					(f.Story.Change == license.ChangeNew || f.Story.Change == license.ChangeWorse)
			})
	})
}
