package handler_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// fileOf answers with a file, as COS does.
func fileOf(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write([]byte(content))
	}
}

func sumOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// inTemp has the run's temporary files in a directory of the test's, and gives it.
func inTemp(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return dir
}

// TestExportFile: what is kept of a file that came, and what is said where none did.
func TestExportFile(t *testing.T) {
	const link = "https://x-1250000000.cos.ap-guangzhou.myqcloud.com/a.csv?q-signature=" + canaryLink
	long := strings.Repeat("a,b\r\n", 1<<18)
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte("a,b\n"))
	}
	for name, test := range map[string]struct {
		file      http.HandlerFunc
		link      string // empty: the simulator's
		name, sum string // of the file that came
		why       string // else
		tries     int
	}{
		"the simulator's":   {nil, "", "license-detail.csv", "", "", 1},
		"a table":           {fileOf(long), "", "license-detail.csv", sumOf(long), "", 1},
		"a table in GBK":    {fileOf("\xca\xda\xc8\xa8,\xca\xfd\r\n"), "", "license-detail.csv", sumOf("\xca\xda\xc8\xa8,\xca\xfd\r\n"), "", 1},
		"a workbook":        {fileOf(zipped("[Content_Types].xml")), "", "license-detail.xlsx", sumOf(zipped("[Content_Types].xml")), "", 1},
		"a zip":             {fileOf(zipped("licenses.csv")), "", "license-detail.zip", sumOf(zipped("licenses.csv")), "", 1},
		"gzip":              {fileOf("\x1f\x8b\x08\x00"), "", "license-detail.gz", sumOf("\x1f\x8b\x08\x00"), "", 1},
		"text":              {fileOf("nothing"), "", "license-detail.txt", sumOf("nothing"), "", 1},
		"nobody knows what": {fileOf("\x00\x01,"), "", "license-detail.bin", sumOf("\x00\x01,"), "", 1},
		"the second try":    {simulator.Sequence(status(503, "busy"), fileOf("a,b")), "", "license-detail.csv", sumOf("a,b"), "", 2},
		"an HTML page":      {fileOf("\ufeff\r\n<!DOCTYPE html><html>404"), "", "", "", "an error page came in its place", 1},
		"a page by its type": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte("sorry"))
		}, "", "", "", "an error page came in its place", 1},
		"COS's own error": {fileOf("<?xml version='1.0'?><Error/>"), "", "", "", "an error page came in its place", 1},
		"nothing":         {fileOf(""), "", "", "", "it is empty", 1},
		"cut":             {cut, "", "", "", "it did not arrive whole", 3},
		"too large by its length": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "67108865")
			w.WriteHeader(http.StatusOK)
		}, "", "", "", "it is too large", 1},
		"too large in pieces": {pieces(65), "", "", "", "it is too large", 1},
		"without an end":      {endless, "", "", "", "it did not arrive whole", 3},
		"expired":             {status(403, "<Error/>"), "", "", "", "the answer was HTTP 403", 1},
		"down":                {status(502, "<html>"), "", "", "", "the answer was HTTP 502", 3},
		"a part":              {status(206, "a,b"), "", "", "", "the answer was HTTP 206", 1},
		"a redirect":          {redirect, "", "", "", "its link redirects to host", 1},
		"reset":               {simulator.Reset(), "", "", "", "there was no connection", -1}, // the transport tries again by itself
		"another host":        {nil, "https://myqcloud.com.example.com/a?q-signature=" + canaryLink, "", "", "its link leads to host myqcloud.com.example.com, from which nothing is fetched", 0},
		"this machine's keys": {nil, "http://169.254.0.23/latest/meta-data/?" + canaryLink, "", "", "its link leads to host 169.254.0.23, from which nothing is fetched", 0},
		"plain http":          {nil, strings.Replace(link, "https", "http", 1), "", "", "its link leads to host x-1250000000.cos.ap-guangzhou.myqcloud.com, from which nothing is fetched", 0},
		"a password":          {nil, strings.Replace(link, "//", "//u:p@", 1), "", "", "from which nothing is fetched", 0},
	} {
		t.Run(name, func(t *testing.T) {
			temp := inTemp(t)
			w := newLocalWorld(t, "near-expiry", "LICENSEWATCH_ARCHIVE_URL", "file://"+t.TempDir())
			w.OverrideExport(test.file)
			if test.link != "" {
				w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"FINISHED","DownloadUrl":"`+test.link+`","RequestId":"r"}}`))
			}
			summary, err := w.run(digestEvent)
			if err != nil || summary.Outcome != handler.OutcomeSent || summary.Export.Status != license.ExportFinished || len(summary.Export.Files) != 1 {
				t.Fatalf("%v, %+v", err, summary)
			}
			got := summary.Export.Files[0]
			if test.why == "" && (got.Name != test.name || got.Unfetched != "" || len(got.SHA256) != 64 || test.sum != "" && got.SHA256 != test.sum) {
				t.Errorf("%+v, want %s with %s", got, test.name, test.sum)
			}
			if test.why != "" && (got.Name != "license-detail" || !strings.HasPrefix(got.Unfetched, "the export could not be fetched: ") || !strings.Contains(got.Unfetched, test.why) || got.SHA256 != "") {
				t.Errorf("%+v, want %q", got, test.why)
			}
			for _, body := range append(w.posted("slack"), w.posted("wecom")...) {
				if told := strings.Contains(body, "The export could not be fetched: "); told != (test.why != "") {
					t.Errorf("the message tells of a failure: %t\n%s", told, body)
				}
			}
			if n := w.Downloads(); n != test.tries && test.tries >= 0 {
				t.Errorf("asked %d times, want %d", n, test.tries)
			}
			if found := leaks(w.log.String()+asJSON(t, summary), canaryLink, "simulated-link-signature"); found != nil {
				t.Errorf("the link is in the log or the Summary: %v", found)
			}
			w.checkEmpty(temp)
		})
	}
}

// checkEmpty checks that nothing was left in a directory.
func (w *world) checkEmpty(dir string) {
	w.t.Helper()
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); left != nil {
		w.t.Errorf("left behind: %v", left)
	}
}

// zipped is the beginning of a zip whose first entry has this name.
func zipped(name string) string {
	return "PK\x03\x04" + strings.Repeat("\x00", 22) + string([]byte{byte(len(name)), 0, 0, 0}) + name + "\x00\x00PK\x05\x06" + strings.Repeat("\x00", 18)
}

// pieces answers with so many MB of text without saying how long it is.
func pieces(megabytes int) http.HandlerFunc {
	piece := bytes.Repeat([]byte("a,b\r\n"), 1<<20/5)
	return func(w http.ResponseWriter, _ *http.Request) {
		for range megabytes + 1 {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}
}

// endless answers with a file of which nobody knows where it ends.
func endless(w http.ResponseWriter, _ *http.Request) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = fmt.Fprint(buffer, "HTTP/1.0 200 OK\r\nContent-Type: text/csv\r\n\r\na,b\n")
	_ = buffer.Flush()
	_ = conn.Close()
}

// newLocalWorld is newWorld with exported files on the simulator itself.
func newLocalWorld(t *testing.T, scenario string, settings ...string) *world {
	t.Helper()
	w := newWorldOf(t, simulator.Options{Scenario: scenario, LocalExport: true}, settings...)
	return w
}

// TestNoFileNoDownload: where nobody has a use for the file, nobody asks for it, and no
// directory is made.
func TestNoFileNoDownload(t *testing.T) {
	t.Setenv("TMPDIR", "/nonexistent")
	w := newLocalWorld(t, "near-expiry")
	summary, err := w.run(digestEvent)
	if err != nil || summary.Export.Files != nil || w.Downloads() != 0 {
		t.Errorf("%v, %d downloads, %+v", err, w.Downloads(), summary.Export)
	}
	none := newLocalWorld(t, "near-expiry", "LICENSEWATCH_EXPORT_SHARE", "file", "LICENSEWATCH_WECOM_WEBHOOK_URL", "") // Slack takes none
	if summary, err := none.run(digestEvent); err != nil || summary.Export.Files != nil || none.Downloads() != 0 {
		t.Errorf("files that nobody takes: %v, %d downloads, %+v", err, none.Downloads(), summary.Export)
	}
	calls := map[string]int{}
	for _, call := range w.Calls() {
		calls[call.Action]++
	}
	if calls["ExportLicenseDetail"] != 1 || calls["ExportTasks"] != 1 || len(w.Calls()) != 7 {
		t.Errorf("calls: %v", calls)
	}
}

// TestSlowExportFile: a file that drips in delays the digest as long as an export may be
// waited for, and no longer; then the digest says so, and an alert is not later either.
func TestSlowExportFile(t *testing.T) {
	for name, event := range map[string]string{"digest": digestEvent, "alert": alertEvent} {
		t.Run(name, func(t *testing.T) {
			temp := inTemp(t)
			w := newWorld(t, "near-expiry", "LICENSEWATCH_EXPORT_SHARE", "file", "LICENSEWATCH_EXPORT", "always")
			summary, err := w.runDirect(time.Minute, event, nil, func(o *handler.Options) { o.Transport = dripping{o.Transport} })
			if err != nil || summary.ElapsedMS > 40_000 || summary.ElapsedMS < 30_000 {
				t.Errorf("%v, after %d ms", err, summary.ElapsedMS)
			}
			if got := w.posted("wecom"); len(got) != 1 || !strings.Contains(got[0], "The export could not be fetched: it did not arrive in time") || links(got) != 1 {
				t.Errorf("WeCom was told\n%s", strings.Join(got, "\n"))
			}
			w.checkEmpty(temp)
		})
	}
}

// dripping gives a byte of an exported file every second.
type dripping struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (d dripping) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Host, "myqcloud.com") {
		return d.next.RoundTrip(r)
	}
	return &http.Response{StatusCode: http.StatusOK, ContentLength: 1000, Header: http.Header{}, Body: io.NopCloser(drip{r.Context()})}, nil
}

type drip struct{ ctx context.Context } //nolint:containedctx // a body ends with its request

// Read implements io.Reader.
func (d drip) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		return copy(p, "a"), nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}
