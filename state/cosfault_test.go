package state_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/state"
)

func TestCOSPassingFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]http.HandlerFunc{
		"5xx": answerWith(503, "ServiceUnavailable"), "cut": abort,
		"cut in the middle": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			abort(w, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, rawURL := newBucket(t, nil)
			s := open(t, rawURL, options())
			mustPut(t, s, "a", "whole")
			for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
				bucket.Override(method, once(fault))
			}
			mustHold(t, s, "a", "whole")
			if name != "cut in the middle" {
				mustPut(t, s, "b", "x")
				if err := s.Delete(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestCOSHugeAnswers(t *testing.T) {
	t.Parallel()
	endless := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			for chunk := make([]byte, 1<<16); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}
	}
	bucket, rawURL := newBucket(t, nil)
	s := open(t, rawURL, options())
	bucket.Override(http.MethodGet, endless(200))
	_, err := s.Get(t.Context(), "a")
	mustFail(t, err, "TooLarge", "4194304 bytes")
	bucket.Override(http.MethodGet, endless(403))
	_, err = s.Get(t.Context(), "a")
	mustFail(t, err, "HTTPStatus.403")
	bucket.Override(http.MethodPut, endless(200))
	mustPut(t, s, "a", "x")
	bucket.SetObject("prod/lw/b", make([]byte, state.MaxSize+1))
	bucket.Override(http.MethodGet, nil)
	_, err = s.Get(t.Context(), "b")
	mustFail(t, err, "TooLarge")
}

// TestCOSReadsNoMoreThanItMay counts what is taken of an endless object.
func TestCOSReadsNoMoreThanItMay(t *testing.T) {
	t.Parallel()
	for status, most := range map[int]int{http.StatusOK: state.MaxSize, http.StatusForbidden: 1 << 16} {
		var taken counter
		o := options()
		o.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, ContentLength: -1, Body: io.NopCloser(&taken)}, nil
		})
		if _, err := open(t, cosURL("http://127.0.0.1:1"), o).Get(t.Context(), "a"); err == nil {
			t.Errorf("%d: no error", status)
		}
		if int(taken) > most+1 {
			t.Errorf("%d: %d bytes were read, want %d at most", status, taken, most)
		}
	}
}

// counter is an endless reader that counts.
type counter int

func (c *counter) Read(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// TestCOSKeepsItsData: a transport may read a body after it has answered, and
// the caller may use its bytes again after the call.
func TestCOSKeepsItsData(t *testing.T) {
	t.Parallel()
	for op, write := range map[string]func(state.Store, []byte) error{
		"Put":    func(s state.Store, data []byte) error { return s.Put(t.Context(), "a", data) },
		"Create": func(s state.Store, data []byte) error { return s.Create(t.Context(), "a", data) },
	} {
		var late io.Reader
		o := options()
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			late = r.Body
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})
		data := []byte("kept")
		if err := write(open(t, cosURL("http://127.0.0.1:1"), o), data); err != nil {
			t.Fatal(err)
		}
		copy(data, "lost")
		if sent, err := io.ReadAll(late); err != nil || string(sent) != "kept" {
			t.Errorf("%s sends %q, %v", op, sent, err)
		}
	}
}

// TestCOSTimeout: five seconds a try, two tries, and never past the context.
func TestCOSTimeout(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		budget   time.Duration // 0: none
		min, max time.Duration
		tries    int
	}{
		"without a deadline": {min: 10 * time.Second, max: 10500 * time.Millisecond, tries: 2},
		"time for two":       {budget: 8 * time.Second, min: 8 * time.Second, max: 8 * time.Second, tries: 2},
		"time for one":       {budget: 2 * time.Second, min: 2 * time.Second, max: 2 * time.Second, tries: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := state.Options{Credentials: credentials}
				tries := 0
				o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					tries++
					<-r.Context().Done()
					return nil, fmt.Errorf("%s: %w", r.URL, r.Context().Err())
				})
				s := open(t, "cos://licensewatch-1250000000/lw?region=ap-guangzhou", o)
				ctx := t.Context()
				if test.budget > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.budget)
					defer cancel()
				}
				start := time.Now()
				err := s.Put(ctx, "a", nil)
				f := failsWith(t, err, "Timeout", "no answer in time")
				if !errors.Is(f, context.DeadlineExceeded) || !f.Ambiguous || !f.Retryable {
					t.Errorf("got %+v", f)
				}
				if took := time.Since(start); took < test.min || took > test.max || tries != test.tries {
					t.Errorf("took %v and %d tries, want %v to %v and %d", took, tries, test.min, test.max, test.tries)
				}
			})
		})
	}
}

// untilGone is a body that ends with the request's time.
type untilGone struct{ ctx context.Context }

func (u untilGone) Read([]byte) (int, error) {
	<-u.ctx.Done()
	return 0, u.ctx.Err()
}

func TestCOSSlowBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drips := roundTripper(func(r *http.Request) (*http.Response, error) {
			body := io.MultiReader(strings.NewReader("drip"), untilGone{r.Context()})
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), ContentLength: -1}, nil
		})
		s := open(t, "cos://licensewatch-1250000000/lw?region=ap-guangzhou", state.Options{Credentials: credentials, Transport: drips})
		start := time.Now()
		_, err := s.Get(t.Context(), "a")
		if f := failsWith(t, err, "Timeout"); f.Ambiguous {
			t.Errorf("reading is never ambiguous: %+v", f)
		}
		if took := time.Since(start); took < 10*time.Second || took > 10500*time.Millisecond {
			t.Errorf("took %v, want two tries of five seconds", took)
		}
	})
}

func TestCOSUnreachable(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = quiet()
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	tests := map[string]struct {
		rawURL    string
		code      string
		says      string
		retryable bool
	}{
		"nobody listens": {cosURL(closed.URL), "ConnectionFailed", "connection refused", true},
		"untrusted":      {cosURL(untrusted.URL), "TLS", "signed by an unknown authority", false},
		"no such host":   {cosURL("https://cos.invalid"), "ConnectionFailed", "the host name could not be looked up: check the bucket and the region in LICENSEWATCH_STATE_URL", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, test.rawURL, options())
			for _, err := range []error{s.Put(t.Context(), "a", nil), s.Create(t.Context(), "a", nil), s.Delete(t.Context(), "a")} {
				f := failsWith(t, err, test.code, test.says)
				if strings.Contains(f.Error(), "127.0.0.1") || strings.Contains(f.Error(), "invalid") {
					t.Errorf("the error repeats the address: %v", f)
				}
				if f.Ambiguous || f.Denied || f.Retryable != test.retryable || f.HTTPStatus != 0 {
					t.Errorf("got %+v", f)
				}
			}
		})
	}
}
