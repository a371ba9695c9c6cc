package life

import (
	"time"

	"licensewatch/license"
)

// What one channel knows of a finding that fires, and how that is told.

// channelView is what one channel knows of a finding that fires.
type channelView struct {
	record *findingRecord
	last   *lastNotification // what it heard of the record, or is on its way to it; nil for nothing
	// baseline is what the change is counted from: that, or what it heard of the
	// record that this one took over.
	baseline *notification
	reason   dueReason
	hours    license.Hours // of the channel
	isClosed bool          // only what is urgent is said there now

	ack      *license.Ack // silences it
	ruleAck  *license.Ack // of the whole rule, which it began after: does not silence it
	ackEnded bool         // the channel is to hear that an acknowledgement is over
}

// ackToName is the acknowledgement that the message names beside a finding: the one
// that silences it, the one that is over, or that of the whole rule (late), which
// it began after.
func (t *telling) ackToName(key string, view channelView) (ack *license.Ack, late bool) {
	over, isOver := t.endedAcks[key]
	switch {
	case view.ack != nil:
		return view.ack, false
	case isOver:
		return &over, false
	case view.ackEnded:
		return view.record.AckEnded, false
	default:
		return view.ruleAck, view.ruleAck != nil
	}
}

// isCallable says whether people may be called about a finding at all.
func isCallable(f license.Finding) bool {
	return f.Severity == license.Critical && !f.IsAcknowledged()
}

// storyOf is the story as it is told to a channel that was told so far.
func (t *telling) storyOf(f license.Finding, s *findingRecord, told *notification,
	change license.Change) *license.Story {
	zone := t.in.Now.Location()
	change = shownChange(change, told)
	story := &license.Story{Change: change, Since: writable(s.Since.In(zone))}
	if told == nil || change != license.ChangeWorse && change != license.ChangeDue {
		return story
	}
	if told.Severity != f.Severity {
		story.WasSeverity = told.Severity
	}
	if told.Days != nil && (f.DaysLeft == nil || *told.Days != *f.DaysLeft) {
		story.WasDaysLeft = told.Days
	}
	if isLater(f.Deadline, told.Deadline, zone) {
		story.WasDeadline = writable(told.Deadline.In(zone))
	}
	return story
}

// isCall says whether people are to be called: something critical is new, or
// worse than the channel was told, or goes on for a reminder's time since they
// were last called.
func isCall(f license.Finding, s *findingRecord, told *notification, change license.Change, now time.Time) bool {
	switch {
	case f.Severity != license.Critical:
		return false
	case change == license.ChangeNew || change == license.ChangeWorse || told == nil:
		return true
	}
	every := reminderOf(f, s.begunAt(), now)
	return every > 0 && isDayAfter(now, told.Called, every)
}

// isDayAfter says whether so many days have gone by in now's zone since a time, or
// all of a shorter period. A digest that comes at nine calls people on the day
// after something that came at noon.
func isDayAfter(now, at time.Time, every time.Duration) bool {
	if every < day || at.IsZero() {
		return isDueAgain(now, at, every)
	}
	return int64(license.DaysLeft(now, at.In(now.Location()))) >= int64(every/day)
}
