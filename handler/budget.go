package handler

import (
	"context"
	"time"

	"licensewatch/internal/instant"
)

const (
	// defaultLimit is the time a run has when nobody says.
	defaultLimit = 60 * time.Second
	// leastToRun is what a run needs to be worth starting.
	leastToRun = 2 * time.Second
	// leastToExport is what a run needs for an export beside the rest.
	leastToExport = 15 * time.Second
)

// budget divides a run's time. The instants are of the real clock.
type budget struct {
	total   time.Duration // all there is, from the start to the platform's deadline
	collect time.Time     // reading ends here
	export  time.Time     // the export is no longer waited for
	tell    time.Time     // telling ends here; what is left is for state and heartbeat
	end     time.Time     // the last word is said: a tenth before the platform's deadline, and a little
}

// newBudget divides the time up to ctx's deadline and returns a context that
// ends with the run's. A deadline that is missing or past at entry says
// nothing: then limit counts (the platform's TimeLimitInMs), else a default, on
// a context of our own.
func newBudget(ctx context.Context, start time.Time,
	limit time.Duration) (budget, context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok || !end.After(start) {
		if limit <= 0 {
			limit = defaultLimit
		}
		end = start.Add(limit)
		if ok { // the context has ended already
			ctx = context.WithoutCancel(ctx)
		}
	}
	total := end.Sub(start)
	end = end.Add(-min(reserveOf(total), total/2))
	b := budget{total: total, tell: end.Add(-min(max(1500*time.Millisecond, total/20), total*2/5)), end: end}
	b.collect = instant.Earlier(start.Add(total*40/100), b.tell.Add(-total/4))
	b.export = instant.Earlier(start.Add(total*65/100), b.tell.Add(-total/4))
	ctx, cancel := context.WithDeadline(ctx, end)
	return b, ctx, cancel
}

// reserveOf is what is left of a run's time when it has said its last word: a tenth, 200 ms at
// least, and besides as much as a busy machine may be late by, which is no less for a short run.
func reserveOf(total time.Duration) time.Duration {
	return max(200*time.Millisecond, total/10) + max(100*time.Millisecond, total/100)
}

// canRun says whether there is time for anything but an error.
func (b budget) canRun() bool { return b.total >= leastToRun }

// canExport says whether there is time for an export.
func (b budget) canExport() bool { return b.total >= leastToExport }
