package handler_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// closing notes when idle connections are dropped.
type closing struct {
	http.RoundTripper
	mutex  sync.Mutex
	events []string
}

func (c *closing) CloseIdleConnections() { c.note("close") }

func (c *closing) RoundTrip(r *http.Request) (*http.Response, error) {
	c.note("request")
	return c.RoundTripper.RoundTrip(r)
}

func (c *closing) note(event string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.events = append(c.events, event)
}

// TestThawedInstance: every run begins by dropping the connections that an
// earlier one left, because the other side has closed them since.
func TestThawedInstance(t *testing.T) {
	w := newWorld(t, "healthy")
	transport := &closing{RoundTripper: &http.Transport{DisableKeepAlives: true}}
	for range 2 {
		transport.events = nil
		if _, err := w.run(digestEvent, func(o *handler.Options) { o.Transport = transport }); err != nil {
			t.Fatal(err)
		}
		if len(transport.events) < 2 || transport.events[0] != "close" || slices.Contains(transport.events[1:], "close") {
			t.Errorf("events %v, want the idle connections closed first and once", transport.events)
		}
	}
}

// TestPollsAreSpaced: an export is asked for at once, then after 2, 3, 5 and 8 s.
func TestPollsAreSpaced(t *testing.T) {
	w := newWorld(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`))
	var waits []time.Duration
	_, err := w.run(digestEvent, func(o *handler.Options) {
		o.Sleep = func(_ context.Context, d time.Duration) error {
			waits = append(waits, d)
			return nil
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 8 * time.Second}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Error(diff)
	}
}

// TestPollsEndWithTheirTime: a wait that would leave no time for another poll is
// not begun. With 15 s, 9.25 are the export's; slow answers use up what the last
// wait needs.
func TestPollsEndWithTheirTime(t *testing.T) {
	w := newWorld(t, "healthy")
	w.Override("ExportTasks", func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(100 * time.Millisecond) // which takes no time here
		simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`)(rw, r)
	})
	var longest time.Duration
	summary, err := w.runDirect(15*time.Second+50*time.Millisecond, digestEvent, nil, func(o *handler.Options) {
		o.Sleep = func(_ context.Context, d time.Duration) error {
			longest = max(longest, d)
			return nil
		}
	})
	if err != nil || summary.Export.Status != license.ExportPending || longest != 5*time.Second {
		t.Errorf("%v, export %s, longest wait %v, want 5s", err, summary.Export.Status, longest)
	}
}

