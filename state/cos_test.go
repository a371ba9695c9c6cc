package state_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator/cos"
)

// answerWith answers with a status and COS's error of a code.
func answerWith(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>%s</Code>\n\t<Message>for people</Message>\n</Error>", code)
	}
}

// once answers the first request with h and the others as usual.
func once(h http.HandlerFunc) http.HandlerFunc {
	var answered atomic.Bool
	return func(w http.ResponseWriter, r *http.Request) {
		if answered.CompareAndSwap(false, true) {
			h(w, r)
			return
		}
		cos.Usual(w, r)
	}
}

// abort closes the connection without an answer.
func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// doneThen does the work, and then answers something else.
func doneThen(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cos.Usual(httptest.NewRecorder(), r)
		h(w, r)
	}
}

func TestCOSOnTheWire(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	s := open(t, rawURL, options())
	mustPut(t, s, "state.json", "x")
	mustHold(t, s, "state.json", "x")
	if err := s.Create(t.Context(), "claims/a", nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Delete(t.Context(), "claims/a"); err != nil {
		t.Fatal(err)
	}
	want := []cos.Request{
		{Method: "PUT", Key: "prod/lw/state.json", Size: 1, Status: 200},
		{Method: "GET", Key: "prod/lw/state.json", Status: 200},
		{Method: "PUT", Key: "prod/lw/claims/a", ForbidOverwrite: true, Status: 200},
		{Method: "DELETE", Key: "prod/lw/claims/a", Status: 204},
	}
	if diff := cmp.Diff(want, bucket.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// roundTripper is a function that carries requests.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestCOSAddress(t *testing.T) {
	t.Parallel()
	for rawURL, want := range map[string]string{
		"cos://licensewatch-1250000000/prod/lw/?region=ap-guangzhou":                       "https://licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com/prod/lw/state.json",
		"cos://licensewatch-1250000000?region=ap-beijing":                                  "https://licensewatch-1250000000.cos.ap-beijing.myqcloud.com/state.json",
		"cos://licensewatch-1250000000/a?region=ap-beijing&endpoint=http://localhost:9/b/": "http://localhost:9/b/a/state.json",
	} {
		var got, host string
		o := options()
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			got, host = r.URL.String(), r.Host
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})
		mustPut(t, open(t, rawURL, o), "state.json", "")
		if got != want || !strings.Contains(want, "//"+host+"/") {
			t.Errorf("%s asks %s (host %s), want %s", rawURL, got, host, want)
		}
	}
}

func TestCOSWithPermanentKeys(t *testing.T) {
	t.Parallel()
	_, rawURL := newBucket(t, func(o *cos.Options) { o.Token = "" })
	o := options()
	o.Credentials = func() (string, string, string, error) { return secretID, secretKey, "", nil }
	mustPut(t, open(t, rawURL, o), "a", "x")
}

