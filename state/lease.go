package state

import (
	"errors"
	"time"
)

// ErrLost says that a lease is over: what was to be written was not, unless an
// earlier try of the same call was on its way already.
var ErrLost = errors.New("state: the lease is over")

// lease is one holder's right to write.
type lease struct {
	until time.Time // of the wall clock: a frozen machine's other one stands still
}

func newLease(until time.Time) *lease { return &lease{until.Round(0)} }

// isOver says whether the time is up; it never is without a lease.
func (l *lease) isOver(now time.Time) bool { return l != nil && !now.Round(0).Before(l.until) }
