package tencent

import (
	"context"
	"sync"
	"time"
)

// pace keeps requests to what an API takes in a second: none is made within a second of
// the one that is so many before it. So a few go at once, and many as fast as they may.
type pace struct {
	mutex sync.Mutex
	made  []time.Time // when the last ones are made, in a circle
	next  int
}

func newPace(perSecond int) *pace { return &pace{made: make([]time.Time, perSecond)} }

// wait waits until another request may be made.
func (p *pace) wait(ctx context.Context, sleep func(context.Context, time.Duration) error) error {
	p.mutex.Lock()
	now := time.Now()
	at := p.made[p.next].Add(time.Second)
	if at.Before(now) {
		at = now
	}
	p.made[p.next] = at
	p.next = (p.next + 1) % len(p.made)
	p.mutex.Unlock()
	if pause := at.Sub(now); pause > 0 {
		return sleep(ctx, pause)
	}
	return ctx.Err()
}
