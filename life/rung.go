package life

import (
	"time"

	"licensewatch/license"
)

// latest is the last deadline that is told apart, as late as every zone can write:
// later ones stand for "never". It is on the day that services write for that.
var latest = time.Date(9999, time.December, 31, 9, 59, 59, 0, time.UTC)

// farthest bounds the days left that are counted.
const farthest = 100 * 366

// writable gives a time that can be written in its zone.
func writable(t time.Time) time.Time {
	if t.After(latest) {
		return latest.In(t.Location())
	}
	return t
}

// age is how far away a time is. One in the future, which only a wrong clock
// leaves behind, counts by its distance too: it must hold nothing back for long.
func age(now, at time.Time) time.Duration { return now.Sub(at).Abs() }

// earliness is how much too early it may be: timers are not exact, and a run may
// have come late the last time. It is less than the pause between two runs, or
// what is said once a day would come earlier every day.
const earliness = 5 * time.Minute

// passed says whether it is time to do again what was done at a time.
func passed(now, at time.Time, every time.Duration) bool {
	return age(now, at) >= every-min(every/24, earliness)
}

// rungOf is the smallest rung that is not below the days left; nil when there is
// none.
func rungOf(f license.Finding) *int64 {
	if f.DaysLeft == nil {
		return nil
	}
	var rung *int64
	for _, r := range f.RemindAt {
		if r >= *f.DaysLeft && (rung == nil || r < *rung) {
			rung = &r
		}
	}
	return rung
}

// lowest is the smaller of two rungs; nil is above all of them.
func lowest(a, b *int64) *int64 {
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

// reminderOf is the time after which a finding is told again, in a story that
// began at begun; 0 when it is not.
func reminderOf(f license.Finding, begun, now time.Time) time.Duration {
	every := f.RemindEvery
	if f.RemindLater > 0 && age(now, begun) >= 7*day-earliness {
		every = f.RemindLater
	}
	if every > 0 && f.Severity == license.Info {
		every = max(every, infoPause)
	}
	return every
}

// changeOf says what has become of a finding since a channel heard h of its
// story. owed is true when some of that is still on its way: then nothing is due
// again.
func changeOf(f license.Finding, s *story, h *said, now time.Time, owed bool) license.Change {
	if h == nil {
		return license.ChangeNew
	}
	rung := rungOf(f)
	switch {
	case f.Severity.Rank() > h.Severity.Rank():
		return license.ChangeWorse
	case rung != nil && isLater(f.Deadline, h.Deadline, now.Location()):
		return license.ChangeDue
	case rung != nil && (h.Rung == nil || *rung < *h.Rung), f.HasGrown(h.Measure):
		return license.ChangeWorse
	case owed:
		return license.ChangeOngoing
	}
	if every := reminderOf(f, s.begun(), now); every > 0 && passed(now, h.At, every) {
		return license.ChangeDue
	}
	return license.ChangeOngoing
}

// nextAt is when a channel that was told m at the time at hears of the finding
// next if nothing changes; zero when it does not.
//
// That is within the hours.
func nextAt(f license.Finding, s *story, m mark, at time.Time, ack *license.Ack, hours license.Hours) time.Time {
	next := nextRung(f, m, at.Location())
	if every := reminderOf(f, s.begun(), at); every > 0 {
		if again := at.Add(every); next.IsZero() || again.Before(next) {
			next = again
		}
	}
	if began, ended := lastHours(f, m, at, hours); !ended.IsZero() && (next.IsZero() || began.Before(next)) && !heardInTime(f, m, at, hours) {
		next = later(began, at)
	}
	switch {
	case ack != nil && (next.IsZero() || next.Before(ack.Until)):
		next = ack.Until.In(at.Location())
	case next.IsZero():
		return next
	}
	return writable(hours.Next(writable(next)))
}

// nextRung is the beginning of the day on which the next rung is reached.
func nextRung(f license.Finding, m mark, zone *time.Location) time.Time {
	if f.DaysLeft == nil || f.Deadline.IsZero() || *f.DaysLeft > farthest {
		return time.Time{}
	}
	var next *int64
	for _, r := range f.RemindAt {
		below := r < *f.DaysLeft && (m.Rung == nil || r < *m.Rung)
		if below && r > -farthest && (next == nil || r > *next) {
			next = &r
		}
	}
	if next == nil {
		return time.Time{}
	}
	year, month, day := f.Deadline.In(zone).Date()
	return time.Date(year, month, day-int(*next), 0, 0, 0, 0, zone)
}
