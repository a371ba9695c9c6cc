package tencent_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/license"
	"licensewatch/tencent"
)

// TestProxyFaults: what a proxy refuses is its own; what may pass is tried again.
func TestProxyFaults(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int // 0: it is not there
		code   string
		text   string
		calls  int32
	}{
		"no password":     {407, "Proxy.407", "the proxy wants a user name and password (HTTP 407)", 1},
		"not allowed":     {403, "Proxy.403", "the proxy does not allow the connection (HTTP 403)", 1},
		"a fault":         {502, "Proxy.502", "the proxy makes no connection (HTTP 502)", 3},
		"nobody is there": {0, "Proxy", "the proxy is not reached: connection refused", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(test.status)
			}))
			defer server.Close()
			via, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			if test.status == 0 {
				via.Host = "127.0.0.1:1"
			}
			o := options(t, "")
			o.Endpoint = ""
			o.Transport.(*http.Transport).Proxy = http.ProxyURL(via)
			_, err = tencent.New(o).DescribePurchaseStateInfo(t.Context())
			got, ok := errors.AsType[*tencent.APIError](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			want := &tencent.APIError{Service: "tcss", Action: "DescribePurchaseStateInfo", Code: test.code, Kind: license.FailureProxy, Retryable: test.calls != 1}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(tencent.APIError{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got, want := err.Error(), "tcss DescribePurchaseStateInfo: "+test.code+": "+test.text; got != want {
				t.Errorf("error text\n got %s\nwant %s", got, want)
			}
			if calls.Load() != test.calls {
				t.Errorf("%d calls, want %d", calls.Load(), test.calls)
			}
		})
	}
}
