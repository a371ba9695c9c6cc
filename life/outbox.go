package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

const (
	// maxOwed is how many alerts a channel is owed at most. What the oldest said
	// is then said again in one message, as it is by then.
	maxOwed = 20
	// keptOwed is how many of them stay as they are when that happens.
	keptOwed = 10
	// refusalPause is how long a channel that refused for good is left alone by
	// alerts.
	refusalPause = time.Hour
)

// outbox is what is on its way to whom, and which channels take nothing.
type outbox struct {
	Outbox []*pendingMessage      `json:"outbox,omitempty"` // oldest first
	Slots  map[string]*digestSlot `json:"slots,omitempty"`  // by trigger and time
	// Event is what woke the last run that decided what to say: trigger and time, or
	// nothing where it has no such name.
	Event string `json:"event,omitempty"`
	// IDs are the messages' ids that were given lately, so that a rerun, whose
	// run has the same id, does not give one to something else.
	IDs map[string]time.Time `json:"ids,omitempty"`
	// Refused is when a channel refused a message for good, if it has accepted
	// none since.
	Refused map[string]time.Time `json:"refused,omitempty" by:"channel"`
	// Failing is since when a channel has accepted nothing that it was sent.
	Failing map[string]time.Time `json:"failing,omitempty" by:"channel"`
	// Codes are what those have refused with since, oldest first.
	Codes map[string][]string `json:"codes,omitempty" by:"channel"`
}

// digestSlot is one scheduled digest. It is known by trigger and time, which are the
// same when the platform runs the event again.
type digestSlot struct {
	At       time.Time `json:"at"`
	Accepted []string  `json:"accepted,omitempty" by:"channel"` // the channels that took the digest
}

// undeliveredAndLost collects what a channel will have heard, or may have: what is on its way and
// what was lost, oldest first.
func (box *outbox) undeliveredAndLost(channel string, now time.Time) undelivered {
	return box.collectUndelivered(channel, now, func(*pendingMessage) bool { return true })
}

// undeliveredAndResting collects what is on its way to a channel, and what was lost and rests.
func (box *outbox) undeliveredAndResting(channel string, now time.Time) undelivered {
	return box.collectUndelivered(channel, now, func(m *pendingMessage) bool {
		return !m.isLost(channel) || m.isLeftToDigest(channel, now)
	})
}

// sentBefore collects what the channel is sent before a new message of the mode. An
// alert comes after all the others; a digest overtakes those that must wait.
func (box *outbox) sentBefore(channel string, in Input) undelivered {
	if !in.isDigest() {
		return box.undeliveredAndResting(channel, in.Now)
	}
	return box.collectUndelivered(channel, in.Now, func(m *pendingMessage) bool {
		return !m.isLost(channel) && box.isSent(m, channel, in)
	})
}

func (box *outbox) collectUndelivered(channel string, now time.Time, counts func(*pendingMessage) bool) undelivered {
	p := undelivered{
		now: now, oneOffs: map[int64]bool{}, listed: map[int64]bool{}, outages: map[license.Source]time.Time{},
	}
	for _, m := range box.Outbox {
		if !m.isOwed(channel) && !m.isLost(channel) || !counts(m) {
			continue
		}
		if m.isLost(channel) {
			p.lost = append(p.lost, m)
		} else {
			p.messages = append(p.messages, m)
		}
		for _, number := range m.OneOffs {
			p.oneOffs[number], p.listed[number] = true, p.listed[number] || !m.isAlert()
		}
		maps.Copy(p.outages, m.Outages)
		p.dropped += m.Dropped
	}
	p.messages = slices.Concat(p.lost, p.messages)
	return p
}

// owedMessage is the message that the channel is owed; nil for none.
func (box *outbox) owedMessage(id, channel string) *pendingMessage {
	for _, m := range box.Outbox {
		if m.ID == id && m.isOwed(channel) {
			return m
		}
	}
	return nil
}

// owedCall is the message that the channel accepted, while it is owed the call; nil for
// none.
func (box *outbox) owedCall(id, channel string) *pendingMessage {
	for _, m := range box.Outbox {
		if m.ID == id && slices.Contains(m.Calls, channel) {
			return m
		}
	}
	return nil
}

// owesCall says whether the channel is still owed the call of a message that it
// accepted.
func (box *outbox) owesCall(channel string) bool {
	return slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
		return slices.Contains(m.Calls, channel)
	})
}

// endDelivery takes the channel from those that are owed the message.
func (box *outbox) endDelivery(m *pendingMessage, channel string) {
	m.Owed = slices.DeleteFunc(m.Owed, func(owed string) bool { return owed == channel })
	delete(m.AmbiguousRuns, channel)
	delete(m.FirstAmbiguous, channel)
	delete(m.AmbiguousEvent, channel)
	m.AmbiguousRerun = slices.DeleteFunc(m.AmbiguousRerun, func(c string) bool { return c == channel })
	delete(m.Refused, channel)
	delete(m.Refusals, channel)
	box.sweep()
}

func (box *outbox) endCall(m *pendingMessage, channel string) {
	m.Calls = slices.DeleteFunc(m.Calls, func(c string) bool { return c == channel })
	delete(m.AmbiguousRuns, channel)
	delete(m.AmbiguousEvent, channel)
	m.AmbiguousRerun = slices.DeleteFunc(m.AmbiguousRerun, func(c string) bool { return c == channel })
	box.sweep()
}