// TestMention: people are called when something critical is there, else not.
func TestMention(t *testing.T) {
	for scenario, want := range map[string]bool{"everything-wrong": true, "near-expiry": false, "healthy": false} {
		t.Run(scenario, func(t *testing.T) {
			w := newWorld(t, scenario, "LICENSEWATCH_SLACK_MENTION", "here", "LICENSEWATCH_WECOM_MENTION", "zhangsan,@all")
			if _, err := w.run(digestEvent); err != nil {
				t.Fatal(err)
			}
			var mentions []string
			for _, post := range w.Posts() {
				mentions = append(mentions, post.Mentions...)
			}
			slices.Sort(mentions)
			wanted := []string(nil)
			if want {
				wanted = []string{"!here", "@all", "zhangsan"}
			}
			if diff := cmp.Diff(wanted, mentions); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSlowSourcesLeaveTimeToTell: sources that hang use up the time to read, and
// no more.
func TestSlowSourcesLeaveTimeToTell(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_EXPORT", "off")
	for _, action := range []string{"DescribeLicenseGeneral", "DescribeLicenseList", "DescribeMachineGeneral", "DescribePurchaseStateInfo"} {
		w.Override(action, simulator.Hang())
	}
	summary, err := w.runDirect(3*time.Second, digestEvent, nil)
	if err != nil || summary.Outcome != handler.OutcomeSent || summary.ElapsedMS > 1200 {
		t.Errorf("%v, outcome %s after %d ms", err, summary.Outcome, summary.ElapsedMS)
	}
	for source, code := range summary.Sources {
		if code != "Timeout" {
			t.Errorf("%s: %s", source, code)
		}
	}
}

// TestSlowChannelEndsWithItsTime: a chat that hangs does not use up the reserve.
func TestSlowChannelEndsWithItsTime(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_EXPORT", "off")
	w.OverrideChat("slack", simulator.Hang())
	summary, err := w.runDirect(4*time.Second, digestEvent, nil)
	if err != nil || summary.Outcome != handler.OutcomePartial || summary.ElapsedMS > 2500 {
		t.Errorf("%v, outcome %s after %d ms", err, summary.Outcome, summary.ElapsedMS)
	}
}

// TestPanicInASource is that source's failure, and the message says so.
func TestPanicInASource(t *testing.T) {
	w := newWorld(t, "healthy")
	working := &http.Transport{DisableKeepAlives: true}
	breaking := roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("X-TC-Action") == "DescribePurchaseStateInfo" {
			panic("broken")
		}
		return working.RoundTrip(r)
	})
	summary, err := w.run(digestEvent, func(o *handler.Options) { o.Transport = breaking })
	if err != nil || summary.Outcome != handler.OutcomeSent || summary.Sources["tcss"] != "Internal" || summary.Sources["cwp.overview"] != "ok" {
		t.Errorf("%v, %+v", err, summary)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestInternalErrorIsTold: what breaks outside of every part is said in the chats
// and returned, without what the panic said.
func TestInternalErrorIsTold(t *testing.T) {
	w := newWorld(t, "healthy")
	calls := 0
	summary, err := w.run(digestEvent, func(o *handler.Options) {
		o.Now = func() time.Time {
			if calls++; calls == 2 {
				panic("secret in a panic")
			}
			return now
		}
	})
	_, ok := errors.AsType[*handler.InternalError](err)
	if !ok || summary.Outcome != handler.OutcomeFailed {
		t.Fatalf("%v, %+v", err, summary)
	}
	w.wantPosts(1, 1)
	for _, text := range append(w.posted("slack"), w.posted("wecom")[0], w.log.String(), err.Error()) {
		if strings.Contains(text, "secret in") {
			t.Errorf("the panic's message is told: %s", text)
		}
	}
	w.wantContains("note", w.posted("slack")[0], "internal error", summary.RunID)
}

// TestLogLines: each is JSON, carries the request id, and has no key twice.
func TestLogLines(t *testing.T) {
	w := newWorld(t, "source-down", "LICENSEWATCH_LOG_LEVEL", "debug")
	w.OverrideChat("slack", status(404, "no_service"))
	ctx := functioncontext.NewContext(t.Context(), &functioncontext.FunctionContext{RequestID: "request-1"})
	if _, err := w.runIn(ctx, digestEvent); err != nil {
		t.Fatal(err)
	}
	lines := 0
	for line := range strings.Lines(w.log.String()) {
		lines++
		if !json.Valid([]byte(line)) || strings.Count(line, `"request_id":"request-1"`) != 1 || strings.Count(line, `"request_id":`) != 1 {
			t.Errorf("line %s", line)
		}
	}
	if lines < 5 {
		t.Errorf("only %d lines", lines)
	}
}

// TestIncompleteIsNotQuiet: a run that does not know everything does not say that
// all is well, and calls no heartbeat.
func TestIncompleteIsNotQuiet(t *testing.T) {
	tests := map[string]struct{ action, answer string }{
		"orders":  {"DescribeLicenseList", `{"Response":{"TotalCount":5,"List":[],"RequestId":"r"}}`},
		"a field": {"DescribePurchaseStateInfo", `{"Response":{"State":3,"AutomaticRenewal":null,"ExpirationTime":"2027-09-18 00:00:00","RequestId":"r"}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy")
			w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
			w.Override(test.action, simulator.Answer(test.answer))
			summary, err := w.run(alertEvent)
			if err != nil || summary.Outcome != handler.OutcomeUnknown || w.Heartbeats() != 0 {
				t.Errorf("%v, %+v, %d heartbeats", err, summary, w.Heartbeats())
			}
		})
	}
}

// TestWrongVariableKeepsItsSecret: a secret that went into the variable of the
// rules file, or a file that is no rules file, is not repeated.
func TestWrongVariableKeepsItsSecret(t *testing.T) {
	const secret = "T00000001/B00000001/canaryQ1w2E3r4T5y6"
	file := filepath.Join(t.TempDir(), "secrets.txt")
	if err := os.WriteFile(file, []byte(secret+"\nsecond "+secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"a URL": "https://hooks.slack.com/services/" + secret, "a file of secrets": file} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy", "LICENSEWATCH_RULES_FILE", value)
			summary, err := w.run(digestEvent)
			if err == nil {
				t.Fatal("no error")
			}
			parts := []string{err.Error(), w.log.String(), asJSON(t, summary)}
			for _, post := range w.Posts() {
				parts = append(parts, string(post.Body))
			}
			said := strings.Join(parts, "\n")
			if strings.Contains(said, "canaryQ1w2") {
				t.Errorf("the secret is repeated: %s", said)
			}
		})
	}
}

// TestZoneOfTheReader: times and days are those of the configured zone.
func TestZoneOfTheReader(t *testing.T) {
	w := newWorld(t, "near-expiry", "LICENSEWATCH_TIMEZONE", "America/New_York")
	if _, err := w.run(digestEvent); err != nil {
		t.Fatal(err)
	}
	w.wantContains("message", w.posted("slack")[0], fmt.Sprintf("%s (UTC-5)", "Nov 21, 20:07"))
}
