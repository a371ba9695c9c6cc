package notify_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
)

// canary is the secret in every webhook URL of the tests.
const canary = "Zk4Qv8Lw2Xn6Rt1Yp9Bc3Df7Gh5Jm0Sa"

// Who the tests call.
var (
	slackMention = []string{"here", "U0123ABC", "S0456DEF"}
	wecomMention = []string{"@all", "oncall"}
)

// egress is this machine's address as WeCom tells it.
const egress = "203.0.113.77"

const (
	slackPath = "/services/T0CANARY0/B0CANARY0/" + canary
	wecomPath = "/cgi-bin/webhook/send?key=" + canary

	webhookPath = "/in/" + canary + "?team=" + canary + "#secret-" + canary
)

// chat is a webhook that gives scripted answers, the last one for ever.
type chat struct {
	*httptest.Server
	mu      sync.Mutex
	answers []http.HandlerFunc
	bodies  [][]byte
}

func newChat(t *testing.T, answers ...http.HandlerFunc) *chat {
	t.Helper()
	c := &chat{answers: answers}
	c.Server = httptest.NewServer(c)
	c.endWith(t)
	return c
}

// newChatIn is a chat in a network of its own.
func newChatIn(t *testing.T, network *pipes, answers ...http.HandlerFunc) *chat {
	t.Helper()
	c := &chat{answers: answers}
	c.Server = &httptest.Server{Listener: network, Config: &http.Server{Handler: c, ReadHeaderTimeout: time.Hour}}
	c.Start()
	c.endWith(t)
	return c
}

func (c *chat) endWith(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		c.CloseClientConnections()
		c.Close()
	})
}

func (c *chat) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	c.bodies = append(c.bodies, body)
	answer := c.answers[0]
	if len(c.answers) > 1 {
		c.answers = c.answers[1:]
	}
	c.mu.Unlock()
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		http.Error(w, "not a webhook's request", http.StatusTeapot)
		return
	}
	answer(w, r)
}

// posts are the bodies that arrived.
func (c *chat) posts() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bodies
}

// says answers with a status, a body and headers in pairs.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hangs answers nothing until the other side gives up.
func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// drops breaks the connection instead of an answer.
func drops(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// stalls answers with a status and a part of a body, and then nothing.
func stalls(status int, part string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, part)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
}

// floods answers with a body that does not end.
func floods(w http.ResponseWriter, _ *http.Request) {
	for chunk := strings.Repeat("ok ", 1<<10); ; {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
}

// echoes answers with what it was asked, in every way an error page might.
func echoes(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked := r.URL.RequestURI()
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<html>"+url.QueryEscape(asked)+" "+base64.StdEncoding.EncodeToString([]byte(asked))+" "+hex.EncodeToString([]byte(asked))+" "+asked+"</html>")
	}
}

// sender is what both chats have.
type sender interface {
	Name() string
	Send(context.Context, license.Report) (notify.Receipt, error)
	Note(context.Context, license.Note) error
}

// rig is a channel on a chat, with everything that can be watched.
type rig struct {
	chat    *chat
	channel sender
	log     *bytes.Buffer
	waits   []time.Duration
}

// newRig makes a channel whose chat is reached without a network: in a bubble, where its
// timeout is to be waited for, that takes no time.
func newRig(t *testing.T, kind string, answers ...http.HandlerFunc) *rig {
	t.Helper()
	network := newPipes()
	r := &rig{chat: newChatIn(t, network, answers...), log: &bytes.Buffer{}}
	options := notify.Options{
		Name:   kind,
		Client: &http.Client{Transport: &http.Transport{DialContext: network.dial}, Timeout: 5 * time.Second},
		Logger: slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Sleep: func(_ context.Context, d time.Duration) error {
			r.waits = append(r.waits, d)
			return nil
		},
	}
	switch kind {
	case "slack":
		options.URL, options.Mention = r.chat.URL+slackPath, slackMention
	case "wecom":
		options.URL, options.Mention = r.chat.URL+wecomPath, wecomMention
	default:
		options.URL = r.chat.URL + webhookPath
	}
	r.channel = notify.NewChannel(notify.KindOf(kind), options)
	return r
}

// ok is each chat's success.
var ok = map[string]http.HandlerFunc{"slack": says(200, "ok"), "wecom": says(200, `{"errcode":0,"errmsg":"ok"}`)}

// wecomSays is WeCom's refusal, with the hint it appends.
func wecomSays(errcode, errmsg string) http.HandlerFunc {
	return says(200, `{"errcode":`+errcode+`,"errmsg":"`+errmsg+`, hint: [1700000000_1_abcdef], from ip: `+egress+`, more info at https://open.work.weixin.qq.com/devtool/query?e=`+errcode+`"}`)
}

// leaks finds the secret or the address in a text, in any form.
func leaks(text string) string {
	lower := strings.ToLower(text)
	for i := 0; i+12 <= len(canary); i++ {
		if strings.Contains(lower, strings.ToLower(canary[i:i+12])) {
			return canary[i : i+12]
		}
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + canary))
		if piece := encoded[4:16]; strings.Contains(text, piece) {
			return piece
		}
	}
	for _, piece := range []string{hex.EncodeToString([]byte(canary))[:12], egress, "/services/T0", "key="} {
		if strings.Contains(lower, piece) {
			return piece
		}
	}
	return ""
}

// checkSilence wants no secret in error or log, and every refusal in the log.
func (r *rig) checkSilence(t *testing.T, err error) {
	t.Helper()
	texts := []string{r.log.String()}
	for e := err; e != nil; e = errors.Unwrap(e) {
		texts = append(texts, e.Error())
	}
	if refusal, ok := errors.AsType[*notify.Error](err); ok {
		texts = append(texts, refusal.Message, refusal.Code, message.FailureText(refusal.Failure(), license.English), message.FailureText(refusal.Failure(), license.Chinese))
		if len(refusal.Message) > 100 {
			t.Errorf("the message has %d bytes", len(refusal.Message))
		}
		if !strings.Contains(r.log.String(), `"channel":"`+r.channel.Name()+`"`) {
			t.Errorf("nothing is logged: %s", r.log)
		}
	}
	for _, text := range texts {
		if found := leaks(text); found != "" {
			t.Errorf("%q is in %q", found, text)
		}
	}
}

// dialLoopback reaches this machine alone and knows no other name.
func dialLoopback(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(address)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, address)
}

// discardLog keeps a server's complaints about clients out of the tests.
func discardLog() *log.Logger { return log.New(io.Discard, "", 0) }
