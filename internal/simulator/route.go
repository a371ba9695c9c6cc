package simulator

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// The paths of the simulated services. The cloud lies under a path of its own,
// so that a client that drops the path of its base URL is noticed.
const (
	cloudPath     = "/cloud"
	slackPath     = "/services/"
	wecomPath     = "/cgi-bin/webhook/send"
	heartbeatPath = "/heartbeat/simulated-check"
)

// maxBody is the most the cloud accepts with this kind of signature: 10 MB. The
// chats take far less, but name no figure.
const maxBody = 10 << 20

// CloudURL is the base URL of every Tencent Cloud service. As all URLs it has
// its port only after Start; before, it serves a transport that hands requests
// to ServeHTTP.
func (s *Simulator) CloudURL() string { return s.base + cloudPath }

// SlackURL is the first Slack webhook.
func (s *Simulator) SlackURL() string { return s.SlackURLs(1)[0] }

// SlackURLs opens n Slack webhooks and gives their URLs. While only one is open
// its posts are of channel "slack", else of "slack[0]", "slack[1]" and so on.
func (s *Simulator) SlackURLs(n int) []string { return s.open(&s.slack, n, slackHookPath) }

// WeComURL is the first WeCom robot's webhook.
func (s *Simulator) WeComURL() string { return s.WeComURLs(1)[0] }

// WeComURLs opens n WeCom robots and gives their webhooks, named as SlackURLs
// names its own.
func (s *Simulator) WeComURLs(n int) []string {
	return s.open(&s.wecom, n, func(i int) string { return wecomPath + "?key=" + wecomKey(i) })
}

// HeartbeatURL is where a dead man's switch is told that all is well.
func (s *Simulator) HeartbeatURL() string { return s.base + heartbeatPath }

// ServeHTTP serves the cloud, the chats and the heartbeat.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request's body is too large or broken", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch path := r.URL.Path; {
	case path == cloudPath, path == cloudPath+"/":
		s.serveCloud(w, r, body)
	case strings.HasPrefix(path, slackPath):
		s.serveSlack(w, r, body)
	case path == wecomPath:
		s.serveWeCom(w, r, body)
	case path == heartbeatPath:
		s.serveHeartbeat(w)
	default:
		http.NotFound(w, r)
	}
}

func (s *Simulator) serveHeartbeat(w http.ResponseWriter) {
	s.mu.Lock()
	s.heartbeats++
	s.mu.Unlock()
	_, _ = io.WriteString(w, "OK")
}
