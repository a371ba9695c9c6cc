package handler_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"licensewatch/handler"
	"licensewatch/tencent"
)

// TestProxyThatRefuses is named as the proxy: in the message of the chat that is
// reached, of the sources and of the other chat, without its address and password.
func TestProxyThatRefuses(t *testing.T) {
	for status, reason := range map[int]string{
		http.StatusProxyAuthRequired: "the proxy wants a user name and password (HTTP 407)",
		http.StatusForbidden:         "the proxy does not allow the connection (HTTP 403)",
	} {
		w := newWorld(t, "healthy", "LICENSEWATCH_API_ENDPOINT", "", "LICENSEWATCH_EXPORT", "off", "LICENSEWATCH_SITE", "intl",
			"LICENSEWATCH_WECOM_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-4000-8000-000000000001")
		refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodConnect {
				t.Errorf("the proxy is asked %s", r.Method)
			}
			http.Error(w, "squid says s3cret", status)
		}))
		transport := tencent.NewTransport()
		transport.Proxy = func(r *http.Request) (*url.URL, error) {
			if host, _, _ := net.SplitHostPort(r.URL.Host); host == "127.0.0.1" {
				return nil, nil
			}
			u, err := url.Parse(refusing.URL)
			if err == nil {
				u.User = url.UserPassword("licensewatch", "s3cret")
			}
			return u, err
		}
		summary, err := w.run(digestEvent, func(o *handler.Options) { o.Transport = transport })
		transport.CloseIdleConnections()
		refusing.Close()
		code := "Proxy." + reason[len(reason)-4:len(reason)-1]
		if err != nil || summary.Outcome != handler.OutcomePartial || summary.Sources["cwp.overview"] != code || summary.Sources["tcss"] != code {
			t.Errorf("%v, %+v", err, summary)
		}
		slack := strings.Join(w.posted("slack"), "\n")
		w.wantContains("the message", slack, code, "A proxy on the way did not let the request through: check HTTPS_PROXY", "WeCom did not take this report: Proxy (a proxy on the way did not let it through")
		w.wantContains("the log", w.log.String(), reason, code)
		for what, text := range map[string]string{"message": slack, "log": w.log.String(), "summary": asJSON(t, summary)} {
			if strings.Contains(text, "s3cret") || strings.Contains(text, refusing.URL) || strings.Contains(text, "squid") {
				t.Errorf("the %s repeats the proxy's own: %s", what, text)
			}
		}
	}
}
