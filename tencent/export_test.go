package tencent_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/tencent"
)

func TestExportLicenseDetail(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want int64
	}{
		"sample":     {body: sample(t, "cwp-ExportLicenseDetail"), want: 1},
		"above 2^53": {body: `{"Response":{"TaskId":9007199254740993}}`, want: 9007199254740993},
		"quoted":     {body: `{"Response":{"TaskId":"9007199254740993"}}`, want: 9007199254740993},
		"zero":       {body: `{"Response":{"TaskId":0}}`},
		"absent":     {body: `{"Response":{"RequestId":"r"}}`},
		"null":       {body: `{"Response":{"TaskId":null}}`},
		"negative":   {body: `{"Response":{"TaskId":-1}}`},
		"a uuid":     {body: `{"Response":{"TaskId":"e5a1-44"}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(test.body))
			got, err := tencent.New(options(t, cloud.URL)).ExportLicenseDetail(t.Context(), "")
			if err != nil || got != test.want {
				t.Errorf("task %d, %v; want %d", got, err, test.want)
			}
			if diff := cmp.Diff([]received{{"cwp", "2018-02-28", "ExportLicenseDetail", "{}"}}, cloud.seen()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestExportLicenseDetailOfAMonth: a usage history is asked for by its month.
func TestExportLicenseDetailOfAMonth(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, answerWith(`{"Response":{"TaskId":7}}`))
	got, err := tencent.New(options(t, cloud.URL)).ExportLicenseDetail(t.Context(), "2026-10")
	want := []received{{"cwp", "2018-02-28", "ExportLicenseDetail", `{"ExportMonth":"2026-10","IsHistory":true}`}}
	if diff := cmp.Diff(want, cloud.seen()); diff != "" || err != nil || got != 7 {
		t.Errorf("task %d, %v; requests (-want +got):\n%s", got, err, diff)
	}
}

func TestExportTasks(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   string
		status string
		link   string
	}{
		"finished":       {body: `{"Response":{"Status":"FINISHED","DownloadUrl":"https://b.cos.ap-guangzhou.myqcloud.com/f?sign=s"}}`, status: "FINISHED", link: "https://b.cos.ap-guangzhou.myqcloud.com/f?sign=s"},
		"pending":        {body: `{"Response":{"Status":"PENDING","DownloadUrl":""}}`, status: "PENDING"},
		"unknown status": {body: `{"Response":{"Status":"ARCHIVED","DownloadUrl":null}}`, status: "ARCHIVED"},
		"wrongly typed":  {body: `{"Response":{"Status":{},"DownloadUrl":[]}}`},
		"nothing":        {body: `{"Response":{}}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(test.body))
			got, err := tencent.New(options(t, cloud.URL)).ExportTasks(t.Context(), 9007199254740993)
			if err != nil || got.Status != test.status || got.DownloadURL.Reveal() != test.link {
				t.Errorf("task %q %q, %v; want %q %q", got.Status, got.DownloadURL.Reveal(), err, test.status, test.link)
			}
			if diff := cmp.Diff([]received{{"cwp", "2018-02-28", "ExportTasks", `{"TaskId":"9007199254740993"}`}}, cloud.seen()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// An export is started anew only when it surely was not started: each start
// makes a task.
func TestExportStartIsNotRepeated(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer    http.HandlerFunc
		calls     int
		ambiguous bool
		retryable bool
	}{
		"throttled":         {answer: refuseWith("RequestLimitExceeded"), calls: 3, retryable: true},
		"throttled by HTTP": {answer: status(429, "", 0).answer, calls: 3, retryable: true},
		"token refused":     {answer: refuseWith("AuthFailure.TokenFailure"), calls: 2, retryable: true},
		"signature refused": {answer: refuseWith("AuthFailure.SignatureExpire"), calls: 2, retryable: true},
		"not allowed":       {answer: refuseWith("UnauthorizedOperation"), calls: 1},
		"nothing there":     {answer: refuseWith("ResourceNotFound"), calls: 1},
		"failed":            {answer: refuseWith("InternalError"), calls: 1},
		"closed":            {answer: breakOff("", false), calls: 1, ambiguous: true},
		"reset":             {answer: breakOff("", true), calls: 1, ambiguous: true},
		"502":               {answer: status(502, "", 0).answer, calls: 1, ambiguous: true},
		"403":               {answer: status(403, "", 0).answer, calls: 1},
		"truncated":         {answer: answerWith(`{"Response":{"TaskId":`), calls: 1, ambiguous: true},
		"null":              {answer: answerWith(`null`), calls: 1, ambiguous: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			_, err := tencent.New(options(t, cloud.URL)).ExportLicenseDetail(t.Context(), "")
			if e, ok := errors.AsType[*tencent.APIError](err); !ok || e.Ambiguous != test.ambiguous || e.Retryable != test.retryable {
				t.Errorf("%+v, want ambiguous %t, retryable %t", e, test.ambiguous, test.retryable)
			}
			if n := len(cloud.seen()); n != test.calls {
				t.Errorf("%d requests, want %d", n, test.calls)
			}
		})
	}
}

// The call ends when the request has arrived and nothing has come back.
func TestExportStartWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cloud := newCloud(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	_, err := tencent.New(options(t, cloud.URL)).ExportLicenseDetail(ctx, "")
	const want = "cwp ExportLicenseDetail: Canceled: no answer in time: context canceled; it may have begun nevertheless"
	if err == nil || err.Error() != want {
		t.Errorf("error text\n got %v\nwant %s", err, want)
	}
}

func TestExportStartThatTimesOutIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := tencent.New(tencent.Options{Credentials: keys, Transport: roundTripper(silent)}).ExportLicenseDetail(t.Context(), "")
		if e, ok := errors.AsType[*tencent.APIError](err); !ok || !e.Ambiguous || e.Retryable || e.Kind != license.FailureTimeout {
			t.Errorf("%+v, want an ambiguous timeout", e)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("took %v, want one try of 5 s", took)
		}
	})
}

// A request that never left is repeated, and nothing about it is ambiguous.
func TestExportStartThatNeverLeft(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	o, dials := options(t, closed), 0
	dial := o.Transport.(*http.Transport).DialContext
	o.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		dials++
		return dial(ctx, network, address)
	}
	_, err = tencent.New(o).ExportLicenseDetail(t.Context(), "")
	e, ok := errors.AsType[*tencent.APIError](err)
	if !ok || e.Ambiguous || !e.Retryable || dials != 3 {
		t.Errorf("%+v after %d dials, want a retryable error that is not ambiguous after 3", e, dials)
	}
	if want := "cwp ExportLicenseDetail: ConnectionFailed: connection refused"; err.Error() != want {
		t.Errorf("error text %s, want %s", err, want)
	}

	// A transport that does not tell about its connections proves nothing.
	o.Transport = roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("broken") })
	_, err = tencent.New(o).ExportLicenseDetail(t.Context(), "")
	if e, ok = errors.AsType[*tencent.APIError](err); !ok || !e.Ambiguous {
		t.Errorf("%+v, want an ambiguous error", e)
	}
}
