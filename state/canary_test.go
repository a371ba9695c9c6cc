package state_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"licensewatch/internal/simulator/cos"
)

// quiet is a server's log that nobody reads.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// content is what an object says; it concerns nobody else.
const content = "c0nTent0fAn0bjectThatIsNob0dys"

// leaks says which twelve characters of a secret a text holds, plain or in
// another spelling; empty when none.
func leaks(text string) string {
	for _, secret := range []string{secretID, secretKey, token, content} {
		for _, spelling := range []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			for i := range len(spelling) - 11 {
				if strings.Contains(text, spelling[i:i+12]) {
					return spelling[i : i+12]
				}
			}
		}
	}
	return ""
}

func mustBeSilent(t *testing.T, text string) {
	t.Helper()
	if piece := leaks(text); piece != "" {
		t.Errorf("%q holds %q", text, piece)
	}
}

// TestNothingLeaks makes everything go wrong that can, and reads all that is
// said about it. COS itself repeats the signed headers in some of its errors.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "https://x.example.com/?"+r.Header.Get("X-Cos-Security-Token"))
			w.Header().Set("x-cos-request-id", r.Header.Get("Authorization"))
			w.WriteHeader(status)
			_, _ = io.WriteString(w, "<Error><Code>"+r.Header.Get("Authorization")+"</Code><Message>"+secretKey+content+"</Message><RequestId>"+token+"&</RequestId></Error>")
		}
	}
	faults := map[string]func(*cos.Bucket){
		"nothing":    func(*cos.Bucket) {},
		"other key":  func(b *cos.Bucket) { b.SetKeys(secretID, "another", token) },
		"other id":   func(b *cos.Bucket) { b.SetKeys("another", secretKey, token) },
		"no answers": overrideAll(abort),
		"echo 302":   overrideAll(echo(302)), "echo 400": overrideAll(echo(400)), "echo 403": overrideAll(echo(403)),
		"echo 404": overrideAll(echo(404)), "echo 409": overrideAll(echo(409)), "echo 503": overrideAll(echo(503)),
	}
	for name, prepare := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket, rawURL := newBucket(t, nil)
			prepare(bucket)
			var said bytes.Buffer
			o := options()
			o.Logger = slog.New(slog.NewJSONHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
			s := open(t, rawURL, o)
			_, err := s.Get(t.Context(), "a")
			for _, err := range []error{err, s.Create(t.Context(), "a", []byte(content)), s.Put(t.Context(), "a", []byte(content)), s.Delete(t.Context(), "a")} {
				if err != nil {
					said.WriteString(err.Error())
				}
			}
			said.WriteString(s.String())
			mustBeSilent(t, said.String())
			if got := strings.Count(said.String(), `"msg":"state"`); got != 4 {
				t.Errorf("%d lines are logged, want one a call:\n%s", got, said.String())
			}
		})
	}
	if leaks("x"+secretKey[3:20]) == "" || leaks(url.QueryEscape(token)) == "" {
		t.Error("a leak would not be seen")
	}
}

func overrideAll(h http.HandlerFunc) func(*cos.Bucket) {
	return func(b *cos.Bucket) {
		for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
			b.Override(method, h)
		}
	}
}

// TestTransportErrorsAreNotKept: a transport's error may hold anything.
func TestTransportErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	o := options()
	o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Put", URL: r.URL.String() + "?" + token, Err: io.ErrClosedPipe}
	})
	err := open(t, cosURL("http://127.0.0.1:1"), o).Put(t.Context(), "a", []byte(content))
	f := failsWith(t, err, "ConnectionFailed", "nothing came back")
	mustBeSilent(t, f.Error())
	if strings.Contains(f.Error(), "127.0.0.1") || f.Unwrap() != nil || !f.Ambiguous {
		t.Errorf("got %+v", f)
	}
}
