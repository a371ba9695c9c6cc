package diagnosis_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
)

// cloud is a simulated cloud behind its real host names, without a network.
type cloud struct {
	sim   *simulator.Simulator
	fail  func(host string) error // instead of an answer; may be nil
	mutex sync.Mutex
	hosts []string
}

func (c *cloud) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mutex.Lock()
	c.hosts = append(c.hosts, r.URL.Host)
	c.mutex.Unlock()
	if c.fail != nil {
		if err := c.fail(r.URL.Host); err != nil {
			return nil, err
		}
	}
	inside := r.Clone(r.Context())
	inside.URL.Path, inside.Host = "/cloud", r.URL.Host
	if inside.Body == nil {
		inside.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	c.sim.ServeHTTP(w, inside)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

// asked are the hosts that were asked, each once.
func (c *cloud) asked() []string {
	slices.Sort(c.hosts)
	return slices.Compact(c.hosts)
}

func sources() []license.Source {
	return []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState}
}

// options examine a simulated account, and whatever host answers.
func options(c *cloud) diagnosis.Options {
	id, key, token := c.sim.Credentials()
	return diagnosis.Options{
		Settings: config.Config{
			Site: license.SiteCN, Sources: sources(), Export: config.ExportDigest,
			Channels: channels("slack", "http://127.0.0.1:1/services/T1/B1/secret-path-of-slack"),
		},
		Credentials: func() (config.Credentials, error) {
			return config.Credentials{SecretID: config.NewSecret(id), SecretKey: config.NewSecret(key), Token: config.NewSecret(token), Source: "the test"}, nil
		},
		Transport: c,
		Dial:      func(context.Context, string, string) (net.Conn, error) { client, _ := net.Pipe(); return client, nil },
		Sleep:     func(context.Context, time.Duration) error { return nil },
	}
}

func channels(kind string, urls ...string) []config.Channel {
	var webhooks []config.Secret
	for _, url := range urls {
		webhooks = append(webhooks, config.NewSecret(url))
	}
	return config.ChannelsOf(notify.KindOf(kind), webhooks, nil)
}

func newCloud(o simulator.Options) *cloud { return &cloud{sim: simulator.New(o)} }

// run gives the checks by name, and fails on any that shows a secret.
func run(t *testing.T, o diagnosis.Options) map[string]diagnosis.Check {
	t.Helper()
	keys, _ := o.Credentials()
	checks := map[string]diagnosis.Check{}
	for _, check := range diagnosis.Run(t.Context(), o) {
		checks[check.Name] = check
		for _, secret := range []string{keys.SecretID.Reveal(), keys.SecretKey.Reveal(), keys.Token.Reveal(), "secret-path"} {
			if secret != "" && strings.Contains(check.Text+check.Fix, secret) {
				t.Errorf("%+v shows a secret", check)
			}
		}
	}
	return checks
}

// want is what a check should say: its status, and parts of text and fix.
type want struct {
	status    diagnosis.Status
	text, fix string
}

func wantChecks(t *testing.T, checks map[string]diagnosis.Check, wanted map[string]want) {
	t.Helper()
	for name, w := range wanted {
		got, there := checks[name]
		if !there {
			t.Errorf("there is no check %s in %v", name, checks)
			continue
		}
		if got.Status != w.status || !strings.Contains(got.Text, w.text) || !strings.Contains(got.Fix, w.fix) {
			t.Errorf("%s: %+v, want %+v", name, got, w)
		}
	}
}

var errRefused = errors.New("refused")

// answering answers every request alike.
type answering http.HandlerFunc

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	a(w, r)
	return w.Result(), nil
}

// hanging gives no answer.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// x509Error is a certificate's problem as package tls gives it.
func x509Error(err error) error { return &tls.CertificateVerificationError{Err: err} }

// quiet keeps what a server thinks of broken handshakes to itself.
var quiet = log.New(io.Discard, "", 0)
