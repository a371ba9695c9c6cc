package simulator

import (
	"context"
	"fmt"
	"net/http"
)

// The keys of the chats' overrides, beside those of the API's actions.
const (
	slackOverride = "slack"
	wecomOverride = "wecom"
)

// Override replaces the answer to an API action; nil restores it. A request is
// verified and recorded first: what would be refused is refused all the same.
// It panics when the simulator does not know the action, because then the
// override could never take effect.
func (s *Simulator) Override(action string, h http.HandlerFunc) {
	if _, ok := operations[action]; !ok {
		panic(fmt.Sprintf("simulator: there is no action %q to override", action))
	}
	s.override(action, h)
}

// OverrideSlack replaces the answer of every Slack webhook to a post that would
// be accepted; nil restores it.
func (s *Simulator) OverrideSlack(h http.HandlerFunc) { s.override(slackOverride, h) }

// OverrideWeCom replaces the answer of every WeCom robot to a post that would
// be accepted; nil restores it.
func (s *Simulator) OverrideWeCom(h http.HandlerFunc) { s.override(wecomOverride, h) }

func (s *Simulator) override(key string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h == nil {
		delete(s.overrides, key)
		return
	}
	s.overrides[key] = h
}

// usual travels in a request's context, so that the handlers below can take
// part in the answer they replace.
type usual struct {
	requestID string           // the API's id of this request
	answer    http.HandlerFunc // what would be answered without an override
}

type usualKey struct{}

// answer answers an accepted request: with the override if there is one, else
// as usual. It must be called without the lock: an override may hang.
func (s *Simulator) answer(key string, w http.ResponseWriter, r *http.Request, u usual) {
	s.mu.Lock()
	h := s.overrides[key]
	s.mu.Unlock()
	if h == nil {
		h = u.answer
	}
	h(w, r.WithContext(context.WithValue(r.Context(), usualKey{}, u)))
}
