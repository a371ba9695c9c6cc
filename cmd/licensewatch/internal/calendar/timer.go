package calendar

import (
	"time"

	"licensewatch/license"
)

// Timer starts runs.
type Timer struct {
	Name string // as the platform knows it: the runs' ids depend on it
	Mode license.Mode
	When string // in words
	// Next is the first instant after a time at which it fires.
	Next func(after time.Time) time.Time
}

// timerZone is the zone of the platform's timers, in every region.
var timerZone = time.FixedZone("UTC+8", 8*60*60)

// Usual are the timers of serverless.yml.
func Usual() []Timer {
	return []Timer{
		{Name: "licensewatch-digest", Mode: license.ModeDigest, When: "every day at 09:07", Next: func(after time.Time) time.Time {
			year, month, day := after.In(timerZone).Date()
			return following(time.Date(year, month, day, 9, 7, 0, 0, timerZone), after, 24*time.Hour)
		}},
		{Name: "licensewatch-alert", Mode: license.ModeAlert, When: "every hour at minute 37", Next: func(after time.Time) time.Time {
			return following(after.In(timerZone).Truncate(time.Hour).Add(37*time.Minute), after, time.Hour)
		}},
	}
}

// following is the instant itself, or the next one in steps, that lies after.
func following(instant, after time.Time, step time.Duration) time.Time {
	for !instant.After(after) {
		instant = instant.Add(step)
	}
	return instant
}
