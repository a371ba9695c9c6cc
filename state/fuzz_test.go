package state_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"licensewatch/state"
)

// FuzzCOSAnswer: whatever an answer says, a call ends in what the interface
// promises, and its error is a short line of text.
func FuzzCOSAnswer(f *testing.F) {
	f.Add(200, "", "", "", "data")
	f.Add(404, "", "", "NWNhYw==", "<Error><Code>NoSuchKey</Code></Error>")
	f.Add(403, "", "Sun, 22 Nov 2026 03:07:00 GMT", "", "<Error><Code>AccessDenied</Code><RequestId>a</RequestId></Error>")
	f.Add(409, "", "", "", "<Error><Code>FileAlreadyExists</Code>")
	f.Add(302, "https://[::1]:1/%zz", "", "\x00", "</Code><Code>")
	f.Add(503, "//user:key@host/", "yesterday", strings.Repeat("x", 200), "<Code><Code></Code>")
	f.Fuzz(func(t *testing.T, status int, location, date, requestID, body string) {
		o := options()
		o.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: status,
				Header:     http.Header{"Location": {location}, "Date": {date}, "X-Cos-Request-Id": {requestID}},
				Body:       io.NopCloser(strings.NewReader(body)),
			}, nil
		})
		s := open(t, "cos://licensewatch-1250000000/lw?region=ap-guangzhou", o)
		_, err := s.Get(t.Context(), "a")
		for _, err := range []error{err, s.Create(t.Context(), "a", nil), s.Put(t.Context(), "a", nil), s.Delete(t.Context(), "a")} {
			if err == nil || errors.Is(err, state.ErrNotFound) || errors.Is(err, state.ErrExists) {
				continue
			}
			text := failure(t, err).Error()
			if len(text) > 700 || strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
				t.Errorf("the error is %q", text)
			}
		}
	})
}
