package simulator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"licensewatch/internal/simulator"
)

func TestOverrideAnAction(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	call := newCall(s, "DescribeLicenseGeneral", "{}")
	s.Override("DescribeLicenseGeneral", simulator.APIError("InternalError", "busy"))
	if code := call.send(t, s).code(); code != "InternalError" {
		t.Errorf("refused with %q, want the override's InternalError", code)
	}
	if verdict := s.Calls()[0].Verdict; verdict != simulator.Accepted {
		t.Errorf("recorded as %q: an override must not change the verdict", verdict)
	}
	forged := call
	forged.key = "guess"
	if code := forged.send(t, s).code(); code != "AuthFailure.SignatureFailure" {
		t.Errorf("refused with %q: an override must not accept what is refused", code)
	}
	s.Override("DescribeLicenseGeneral", nil)
	if code := call.send(t, s).code(); code != "" {
		t.Errorf("refused with %q after the override was removed", code)
	}
}

func TestOverrideAnUnknownAction(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an override that can never take effect was accepted")
		}
	}()
	simulator.New(simulator.Options{}).Override("DescribeLicence", simulator.Hang())
}

func TestOverrideWithAnswer(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	s.Override("DescribeLicenseGeneral", simulator.Answer(`{"Response":null}`))
	r := do(t, newClient(t), newCall(s, "DescribeLicenseGeneral", "{}").request(t, s.CloudURL()))
	if r.status != http.StatusOK || r.body != `{"Response":null}` || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("got %+v", r)
	}
}

func TestOverrideWithStatus(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	s.Override("DescribeLicenseGeneral", simulator.Status(http.StatusBadGateway, "<html>Bad Gateway</html>"))
	r := do(t, newClient(t), newCall(s, "DescribeLicenseGeneral", "{}").request(t, s.CloudURL()))
	if r.status != http.StatusBadGateway || r.body != "<html>Bad Gateway</html>" {
		t.Errorf("got %+v", r)
	}
}

func TestSequence(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	s.Override("DescribeLicenseGeneral", simulator.Sequence(
		simulator.APIError("RequestLimitExceeded", ""), simulator.APIError("InternalError", ""), simulator.Usual()))
	call := newCall(s, "DescribeLicenseGeneral", "{}")
	for i, want := range []string{"RequestLimitExceeded", "InternalError", "", ""} {
		if code := call.send(t, s).code(); code != want {
			t.Errorf("call %d got %q, want %q", i+1, code, want)
		}
	}
}

// TestNoAnswer covers the ways to leave a client without one. The client of a
// hanging call gives up as soon as the call has arrived.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		h       http.HandlerFunc
		givesUp bool
		want    string
	}{
		"hang":  {simulator.Hang(), true, "context canceled"},
		"reset": {simulator.Reset(), false, "connection reset"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			for _, request := range []*http.Request{
				newCall(s, "DescribeLicenseGeneral", "{}").request(t, s.CloudURL()),
				newPost(t, s.WebhookURL("slack"), `{"text":"a"}`),
			} {
				ctx, cancel := context.WithCancel(t.Context())
				t.Cleanup(cancel)
				h := func(w http.ResponseWriter, r *http.Request) {
					if test.givesUp {
						cancel()
					}
					test.h(w, r)
				}
				s.Override("DescribeLicenseGeneral", h)
				s.OverrideChat("slack", h)
				response, err := newClient(t).Do(request.WithContext(ctx))
				if err == nil {
					_ = response.Body.Close()
				}
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("error %v, want one with %q", err, test.want)
				}
			}
			if p := s.Posts(); len(p) != 1 || p[0].Status != 0 || p[0].Answer != "" {
				t.Errorf("posts %+v, want one without an answer", p)
			}
		})
	}
}

// TestWithoutAConnection shows that the simulator also serves a transport that
// only hands requests over, and that Reset aborts there.
func TestWithoutAConnection(t *testing.T) {
	t.Parallel()
	s := simulator.New(simulator.Options{})
	request := func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, s.WebhookURL("slack"), strings.NewReader(`{"text":"a"}`))
		r.Header.Set("Content-Type", "application/json")
		return r
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, request())
	if w.Body.String() != "ok" {
		t.Errorf("answered %q", w.Body)
	}
	s.OverrideChat("slack", simulator.Reset())
	defer func() {
		if p := recover(); p != http.ErrAbortHandler { //nolint:errorlint // a panic's value is compared as it is
			t.Errorf("panic %v, want http.ErrAbortHandler", p)
		}
	}()
	s.ServeHTTP(httptest.NewRecorder(), request())
}
