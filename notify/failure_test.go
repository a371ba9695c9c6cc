package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/notify"
)

// TestNoAnswer covers what fails before there is one.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = discardLog()
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	tests := map[string]struct {
		url   string
		waits int
		err   notify.Error
	}{
		"refused":      {gone.URL, 2, notify.Error{Code: "Unreachable", Message: "no connection", Retryable: true}},
		"no such host": {"https://chat.invalid", 2, notify.Error{Code: "Unreachable", Message: "the host name could not be looked up", Retryable: true}},
		"certificate":  {untrusted.URL, 0, notify.Error{Code: "TLS", Message: "the certificate is signed by an unknown authority"}},
		"no TLS":       {strings.Replace(newChat(t, says(200, "ok")).URL, "http:", "https:", 1), 0, notify.Error{Code: "TLS", Message: "the handshake failed"}},
		"no URL":       {"http://[::1", 0, notify.Error{Code: "BadURL", Message: "the webhook URL cannot be used"}},
		"no host":      {"https://", 0, notify.Error{Code: "BadURL", Message: "the webhook URL cannot be used"}},
		"control":      {"https://a.example/\x7f", 0, notify.Error{Code: "BadURL", Message: "the webhook URL cannot be used"}},
		"no scheme":    {"//a.example", 2, notify.Error{Code: "Unreachable", Message: "no connection", Retryable: true}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			waits := 0
			slack := notify.NewChannel(notify.KindOf("slack"), notify.Options{
				Name: "slack", URL: test.url + slackPath,
				Client: &http.Client{Transport: &http.Transport{DialContext: dialLoopback}},
				Sleep:  func(context.Context, time.Duration) error { waits++; return nil },
			})
			_, err := slack.Send(t.Context(), scene.AllWell(license.English))
			got, ok := errors.AsType[*notify.Error](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			test.err.Channel = "slack"
			if diff := cmp.Diff(test.err, *got, cmpopts.IgnoreUnexported(notify.Error{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if waits != test.waits {
				t.Errorf("%d waits, want %d", waits, test.waits)
			}
			if found := leaks(err.Error()); found != "" {
				t.Errorf("%q is in %q", found, err)
			}
		})
	}
}

// TestContextEndsDelivery: nothing is tried again once the context is over, and
// the error says so.
func TestContextEndsDelivery(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	r := newRig(t, "slack", func(_ http.ResponseWriter, request *http.Request) {
		cancel()
		<-request.Context().Done()
	})
	_, err := r.channel.Send(ctx, scene.Alert(license.English))
	got, ok := errors.AsType[*notify.Error](err)
	if !ok || !got.Ambiguous || !errors.Is(err, context.Canceled) || len(r.chat.posts()) != 1 {
		t.Errorf("got %#v after %d posts", err, len(r.chat.posts()))
	}
	r.checkSilence(t, err)
	_, err = r.channel.Send(ctx, scene.Alert(license.English))
	if got, ok := errors.AsType[*notify.Error](err); !ok || got.Ambiguous || len(r.chat.posts()) != 1 {
		t.Errorf("with a context that is over: got %#v after %d posts", err, len(r.chat.posts()))
	}
}

// TestLongWaitNeedsDeadline: without a deadline nobody sits through an hour.
func TestLongWaitNeedsDeadline(t *testing.T) {
	t.Parallel()
	r := newRig(t, "slack", says(429, "", "Retry-After", "3600"))
	if _, err := r.channel.Send(context.Background(), scene.AllWell(license.English)); err == nil || len(r.waits) != 0 {
		t.Errorf("got %v after waits of %v", err, r.waits)
	}
}

func TestDefaultsWork(t *testing.T) {
	t.Parallel()
	for kind, answer := range ok {
		chat := newChat(t, answer)
		channel := notify.NewChannel(notify.KindOf("slack"), notify.Options{Name: "slack", URL: chat.URL + slackPath})
		if kind == "wecom" {
			channel = notify.NewChannel(notify.KindOf("wecom"), notify.Options{Name: "wecom", URL: chat.URL + wecomPath})
		}
		if _, err := channel.Send(t.Context(), scene.AllWell(license.English)); err != nil || channel.Name() != kind {
			t.Errorf("%s: %v", channel.Name(), err)
		}
	}
}

// TestPosts looks at what goes over the wire.
func TestPosts(t *testing.T) {
	t.Parallel()
	report := scene.EverythingWrong(license.Chinese)
	send := func(s sender) { _, _ = s.Send(t.Context(), report) }
	payload := func(kind string, mention []string) string {
		body, err := notify.KindOf(kind).Payload(report, mention)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	tests := map[string]struct {
		kind    string
		answers []http.HandlerFunc
		want    []string // what each post holds
		without []string // what it must not
	}{
		"slack first":      {"slack", []http.HandlerFunc{ok["slack"]}, []string{payload("slack", slackMention)}, []string{""}},
		"slack repeated":   {"slack", []http.HandlerFunc{says(500, ""), ok["slack"]}, []string{payload("slack", slackMention), payload("slack", slackMention)}, []string{"", ""}},
		"slack plain":      {"slack", []http.HandlerFunc{says(400, "invalid_blocks"), ok["slack"]}, []string{"blocks", "a1b2c3\\n<!here> <@U0123ABC> <!subteam^S0456DEF>"}, []string{"", "blocks"}},
		"wecom first":      {"wecom", []http.HandlerFunc{ok["wecom"]}, []string{payload("wecom", wecomMention), `{"msgtype":"text","text":{"content":"🔴 订单 cwp-hhhh 将于 2 天后到期，另有 5 项待处理\na1b2c3","mentioned_list":["@all"]}}`}, []string{"@all", "oncall"}},
		"wecom called":     {"wecom", []http.HandlerFunc{ok["wecom"]}, []string{`\n<@oncall>"`, "@all"}, []string{"<@all>", ""}},
		"wecom too long":   {"wecom", []http.HandlerFunc{wecomSays("40058", "x"), ok["wecom"]}, []string{"markdown", `"mentioned_list":["@all","oncall"]`}, []string{"", "markdown"}},
		"wecom all is not": {"wecom", []http.HandlerFunc{wecomSays("93000", "x")}, []string{"markdown"}, []string{""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, test.kind, test.answers...)
			send(r.channel)
			posts := r.chat.posts()
			if len(posts) != len(test.want) {
				t.Fatalf("%d posts, want %d: %s", len(posts), len(test.want), posts)
			}
			for i, post := range posts {
				if !json.Valid(post) || !strings.Contains(string(post), test.want[i]) {
					t.Errorf("post %d lacks %s:\n%s", i, test.want[i], post)
				}
				if test.without[i] != "" && strings.Contains(string(post), test.without[i]) {
					t.Errorf("post %d holds %s:\n%s", i, test.without[i], post)
				}
			}
		})
	}
}

// TestNobodyIsCalledForLess: no mention unless the report asks for it.
func TestNobodyIsCalledForLess(t *testing.T) {
	t.Parallel()
	report := scene.OneWarning(license.English)
	slack, err := notify.KindOf("slack").Payload(report, slackMention)
	if err != nil || strings.Contains(string(slack), "<!") || strings.Contains(string(slack), "<@") {
		t.Errorf("Slack calls: %v, %s", err, slack)
	}
	r := newRig(t, "wecom", ok["wecom"])
	if _, err := r.channel.Send(t.Context(), report); err != nil || len(r.chat.posts()) != 1 || strings.Contains(string(r.chat.posts()[0]), "<@") {
		t.Errorf("WeCom: %v, %s", err, r.chat.posts())
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)
	tests := map[string]struct {
		header, date string
		want         time.Duration
		ok           bool
	}{
		"seconds":            {"30", "", 30 * time.Second, true},
		"spaces":             {" 7 ", "", 7 * time.Second, true},
		"none":               {"", "", 0, false},
		"zero":               {"0", "", 0, true},
		"date":               {"Sun, 22 Nov 2026 01:07:30 GMT", "", 30 * time.Second, true},
		"date by their time": {"Sun, 22 Nov 2026 01:07:30 GMT", "Sun, 22 Nov 2026 01:07:25 GMT", 5 * time.Second, true},
		"date that is past":  {"Sun, 22 Nov 2026 01:06:30 GMT", "", 0, true},
		"far too long":       {"99999999999999999999", "", 365 * 24 * time.Hour, true},
		"overflow":           {"9223372036854775807", "", 365 * 24 * time.Hour, true},
		"negative":           {"-1", "", 0, false},
		"fraction":           {"1.5", "", 0, false},
		"words":              {"soon", "", 0, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			h.Set("Retry-After", test.header)
			h.Set("Date", test.date)
			if got, ok := notify.ParseRetryAfter(h, at); got != test.want || ok != test.ok {
				t.Errorf("got %v, %t, want %v, %t", got, ok, test.want, test.ok)
			}
		})
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"30", "", "-1", "99999999999999999999", "Sun, 22 Nov 2026 01:07:30 GMT", "Sunday, 22-Nov-26 01:07:30 GMT", "\x00"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, header, date string) {
		got, ok := notify.ParseRetryAfter(http.Header{"Retry-After": {header}, "Date": {date}}, scene.Now)
		if got < 0 || got > 365*24*time.Hour || got > 0 && !ok {
			t.Errorf("got %v, %t", got, ok)
		}
	})
}

