package download_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"licensewatch/internal/download"
	"licensewatch/license"
)

// zipOf is the beginning of a zip whose first entry has this name.
func zipOf(name string) string {
	return "PK\x03\x04" + strings.Repeat("\x00", 22) + string([]byte{byte(len(name)), 0, 0, 0}) + name
}

func TestKindOf(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]download.Kind{
		zipOf("[Content_Types].xml"): download.XLSX, zipOf("_rels/.rels"): download.XLSX, zipOf("xl/workbook.xml"): download.XLSX,
		zipOf("a.csv"): download.Zip, zipOf("axl/"): download.Zip, "PK\x03\x04": download.Zip, "PK\x03\x04" + strings.Repeat("\xff", 30): download.Zip,
		"PK\x05\x06": download.Zip, "PK, and text": download.CSV, "\x1f\x8b\x08": download.Gzip,
		"a,b\n": download.CSV, "a\tb": download.CSV, "\ufeffa,b": download.CSV, "a\nb,c": download.Text, "\xca\xda\xc8\xa8,\xca\xfd": download.CSV,
		"a": download.Text, "\xff\xfea\x00,\x00": download.Text, "": download.Text, `{"a":1}`: download.Text,
		"a\x00b": download.Unknown, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": download.Unknown, "%PDF\x01": download.Unknown,
		"<html>": "page", " \r\n<?xml": "page", "\ufeff<!doctype html>": "page",
		"\xff\xfe<\x00h\x00": "page", "\xfe\xff\x00\r\x00\n\x00<\x00!": "page", "<\x00h\x00": "page", "\x00<\x00h": "page",
		"\xff\xfe\x3c\x4e": download.Text, "\xfe\xff\x4e\x3c": download.Text, "\xff\xfe": download.Text, "\xff\xfe \x00": download.Text, // 丼
	} {
		if got := download.KindOf([]byte(head)); got != want {
			t.Errorf("%q is %s, want %s", head, got, want)
		}
	}
}

// FuzzKindOf: whatever comes has a kind that is the end of a name.
func FuzzKindOf(f *testing.F) {
	f.Add([]byte(zipOf("xl/")))
	f.Add([]byte("PK\x03\x04" + strings.Repeat("\xff", 25)))
	f.Add([]byte("\ufeff<"))
	f.Fuzz(func(t *testing.T, head []byte) {
		switch kind := download.KindOf(head); kind {
		case download.XLSX, download.CSV, download.Text, download.Zip, download.Gzip, download.Unknown, "page":
		default:
			t.Errorf("%q is %q", head, kind)
		}
	})
}

// TestFetchWithoutRoom: a disk that takes nothing is told apart from a connection that
// breaks, and is not tried again; nothing is left of what broke.
func TestFetchWithoutRoom(t *testing.T) {
	t.Parallel()
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "a,b")
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	link := license.NewSignedURL(server.URL + "/a?secret")
	for at, want := range map[string]license.FileProblem{filepath.Join(dir, "none"): license.FileDisk, dir: license.FileCut} {
		_, failure := download.Fetch(t.Context(), link, download.Options{Transport: http.DefaultTransport, Dir: at})
		if failure == nil || failure.Problem != want || strings.Contains(failure.Error(), "secret") {
			t.Errorf("%s: %v, want %s", at, failure, want)
		}
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 || asked != 2 {
		t.Errorf("%v is left, asked %d times", left, asked)
	}
}

// TestFetchOfNothing: what is no file of anything is none, whatever its length.
func TestFetchOfNothing(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]license.FileProblem{
		"": license.FileEmpty, " \r\n\t": license.FileEmpty, strings.Repeat(" ", 100_000): license.FileEmpty,
		"\ufeff": license.FileEmpty, "\xff\xfe \x00\n\x00": license.FileEmpty, "\xfe\xff\x00 \x00\n": license.FileEmpty, strings.Repeat("\x00", 9): license.FileEmpty,
		"\xff\xfe<\x00h\x00t\x00": license.FilePage, " \n<html>": license.FilePage,
		zipOf("xl/"): license.FileCut, zipOf("a") + strings.Repeat("x", 300_000): license.FileCut, "PK\x05\x06" + strings.Repeat("\x00", 18): "",
		zipOf("xl/") + strings.Repeat("x", 300_000) + "PK\x05\x06" + strings.Repeat("\x00", 18): "", zipOf("a") + "PK\x05\x06" + strings.Repeat("c", 18+1<<16-1): "",
		zipOf("a") + "PK\x05\x06" + strings.Repeat("x", 300_000): license.FileCut,
		strings.Repeat(" ", 100_000) + "a":                       "", "\xff\xfea\x00": "",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Content-Length", strconv.Itoa(len(content)))
			_, _ = io.WriteString(w, content)
		}))
		_, failure := download.Fetch(t.Context(), license.NewSignedURL(server.URL), download.Options{Transport: http.DefaultTransport, Dir: t.TempDir()})
		server.Close()
		if got := ifFailed(failure); got != want {
			t.Errorf("%.20q: %q, want %q", content, got, want)
		}
	}
}

// TestFetchOfMore: what comes after the announced length is no part of the file. The
// connection must not be kept: the standard library would write the rest into the log.
func TestFetchOfMore(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !r.Close {
			t.Error("the connection is to be kept")
		}
		connection, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = io.WriteString(connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na,b,secret")
			_ = connection.Close()
		}
	}))
	t.Cleanup(server.Close)
	file, failure := download.Fetch(t.Context(), license.NewSignedURL(server.URL), download.Options{Transport: http.DefaultTransport, Dir: t.TempDir()})
	if failure != nil || file.Size != 3 {
		t.Errorf("%v: %+v", failure, file)
	}
}

// ifFailed is the problem, if there is one.
func ifFailed(failure *license.FileFailure) license.FileProblem {
	if failure == nil {
		return ""
	}
	return failure.Problem
}

// TestFailuresAreTold: each is said in words of its own, and all but those that last may be
// tried again later.
func TestFailuresAreTold(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	lasting := 0
	for _, problem := range []license.FileProblem{
		license.FileHost, license.FileRedirect, license.FileStatus, license.FilePage, license.FileEmpty, license.FileCut,
		license.FileTooLarge, license.FileTimeout, license.FileUnreachable, license.FileDisk, license.FileNoLink, "another",
	} {
		failure := license.FileFailure{Problem: problem}
		if said[failure.Error()] {
			t.Errorf("%s is told as another one: %s", problem, failure.Error())
		}
		said[failure.Error()] = true
		if !failure.MayPass() {
			lasting++
		}
	}
	if lasting != 4 {
		t.Errorf("%d problems last, want 4", lasting)
	}
}
