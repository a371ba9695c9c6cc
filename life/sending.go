package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// isSendable says whether the message may be sent to the channel now. A channel
// that refuses for good gets no alerts for an hour, not even newer ones, so that
// they keep their order, unless one of them is critical and new; a digest is always
// tried.
func (box *outbox) isSendable(m *pendingMessage, channel string, now time.Time) bool {
	return !m.isAlert() || !box.isRefusedForGood(m, channel, now) || box.isAlarmed(channel)
}

// isHeld says whether an alert of an earlier run waits for the hours: nothing that the
// run would send the channel is said outside of them. If something is, all of it goes, in
// its order.
func (box *outbox) isHeld(m *pendingMessage, channel string, in Input) bool {
	return m.isAlert() && box.holdsBack(channel, in)
}

func (box *outbox) holdsBack(channel string, in Input) bool {
	hours := in.of(channel).Hours
	return !hours.Contains(in.Now) && !slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
		return m.isOwed(channel) && box.isTried(m, channel, in) && m.isUrgent(in.Now, hours)
	})
}

// isNext says whether the message is sent to the channel now.
func (box *outbox) isNext(m *pendingMessage, channel string, in Input) bool {
	return m.isOwed(channel) && box.isTried(m, channel, in) && !box.isHeld(m, channel, in)
}

// isTried says whether the run is one that may send the message. A digest says what an
// alert says that was refused for good, or got no answer.
func (box *outbox) isTried(m *pendingMessage, channel string, in Input) bool {
	if m.isAlert() && (in.isDigest() && (box.isRefusedForGood(m, channel, in.Now) || m.mayBeRepeat(channel)) ||
		m.isTriedIn(in.Slot, channel)) {
		return false
	}
	return box.isSendable(m, channel, in.Now)
}

// isAlarmed says whether the channel is owed something that is critical and new and
// that it has not refused again and again.
func (box *outbox) isAlarmed(channel string) bool {
	return slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
		return m.isAlert() && m.isOwed(channel) && m.Refusals[channel] < maxAmbiguousRuns &&
			slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
				return isCallable(f) && f.Story != nil &&
					(f.Story.Change == license.ChangeNew || f.Story.Change == license.ChangeWorse)
			})
	})
}

// isRefusedForGood says whether the channel is left alone after it refused the message,
// or another one, for good.
func (box *outbox) isRefusedForGood(m *pendingMessage, channel string, now time.Time) bool {
	for _, refused := range []map[string]time.Time{m.Refused, box.Refused} {
		if at, ok := refused[channel]; ok && !isDueAgain(now, at, refusalPause) {
			return true
		}
	}
	return false
}

// pausedAt is when the channel refused the message, or another one, for good.
func (box *outbox) pausedAt(m *pendingMessage, channel string) time.Time {
	return laterOf(m.Refused[channel], box.Refused[channel])
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

// waitingChannels are the channels that are owed something which must wait.
func (box *outbox) waitingChannels(in Input) []string {
	return slices.DeleteFunc(slices.Clone(in.Channels), func(channel string) bool {
		return !slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
			return m.isOwed(channel) && !box.isSendable(m, channel, in.Now)
		})
	})
}

// heldChannels are the channels that are owed something which waits for the hours.
func (box *outbox) heldChannels(in Input) []string {
	return slices.DeleteFunc(slices.Clone(in.Channels), func(channel string) bool {
		return !slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
			return m.isOwed(channel) && box.isTried(m, channel, in) && box.isHeld(m, channel, in)
		})
	})
}

// isWritten says whether a digest of this slot was written before.
func (box *outbox) isWritten(slot string, now time.Time) bool {
	written := box.Slots[slot]
	return slot != "" && written != nil && age(now, written.At) < eventLife
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

// Owed is what a channel is still owed.
type Owed struct {
	Channel  string
	Messages int
	// Again is true when another run helps that comes soon: the channel did not
	// refuse for good, what it is owed does not wait for the hours, and what got no
	// answer is left to the next event once a rerun has tried it, or two events have.
	Again bool
}

// owed is Ledger.Owed.
func (box *outbox) owed(channels []string, now time.Time, hours license.Hours) []Owed {
	var owed []Owed
	next := Input{Now: now, Mode: license.ModeAlert, Hours: hours}
	for _, channel := range channels {
		o := Owed{Channel: channel}
		for _, m := range box.Outbox {
			switch {
			case m.isOwed(channel):
				o.Messages++
				isSoon := !m.isAlert() || !box.isRefusedForGood(m, channel, now) &&
					!m.isTriedIn(box.Event, channel) && m.AmbiguousRuns[channel] < maxAmbiguousRuns-1
				o.Again = o.Again || isSoon && !box.isHeld(m, channel, next)
			case slices.Contains(m.Calls, channel):
				o.Messages++
				o.Again = o.Again || m.AmbiguousRuns[channel] < maxAmbiguousRuns-1 &&
					!m.isTriedIn(box.Event, channel)
			}
		}
		if o.Messages > 0 {
			owed = append(owed, o)
		}
	}
	return owed
}

// deliveryForm is how a message is sent to some of its channels; 0: not at all.
type deliveryForm uint8

const (
	formMessage  deliveryForm = 1 << iota
	formMention               // it calls people
	formRepeat                // and says that it may be a repeat
	formCall                  // it is only the call
	formOnlyCall = formCall | formMention
)

// deliveryForms are all there are, in the order in which they are sent.
var deliveryForms = []deliveryForm{formMessage | formMention, formMessage | formMention | formRepeat, formMessage,

	formMessage | formRepeat, formOnlyCall}
