package handler

import (
	"slices"
	"time"

	"licensewatch/license"
)

const (
	// usualMorning is when the day's hours count as begun where alerts speak at all
	// hours: nine, in minutes after midnight.
	usualMorning = 9 * 60
	// rerunAge is by how much an event is at least late that the platform runs
	// again: it waits a minute.
	rerunAge = 45 * time.Second
)

// isBlind says whether nothing at all could be read. Of the fleet as a whole the accounts say so.
func isBlind(s license.Snapshot) bool { return s.Fleet == nil && !slices.ContainsFunc(s.Wanted, s.Has) }

// tellsBlindness says whether an alert without memory is to say that it could
// read nothing. It cannot know whether that was said before, so it is said in the
// first hour of the day's hours, and not by a rerun.
func (d Decision) tellsBlindness() bool {
	return isBlind(d.Snapshot) && !d.Rerun && isFirstHour(d.Hours, d.Now)
}

// tellsOnlyBlindness says whether that is all there is to say in an alert without memory.
func (d Decision) tellsOnlyBlindness(r license.Report) bool {
	return d.Mode == license.ModeAlert && isBlind(d.Snapshot) && r.Worst().Rank() <= license.Info.Rank()
}

// isFirstHour says whether the day's hours began within the last hour.
func isFirstHour(hours license.Hours, now time.Time) bool {
	began := hours.Began(now)
	if hours.Always() {
		year, month, day := now.Date()
		began = time.Date(year, month, day, 0, usualMorning, 0, 0, now.Location())
	}
	since := now.Sub(began)
	return !began.IsZero() && since >= 0 && since < time.Hour
}

// isRerun says whether the platform runs the event again, as far as its time
// tells.
func (e triggerEvent) isRerun(now time.Time) bool {
	at, err := time.Parse(time.RFC3339, e.time)
	return err == nil && now.Sub(at) >= rerunAge
}
