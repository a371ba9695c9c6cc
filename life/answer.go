package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// Refusal is how a channel failed to accept a message.
type Refusal string

// The refusals.
const (
	RefusedForNow  Refusal = "for-now"   // a later try may help
	RefusedForGood Refusal = "for-good"  // no retry helps until somebody mends the channel
	NoAnswer       Refusal = "no-answer" // the message was sent; nobody knows whether it arrived
)

// Rest is what is left of a message that a channel accepted.
type Rest struct {
	// Unnamed are the facts that the message only counted: license.Finding.Fact and the
	// like.
	Unnamed []string
	// Call: the call to everybody was not accepted, and a later try may help.
	Call bool
}

// Accept marks what the message said as said to the channel. Save the ledger
// after it. It does nothing when the channel is not owed the message.
func (l *Ledger) Accept(id, channel string, now time.Time) { l.AcceptBut(id, channel, now, Rest{}) }

// AcceptBut is Accept for a message of which something is left: what it did not name
// stays due, and the channel is owed the call.
func (l *Ledger) AcceptBut(id, channel string, now time.Time, rest Rest) {
	delete(l.stored.Failing, channel)
	if m := l.owedMessage(id, channel); m != nil {
		l.stored.NotificationLog.noteAnswer(m, channel, Accepted, now)
		l.endPause(m, channel)
		if rest.Call && m.Report.Mention {
			m.Calls = append(m.Calls, channel)
		}
		l.NoteNotices(m.Report.Notices)
		l.markTold(m, channel, now, rest)
		if s := l.stored.Slots[m.Slot]; s != nil && !m.isAlert() {
			s.Accepted = append(s.Accepted, channel)
		}
		for _, id := range m.Covers {
			if covered := l.owedMessage(id, channel); covered != nil {
				l.stored.NotificationLog.noteAnswer(covered, channel, Replaced, now)
				l.endDelivery(covered, channel)
			}
		}
	} else if m := l.owedCall(id, channel); m != nil {
		l.acceptCall(m, channel, now)
	}
	l.releaseLost(channel, false)
	l.forgetLost(channel)
}

// Refuse notes that the channel did not accept the message. For now: it stays
// owed. For good: a digest is no longer owed; an alert is tried again an hour
// later, for a week. No answer: a digest is not sent again; an alert is, with the
// same id, in three runs at most and within a day. Nothing of it counts as said: it
// is due again, what an alert said with the next digest.
func (l *Ledger) Refuse(id, channel string, now time.Time, refusal Refusal) {
	m := l.owedMessage(id, channel)
	if m == nil {
		l.refuseCall(id, channel, refusal)
		return
	}
	l.stored.NotificationLog.noteAnswer(m, channel, DeliveryStatus(refusal), now)
	l.noteFailing(channel, now)
	switch refusal {
	case RefusedForGood:
		l.stored.Refused[channel] = now
		if !m.isAlert() {
			l.endDelivery(m, channel)
			return
		}
		m.Refused, m.Refusals = orEmpty(m.Refused), orEmpty(m.Refusals)
		m.Refused[channel] = now
		m.Refusals[channel]++
	case NoAnswer:
		l.noteNoAnswer(m, channel, now)
	case RefusedForNow:
	}
}

// NoteAnswer notes that a channel has answered to a message that this ledger does not hold;
// an empty refusal is that it has accepted it.
func (l *Ledger) NoteAnswer(channel string, now time.Time, refusal Refusal) {
	if refusal == "" {
		delete(l.stored.Failing, channel)
		return
	}
	l.noteFailing(channel, now)
}

func (l *Ledger) owedMessage(id, channel string) *pendingMessage {
	for _, m := range l.stored.Outbox {
		if m.ID == id && m.isOwed(channel) {
			return m
		}
	}
	return nil
}

// markTold marks all that the message said as said to the channel, but the rest.
func (l *Ledger) markTold(m *pendingMessage, channel string, now time.Time, rest Rest) {
	b := &l.stored
	unnamed := map[string]bool{}
	for _, fact := range rest.Unnamed {
		unnamed[fact] = true
	}
	for key, told := range m.Findings {
		mark := *told
		if rest.Call {
			mark.Called = time.Time{}
		}
		if s := b.Records[key]; s != nil && mark.isAbout(s) && !unnamed[key] {
			s.Notified.set(channel, s.sharedNotification(s.Notified.of(channel).updatedBy(mark, m.At, now, now)), l.words)
			s.Superseded.remove(channel, l.words)
			if mark.TellsAckEnd {
				s.AckEndPending = slices.DeleteFunc(s.AckEndPending, func(c string) bool { return c == channel })
			}
		}
	}
	told := &channelRemover{channel: channel}
	for _, n := range b.OneOffs {
		if m.tellsOneOff(n) && !unnamed[n.reportFact()] {
			n.markTold(told, !m.isAlert())
		}
	}
	l.acceptDigest(m, channel, now)
	for source, since := range m.Outages {
		if o, ok := b.Outages[source]; ok && o.Since.Equal(since) {
			o.Notified[channel] = now
		}
	}
	if b.Dropped[channel] -= m.Dropped; b.Dropped[channel] <= 0 {
		delete(b.Dropped, channel)
	}
	l.endDelivery(m, channel)
}

// endPause ends the wait of a channel that accepts again. What it refused in the
// same run, it refused for another reason than being closed.
func (l *Ledger) endPause(accepted *pendingMessage, channel string) {
	delete(l.stored.Refused, channel)
	for _, m := range l.stored.Outbox {
		if at, ok := m.Refused[channel]; ok && at.Before(accepted.At) {
			delete(m.Refused, channel)
		}
	}
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

// Owed says which of the channels are still owed something, in their order. Ask
// after the last answer of a run.
func (l *Ledger) Owed(channels []string, now time.Time, hours license.Hours) []Owed {
	var owed []Owed
	next := Input{Now: now, Mode: license.ModeAlert, Hours: hours}
	for _, channel := range channels {
		o := Owed{Channel: channel}
		for _, m := range l.stored.Outbox {
			switch {
			case m.isOwed(channel):
				o.Messages++
				isSoon := !m.isAlert() || !l.isRefusedForGood(m, channel, now) &&
					!m.isTriedIn(l.stored.Event, channel) && m.AmbiguousRuns[channel] < maxAmbiguousRuns-1
				o.Again = o.Again || isSoon && !l.isHeld(m, channel, next)
			case slices.Contains(m.Calls, channel):
				o.Messages++
				o.Again = o.Again || m.AmbiguousRuns[channel] < maxAmbiguousRuns-1 &&
					!m.isTriedIn(l.stored.Event, channel)
			}
		}
		if o.Messages > 0 {
			owed = append(owed, o)
		}
	}
	return owed
}
