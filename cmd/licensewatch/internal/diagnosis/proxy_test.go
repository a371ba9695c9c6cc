package diagnosis_test

import (
	"crypto/x509"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/internal/simulator"
	"licensewatch/tencent"
)

// tunneling is a proxy that wants a password and connects everybody to one server,
// but for the hosts that it refuses.
func tunneling(t *testing.T, to net.Addr, refused ...string) *url.URL {
	t.Helper()
	const password = "secret-path"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.Host)
		want := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:"+password))
		switch {
		case r.Method != http.MethodConnect:
			t.Errorf("the proxy is asked %s", r.Method)
		case r.Header.Get("Proxy-Authorization") != want:
			w.WriteHeader(http.StatusProxyAuthRequired)
		case strings.Contains(strings.Join(refused, " "), host):
			w.WriteHeader(http.StatusForbidden)
		default:
			connectTo(t, w, to)
		}
	}))
	t.Cleanup(server.Close)
	via, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	via.User = url.UserPassword("me", password)
	return via
}

// connectTo copies between the one who asks and a server.
func connectTo(t *testing.T, w http.ResponseWriter, to net.Addr) {
	t.Helper()
	inner, err := net.Dial("tcp", to.String()) //nolint:noctx // loopback
	if err != nil {
		t.Error(err)
		return
	}
	outer, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(outer, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() {
		defer func() { _ = inner.Close() }()
		_, _ = io.Copy(inner, outer)
	}()
	go func() {
		defer func() { _ = outer.Close() }()
		_, _ = io.Copy(outer, inner)
	}()
}

// behind examines hosts behind a proxy; what the API answers comes through it too
// unless it is simulated.
func behind(via *url.URL, change func(*diagnosis.Options)) diagnosis.Options {
	return direct(func(o *diagnosis.Options) {
		o.Settings.Channels = channels("slack", "https://hooks.slack.com/services/secret-path")
		o.Settings.Channels = append(o.Settings.Channels, channels("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-path")...)
		o.Proxy = func(*url.URL) (*url.URL, error) { return via, nil }
		if change != nil {
			change(o)
		}
	})
}

// throughTheProxy lets the API be asked through it as well.
func throughTheProxy(via *url.URL) func(*diagnosis.Options) {
	return func(o *diagnosis.Options) {
		transport := tencent.NewTransport()
		transport.Proxy = http.ProxyURL(via)
		o.Transport = transport
	}
}

// TestBehindAProxy: the hosts are reached through it, or it says which it refuses.
func TestBehindAProxy(t *testing.T) {
	t.Parallel()
	server := listening(t)
	via := tunneling(t, server.Listener.Addr(), "qyapi.weixin.qq.com")
	checks := run(t, behind(via, func(o *diagnosis.Options) {
		o.RootCAs = x509.NewCertPool()
		o.RootCAs.AddCert(server.Certificate())
		o.Settings.Channels[0] = channels("slack", "https://example.com/services/secret-path")[0] // the name in the certificate
	}))
	wantChecks(t, checks, map[string]want{
		"proxy": {ok, "127.0.0.1 is reached; requests go through it (HTTPS_PROXY)", ""},
		"slack": {ok, "its host is reached, through the proxy: TCP and TLS; nothing was posted", ""},
		"wecom": {failed, "qyapi.weixin.qq.com is not reached: the proxy does not allow the connection (HTTP 403)", "NO_PROXY"},
	})
}

// TestProxyRefusesTheAPI: each host that it refuses is named with the proxy.
func TestProxyRefusesTheAPI(t *testing.T) {
	t.Parallel()
	via := tunneling(t, listening(t).Listener.Addr(), "cwp.tencentcloudapi.com tcss.tencentcloudapi.com sts.tencentcloudapi.com")
	checks := run(t, behind(via, throughTheProxy(via)))
	wantChecks(t, checks, map[string]want{
		"proxy":                      {ok, "is reached", ""},
		"site.cwp":                   {failed, "cwp.tencentcloudapi.com is not reached: the proxy does not allow the connection (HTTP 403)", "let the proxy's rules allow this host, or name it in NO_PROXY"},
		"site.tcss":                  {failed, "tcss.tencentcloudapi.com is not reached: the proxy does not allow", ""},
		"cwp:DescribeLicenseGeneral": {skipped, "not known: the site must be reached first", ""},
	})
}

// TestProxyRefusesUs: that the password is wrong is told once.
func TestProxyRefusesUs(t *testing.T) {
	t.Parallel()
	via := tunneling(t, listening(t).Listener.Addr())
	via.User = url.UserPassword("me", "secret-path-that-is-old")
	const first = "not known: the proxy must let requests through first"
	o := behind(via, throughTheProxy(via))
	o.Settings.StateURL = "cos://bucket-1250000000/x?region=ap-guangzhou"
	wantChecks(t, run(t, o), map[string]want{
		"state":                      {skipped, first, ""},
		"proxy":                      {failed, "127.0.0.1: the proxy wants a user name and password (HTTP 407)", "put them into HTTPS_PROXY, as in http://user:password@host:port, or correct those there"},
		"site.cwp":                   {skipped, first, ""},
		"site.tcss":                  {skipped, first, ""},
		"identity":                   {skipped, first, ""},
		"cwp:DescribeLicenseGeneral": {skipped, first, ""},
		"slack":                      {skipped, first, ""},
		"wecom":                      {skipped, first, ""},
	})
}

// TestProxyThatIsNotThere, or is none.
func TestProxyThatIsNotThere(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	go func() {
		for {
			connection, err := silent.Accept()
			if err != nil {
				return
			}
			_ = connection.Close()
		}
	}()
	for name, test := range map[string]struct {
		via *url.URL
		want
	}{
		"gone":     {&url.URL{Scheme: "http", Host: "127.0.0.1:1"}, want{failed, "127.0.0.1 is not reached: connection refused", "check HTTPS_PROXY and NO_PROXY"}},
		"hangs up": {&url.URL{Scheme: "http", Host: silent.Addr().String()}, want{failed, "127.0.0.1 is not reached: ", "check HTTPS_PROXY and NO_PROXY"}},
		"socks":    {&url.URL{Scheme: "socks5", Host: silent.Addr().String()}, want{ok, "127.0.0.1 is reached; requests go through it", ""}},
		"no socks": {&url.URL{Scheme: "socks5", Host: "127.0.0.1:1"}, want{failed, "127.0.0.1 is not reached: connection refused", "HTTPS_PROXY"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantChecks(t, run(t, behind(test.via, nil)), map[string]want{"proxy": test.want})
		})
	}
}

// TestNoProxy: where none is set, there is nothing to say.
func TestNoProxy(t *testing.T) {
	t.Parallel()
	o := options(newCloud(simulator.Options{}))
	o.Proxy = func(*url.URL) (*url.URL, error) { return nil, nil } //nolint:nilnil // as net/http has it
	if check, there := run(t, o)["proxy"]; there {
		t.Errorf("%+v", check)
	}
	o.Mistyped = "HTTPS_PROXY"
	wantChecks(t, run(t, o), map[string]want{"proxy": {failed, "HTTPS_PROXY is not the URL of a proxy", "http://user:password@host:port"}, "slack": {ok, "", ""}})
}

func TestMistypedProxy(t *testing.T) {
	for value, want := range map[string]string{
		"": "", "http://me:word@host:3128": "", "host:3128": "", "me:word@host:3128": "", "socks5://host": "",
		"http://host:port": "HTTPS_PROXY", "ho%zzst": "HTTPS_PROXY", "http://me:pass/word@host:3128": "HTTPS_PROXY", "http://": "HTTPS_PROXY",
	} {
		t.Setenv("HTTPS_PROXY", value)
		if got := diagnosis.MistypedProxy(); got != want {
			t.Errorf("%s: %q, want %q", value, got, want)
		}
	}
}
