package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/handler"
	"licensewatch/internal/simulator/cos"
)

// What a call takes in this chain: not what one does anywhere, but easy to add up.
const (
	apiCall   = 30 * time.Millisecond // also of a chat
	storeCall = 20 * time.Millisecond
)

// timed is an outside whose every call takes its time, and is noted with the time at
// which it began.
type timed struct {
	next  http.RoundTripper
	start time.Time

	mutex sync.Mutex
	calls []string
}

// RoundTrip implements http.RoundTripper.
func (t *timed) RoundTrip(r *http.Request) (*http.Response, error) {
	name, takes := callName(r)
	t.mutex.Lock()
	t.calls = append(t.calls, fmt.Sprintf("%3d ms %s", time.Since(t.start).Milliseconds(), name))
	t.mutex.Unlock()
	time.Sleep(takes)
	return t.next.RoundTrip(r.WithContext(context.WithoutCancel(r.Context())))
}

func callName(r *http.Request) (name string, takes time.Duration) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	switch action := r.Header.Get("X-Tc-Action"); {
	case action != "":
		return action, apiCall
	case r.URL.Port() == "1":
		return r.Method + " " + path[strings.LastIndex(path, "/")+1:], storeCall
	default:
		kind, _, _ := strings.Cut(path, "/")
		return r.Method + " " + kind, apiCall
	}
}

// TestChain: what a digest with a store waits for, one after the other. docs/architecture.md
// says why it cannot be less.
func TestChain(t *testing.T) {
	w := newWorld(t, "near-expiry")
	outside := &timed{}
	digest := strings.ReplaceAll(alertEvent, "alert", "digest")
	summary, err := w.runDirect(time.Minute, digest, func(bucket *cos.Bucket) http.Handler {
		outside.next, outside.start = direct{w.Simulator, bucket}, time.Now()
		return bucket
	}, func(o *handler.Options) { o.Transport = outside })
	if err != nil || summary.Outcome != handler.OutcomeSent || summary.Export.Status != "finished" {
		t.Fatalf("%v, %+v", err, summary)
	}
	slices.Sort(outside.calls)
	want := []string{
		"  0 ms DescribeLicenseGeneral",
		"  0 ms DescribeLicenseList",
		"  0 ms DescribeMachineGeneral",
		"  0 ms DescribePurchaseStateInfo",
		"  0 ms PUT claim.json",
		" 20 ms GET ledger.json",
		" 30 ms DescribeLicenseBindList", // beside the export
		" 40 ms ExportLicenseDetail",
		" 70 ms ExportTasks",
		" 70 ms PUT ledger.json", // the task
		"100 ms PUT ledger.json", // what is to be said
		"120 ms POST cgi-bin",
		"120 ms POST services",
		"150 ms PUT ledger.json", // both answers
		"170 ms DELETE claim.json",
	}
	if diff := cmp.Diff(want, outside.calls); diff != "" {
		t.Errorf("the calls (-want +got):\n%s", diff)
	}
}
