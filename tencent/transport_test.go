package tencent_test

import (
	"compress/gzip"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/tencent"
)

// counting counts what is read of the answers' bodies, as they come from the
// transport: decompressed.
type counting struct {
	http.RoundTripper
	read *atomic.Int64
}

func (c counting) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = countingBody{response.Body, c.read}
	}
	return response, err
}

type countingBody struct {
	io.ReadCloser
	read *atomic.Int64
}

func (b countingBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read.Add(int64(n))
	return n, err
}

// pour writes 50 MB of JSON and reports how much of it was taken.
func pour(w io.Writer) {
	_, _ = io.WriteString(w, `{"Response":{"SubState":"`)
	chunk := strings.Repeat("x", 1<<20)
	for range 50 {
		if _, err := io.WriteString(w, chunk); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"}}`)
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		code   string
	}{
		"chunked": {answer: func(w http.ResponseWriter, _ *http.Request) { pour(w) }, code: "AnswerTooLarge"},
		"compressed": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
				pour(z)
				_ = z.Close()
			},
			code: "AnswerTooLarge",
		},
		"beside an error status": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusForbidden)
				pour(w)
			},
			code: "HTTPStatus.403",
		},
		"beside a redirect": {
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(http.StatusFound)
				pour(w)
			},
			code: "Redirect",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			o, read := options(t, cloud.URL), new(atomic.Int64)
			o.Transport = counting{o.Transport, read}
			err := describe(t.Context(), tencent.New(o))
			if e, ok := errors.AsType[*tencent.APIError](err); !ok || e.Code != test.code {
				t.Errorf("error %v, want %s", err, test.code)
			}
			if n := read.Load(); n > 1<<20+1 {
				t.Errorf("%d bytes read", n)
			}
			if n := len(cloud.seen()); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

// An answer that is compressed or just fits is read.
func TestBodiesThatFit(t *testing.T) {
	t.Parallel()
	fits := `{"Response":{"State":3,"InquireKey":"` + strings.Repeat("x", 1<<20-60) + `"}}`
	compressed := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, fits)
		_ = z.Close()
	}
	for name, answer := range map[string]http.HandlerFunc{"plain": answerWith(fits), "compressed": compressed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, err := tencent.New(options(t, newCloud(t, answer).URL)).DescribePurchaseStateInfo(t.Context())
			if err != nil || state.State == nil || *state.State != 3 {
				t.Errorf("%+v, %v", state, err)
			}
		})
	}
}

// A redirect is refused: no second request goes out, to whatever host, with
// whatever method.
func TestRedirectsAreRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect} {
		for _, same := range []bool{true, false} {
			t.Run(http.StatusText(status), func(t *testing.T) {
				t.Parallel()
				var second atomic.Int32
				other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { second.Add(1) }))
				t.Cleanup(other.Close)
				target := other.URL
				if same {
					target = "/again"
				}
				cloud := newCloud(t, func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Location", target)
					w.WriteHeader(status)
				})
				err := describe(t.Context(), tencent.New(options(t, cloud.URL)))
				if e, ok := errors.AsType[*tencent.APIError](err); !ok || e.Kind != license.FailureRedirect {
					t.Errorf("error %v, want a redirect", err)
				}
				if n := len(cloud.seen()); n != 1 || second.Load() != 0 {
					t.Errorf("%d requests, and %d to the other host; want 1 and 0", n, second.Load())
				}
			})
		}
	}
}

func TestTLS(t *testing.T) { //nolint:tparallel // the cases share a count of requests
	t.Parallel()
	var requests atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		answerWith(`{"Response":{"State":3}}`)(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	plain := newCloud(t, answerWith(`{"Response":{}}`))
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())

	tests := map[string]struct {
		url    string
		adjust func(*http.Transport)
		text   string
	}{
		"trusted":           {url: server.URL, adjust: func(tr *http.Transport) { tr.TLSClientConfig.RootCAs = roots }},
		"unknown authority": {url: server.URL, text: "TLS: the certificate is signed by an unknown authority"},
		"another host": {
			url: server.URL, text: "TLS: the certificate is for another host",
			adjust: func(tr *http.Transport) {
				tr.TLSClientConfig.RootCAs, tr.TLSClientConfig.ServerName = roots, "other.example.net"
			},
		},
		"expired": {
			url: server.URL, text: "TLS: the certificate has expired or is not valid yet; is the clock right?",
			adjust: func(tr *http.Transport) {
				tr.TLSClientConfig.RootCAs = roots
				tr.TLSClientConfig.Time = func() time.Time { return time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC) }
			},
		},
		"no TLS there": {url: "https://" + host(plain.URL), text: "TLS: the handshake failed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o, slept := options(t, test.url), new(pauses)
			o.Sleep = slept.sleep
			if test.adjust != nil {
				test.adjust(o.Transport.(*http.Transport))
			}
			before := requests.Load()
			err := describe(t.Context(), tencent.New(o))
			if test.text == "" {
				if err != nil || requests.Load() != before+1 {
					t.Errorf("%v after %d requests", err, requests.Load()-before)
				}
				return
			}
			if err == nil || err.Error() != "tcss DescribePurchaseStateInfo: "+test.text {
				t.Errorf("error %v, want %s", err, test.text)
			}
			if len(slept.all()) != 0 || requests.Load() != before {
				t.Errorf("%d waits and %d requests, want none", len(slept.all()), requests.Load()-before)
			}
		})
	}
}

func TestEndpointThatIsNone(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"localhost:80", "ftp://host", "https://", "https://user:secret@host", "https://host/?key=secret", "://"} {
		o := options(t, "")
		o.Endpoint = endpoint
		err := describe(t.Context(), tencent.New(o))
		const want = "tcss DescribePurchaseStateInfo: Internal: LICENSEWATCH_API_ENDPOINT is no base URL: write it as https://host/path"
		if err == nil || err.Error() != want {
			t.Errorf("endpoint %q: error %v, want %s", endpoint, err, want)
		}
	}
}

// The shared transport speaks HTTP/1.1, resumes TLS sessions, and keeps as many
// connections as it may open, so that none is dialled again for want of room.
func TestNewTransport(t *testing.T) {
	t.Parallel()
	tr := tencent.NewTransport()
	switch {
	case tr.Protocols == nil || tr.Protocols.HTTP2():
		t.Error("HTTP/2 is on")
	case tr.TLSClientConfig.ClientSessionCache == nil:
		t.Error("no TLS session cache")
	case tr.MaxIdleConnsPerHost < tr.MaxConnsPerHost || tr.MaxConnsPerHost == 0:
		t.Errorf("%d idle connections of %d", tr.MaxIdleConnsPerHost, tr.MaxConnsPerHost)
	case tr.MaxIdleConns == 0 || tr.MaxIdleConns+tr.MaxConnsPerHost > 800:
		t.Errorf("%d connections and %d idle ones leave few of 1,024 descriptors", tr.MaxConnsPerHost, tr.MaxIdleConns)
	case tr.TLSHandshakeTimeout == 0 || tr.IdleConnTimeout == 0 || tr.DialContext == nil || tr.Proxy == nil:
		t.Error("a bound or the proxy is missing")
	}
}
