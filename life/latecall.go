package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// lateAfter is the age at which a message says that it was written earlier.
const lateAfter = 6 * time.Hour

// stillCalls says whether people are called by a message that was written earlier:
// something critical of it goes on, nobody has acknowledged that since, and no later
// message has called people of the channel about it.
func (l *Ledger) stillCalls(m *pendingMessage, channel string, now time.Time) bool {
	acks := l.Acks(now)
	return slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
		s := l.stored.Records[f.Key()]
		isKnown := slices.ContainsFunc(acks, func(a license.Ack) bool {
			return a.Covers(f.Rule, f.Subject) && a.At.After(m.At)
		})
		return isCallable(f) && !isKnown && (f.Event || s != nil && s.Away.IsZero() && !s.wasCalledAbout(channel, m.At))
	})
}

// wasCalledAbout says whether people of the channel were called about it after a time.
func (s *findingRecord) wasCalledAbout(channel string, at time.Time) bool {
	h := s.Notified.of(channel)
	return h != nil && h.Called.After(at)
}

// reportSentAt is a report that was written earlier, as it is sent now: it says when it
// was written, if that was hours ago, and promises nothing for a time that is
// past.
func reportSentAt(r license.Report, now time.Time) license.Report {
	if age(now, r.At) >= lateAfter {
		r.Sent = now
	}
	r.Firing = slices.Clone(r.Firing)
	for i, f := range r.Firing {
		if f.Story != nil && !f.Story.NextAt.IsZero() && !f.Story.NextAt.After(now) {
			story := *f.Story
			story.NextAt = time.Time{}
			r.Firing[i].Story = &story
		}
	}
	return r
}

// owedCall is the message that the channel accepted, while it is owed the call; nil for
// none.
func (l *Ledger) owedCall(id, channel string) *pendingMessage {
	for _, m := range l.stored.Outbox {
		if m.ID == id && slices.Contains(m.Calls, channel) {
			return m
		}
	}
	return nil
}

// OwesCall says whether the channel is still owed the call of a message that it
// accepted.
func (l *Ledger) OwesCall(channel string) bool {
	return slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool {
		return slices.Contains(m.Calls, channel)
	})
}

// acceptCall notes that people were called about what a message said.
func (l *Ledger) acceptCall(m *pendingMessage, channel string, now time.Time) {
	for key, mark := range m.Findings {
		if s := l.stored.Records[key]; s != nil && mark.isAbout(s) && !mark.Called.IsZero() {
			if h := s.Notified.of(channel); h != nil {
				called := *h
				called.Called = now
				s.Notified.set(channel, s.sharedNotification(&called), l.words)
			}
		}
	}
	l.endCall(m, channel)
}

// refuseCall notes that a call was not accepted. It stays owed unless no try helps, or
// it got no answer in several runs.
func (l *Ledger) refuseCall(id, channel string, refusal Refusal) {
	m := l.owedCall(id, channel)
	if m == nil {
		return
	}
	if refusal == NoAnswer {
		l.countNoAnswer(m, channel)
	}
	if refusal == RefusedForGood || m.AmbiguousRuns[channel] >= maxAmbiguousRuns {
		l.endCall(m, channel)
	}
}

func (l *Ledger) endCall(m *pendingMessage, channel string) {
	m.Calls = slices.DeleteFunc(m.Calls, func(c string) bool { return c == channel })
	delete(m.AmbiguousRuns, channel)
	delete(m.AmbiguousEvent, channel)
	m.AmbiguousRerun = slices.DeleteFunc(m.AmbiguousRerun, func(c string) bool { return c == channel })
	l.sweep()
}

// endCalls ends the calls that are owed and that nobody needs any more.
func (l *Ledger) endCalls(in Input) {
	for _, m := range slices.Clone(l.stored.Outbox) {
		for _, channel := range in.Channels {
			if slices.Contains(m.Calls, channel) && !l.stillCalls(m, channel, in.Now) {
				l.endCall(m, channel)
			}
		}
	}
}
