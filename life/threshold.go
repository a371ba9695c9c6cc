package life

import (
	"time"

	"licensewatch/license"
)

// latestTime is the last deadline that is told apart, as late as every zone can write:
// later ones stand for "never". It is on the day that services write for that.
var latestTime = time.Date(9999, time.December, 31, 9, 59, 59, 0, time.UTC)

// maxDaysLeft bounds the days left that are counted.
const maxDaysLeft = 100 * 366

// writable gives a time that can be written in its zone.
func writable(t time.Time) time.Time {
	if t.After(latestTime) {
		return latestTime.In(t.Location())
	}
	return t
}

// age is how far away a time is. One in the future, which only a wrong clock
// leaves behind, counts by its distance too: it must hold nothing back for long.
func age(now, at time.Time) time.Duration { return now.Sub(at).Abs() }

func earlierOf(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// timerSlack is how much too early it may be: timers are not exact, and a run may
// have come late the last time. It is less than the pause between two runs, or
// what is said once a day would come earlier every day.
const timerSlack = 5 * time.Minute

// isDueAgain says whether it is time to do again what was done at a time.
func isDueAgain(now, at time.Time, every time.Duration) bool {
	return age(now, at) >= every-min(every/24, timerSlack)
}

// thresholdOf is the smallest threshold that is not below the days left; nil when there is
// none.
func thresholdOf(f license.Finding) *int64 {
	if f.DaysLeft == nil {
		return nil
	}
	var threshold *int64
	for i := range f.RemindAt {
		if r := &f.RemindAt[i]; *r >= *f.DaysLeft && (threshold == nil || *r < *threshold) {
			threshold = r
		}
	}
	return threshold
}

// lowerThreshold is the smaller of two thresholds; nil is above all of them.
func lowerThreshold(a, b *int64) *int64 {
	if a == nil || b != nil && *b < *a {
		return b
	}
	return a
}

// isLater says whether a deadline lies on a later date than the one before, as
// far as both are known.
func isLater(deadline, before time.Time, zone *time.Location) bool {
	return !deadline.IsZero() && !before.IsZero() && license.DaysLeft(deadline, before.In(zone)) > 0
}

// infoPause is how long a finding that is only good to know is left alone at
// least once it was told.
const infoPause = 30 * day

// reminderOf is the time after which a finding is told again, in a record that
// began at begun; 0 when it is not.
func reminderOf(f license.Finding, begun, now time.Time) time.Duration {
	every := f.RemindEvery
	if f.RemindLater > 0 && age(now, begun) >= 7*day-timerSlack {
		every = f.RemindLater
	}
	if every > 0 && f.Severity == license.Info {
		every = max(every, infoPause)
	}
	return every
}

// nextAt is when a channel that was told m at the time at hears of the finding
// next, within the hours, if nothing changes; zero when it does not.
func nextAt(f license.Finding, s *findingRecord, m notification, at time.Time, ack *license.Ack,
	hours license.Hours) time.Time {
	next := nextThreshold(f, m, at.Location())
	if every := reminderOf(f, s.begunAt(), at); every > 0 {
		if again := at.Add(every); next.IsZero() || again.Before(next) {
			next = again
		}
	}
	if began, ended := lastHours(f, m, at, hours); !ended.IsZero() && (next.IsZero() || began.Before(next)) &&
		!heardInTime(f, m, at, hours) {
		next = laterOf(began, at)
	}
	switch {
	case ack != nil && (next.IsZero() || next.Before(ack.Until)):
		next = ack.Until.In(at.Location())
	case next.IsZero():
		return next
	}
	return writable(hours.Next(writable(next)))
}

// nextThreshold is the beginning of the day on which the next threshold is reached.
func nextThreshold(f license.Finding, m notification, zone *time.Location) time.Time {
	if f.DaysLeft == nil || f.Deadline.IsZero() || *f.DaysLeft > maxDaysLeft {
		return time.Time{}
	}
	var next *int64
	for _, r := range f.RemindAt {
		below := r < *f.DaysLeft && (m.Threshold == nil || r < *m.Threshold)
		if below && r > -maxDaysLeft && (next == nil || r > *next) {
			next = &r
		}
	}
	if next == nil {
		return time.Time{}
	}
	year, month, day := f.Deadline.In(zone).Date()
	return time.Date(year, month, day-int(*next), 0, 0, 0, 0, zone)
}
