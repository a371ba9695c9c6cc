package simulator

import (
	"fmt"
	"net/http"
	"time"
)

// hooks are the open webhooks of one kind of chat.
type hooks struct {
	kind  string
	count int
	taken map[int][]time.Time // when each took its latest posts
}

func newHooks(kind string) hooks {
	return hooks{kind: kind, count: 1, taken: map[int][]time.Time{}}
}

// name is the channel's name as the product uses it: numbered when there are
// several.
func (h hooks) name(index int) string {
	if h.count == 1 {
		return h.kind
	}
	return fmt.Sprintf("%s[%d]", h.kind, index)
}

// open makes sure that n webhooks are open and gives their URLs.
func (s *Simulator) open(h *hooks, n int, path func(int) string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	h.count = max(h.count, n)
	urls := make([]string, n)
	for i := range urls {
		urls[i] = s.base + path(i)
	}
	return urls
}

// match tells which open webhook is meant by what path makes of its index.
func (s *Simulator) match(h *hooks, given string, path func(int) string) (index int, channel string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range h.count {
		if path(i) == given {
			return i, h.name(i), true
		}
	}
	return 0, "", false
}

// take counts a post against a webhook's limit and says whether it is within
// it. Posts beyond the limit are not counted.
func (s *Simulator) take(h *hooks, index, limit int, window time.Duration) bool {
	if limit == 0 {
		return true
	}
	now := s.options.RateClock()
	s.mu.Lock()
	defer s.mu.Unlock()
	var recent []time.Time
	for _, at := range h.taken[index] {
		if now.Sub(at) < window {
			recent = append(recent, at)
		}
	}
	if len(recent) >= limit {
		return false
	}
	h.taken[index] = append(recent, now)
	return true
}

// answerPost records a post and answers it: with the refusal if there is one,
// else with the override or as usual.
func (s *Simulator) answerPost(w http.ResponseWriter, r *http.Request, post Post, override string, refuse, accept http.HandlerFunc) {
	seen := &capture{ResponseWriter: w}
	index := s.beginPost(post)
	defer s.endPost(index, seen) // also when the handler aborts
	if refuse != nil {
		refuse(seen, r)
		return
	}
	s.answer(override, seen, r, usual{answer: accept})
}
