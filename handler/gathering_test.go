package handler_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/retry"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// late answers as the chat would, after a time.
func late(by time.Duration) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if retry.Sleep(r.Context(), by) == nil {
			simulator.Usual()(rw, r)
		}
	}
}

// TestAnswersThatComeTogether: those within 25 ms of each other are saved by one write,
// and none waits longer to be saved.
func TestAnswersThatComeTogether(t *testing.T) {
	for apart, answers := range map[time.Duration]int64{0: 1, 20 * time.Millisecond: 1, 24 * time.Millisecond: 1, 30 * time.Millisecond: 2, 2 * time.Second: 2} {
		w := newWorld(t, "near-expiry")
		w.OverrideChat("slack", late(time.Second))
		w.OverrideChat("wecom", late(time.Second+apart))
		var writes atomic.Int64
		summary, err := w.runDirect(time.Minute, alertEvent, func(bucket *cos.Bucket) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "ledger.json") {
					writes.Add(1)
				}
				bucket.ServeHTTP(rw, r)
			})
		})
		if err != nil || summary.Outcome != handler.OutcomeSent {
			t.Errorf("%v apart: %v, %+v", apart, err, summary)
		}
		if got := writes.Load(); got != 1+answers { // one before anything is sent
			t.Errorf("%v apart: the ledger was written %d times, want %d", apart, got, 1+answers)
		}
	}
}

// TestExportIsSavedBesideItsPoll: the task is in the store when the run is at its end,
// and the first poll does not wait for that.
func TestExportIsSavedBesideItsPoll(t *testing.T) {
	w := newWorld(t, "near-expiry")
	var saved, polled atomic.Int64 // since the beginning of time
	w.Override("ExportTasks", func(rw http.ResponseWriter, r *http.Request) {
		polled.CompareAndSwap(0, time.Now().UnixNano())
		simulator.Usual()(rw, r)
	})
	digest := strings.ReplaceAll(alertEvent, "alert", "digest")
	summary, err := w.runDirect(time.Minute, digest, func(bucket *cos.Bucket) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			isSave := r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "ledger.json")
			if retry.Sleep(r.Context(), 100*time.Millisecond) != nil {
				return
			}
			bucket.ServeHTTP(rw, r)
			if isSave {
				saved.CompareAndSwap(0, time.Now().UnixNano())
			}
		})
	})
	if err != nil || summary.Export.Status != "finished" {
		t.Fatalf("%v, %+v", err, summary)
	}
	if polled.Load() == 0 || saved.Load() == 0 || polled.Load() >= saved.Load() {
		t.Errorf("polled at %d, saved at %d", polled.Load(), saved.Load())
	}
}
