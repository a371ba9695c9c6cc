package simulator

import (
	"net/http"
	"slices"
	"sync"
)

// Accepted is the Verdict of a call that was not refused.
const Accepted = "ok"

// Call is one request the cloud was sent.
type Call struct {
	Service  string // from the credential scope: "cwp", "tcss"; empty when there is none
	Action   string // X-TC-Action
	SecretID string // from the credential scope
	Account  string // whose keys they are; empty where nobody's
	Token    bool   // whether X-TC-Token was sent
	Body     []byte
	// Verdict is Accepted, or the error code of the refusal. What a scenario or an
	// override answers to an accepted call does not change it.
	Verdict string
}

// Post is one request a chat was sent.
type Post struct {
	// "slack" or "wecom"; with several webhooks of a kind "slack[1]"; empty for a webhook that does not exist
	Channel  string
	Body     []byte
	Status   int      // the answer's HTTP status; 0 when there was no answer (yet)
	Answer   string   // the answer's first 1024 bytes
	Bytes    int      // what the limit counts: Slack characters of text, WeCom bytes of content
	Limit    int      // the most Bytes may be; 0 when the body could not be understood
	Mentions []string // who is called: "@all" or ids for WeCom; "!here", "@U…", "!subteam^S…" for Slack
}

// core is what the cloud and the chats have in common: what they were asked, and what is to be
// answered instead.
type core struct {
	options Options
	base    string // scheme and host of every URL

	mu         sync.Mutex // guards everything below
	calls      []Call
	posts      []Post
	uploads    []Upload
	downloads  int // of exported files
	heartbeats int
	overrides  map[string]http.HandlerFunc
	requests   map[string]int // answers given, by action; makes request ids
}

// Calls gives the requests the cloud was sent, in the order of their arrival.
func (s *core) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Count is how many requests an action was sent, those that were refused too.
func (s *core) Count(action string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[action]
}

// Posts gives the requests the chats were sent, in the order of their arrival.
func (s *core) Posts() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.posts)
}

// Heartbeats is how often the heartbeat URL was called.
func (s *core) Heartbeats() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heartbeats
}

// beginPost records a post before it is answered: a post that gets no answer
// was still made.
func (s *core) beginPost(post Post) (index int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts = append(s.posts, post)
	return len(s.posts) - 1
}

// endPost adds what was answered.
func (s *core) endPost(index int, answer *capture) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posts[index].Status = answer.status
	s.posts[index].Answer = string(answer.body)
}

// maxCaptured bounds what is kept of an answer.
const maxCaptured = 1024

// capture keeps what a handler answers.
type capture struct {
	http.ResponseWriter
	status int
	body   []byte
}

// WriteHeader notes the status.
func (c *capture) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write notes the beginning of the body.
func (c *capture) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	c.body = append(c.body, b[:min(len(b), maxCaptured-len(c.body))]...)
	return c.ResponseWriter.Write(b)
}

// Flush sends what was written so far, for handlers that answer in pieces.
func (c *capture) Flush() { _ = http.NewResponseController(c.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController reach the connection.
func (c *capture) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Uploads gives the files that robots were given, in the order of their arrival.
func (s *core) Uploads() []Upload {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.uploads)
}

// Downloads is how often an exported file was asked for.
func (s *core) Downloads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.downloads
}
