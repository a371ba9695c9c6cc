package diagnosis_test

import (
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/internal/simulator"
)

// listening is a TLS server that must not be asked anything.
func listening(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was sent", r.Method, r.URL.Path)
	}))
	server.Config.ErrorLog = quiet
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// direct examines real connections.
func direct(change func(*diagnosis.Options)) diagnosis.Options {
	o := options(newCloud(simulator.Options{}))
	o.Dial = nil
	change(&o)
	return o
}

func TestHostsByTLS(t *testing.T) {
	t.Parallel()
	server := listening(t)
	authority := x509.NewCertPool()
	authority.AddCert(server.Certificate())
	checks := run(t, direct(func(o *diagnosis.Options) {
		o.RootCAs = authority
		o.Settings.Channels = channels("slack", server.URL+"/services/secret-path", strings.Replace(server.URL, "127.0.0.1", "localhost", 1)+"/secret-path")
		o.Settings.Channels = append(o.Settings.Channels, channels("wecom", server.URL+"/cgi-bin/webhook/send?key=secret-path")...)
		o.Settings.HeartbeatURL = config.NewSecret(server.URL + "/secret-path")
	}))
	wantChecks(t, checks, map[string]want{
		"slack[0]":  {ok, "is reached: DNS, TCP and TLS; nothing was posted", ""},
		"slack[1]":  {failed, "TLS: the certificate is for another host", "proxy"},
		"wecom":     {ok, "127.0.0.1:", ""},
		"heartbeat": {ok, "is reached", ""},
	})
	checks = run(t, direct(func(o *diagnosis.Options) { o.Settings.Channels = channels("slack", server.URL+"/secret-path") }))
	wantChecks(t, checks, map[string]want{"slack": {failed, "signed by an unknown authority", "root certificates"}})
}

func TestHostsThatAreNotThere(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	checks := run(t, direct(func(o *diagnosis.Options) {
		o.Settings.Channels = channels("slack", "https://"+closed.Addr().String()+"/secret-path", strings.Replace(plain.URL, "http", "https", 1)+"/secret-path")
	}))
	wantChecks(t, checks, map[string]want{
		"slack[0]": {failed, "connection refused", "firewall"},
		"slack[1]": {failed, "TLS: the handshake failed", "proxy"},
	})
}

// TestOtherHostsAreNotShown: only the chats' own hosts tell nothing.
func TestOtherHostsAreNotShown(t *testing.T) {
	t.Parallel()
	o := options(newCloud(simulator.Options{}))
	o.Settings.HeartbeatURL = config.NewSecret("http://secret-path.example.com/")
	wantChecks(t, run(t, o), map[string]want{"heartbeat": {ok, "its host is reached", ""}})
}

// TestDirectoryOfSomebodyElse: CAM has nothing to do with it.
func TestDirectoryOfSomebodyElse(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	o := options(newCloud(simulator.Options{}))
	o.Settings.StateURL = "file:///etc"
	wantChecks(t, run(t, o), map[string]want{"state": {failed, "PermissionDenied", "check LICENSEWATCH_STATE_URL"}})
}

func TestStore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		url  string
		want want
	}{
		"directory":    {"file://" + t.TempDir(), want{ok, "file is readable, writable and create-only works", ""}},
		"no directory": {"file:///nowhere/at/all", want{failed, "", "LICENSEWATCH_STATE_URL"}},
		"no region":    {"cos://bucket-1250000000/x?region=ap-guangzou", want{failed, "the region of LICENSEWATCH_STATE_URL does not exist: did you mean ap-guangzhou?", "correct LICENSEWATCH_STATE_URL"}},
		"wrong URL":    {"redis://x", want{failed, "names a store that does not exist", "correct LICENSEWATCH_STATE_URL"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(newCloud(simulator.Options{}))
			o.Settings.StateURL = test.url
			wantChecks(t, run(t, o), map[string]want{"state": test.want})
		})
	}
}
