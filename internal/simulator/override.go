package simulator

import (
	"context"
	"fmt"
	"net/http"
)

// Override replaces the answer to an API action; nil restores it. A request is
// verified and recorded first: what would be refused is refused all the same.
// It panics when the simulator does not know the action, because then the
// override could never take effect.
func (s *core) Override(action string, h http.HandlerFunc) {
	if _, ok := operations[action]; !ok {
		panic(fmt.Sprintf("simulator: there is no action %q to override", action))
	}
	s.setOverride(action, h)
}

// OverrideChat replaces the answer of every webhook of a kind ("slack") to a post
// that would be accepted; nil restores it. It panics when the simulator does not
// know the kind.
func (s *core) OverrideChat(kind string, h http.HandlerFunc) {
	if _, ok := findChat(kind); !ok {
		panic(fmt.Sprintf("simulator: there is no chat %q to override", kind))
	}
	s.setOverride(kind, h)
}

func (s *core) setOverride(key string, h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h == nil {
		delete(s.overrides, key)
		return
	}
	s.overrides[key] = h
}

// usualAnswer travels in a request's context, so that the handlers below can take
// part in the answer they replace.
type usualAnswer struct {
	requestID string           // the API's id of this request
	answer    http.HandlerFunc // what would be answered without an override
}

type usualKey struct{}

// answerRequest answers an accepted request: with the override if there is one, else
// as usual. It must be called without the lock: an override may hang. others are tried
// where there is none.
func (s *core) answerRequest(key string, w http.ResponseWriter, r *http.Request, u usualAnswer,
	others ...http.HandlerFunc) {
	s.mu.Lock()
	h := s.overrides[key]
	s.mu.Unlock()
	for _, other := range append(others, u.answer) {
		if h == nil {
			h = other
		}
	}
	h(w, r.WithContext(context.WithValue(r.Context(), usualKey{}, u)))
}

// OverrideUpload replaces the answer of every WeCom robot to a file that would be taken;
// nil restores it.
func (s *core) OverrideUpload(h http.HandlerFunc) { s.setOverride("wecom upload", h) }

// OverrideExport replaces the exported files for who has a link to one; nil restores them.
func (s *core) OverrideExport(h http.HandlerFunc) { s.setOverride("export file", h) }
