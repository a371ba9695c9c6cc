package handler_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
	"licensewatch/rules"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is the time all tests run at: 22 November 2026, 09:07 in Shanghai.
var now = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

const (
	digestEvent = `{"Type":"Timer","TriggerName":"digest","Time":"2026-11-22T01:07:00Z","Message":"digest"}`
	alertEvent  = `{"Type":"Timer","TriggerName":"alert","Time":"2026-11-22T01:37:00Z","Message":"alert"}`
)

// world is a simulated outside with the real handler in it.
type world struct {
	*simulator.Simulator
	t        *testing.T
	log      *lockedBuffer
	settings map[string]string // the environment of its runs
	// ahead, when set, is how long a run has, in which waiting takes no time although the
	// clock goes on. The context of the run is to have no deadline then.
	ahead time.Duration
	// transport, when set, carries all requests, and no connection is made.
	transport http.RoundTripper
}

// newWorld starts a simulator and points the settings of its runs at it; further settings
// come in pairs.
func newWorld(t *testing.T, scenario string, settings ...string) *world {
	t.Helper()
	return newWorldOf(t, simulator.Options{Scenario: scenario}, settings...)
}

func newWorldOf(t *testing.T, o simulator.Options, settings ...string) *world {
	t.Helper()
	o.Now = func() time.Time { return now }
	sim := simulator.New(o)
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return &world{Simulator: sim, t: t, log: &lockedBuffer{}, settings: settingsOf(sim, settings...)}
}

// set gives a setting another value for the runs that follow.
func (w *world) set(name, value string) { w.settings[name] = value }

func (w *world) environment() map[string]string { return maps.Clone(w.settings) }

// settingsOf are the settings that lead to a simulator; further ones come in pairs, and an
// empty one takes one of these away.
func settingsOf(sim *simulator.Simulator, further ...string) map[string]string {
	id, key, token := sim.Credentials()
	settings := map[string]string{
		"TENCENTCLOUD_SECRETID": id, "TENCENTCLOUD_SECRETKEY": key, "TENCENTCLOUD_SESSIONTOKEN": token,
		"TENCENTCLOUD_RUNENV":            "SCF",
		"LICENSEWATCH_API_ENDPOINT":      sim.CloudURL(),
		"LICENSEWATCH_SLACK_WEBHOOK_URL": sim.WebhookURL("slack"),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": sim.WebhookURL("wecom"),
		"LICENSEWATCH_LANGUAGE":          "en",
	}
	for i := 0; i+1 < len(further); i += 2 {
		if settings[further[i]] = further[i+1]; further[i+1] == "" {
			delete(settings, further[i])
		}
	}
	return settings
}

// setSettings points the process's settings at a simulator; further settings come in
// pairs.
func setSettings(t *testing.T, sim *simulator.Simulator, settings ...string) {
	t.Helper()
	clearSettings(t)
	for name, value := range settingsOf(sim, settings...) {
		t.Setenv(name, value)
	}
}

// clearSettings hides the settings of whoever runs the tests.
func clearSettings(t *testing.T) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "LICENSEWATCH_") || strings.HasPrefix(name, "TENCENTCLOUD_") {
			t.Setenv(name, value) // restores it
			_ = os.Unsetenv(name)
		}
	}
}

// run runs the handler on one event, without real waiting.
func (w *world) run(event string, options ...func(*handler.Options)) (handler.Summary, error) {
	w.t.Helper()
	return w.runIn(w.t.Context(), event, options...)
}

func (w *world) runIn(ctx context.Context, event string, options ...func(*handler.Options)) (handler.Summary, error) {
	w.t.Helper()
	if w.ahead > 0 {
		return w.runAhead(ctx, event, options)
	}
	connections := &http.Transport{}
	defer connections.CloseIdleConnections()
	o := handler.Options{
		Environment: w.environment,
		Transport:   cmp.Or(w.transport, w.RouteExports(connections)),
		Now:         func() time.Time { return now },
		Sleep:       func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Log:         w.log,
	}
	for _, option := range options {
		option(&o)
	}
	return handler.New(o).Run(ctx, []byte(event))
}

func (w *world) runAhead(ctx context.Context, event string, options []func(*handler.Options)) (summary handler.Summary, err error) {
	w.t.Helper()
	rules.Default() // not within a bubble: it is shared by all
	at := time.Now()
	synctest.Test(w.t, func(*testing.T) {
		time.Sleep(time.Until(at)) // a bubble begins in the year 2000
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.ahead)
		defer cancel()
		o := handler.Options{
			Environment: w.environment,
			Transport:   cmp.Or(w.transport, http.RoundTripper(&http.Transport{DisableKeepAlives: true})), // for time to go on, no connection may be waited for
			Now:         func() time.Time { return now },
			Log:         w.log,
		}
		for _, option := range options {
			option(&o)
		}
		summary, err = handler.New(o).Run(ctx, []byte(event))
	})
	return summary, err
}

// posted gives the bodies posted to a channel.
func (w *world) posted(channel string) []string {
	var bodies []string
	for _, post := range w.Posts() {
		if post.Channel == channel {
			bodies = append(bodies, string(post.Body))
		}
	}
	return bodies
}

// wantPosts checks how many messages each chat got.
func (w *world) wantPosts(slack, wecom int) {
	w.t.Helper()
	if s, c := len(w.posted("slack")), len(w.posted("wecom")); s != slack || c != wecom {
		w.t.Errorf("%d posts to Slack and %d to WeCom, want %d and %d", s, c, slack, wecom)
	}
}

func (w *world) wantContains(what, text string, parts ...string) {
	w.t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			w.t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

// status answers with an HTTP status and a body.
func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

// asJSON is the Summary as the platform gets it.
func asJSON(t *testing.T, s handler.Summary) string {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// channel is a Channel of function fields.
type channel struct {
	send func(context.Context, license.Report) error
	note func(context.Context, license.Note) error
}

func (c channel) Name() string { return "test" }

func (c channel) Send(ctx context.Context, r license.Report) (notify.Receipt, error) {
	return notify.Receipt{}, c.send(ctx, r)
}

func (c channel) Note(ctx context.Context, n license.Note) error { return c.note(ctx, n) }

var _ handler.Channel = channel{}
