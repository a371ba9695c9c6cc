package calendar

import (
	"time"

	"licensewatch/cmd/licensewatch/internal/cron"
	"licensewatch/license"
)

// Timer starts runs.
type Timer struct {
	Name string // as the platform knows it: the runs' ids depend on it
	Mode license.Mode
	When string // in words
	// Next is the first instant after a time at which it fires; zero when it
	// never does again.
	Next func(after time.Time) time.Time
}

// Usual are the timers of serverless.yml, both switched on.
func Usual() []Timer {
	return []Timer{
		defaultTimer(license.ModeDigest, "every day at 09:07", "0 7 9 * * * *"),
		defaultTimer(license.ModeAlert, "every hour at minute 37", "0 37 * * * * *"),
	}
}

func defaultTimer(mode license.Mode, when, expression string) Timer {
	schedule, err := cron.Parse(expression)
	if err != nil {
		panic(err) // the expressions are those above
	}
	return Timer{Name: "licensewatch-" + string(mode), Mode: mode, When: when, Next: schedule.Next}
}

// nextAfter is when the timer fires next, or never.
func (t Timer) nextAfter(after time.Time) time.Time {
	if next := t.Next(after); !next.IsZero() {
		return next
	}
	return never
}

// never is later than any run.
var never = time.Date(9999, time.January, 1, 0, 0, 0, 0, time.UTC)