func TestRedact(t *testing.T) {
	t.Parallel()
	secret := "https://qyapi.weixin.qq.com" + wecomPath
	tests := map[string]struct{ text, want string }{
		"honest":       {"markdown.content exceed max length 4096. invalid Request Parameter", "markdown.content exceed max length 4096. invalid Request Parameter"},
		"hint":         {"invalid webhook url, hint: [1_2], from ip: " + egress + ", more info at https://x", "invalid webhook url"},
		"only address": {"refused from " + egress + ".", "refused from …"},
		"address 6":    {"refused from 2001:db8::1", "refused from …"},
		"piece":        {"no hook " + canary[5:15] + " here", "[answer withheld: it repeats the webhook URL]"},
		"small letters": {
			"no hook " + strings.ToLower(canary), "[answer withheld: it repeats the webhook URL]",
		},
		"encoded":      {"no hook %" + "5A" + canary[1:], "[answer withheld: it repeats the webhook URL]"},
		"parted":       {"no hook " + canary[:7] + "\x00" + canary[7:14], "[answer withheld: it repeats the webhook URL]"},
		"some token":   {"trace 0123456789abcdef0123456789abcdef end", "trace … end"},
		"path words":   {"webhook not found at this path", "webhook not found at this path"},
		"100 bytes":    {strings.Repeat("a b", 40), strings.Repeat("a b", 32) + "a…"},
		"control":      {"a\x1b[0m\nb", "a[0m b"},
		"empty answer": {"", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := notify.Redact(secret, test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// FuzzRedact plants the secret anywhere in any answer.
func FuzzRedact(f *testing.F) {
	for _, piece := range scene.Nasty {
		f.Add(piece, 0, 32, piece)
	}
	f.Add("<a href=\"", 3, 20, "\">")
	f.Fuzz(func(t *testing.T, before string, from, to int, after string) {
		from, to = max(from, -from)%len(canary), max(to, -to)%(len(canary)+1)
		text := before + canary[min(from, to):max(from, to)] + after
		for _, secret := range []string{"https://hooks.slack.com" + slackPath, "https://qyapi.weixin.qq.com" + wecomPath} {
			got := notify.Redact(secret, text)
			if found := leaks(got); found != "" && !strings.Contains(before+after, found) {
				t.Errorf("%q is in %q", found, got)
			}
			if len(got) > 100 || strings.ContainsFunc(got, unicode.IsControl) {
				t.Errorf("%q is not fit for a log", got)
			}
		}
	})
}
