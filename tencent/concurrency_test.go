package tencent_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/tencent"
)

// route answers each action in its own way.
func route(answers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answers[r.Header.Get("X-TC-Action")](w, r) }
}

// Many runs side by side on one client, with failures in between, as an account
// after account would make them.
func TestCallsSideBySide(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, route(map[string]http.HandlerFunc{
		"DescribeLicenseGeneral":    answerWith(sample(t, "cwp-DescribeLicenseGeneral-cn")),
		"DescribeLicenseList":       shop(orders(1, 121), 100),
		"DescribePurchaseStateInfo": status(502, "", 0).answer,
		"ExportLicenseDetail":       answerWith(sample(t, "cwp-ExportLicenseDetail")),
		"ExportTasks":               answerWith(`{"Response":{"Status":"PENDING"}}`),
	}))
	c := tencent.New(options(t, cloud.URL))
	calls := map[string]func(context.Context) bool{
		"overview": func(ctx context.Context) bool {
			o, err := c.DescribeLicenseGeneral(ctx)
			return err == nil && *o.LicenseCnt == 3
		},
		"orders": func(ctx context.Context) bool {
			o, err := c.DescribeLicenseList(ctx)
			return err == nil && len(o.List) == 120 && !o.Incomplete
		},
		"state": func(ctx context.Context) bool { return describe(ctx, c) != nil },
		"export": func(ctx context.Context) bool {
			id, err := c.ExportLicenseDetail(ctx, "")
			return err == nil && id == 1
		},
		"task": func(ctx context.Context) bool { _, err := c.ExportTasks(ctx, 1); return err == nil },
	}
	var group sync.WaitGroup
	for name, call := range calls {
		for range 20 {
			group.Go(func() {
				if !call(t.Context()) {
					t.Errorf("%s went wrong", name)
				}
			})
		}
	}
	group.Wait()
	if n, want := len(cloud.seen()), 20*(1+2+3+1+1); n != want {
		t.Errorf("%d requests, want %d", n, want)
	}
}

// Keys are read at every call: those of a warm process change between two runs.
func TestChangedKeysAreSeen(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, answerWith(`{"Response":{}}`))
	o := options(t, cloud.URL)
	var late atomic.Bool
	o.Credentials = func() (string, string, string, error) {
		if late.Load() {
			return keys()
		}
		return "", "", "", nil
	}
	c := tencent.New(o)
	if err := describe(t.Context(), c); err == nil {
		t.Error("no error without keys")
	}
	late.Store(true)
	if err := describe(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestHangingCallsHoldUpNobody: 128 accounts that hang hold two connections each, and those
// that do not are read all the same.
func TestHangingCallsHoldUpNobody(t *testing.T) {
	t.Parallel()
	const hanging = 256
	underWay, over := make(chan struct{}, 3*hanging), make(chan struct{})
	cloud := newCloud(t, route(map[string]http.HandlerFunc{
		"DescribeLicenseGeneral": func(w http.ResponseWriter, r *http.Request) {
			underWay <- struct{}{}
			<-over
			answerWith(`{"Response":{}}`)(w, r)
		},
		"DescribePurchaseStateInfo": answerWith(`{"Response":{}}`),
	}))
	c := tencent.New(options(t, cloud.URL))
	var calls sync.WaitGroup
	for range hanging {
		calls.Go(func() { _, _ = c.DescribeLicenseGeneral(t.Context()) })
	}
	patience, cancel := context.WithTimeout(t.Context(), 4*time.Second) // a try ends after 5 s
	defer cancel()
	for n := range hanging {
		select {
		case <-underWay:
			continue
		case <-patience.Done():
			t.Errorf("%d of %d calls are under way: the others wait for a connection", n, hanging)
		}
		break
	}
	if err := describe(t.Context(), c); err != nil {
		t.Error(err)
	}
	close(over)
	calls.Wait()
}

// BenchmarkCall measures a call against a server on loopback.
func BenchmarkCall(b *testing.B) {
	server := httptest.NewServer(answerWith(`{"Response":{"State":3,"CoresCnt":68,"AllCoresCnt":80,"RequestId":"r"}}`))
	b.Cleanup(server.Close)
	transport := tencent.NewTransport()
	b.Cleanup(transport.CloseIdleConnections)
	c := tencent.New(tencent.Options{Endpoint: server.URL, Credentials: keys, Transport: transport})
	b.ReportAllocs()
	for b.Loop() {
		if err := describe(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}
