package handler_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator/cos"
	"licensewatch/rules"
)

// parts are what a run waits for, by what tells their requests.
var parts = map[string]func(*http.Request) bool{
	"the API":       func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-TC-Action"), "Describe") },
	"the export":    func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-TC-Action"), "Export") },
	"Slack":         func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/services/") },
	"WeCom":         func(r *http.Request) bool { return strings.Contains(r.URL.Path, "webhook/send") },
	"the heartbeat": func(r *http.Request) bool { return strings.Contains(r.URL.Path, "heartbeat") },
}

// TestLastWordInTime: whichever parts hang, and after whichever call the store does,
// the run has said its last word a tenth of its time before the platform would end
// it, and 200 ms at least.
func TestLastWordInTime(t *testing.T) {
	w := newWorld(t, "near-expiry", "LICENSEWATCH_STATE_URL", "cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=http://127.0.0.1:1")
	t.Setenv("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
	rules.Default() // not within a bubble: it is shared by all
	names := []string{"the API", "the export", "Slack", "WeCom", "the heartbeat"}
	for _, limit := range []time.Duration{3 * time.Second, 5 * time.Second, 15 * time.Second, 60 * time.Second, 900 * time.Second} {
		for hanging := range 1 << len(names) {
			for _, storeCalls := range []int64{0, 1, 2, 3, 4, 5, 6, 7, 1000} {
				hung := &hung{front: w.Simulator, after: storeCalls}
				what := ""
				for i, name := range names {
					if hanging&(1<<i) != 0 {
						hung.parts, what = append(hung.parts, parts[name]), what+name+", "
					}
				}
				var left time.Duration
				synctest.Test(t, func(*testing.T) {
					hung.bucket = w.bucket()
					start := time.Now()
					ctx, cancel := context.WithDeadline(context.Background(), start.Add(limit))
					defer cancel()
					_, _ = handler.New(handler.Options{Transport: hung, Log: io.Discard}).Run(ctx, []byte(digestEvent))
					left = limit - time.Since(start)
				})
				if left < max(limit/10, 200*time.Millisecond) {
					t.Errorf("%v: %v left; hanging: %sthe store after %d calls", limit, left, what, storeCalls)
				}
			}
		}
	}
}

// bucket is an empty store for the world's keys.
func (w *world) bucket() http.Handler {
	id, key, token := w.Credentials()
	return cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
}

// hung answers without a connection, but for the parts that hang, and the store
// after so many calls.
type hung struct {
	front, bucket http.Handler
	parts         []func(*http.Request) bool
	after         int64
	calls         atomic.Int64
}

// RoundTrip implements http.RoundTripper.
func (h *hung) RoundTrip(r *http.Request) (*http.Response, error) {
	to := h.front
	hangs := false
	if r.URL.Port() == "1" {
		to, hangs = h.bucket, h.calls.Add(1) > h.after
	}
	for _, is := range h.parts {
		hangs = hangs || is(r)
	}
	if hangs {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	recorder := httptest.NewRecorder()
	to.ServeHTTP(recorder, r)
	response := recorder.Result()
	response.Request = r
	return response, nil
}
