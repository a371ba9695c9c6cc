package state_test

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

// TestLink reads an object by its link, as somebody's browser does.
func TestLink(t *testing.T) {
	t.Parallel()
	clock := now
	_, rawURL := newBucket(t, func(o *cos.Options) {
		o.WriteOnce, o.Now = true, func() time.Time { return clock }
	})
	a := openArchive(t, rawURL, options())
	const name = "self/2026/11/22/010700Z-4f13b5/report/licensewatch-report.html"
	if err := createIn(t, a, name, content); err != nil {
		t.Fatal(err)
	}
	link, isBrief := a.Link(name, now.Add(7*24*time.Hour))
	if !isBrief {
		t.Error("the keys are temporary, and the link is said to last")
	}
	tests := map[string]struct {
		link string
		at   time.Time
		want int
	}{
		"at once":         {link, now, http.StatusOK},
		"after six days":  {link, now.AddDate(0, 0, 6), http.StatusOK},
		"after a week":    {link, now.AddDate(0, 0, 7).Add(time.Second), http.StatusForbidden},
		"another object":  {strings.Replace(link, "report.html", "report.htm", 1), now, http.StatusForbidden},
		"another content": {strings.Replace(link, "text%2Fhtml", "text%2Fplain", 1), now, http.StatusForbidden},
		"without a token": {withoutParameter(t, link, "x-cos-security-token"), now, http.StatusForbidden},
	}
	for what, test := range tests {
		clock = test.at
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.link, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if response.StatusCode != test.want || test.want == http.StatusOK && string(body) != content {
			t.Errorf("%s: %d, want %d: %.200s", what, response.StatusCode, test.want, body)
		}
	}
}

func withoutParameter(t *testing.T, link, name string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Del(name)
	u.RawQuery = query.Encode()
	return u.String()
}

// TestNoLink: nobody reads a directory by a link, and keys that cannot be had sign none.
func TestNoLink(t *testing.T) {
	t.Parallel()
	if link, _ := openArchive(t, "file://"+filepath.Join(t.TempDir(), "archive"), state.Options{}).Link("x", now); link != "" {
		t.Errorf("a directory has the link %s", link)
	}
}
