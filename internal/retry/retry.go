// Package retry is the one back-off of the project: a few tries, full jitter
// between them, and never past the context's deadline.
package retry

import (
	"context"
	"math/rand/v2"
	"time"
)

// Policy says how often and how patiently to try.
type Policy struct {
	Tries      int           // tries in all, the first included; less than 1 counts as 1
	Base       time.Duration // upper bound of the first wait; it doubles from try to try
	Max        time.Duration // upper bound of every wait
	Room       time.Duration // what must be left of the context's time after a wait
	TryTimeout time.Duration // bound of one try; 0 leaves only the context's own

	// Sleep waits for d or until ctx ends; nil waits in real time.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Default is the policy of every call that has no reason for another: at most
// three tries, waits of up to 0.5 s and 1 s, one second left to use.
func Default() Policy {
	return Policy{Tries: 3, Base: 500 * time.Millisecond, Max: 4 * time.Second, Room: time.Second}
}

// Verdict is what to make of a failed try.
type Verdict struct {
	Again bool          // another try may help
	Wait  time.Duration // wait at least this long; the other side's Retry-After
	Tries int           // tries in all for this kind of failure, when less than the policy's; 0: no limit of its own
}

// Do calls op until it succeeds, until judge sees no use in another try, until
// the tries are used up, or until the next wait would not leave Room before
// ctx's deadline. It returns the last try's error. Tries are numbered from 1.
func (p Policy) Do(ctx context.Context, op func(ctx context.Context, try int) error, judge func(error) Verdict) error {
	for try := 1; ; try++ {
		err := p.once(ctx, op, try)
		if err == nil || ctx.Err() != nil {
			return err
		}
		verdict := judge(err)
		if !verdict.Again || try >= p.limit(verdict) {
			return err
		}
		wait := max(verdict.Wait, p.jitter(try))
		if !fits(ctx, wait+p.Room) || p.sleep(ctx, wait) != nil {
			return err
		}
	}
}

func (p Policy) once(ctx context.Context, op func(context.Context, int) error, try int) error {
	if p.TryTimeout <= 0 {
		return op(ctx, try)
	}
	ctx, cancel := context.WithTimeout(ctx, p.TryTimeout)
	defer cancel()
	return op(ctx, try)
}

func (p Policy) limit(v Verdict) int {
	if v.Tries > 0 && v.Tries < p.Tries {
		return v.Tries
	}
	return p.Tries
}

// jitter draws a wait between nothing and the bound of this try ("full
// jitter"), so that functions woken by the same minute spread out.
func (p Policy) jitter(try int) time.Duration {
	bound := p.Base
	for range try - 1 {
		bound = min(2*bound, p.Max)
	}
	if bound <= 0 {
		return 0
	}
	return rand.N(bound)
}

func (p Policy) sleep(ctx context.Context, d time.Duration) error {
	if p.Sleep != nil {
		return p.Sleep(ctx, d)
	}
	return Sleep(ctx, d)
}

// fits says whether d still lies before ctx's deadline.
func fits(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) >= d
}

// Sleep waits for d in real time, or until ctx ends and then returns its error.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