// TestCOSRefusals: what COS says no to, and what is said about it.
func TestCOSRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer    http.HandlerFunc
		code      string
		says      string
		denied    bool
		retryable bool // and so asked twice
	}{
		"denied":           {answer: answerWith(403, "AccessDenied"), code: "AccessDenied", says: "allow cos:PutObject on licensewatch-1250000000/prod/lw/*", denied: true},
		"unknown id":       {answer: answerWith(403, "InvalidAccessKeyId"), code: "InvalidAccessKeyId", says: "check the keys", denied: true},
		"wrong key":        {answer: answerWith(403, "SignatureDoesNotMatch"), code: "SignatureDoesNotMatch", says: "check the keys", denied: true},
		"token ran out":    {answer: answerWith(400, "ExpiredToken"), code: "ExpiredToken", says: "must be renewed", denied: true, retryable: true},
		"no bucket":        {answer: answerWith(404, "NoSuchBucket"), code: "NoSuchBucket", says: "is bucket licensewatch-1250000000 in region ap-guangzhou? Check LICENSEWATCH_STATE_URL"},
		"no key for a PUT": {answer: answerWith(404, "NoSuchKey"), code: "NoSuchKey"},
		"slow down":        {answer: answerWith(503, "SlowDown"), code: "SlowDown", retryable: true},
		"too many":         {answer: answerWith(429, "TooManyRequests"), code: "TooManyRequests", retryable: true},
		"a proxy's 408":    {answer: answerWith(408, ""), code: "HTTPStatus.408", retryable: true},
		"too early":        {answer: answerWith(425, ""), code: "HTTPStatus.425", retryable: true},
		"slow client":      {answer: answerWith(400, "RequestTimeout"), code: "RequestTimeout", retryable: true},
		"bad digest":       {answer: answerWith(400, "BadDigest"), code: "BadDigest"},
		"an odd code":      {answer: answerWith(400, "<b>&amp; "+secretKey), code: "HTTPStatus.400"},
		"a page, no XML": {answer: func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<html>gateway "+token, http.StatusBadGateway)
		}, code: "HTTPStatus.502", retryable: true},
		"another 409": {answer: answerWith(409, "PathConflict"), code: "PathConflict"},
		"moved": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example.com/?"+token)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, code: "Redirect", says: "to host elsewhere.example.com, and no redirect is followed"},
		"moved, to nowhere": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://"+secretKey+"%zz")
			w.WriteHeader(http.StatusMovedPermanently)
		}, code: "Redirect", says: "to an address that is none"},
		"moved, same host": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/"+token)
			w.WriteHeader(http.StatusFound)
		}, code: "Redirect", says: "to another path of the same host"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, rawURL := newBucket(t, nil)
			bucket.Override(http.MethodPut, test.answer)
			f := failsWith(t, open(t, rawURL, options()).Put(t.Context(), "a", nil), test.code, "cos store: Put a: "+test.code+" (request MDAw", test.says)
			if f.Denied != test.denied || f.Retryable != test.retryable || f.HTTPStatus < 300 || f.RequestID == "" {
				t.Errorf("got %+v", f)
			}
			tries := 1
			if test.retryable {
				tries = 2
			}
			if got := len(bucket.Requests()); got != tries {
				t.Errorf("%d requests, want %d", got, tries)
			}
			mustBeSilent(t, f.Error())
		})
	}
}

func TestCOSNotFound(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	s := open(t, rawURL, options())
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		bucket.Override(method, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	}
	mustBeAbsent(t, s, "a") // also without a body
	if err := s.Delete(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	bucket.Override(http.MethodGet, answerWith(404, "NoSuchBucket"))
	_, err := s.Get(t.Context(), "a")
	mustFail(t, err, "NoSuchBucket", "is bucket licensewatch-1250000000 in region ap-guangzhou?")
}

func TestCOSClock(t *testing.T) {
	t.Parallel()
	for says, wrong := range map[string]time.Duration{"clock is 3600 s ahead: set it": time.Hour, "clock is 7200 s behind: set it": -2 * time.Hour} {
		_, rawURL := newBucket(t, nil)
		o := options()
		o.Now = func() time.Time { return now.Add(wrong) }
		_, err := open(t, rawURL, o).Get(t.Context(), "a")
		if f := failure(t, err); !f.Denied || !strings.Contains(f.Error(), says) {
			t.Errorf("%v: got %v", wrong, f)
		}
	}
	// A little ahead is no trouble.
	_, rawURL := newBucket(t, nil)
	o := options()
	o.Now = func() time.Time { return now.Add(30 * time.Second) }
	mustPut(t, open(t, rawURL, o), "a", "x")
}

func TestCOSKeys(t *testing.T) {
	t.Parallel()
	bucket, rawURL := newBucket(t, nil)
	keys := []string{"old", "new"}
	bucket.SetKeys("new", "new", "new")
	bucket.Override(http.MethodGet, once(answerWith(400, "ExpiredToken")))
	asked := 0
	o := options()
	o.Credentials = func() (string, string, string, error) {
		key := keys[min(asked, 1)]
		asked++
		return key, key, key, nil
	}
	s := open(t, rawURL, o)
	_, err := s.Get(t.Context(), "a")
	mustFail(t, err, "InvalidAccessKeyId")
	mustBeAbsent(t, s, "a") // the keys were renewed meanwhile, and once more in between
	if asked != 3 {
		t.Errorf("the keys were read %d times, want 3", asked)
	}

	none := errors.New("the function has no execution role")
	o.Credentials = func() (string, string, string, error) { return "", "", "", none }
	_, err = open(t, rawURL, o).Get(t.Context(), "a")
	if f := failsWith(t, err, "NoCredentials", none.Error()); !errors.Is(f, none) || !f.Denied {
		t.Errorf("got %+v", f)
	}
	o.Credentials = func() (string, string, string, error) { return secretID, secretKey + "\n", token, nil }
	_, err = open(t, rawURL, o).Get(t.Context(), "a")
	mustBeSilent(t, failsWith(t, err, "NoCredentials", "copy them again").Error())
}
