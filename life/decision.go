package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// What a channel is to hear of a finding that fires, and why, is decided here: first
// whether there is anything to say since it last heard of it (dueReason), then whether
// this message says it (isTold).

// dueReason is why there is something to say about a finding in a channel.
type dueReason uint8

// The reasons; the first that holds counts.
const (
	notDue       dueReason = iota
	dueTakenOver           // it took over from a finding that the channel was told
	dueNew                 // the channel has not heard of it
	dueSeverity            // it is worse than the channel was told
	dueLaterEnd            // its end has moved later, and is near again
	dueThreshold           // a threshold is reached that the channel was not told
	dueGrown               // there is much more of it than the channel was told
	dueReminder            // the time for a reminder has come
	dueAckEnded            // nobody takes care of it any more
	dueLastHours           // the last hours before it ends have begun
)

// change is what the reason says has become of the finding.
func (r dueReason) change() license.Change {
	switch r {
	case notDue:
		return license.ChangeOngoing
	case dueNew:
		return license.ChangeNew
	case dueLaterEnd, dueReminder, dueAckEnded:
		return license.ChangeDue
	default:
		return license.ChangeWorse
	}
}

// dueSince is why there is something to say about a finding since a channel heard last of
// its record; nil: it heard nothing. With something on its way to the channel no reminder is
// due.
func dueSince(f license.Finding, s *findingRecord, last *lastNotification, now time.Time, isOnItsWay bool) dueReason {
	if last == nil {
		return dueNew
	}
	threshold := thresholdOf(f)
	switch {
	// How bad it is matters more than why.
	case f.Severity.Rank() > last.Severity.Rank():
		return dueSeverity
	// A later end begins the thresholds anew: those that were told belong to the earlier one.
	case threshold != nil && isLater(f.Deadline, last.Deadline, now.Location()):
		return dueLaterEnd
	// Each threshold is told once for an end; one that was passed over in a gap counts as told
	// with the next.
	case threshold != nil && (last.Threshold == nil || *threshold < *last.Threshold):
		return dueThreshold
	case f.HasGrown(last.Measure):
		return dueGrown
	// What is on its way says all that a reminder would.
	case isOnItsWay:
		return notDue
	}
	if every := reminderOf(f, s.begunAt(), now); every > 0 && isDueAgain(now, last.At, every) {
		return dueReminder
	}
	return notDue
}

// channelViewOf is what the channel knows of a finding, and why it is due there.
func (t *telling) channelViewOf(told firingFinding, channel string) channelView {
	f, key := *told.Finding, told.key
	s, p := t.ledger.stored.Records[key], t.sentBefore[channel]
	view := channelView{record: s, last: s.lastKnownTo(key, channel, p),
		hours: t.in.of(channel).Hours, isClosed: t.in.isClosed(channel)}
	if s.isToldIn(p.lost, key) && t.hasMoreToSay(f, s, view) { // and is said to who has not heard what was lost
		p = p.withoutLost()
		view.last = s.lastKnownTo(key, channel, p)
	}
	if view.last == nil {
		view.last = t.lastOfRemembered(key, channel, p)
	}
	view.ack, view.ruleAck = silencingAckFor(t.acks, f.Rule, f.Subject, s, view.last)
	view.ackEnded = view.ack == nil && slices.Contains(s.AckEndPending, channel) && !p.tellsAckEnd(key, s)
	superseded := s.Superseded.of(channel)
	switch {
	case view.last != nil:
		view.baseline = &view.last.notification
	case superseded != nil:
		view.baseline = &superseded.notification
	}
	// To the channel it is what it was told before that has become worse.
	if view.last == nil && superseded != nil {
		view.reason = dueTakenOver
		return view
	}
	view.reason = dueSince(f, s, view.last, t.in.Now, t.in.isDigest() || p.hasMessageAbout(key, s))
	switch {
	case view.reason != notDue:
	// Somebody relied on its being taken care of.
	case view.ackEnded:
		view.reason = dueAckEnded
	// The next day on which it would be said comes too late, or has no hours.
	case view.ack == nil && isLastChance(f, view.last.notification, view.last.Written, t.in.Now, view.hours):
		view.reason = dueLastHours
	}
	return view
}

// lastOfRemembered is the worst that a channel heard which heard of everything that told of a
// finding, while none of that can be known; nil when it did not.
func (t *telling) lastOfRemembered(key, channel string, p undelivered) (worst *lastNotification) {
	for _, by := range t.remembered[key] {
		h := by.record.lastKnownTo(by.key, channel, p)
		if h == nil {
			return nil
		}
		if worst == nil || h.Severity.Rank() > worst.Severity.Rank() {
			worst = &lastNotification{h.At, h.Written, notification{Severity: h.Severity, Called: h.Called}}
		}
	}
	return worst
}

// hasMoreToSay says whether there is more to say of a finding than what was said.
func (t *telling) hasMoreToSay(f license.Finding, s *findingRecord, view channelView) bool {
	last := view.last
	return dueSince(f, s, last, t.in.Now, true) != notDue ||
		isLastChance(f, last.notification, last.Written, t.in.Now, view.hours)
}

// isTold says whether the message tells a finding.
func (t *telling) isTold(f license.Finding, view channelView) bool {
	switch {
	// A digest shows how things stand, but what is only good to know rests for a while.
	case t.in.isDigest():
		return view.reason != notDue || !isResting(f, view.last, t.in.Now)
	// An alert says what is due, unless somebody takes care of it,
	case view.reason == notDue, view.ack != nil:
		return false
	// when somebody acts on it; what has happened and is critical, at once.
	default:
		return !view.isClosed || isUrgent(f, view.reason, view.last, t.in.Now, view.hours)
	}
}

// isResting says whether a digest may leave out a finding that is only good to
// know and asks for reminders: it was told not long ago.
func isResting(f license.Finding, last *lastNotification, now time.Time) bool {
	return f.Severity == license.Info && f.RemindEvery > 0 && last != nil && !isDueAgain(now, last.At, infoPause)
}
