package handler_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// TestDelivery: who is told, who is told about whom, and what the platform gets
// to hear, for every way a chat can refuse.
func TestDelivery(t *testing.T) {
	passing := map[string]http.HandlerFunc{"500": status(500, "<html>"), "reset": simulator.Reset()}
	tests := map[string]struct {
		slack, wecom http.HandlerFunc
		outcome      handler.Outcome
		err          bool
		delivered    string
		follow       map[string]string // channel -> what its follow-up names
	}{
		"both take it":            {nil, nil, handler.OutcomeSent, false, "slack wecom", nil},
		"Slack webhook deleted":   {status(404, "no_service"), nil, handler.OutcomePartial, false, "wecom", map[string]string{"wecom": "no_service"}},
		"Slack channel archived":  {status(410, "channel_is_archived"), nil, handler.OutcomePartial, false, "wecom", map[string]string{"wecom": "channel_is_archived"}},
		"Slack answers a page":    {status(200, "<html>welcome</html>"), nil, handler.OutcomePartial, false, "wecom", map[string]string{"wecom": "Slack"}},
		"Slack redirects":         {redirect, nil, handler.OutcomePartial, false, "wecom", map[string]string{"wecom": "Slack"}},
		"Slack breaks":            {passing["500"], nil, handler.OutcomePartial, false, "wecom", map[string]string{"wecom": "Slack"}},
		"Slack hangs up":          {passing["reset"], nil, handler.OutcomePartial, false, "wecom", map[string]string{"wecom": "Slack"}},
		"WeCom robot removed":     {nil, simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url, hint: [1], from ip: 203.0.113.9"}`), handler.OutcomePartial, false, "slack", map[string]string{"slack": "93000"}},
		"WeCom answers nothing":   {nil, simulator.Answer(`{}`), handler.OutcomePartial, false, "slack", map[string]string{"slack": "WeCom"}},
		"WeCom limits the rate":   {nil, simulator.Answer(`{"errcode":45009,"errmsg":"api freq out of limit"}`), handler.OutcomePartial, false, "slack", map[string]string{"slack": "45009"}},
		"nobody, for good":        {status(404, "no_service"), simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url"}`), handler.OutcomeFailed, false, "", nil},
		"nobody, but it may pass": {status(404, "no_service"), simulator.Answer(`{"errcode":45009,"errmsg":"api freq out of limit"}`), handler.OutcomeFailed, true, "", nil},
		"nobody, all broken":      {passing["500"], status(502, "<html>"), handler.OutcomeFailed, true, "", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "near-expiry", "LICENSEWATCH_HEARTBEAT_URL", "")
			w.OverrideChat("slack", test.slack)
			w.OverrideChat("wecom", test.wecom)
			summary, err := w.run(digestEvent)
			_, ok := errors.AsType[*handler.UndeliveredError](err)
			if ok != test.err || err != nil && !test.err {
				t.Fatalf("error %v, want one: %t", err, test.err)
			}
			if got := strings.Join(summary.Delivered, " "); summary.Outcome != test.outcome || got != test.delivered {
				t.Errorf("outcome %s, delivered %q; want %s, %q", summary.Outcome, got, test.outcome, test.delivered)
			}
			if len(summary.Delivered)+len(summary.Undelivered) != 2 {
				t.Errorf("delivered %v, undelivered %v", summary.Delivered, summary.Undelivered)
			}
			for _, channel := range []string{"slack", "wecom"} {
				posts := w.posted(channel)
				if want, ok := test.follow[channel]; ok {
					if len(posts) != 2 {
						t.Fatalf("%d posts to %s, want a report and a follow-up", len(posts), channel)
					}
					w.wantContains("follow-up", posts[1], want, summary.RunID)
				} else if strings.Contains(test.delivered, channel) && len(posts) != 1 {
					t.Errorf("%d posts to %s, want the report alone", len(posts), channel)
				}
			}
			for _, text := range []string{w.log.String(), asJSON(t, summary), strings.Join(append(w.posted("slack"), w.posted("wecom")...), "\n")} {
				if strings.Contains(text, "203.0.113.9") {
					t.Error("our own address was passed on")
				}
			}
		})
	}
}

func redirect(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", "https://slack.com/")
	w.WriteHeader(http.StatusFound)
}

// TestSeveralWebhooks: each is a channel of its own, with a number.
func TestSeveralWebhooks(t *testing.T) {
	w := newWorld(t, "healthy")
	urls := w.WebhookURLs("slack", 2)
	w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", strings.Join(urls, ","))
	summary, err := w.run(digestEvent)
	if err != nil || strings.Join(summary.Delivered, " ") != "slack[0] slack[1] wecom" {
		t.Errorf("%v, delivered %v", err, summary.Delivered)
	}
}

// TestHeartbeat: called after a good run, and only then; its own failure spoils
// nothing.
func TestHeartbeat(t *testing.T) {
	tests := map[string]struct {
		scenario, event string
		slack           http.HandlerFunc
		want            int
	}{
		"sent":    {"near-expiry", digestEvent, nil, 1},
		"quiet":   {"healthy", alertEvent, nil, 1},
		"unknown": {"source-down", alertEvent, nil, 0},
		"partial": {"near-expiry", digestEvent, status(404, "no_service"), 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.scenario)
			w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
			w.OverrideChat("slack", test.slack)
			if _, err := w.run(test.event); err != nil {
				t.Fatal(err)
			}
			if got := w.Heartbeats(); got != test.want {
				t.Errorf("%d heartbeats, want %d", got, test.want)
			}
		})
	}
}

// TestHeartbeatThatFails is only logged, without its URL.
func TestHeartbeatThatFails(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_HEARTBEAT_URL", "http://127.0.0.1:1/ping/secret-path-of-the-monitor")
	summary, err := w.run(digestEvent)
	if err != nil || summary.Outcome != handler.OutcomeSent {
		t.Errorf("%v, %+v", err, summary)
	}
	w.wantContains("log", w.log.String(), "heartbeat")
	if strings.Contains(w.log.String(), "secret-path") {
		t.Error("the heartbeat's URL is in the log")
	}
}

// TestARefusalIsLoggedOnce: whoever counts the log's lines counts refusals.
func TestARefusalIsLoggedOnce(t *testing.T) {
	w := newWorld(t, "near-expiry")
	w.OverrideChat("wecom", simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url"}`))
	if _, err := w.run(digestEvent); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(w.log.String(), "a channel did not take the message"); n != 1 {
		t.Errorf("the refusal is logged %d times", n)
	}
}