func tellsOnlyEnds(r license.Report) bool {
	return len(r.Resolved)+len(r.Superseded) > 0 &&
		len(r.Firing)+len(r.SourceChanges)+len(r.Unwatched)+len(r.Gaps)+len(r.Unheard)+len(r.Unknown) == 0
}

// sweep forgets the messages with which no channel has to do any more, and what those
// say that no channel is sent.
func (box *outbox) sweep() {
	box.Outbox = slices.DeleteFunc(box.Outbox, func(m *pendingMessage) bool {
		return !m.concernsAnyChannel()
	})
	for _, m := range box.Outbox {
		if len(m.Owed)+len(m.Calls) == 0 {
			m.Report = license.Report{}
		}
	}
}

// tidy leaves out what makes no sense.
func (box *outbox) tidy() {
	box.Slots, box.IDs = orEmpty(box.Slots), orEmpty(box.IDs)
	box.Refused, box.Failing, box.Codes = orEmpty(box.Refused), orEmpty(box.Failing), orEmpty(box.Codes)
	maps.DeleteFunc(box.Slots, func(_ string, s *digestSlot) bool { return s == nil })
	known := map[string]bool{}
	box.Outbox = slices.DeleteFunc(box.Outbox, func(m *pendingMessage) bool {
		if m == nil || m.ID == "" || !m.concernsAnyChannel() || m.Dropped < 0 || known[m.ID] {
			return true
		}
		known[m.ID] = true
		maps.DeleteFunc(m.Findings, func(_ string, mark *notification) bool { return mark == nil })
		slices.Sort(m.OneOffs)
		return false
	})
}

// prune forgets what the last runs were, and who refused, when that is long ago.
func (box *outbox) prune(now time.Time) {
	box.sweep()
	maps.DeleteFunc(box.Failing, func(_ string, at time.Time) bool { return age(now, at) >= recordLife })
	maps.DeleteFunc(box.Codes, func(channel string, _ []string) bool { return box.Failing[channel].IsZero() })
	maps.DeleteFunc(box.Slots, func(_ string, s *digestSlot) bool { return age(now, s.At) >= eventLife })
	maps.DeleteFunc(box.IDs, func(_ string, at time.Time) bool { return age(now, at) >= eventLife })
	maps.DeleteFunc(box.Refused, func(_ string, at time.Time) bool { return isDueAgain(now, at, refusalPause) })
}

// owedEnds are the keys of what is over by the messages that are on their way to the
// channel, of each by the last that tells of it.
func (box *outbox) owedEnds(channel string) map[string]bool {
	ends := map[string]bool{}
	for _, m := range box.Outbox {
		if !m.isOwed(channel) {
			continue
		}
		for key := range m.Findings {
			delete(ends, key)
		}
		for _, r := range m.Report.Resolved {
			ends[r.Key] = true
		}
	}
	return ends
}

// isWritten says whether a digest of this slot was written before.
func (box *outbox) isWritten(slot string, now time.Time) bool {
	written := box.Slots[slot]
	return slot != "" && written != nil && age(now, written.At) < eventLife
}

// endPause ends the wait of a channel that accepts again. What it refused in the
// same run, it refused for another reason than being closed.
func (box *outbox) endPause(accepted *pendingMessage, channel string) {
	delete(box.Refused, channel)
	for _, m := range box.Outbox {
		if at, ok := m.Refused[channel]; ok && at.Before(accepted.At) {
			delete(m.Refused, channel)
		}
	}
}

// noteFailing notes that the channel did not accept a message.
func (box *outbox) noteFailing(channel string, now time.Time) {
	if at, ok := box.Failing[channel]; !ok || at.After(now) {
		box.Failing[channel] = now
		delete(box.Codes, channel)
	}
}

// maxCodes bounds the codes that are remembered of a channel, and maxCode each in bytes.
const (
	maxCodes = 5
	maxCode  = 64
)

// noteCode is Ledger.NoteCode.
func (box *outbox) noteCode(channel, code string) (before []string) {
	before = slices.DeleteFunc(slices.Clone(box.Codes[channel]), func(c string) bool { return c == code })
	if code != "" && len(code) <= maxCode {
		codes := append(slices.Clone(before), code)
		box.Codes[channel] = codes[max(0, len(codes)-maxCodes):]
	}
	return before
}

// countNoAnswer counts the runs in which the message got no answer. A rerun of the same
// event does not count: two tries within a minute say as much about a chat as one.
func (box *outbox) countNoAnswer(m *pendingMessage, channel string) {
	m.AmbiguousRuns, m.AmbiguousEvent = orEmpty(m.AmbiguousRuns), orEmpty(m.AmbiguousEvent)
	if event := box.Event; event != "" && m.AmbiguousEvent[channel] == event {
		m.AmbiguousRerun = appendNew(m.AmbiguousRerun, channel)
		return
	}
	m.AmbiguousRuns[channel]++
	m.AmbiguousEvent[channel] = box.Event
	m.AmbiguousRerun = slices.DeleteFunc(m.AmbiguousRerun, func(c string) bool { return c == channel })
}
