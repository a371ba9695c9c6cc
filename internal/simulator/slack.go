package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

// slackChat is Slack.
var slackChat = chat{name: "slack", path: slackPath, hook: slackHookPath, serve: serveSlack}

const slackPath = "/services/"

// slackHookPath is the secret path of the Slack webhook with this index.
func slackHookPath(index int) string {
	return fmt.Sprintf("%sT0SIMULATED/B%08d/SimulatedSlackWebhook%03d", slackPath, index+1, index+1)
}

// serveSlack is a Slack incoming webhook: bare words in plain text, success
// only as "ok".
func serveSlack(s *chats, w http.ResponseWriter, r *http.Request, body []byte) {
	index, channel, ok := s.matchWebhook("slack", r.URL.Path, slackHookPath)
	post := Post{Channel: channel, Body: body}
	refuse := Status(http.StatusNotFound, "no_service")
	if ok {
		post.Bytes, post.Limit, post.Mentions = measureSlack(body)
		refuse = refuseSlack(s, r, body, index)
	}
	s.answerPost(w, r, post, "slack", refuse, Status(http.StatusOK, "ok"))
}

// refuseSlack gives the refusal of a post; nil when it is accepted.
func refuseSlack(s *chats, r *http.Request, body []byte, index int) http.HandlerFunc {
	if r.Method != http.MethodPost || !isJSON(r.Header.Get("Content-Type")) {
		return Status(http.StatusBadRequest, "invalid_payload")
	}
	if !s.takeQuota("slack", index, time.Second) {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "1")
			Status(http.StatusTooManyRequests, "rate_limited")(w, r)
		}
	}
	if refused, ok := errors.AsType[*slackRefusal](CheckSlackPayload(body)); ok {
		return Status(http.StatusBadRequest, refused.word)
	}
	return nil
}
