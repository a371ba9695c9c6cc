package state_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"licensewatch/internal/proxy"
	"licensewatch/state"
)

// TestCOSThroughAProxy that refuses: it is named, with what to do, and nothing was
// begun.
func TestCOSThroughAProxy(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	defer server.Close()
	via, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Transport = &http.Transport{Proxy: http.ProxyURL(via), OnProxyConnectResponse: proxy.Connected}
	store, err := state.Open("cos://licensewatch-1250000000/lw?region=ap-guangzhou", o)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Put(t.Context(), "ledger.json", []byte("x"))
	if err == nil || !strings.Contains(err.Error(), "Proxy.407: the proxy wants a user name and password (HTTP 407)") || !strings.Contains(err.Error(), "HTTPS_PROXY") ||
		strings.Contains(err.Error(), "may") {
		t.Errorf("error is %v", err)
	}
}
