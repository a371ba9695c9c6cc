package simulator

import (
	"fmt"
	"net/http"
	"time"
)

// chat is a kind of chat that is simulated.
type chat struct {
	name string
	path string                 // how the path of its webhooks begins
	hook func(index int) string // path and query of the webhook with this index; secret
	// serve answers a post to a path that begins with path.
	serve func(s *chats, w http.ResponseWriter, r *http.Request, body []byte)
}

// chatKinds are the kinds there are. A new one is a line here.
func chatKinds() []chat { return []chat{slackChat, wecomChat, feishuChat, dingtalkChat, webhookChat} }

func findChat(kind string) (chat, bool) {
	for _, c := range chatKinds() {
		if c.name == kind {
			return c, true
		}
	}
	return chat{}, false
}

// chats are the stand-ins of all chats.
type chats struct {
	*core

	hooks map[string]*openWebhooks // by the kind of chat
}

// openWebhooks are the open webhooks of one kind of chat.
type openWebhooks struct {
	kind  string
	count int
	taken map[int][]time.Time // when each took its latest posts
}

func newHooks() map[string]*openWebhooks {
	all := map[string]*openWebhooks{}
	for _, c := range chatKinds() {
		all[c.name] = &openWebhooks{kind: c.name, count: 1, taken: map[int][]time.Time{}}
	}
	return all
}

// channelName is the channel's name as the product uses it: numbered when there are
// several.
func (h openWebhooks) channelName(index int) string {
	if h.count == 1 {
		return h.kind
	}
	return fmt.Sprintf("%s[%d]", h.kind, index)
}

// WebhookURL is the first webhook of a kind: "slack", "wecom". It panics when the
// simulator does not know the kind.
func (s *chats) WebhookURL(kind string) string { return s.WebhookURLs(kind, 1)[0] }

// WebhookURLs opens n webhooks of a kind and gives their URLs. While only one is
// open its posts are of channel "slack", else of "slack[0]", "slack[1]" and so on.
func (s *chats) WebhookURLs(kind string, n int) []string {
	c, ok := findChat(kind)
	if !ok {
		panic(fmt.Sprintf("simulator: there is no chat %q", kind))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[kind]
	h.count = max(h.count, n)
	urls := make([]string, n)
	for i := range urls {
		urls[i] = s.base + c.hook(i)
	}
	return urls
}

// matchWebhook tells which open webhook of a kind is meant by what secret makes of its
// index.
func (s *chats) matchWebhook(kind, given string, secret func(int) string) (index int, channel string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[kind]
	for i := range h.count {
		if secret(i) == given {
			return i, h.channelName(i), true
		}
	}
	return 0, "", false
}

// takeQuota counts a post against a webhook's limit and says whether it is within
// it. Posts beyond the limit are not counted.
func (s *chats) takeQuota(kind string, index int, window time.Duration) bool {
	limit := s.options.Rates[kind]
	if limit == 0 {
		return true
	}
	now := s.options.RateClock()
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[kind]
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
func (s *chats) answerPost(w http.ResponseWriter, r *http.Request, post Post, kind string, refuse,
	accept http.HandlerFunc) {
	seen := &capture{ResponseWriter: w}
	index := s.beginPost(post)
	defer s.endPost(index, seen) // also when the handler aborts
	if refuse != nil {
		refuse(seen, r)
		return
	}
	s.answerRequest(kind, seen, r, usualAnswer{answer: accept})
}
