package life

import (
	"time"

	"licensewatch/license"
)

// Standing is how a finding stands by the ledger alone, for people who have
// neither the account nor the rules at hand.
type Standing struct {
	Known
	Covered bool         // another finding that fires tells of it
	Ack     *license.Ack // the acknowledgement that covers it; nil when there is none
	// To is what each channel was told of it, in the order of their names.
	To []StandingIn
}

// StandingIn is how a finding stands in one channel.
type StandingIn struct {
	Channel string
	Told    time.Time // when it accepted what it was told last; zero when that is nothing
	Owed    bool      // a message about it is on its way
	// GivenUp is when an alert about it was given up that got no answer and that says
	// more than the channel was told; zero for none.
	GivenUp time.Time
	Former  bool // the settings do not name the channel any more: it is sent nothing
	// Next is when an alert speaks of it next if nothing changes; zero when none
	// does, or when that is not known.
	Next time.Time
}

// nextSpoken is when a finding is spoken of that was to be at a time: not before
// its acknowledgement has ended.
func nextSpoken(next time.Time, ack *license.Ack, now time.Time, hours license.Hours) time.Time {
	if ack != nil && next.Before(ack.Until) {
		next = ack.Until
	}
	if next.IsZero() {
		return next
	}
	return hours.Next(writable(laterOf(next, now).In(now.Location())))
}

func (box *outbox) standingIn(channel, key string, s *findingRecord, p undelivered, ack *license.Ack, now time.Time,
	hours license.Hours) StandingIn {
	in, h := StandingIn{Channel: channel, Former: isFormer(channel)}, s.Notified.of(channel)
	if h != nil {
		in.Told = h.At.In(now.Location())
	}
	if messages := s.messagesAbout(p.withoutLost().messages, key); len(messages) > 0 {
		in.Owed, in.Next = true, box.nextAttempt(messages, channel, now, hours)
	}
	for _, m := range s.messagesAbout(p.lost, key) {
		if !in.Owed && !h.saysAtLeast(*m.Findings[key]) {
			in.GivenUp = m.Lost[channel].In(now.Location())
			in.Next = hours.Next(in.GivenUp.Add(ambiguousLife))
		}
	}
	switch {
	case in.Former:
		in.Next = time.Time{}
	case in.Owed || !in.GivenUp.IsZero() || s.Covered || s.Severity == license.Info:
	case h != nil:
		in.Next = nextSpoken(h.Next, ack, now, hours)
	case ack == nil && s.Severity == license.Critical: // new, and urgent
		in.Next = now
	case ack == nil:
		in.Next = hours.Next(now)
	default:
		in.Next = nextSpoken(ack.Until, ack, now, hours)
	}
	return in
}

// nextAttempt is when an alert sends the channel one of the messages that it is owed.
func (box *outbox) nextAttempt(messages []*pendingMessage, channel string, now time.Time,
	hours license.Hours) time.Time {
	var next time.Time
	for _, m := range messages {
		at := now
		if paused := box.pausedAt(m, channel, now); !paused.IsZero() {
			at = paused.In(now.Location()).Add(refusalPause)
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if box.holdsBack(channel, Input{Now: next, Mode: license.ModeAlert, Hours: hours}) {
		return hours.Next(next)
	}
	return next
}
