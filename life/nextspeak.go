package life

import (
	"time"

	"licensewatch/license"
)

// NextSpeak is when an alert may speak to the channel about a firing finding if
// nothing changes: now when it is due or owed; zero when it does not, as about what
// is only good to know.
func (l *Ledger) NextSpeak(f license.Finding, channel string, now time.Time, hours license.Hours) time.Time {
	if f.State != license.Firing || f.Event || f.Severity == license.Info {
		return time.Time{}
	}
	s, h, p := l.lookUp(f, channel, now)
	ack, _ := silencingAckFor(l.Acks(now), f.Rule, f.Subject, s, h)
	switch {
	case s != nil && s.isToldIn(p.withoutLost().messages, f.Key()):
		return l.nextAttempt(s.messagesAbout(p.withoutLost().messages, f.Key()), channel, now, hours)
	case s != nil && s.isToldIn(p.lost, f.Key()) && dueSince(f, s, h, now, true) == notDue:
		return hours.Next(p.leftToDigestUntil(channel).In(now.Location()))
	case h != nil && dueSince(f, s, h, now, false) == notDue:
		return nextAt(f, s, h.notification, h.At.In(now.Location()), ack, hours)
	case ack != nil:
		return hours.Next(ack.Until.In(now.Location()))
	case isUrgent(f, dueSince(f, s, h, now, false), h, now, hours):
		return now
	default:
		return hours.Next(now)
	}
}

// nextAttempt is when an alert sends the channel one of the messages that it is owed.
func (l *Ledger) nextAttempt(messages []*pendingMessage, channel string, now time.Time, hours license.Hours) time.Time {
	var next time.Time
	for _, m := range messages {
		at := now
		if !l.isSendable(m, channel, now) {
			at = l.pausedAt(m, channel).In(now.Location()).Add(refusalPause)
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	if l.holdsBack(channel, Input{Now: next, Mode: license.ModeAlert, Hours: hours}) {
		return hours.Next(next)
	}
	return next
}

// lookUp finds the record of a finding and what a channel heard of it.
func (l *Ledger) lookUp(f license.Finding, channel string,
	now time.Time) (*findingRecord, *lastNotification, undelivered) {
	p := l.undeliveredAndResting(channel, now)
	s := l.stored.Records[f.Key()]
	if s == nil {
		return nil, nil, p
	}
	heard := s.lastKnownTo(f.Key(), channel, p)
	return s, heard, p
}
