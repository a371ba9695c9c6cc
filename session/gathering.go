package session

import (
	"sync"
	"time"
)

// longestGathering is how long the first answer waits for others, so that one
// write saves them all. A write is a round trip to the store.
const longestGathering = 25 * time.Millisecond

// sendGathering lets channels that answer at about the same time be saved together.
type sendGathering struct {
	mutex sync.Mutex
	away  int           // channels that have a message under way
	back  chan struct{} // closed when none has
}

// startSending is called before a message is sent.
func (g *sendGathering) startSending() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if g.away == 0 {
		g.back = make(chan struct{})
	}
	g.away++
}

// awaitOthers is called with the answer. It returns when no other channel has a
// message under way, or after the time.
func (g *sendGathering) awaitOthers(longest time.Duration) {
	g.mutex.Lock()
	g.away--
	back := g.back
	if g.away == 0 {
		close(back)
	}
	g.mutex.Unlock()
	timer := time.NewTimer(longest)
	defer timer.Stop()
	select {
	case <-back:
	case <-timer.C:
	}
}
