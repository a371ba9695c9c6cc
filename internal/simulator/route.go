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
	heartbeatPath = "/heartbeat/simulated-check"
)

// maxBody is the most the cloud accepts with this kind of signature: 10 MB. The
// chats take far less, but name no figure.
const maxBody = 10 << 20

// CloudURL is the base URL of every Tencent Cloud service. As all URLs it has
// its port only after Start; before, it serves a transport that hands requests
// to ServeHTTP.
func (s *Simulator) CloudURL() string { return s.base + cloudPath }

// HeartbeatURL is where a dead man's switch is told that all is well.
func (s *Simulator) HeartbeatURL() string { return s.base + heartbeatPath }

// ServeHTTP serves the cloud, the chats, the exported files and the heartbeat.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch { // these may be large
	case r.URL.Path == uploadPath:
		s.serveUpload(w, r)
		return
	case strings.HasPrefix(r.URL.Path, exportPath):
		s.serveExport(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request's body is too large or broken", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch r.URL.Path {
	case cloudPath, cloudPath + "/":
		s.serveCloud(w, r, body)
	case heartbeatPath:
		s.serveHeartbeat(w)
	default:
		s.serveChat(w, r, body)
	}
}

func (s *Simulator) serveChat(w http.ResponseWriter, r *http.Request, body []byte) {
	for _, c := range chatKinds() {
		if strings.HasPrefix(r.URL.Path, c.path) {
			c.serve(s.chats, w, r, body)
			return
		}
	}
	http.NotFound(w, r)
}

func (s *Simulator) serveHeartbeat(w http.ResponseWriter) {
	s.mu.Lock()
	s.heartbeats++
	s.mu.Unlock()
	_, _ = io.WriteString(w, "OK")
}
