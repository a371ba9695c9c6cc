package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// What a run sends of the outbox is decided here, from top to bottom: the messages, in which form
// each goes to which of its channels, and why one that is owed waits.

// sending is what a run sends of the outbox.
type sending struct {
	*storedLedger

	in      Input
	acks    []license.Ack                      // that hold
	written map[*pendingMessage]license.Report // the full reports of the messages that this run wrote
	callers map[string]*pendingMessage         // by channel: the last message that calls people there
}

func newSending(b *storedLedger, in Input, written map[*pendingMessage]license.Report) *sending {
	s := &sending{storedLedger: b, in: in, acks: b.acksAt(in.Now), written: written,
		callers: map[string]*pendingMessage{}}
	for _, m := range b.Outbox {
		_, fresh := written[m]
		for _, channel := range in.Channels {
			if m.Report.Mention && (fresh || b.stillCalls(m, channel, s.acks)) && b.isSent(m, channel, in) {
				s.callers[channel] = m
			}
		}
	}
	return s
}

// messages are those that can be sent now, oldest first.
func (s *sending) messages() (messages []Message) {
	for _, m := range s.Outbox {
		report, fresh := s.written[m]
		if !fresh {
			report = reportSentAt(m.Report, s.in.Now)
		}
		for _, form := range deliveryForms {
			channels := slices.DeleteFunc(slices.Clone(s.in.Channels), func(channel string) bool {
				f, isSent := s.formFor(m, channel)
				return !isSent || f != form
			})
			if len(channels) > 0 {
				report.Mention, report.Repeat, report.OnlyCall = form.mention, form.repeat, form.onlyCall
				messages = append(messages, Message{ID: m.ID, Mode: m.Mode, Report: report, Channels: channels,
					Owed: !fresh})
			}
		}
	}
	return messages
}

// deliveryForm is how a message is sent to some of its channels.
type deliveryForm struct {
	mention  bool // it calls people
	repeat   bool // it says that it may be a repeat
	onlyCall bool // it is only the call
}

// deliveryForms are all there are, in the order in which they are sent.
var deliveryForms = []deliveryForm{
	{mention: true}, {mention: true, repeat: true}, {}, {repeat: true}, {mention: true, onlyCall: true},
}

// formFor is how the message is sent to the channel now, if it is.
func (s *sending) formFor(m *pendingMessage, channel string) (form deliveryForm, isSent bool) {
	switch caller := s.callers[channel]; {
	case s.isSent(m, channel, s.in):
		return deliveryForm{mention: caller == m, repeat: m.mayBeRepeat(channel)}, true
	// It was accepted without the call, and nothing else calls people there now.
	case caller == nil && slices.Contains(m.Calls, channel) && s.stillCalls(m, channel, s.acks):
		return deliveryForm{mention: true, onlyCall: true}, true
	default:
		return deliveryForm{}, false
	}
}

// isSent says whether a run sends the channel the message.
func (box *outbox) isSent(m *pendingMessage, channel string, in Input) bool {
	return m.isOwed(channel) && box.waitReasonOf(m, channel, in) == waitsNot
}

// waitReason is why a message that a channel is owed is not sent by a run.
type waitReason uint8

// The reasons; the first that holds counts.
const (
	waitsNot          waitReason = iota
	waitsAfterRefusal            // the channel has refused for good, and is left alone for an hour
	waitsForDigest               // the run is a digest, which says what it says
	waitsForEvent                // this event and a rerun of it got no answer to it
	waitsForHours                // nothing that the channel would be sent is said outside of its hours
)

// waitReasonOf is why an alert of an earlier run waits; a digest never does.
func (box *outbox) waitReasonOf(m *pendingMessage, channel string, in Input) waitReason {
	reason := box.waitReasonAnyTime(m, channel, in)
	// If something is urgent, all of it goes, in its order.
	if reason == waitsNot && m.isAlert() && box.holdsBack(channel, in) {
		return waitsForHours
	}
	return reason
}

// waitReasonAnyTime is the reason as if the hours were always.
func (box *outbox) waitReasonAnyTime(m *pendingMessage, channel string, in Input) waitReason {
	isRefused := m.isAlert() && box.isRefusedForGood(m, channel, in.Now)
	switch {
	case !m.isAlert():
		return waitsNot
	// Not even newer alerts are tried, so that they keep their order, unless one is critical and new.
	case isRefused && !box.isAlarmed(channel):
		return waitsAfterRefusal
	case in.isDigest() && (isRefused || m.mayBeRepeat(channel)):
		return waitsForDigest
	case m.isTriedIn(in.Slot, channel):
		return waitsForEvent
	default:
		return waitsNot
	}
}

// holdsBack says whether what the channel is owed waits for its hours: nothing that the run would
// send is said outside of them.
func (box *outbox) holdsBack(channel string, in Input) bool {
	hours := in.of(channel).Hours
	return !hours.Contains(in.Now) && !slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
		return m.isOwed(channel) && box.waitReasonAnyTime(m, channel, in) == waitsNot && m.isUrgent(in.Now, hours)
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

// pausedAt is when the channel refused for good, if a message waits because of that; else zero.
func (box *outbox) pausedAt(m *pendingMessage, channel string, now time.Time) time.Time {
	if box.waitReasonAnyTime(m, channel, Input{Now: now}) != waitsAfterRefusal {
		return time.Time{}
	}
	return laterOf(m.Refused[channel], box.Refused[channel])
}

// waitingChannels are those of the run that are owed something which waits for a reason.
func (box *outbox) waitingChannels(in Input, reason waitReason) []string {
	return slices.DeleteFunc(slices.Clone(in.Channels), func(channel string) bool {
		return !slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool {
			return m.isOwed(channel) && box.waitReasonOf(m, channel, in) == reason
		})
	})
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
				o.Again = o.Again || isSoon && !(m.isAlert() && box.holdsBack(channel, next))
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
