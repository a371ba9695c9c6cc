package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
)

func TestSlackAnswers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   string
		change func(*http.Request)
		status int
		answer string
	}{
		"accepted":        {`{"text":"a"}`, nil, 200, "ok"},
		"no JSON":         {`{"text":`, nil, 400, "invalid_payload"},
		"wrong shape":     {`{"text":"a","texts":"b"}`, nil, 400, "invalid_payload"},
		"bad block":       {`{"text":"a","blocks":[{"type":"banner"}]}`, nil, 400, "invalid_blocks"},
		"nothing to show": {`{"blocks":[{"type":"divider"}]}`, nil, 400, "no_text"},
		"form":            {`{"text":"a"}`, contentType("application/x-www-form-urlencoded"), 400, "invalid_payload"},
		"GET":             {`{"text":"a"}`, func(r *http.Request) { r.Method = http.MethodGet }, 400, "invalid_payload"},
		"another path":    {`{"text":"a"}`, func(r *http.Request) { r.URL.Path += "x" }, 404, "no_service"},
		"not opened":      {`{"text":"a"}`, func(r *http.Request) { r.URL.Path = strings.ReplaceAll(r.URL.Path, "1", "2") }, 404, "no_service"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			request := newPost(t, s.WebhookURL("slack"), test.body)
			if test.change != nil {
				test.change(request)
			}
			if r := do(t, newClient(t), request); r.status != test.status || r.body != test.answer {
				t.Errorf("HTTP %d %q, want %d %q", r.status, r.body, test.status, test.answer)
			}
			p := s.Posts()
			if len(p) != 1 || p[0].Status != test.status || p[0].Answer != test.answer || string(p[0].Body) != test.body {
				t.Errorf("recorded as %+v", p)
			}
		})
	}
}

func contentType(kind string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Content-Type", kind) }
}

func TestSlackPostsAreMeasured(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	body := `{"text":"<!here> 授权","attachments":[{"color":"#D00000","blocks":[` +
		`{"type":"section","text":{"type":"mrkdwn","text":"<@U0AAAA> <!subteam^S0BBBB> <@U0AAAA|x>"}}]}]}`
	post(t, s.WebhookURL("slack"), body)
	want := []simulator.Post{{
		Channel: "slack", Body: []byte(body), Status: 200, Answer: "ok", Bytes: 10 + 39, Limit: 13000,
		Mentions: []string{"!here", "!subteam^S0BBBB", "@U0AAAA"},
	}}
	if diff := cmp.Diff(want, s.Posts()); diff != "" {
		t.Errorf("posts (-want +got):\n%s", diff)
	}
}

func TestSlackLimitsTheRate(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, simulator.Options{Rates: map[string]int{"slack": 2}, RateClock: clock.now})
	urls := s.WebhookURLs("slack", 2)
	for i, want := range []int{200, 200, 429, 429} {
		r := post(t, urls[0], `{"text":"a"}`)
		if r.status != want {
			t.Errorf("post %d: HTTP %d, want %d", i+1, r.status, want)
		}
		if limited := r.status == 429; limited && (r.header.Get("Retry-After") != "1" || r.body != "rate_limited") {
			t.Errorf("post %d: Retry-After %q, body %q", i+1, r.header.Get("Retry-After"), r.body)
		}
	}
	if r := post(t, urls[1], `{"text":"a"}`); r.status != 200 {
		t.Errorf("another webhook shares the limit: HTTP %d", r.status)
	}
	clock.add(time.Second)
	if r := post(t, urls[0], `{"text":"a"}`); r.status != 200 {
		t.Errorf("HTTP %d a second later", r.status)
	}
}

func TestSeveralChatsOfAKind(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	slack, wecom := s.WebhookURLs("slack", 2), s.WebhookURLs("wecom", 3)
	if slack[0] != s.WebhookURL("slack") || wecom[0] != s.WebhookURL("wecom") {
		t.Error("the first webhook is not the only one's")
	}
	post(t, slack[1], `{"text":"a"}`)
	post(t, wecom[2], `{"msgtype":"text","text":{"content":"a"}}`)
	post(t, slack[0], `{"text":"a"}`)
	var channels []string
	for _, p := range s.Posts() {
		channels = append(channels, p.Channel)
	}
	if diff := cmp.Diff([]string{"slack[1]", "wecom[2]", "slack[0]"}, channels); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
}

// TestOverrideOfSlack also shows what is recorded of an answer that breaks off.
func TestOverrideOfSlack(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	s.OverrideChat("slack", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("o"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	response, err := newClient(t).Do(newPost(t, s.WebhookURL("slack"), `{"text":"a"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if r := post(t, s.WebhookURL("slack"), `{}`); r.body != "no_text" {
		t.Errorf("the override accepted what is refused: %q", r.body)
	}
	s.OverrideChat("slack", simulator.Status(http.StatusForbidden, strings.Repeat("x", 2000)))
	post(t, s.WebhookURL("slack"), `{"text":"b"}`)
	p := s.Posts()
	if p[0].Status != 200 || p[0].Answer != "o" {
		t.Errorf("the broken answer was recorded as %d %q", p[0].Status, p[0].Answer)
	}
	if p[2].Status != 403 || len(p[2].Answer) != 1024 {
		t.Errorf("the long answer was recorded as %d with %d bytes", p[2].Status, len(p[2].Answer))
	}
}
