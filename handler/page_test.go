package handler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/tencent"
)

// pages are the files of a record that people read.
const pageName, calendarName = "report/licensewatch-report.html", "report/licensewatch.ics"

// pageRecord is the record, without the account, that holds the page of a run.
func pageRecord(t *testing.T, s handler.Summary) string {
	t.Helper()
	if s.Report == nil || s.Report.Record == "" {
		t.Fatalf("no page is sealed: %+v", s.Report)
	}
	return strings.TrimPrefix(s.Report.Record, "self/")
}

// TestPage makes a page of the records of days, seals it, sends it to who takes files, and says
// to the others where it is; a rerun says nothing.
func TestPage(t *testing.T) {
	temp := inTemp(t)
	w := newArchiving(t, "near-expiry")
	for range 3 {
		_, _ = w.tick("digest")
		w.clock = w.clock.Add(23 * time.Hour)
	}
	ticked := w.clock
	s := w.wantTick("report", handler.OutcomeSent, 4, 5) // with the file
	w.verify(5)
	record := pageRecord(t, s)
	page := w.file(record, pageName)
	w.wantContains("the page", page, "<!doctype html>", "cwp-aaaa", "2026/11/22/010700Z-", "run "+s.RunID)
	w.wantContains("the calendar", w.file(record, calendarName), "BEGIN:VEVENT", "BEGIN:VALARM")
	uploads := w.Uploads()
	if n := len(uploads); n != 1 || uploads[0].SHA256 != sumOf(page) || uploads[0].Name != "licensewatch-report.html" {
		t.Errorf("WeCom was sent %+v, sealed were %d bytes", uploads, len(page))
	}
	if s.Report.Records != 3 || s.Report.Broken != 0 || s.Report.LeftOut != "" || len(s.Report.Files) != 2 {
		t.Errorf("the Summary says %+v", s.Report)
	}
	w.wantContains("Slack", w.posted("slack")[3], "License report: ", "3 records", "Sealed with a calendar of the ends in", s.Report.Record,
		"licensewatch archive get "+s.Report.Record+" "+pageName)
	w.wantContains("WeCom", w.posted("wecom")[3], "The page follows (", "licensewatch-report.html")
	messages := w.sealed(s.Archive.Record, "messages.json").Messages
	if len(messages) != 3 || messages[0].Kind != "report" || messages[2].Kind != "file" {
		t.Errorf("messages.json has %+v", messages)
	}
	w.wantContains("the reading", w.file(s.Archive.Record, "reading.json"), "cwp-aaaa")
	w.checkEmpty(temp)

	w.clock = ticked // the platform runs the event again
	again := w.wantTick("report", handler.OutcomeQuiet, 4, 5)
	if again.Report != nil || len(w.Uploads()) != 1 {
		t.Errorf("a rerun made a page: %+v", again.Report)
	}
	w.verify(5)
	if quiet, err := w.tick("alert"); err != nil || len(w.Uploads()) != 1 || quiet.Report != nil {
		t.Errorf("%v, %+v", err, quiet)
	}
}

// TestPageWithoutArchive is of the live account and of what the memory has; nothing says that it
// is kept.
func TestPageWithoutArchive(t *testing.T) {
	for name, state := range map[string]string{"with memory": "", "without": "no"} {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			if state != "" {
				w.set("LICENSEWATCH_STATE_URL", "")
			}
			s := w.wantTick("report", handler.OutcomeSent, 1, 2)
			if s.Report.Record != "" || len(w.Uploads()) != 1 {
				t.Errorf("%+v, %d uploads", s.Report, len(w.Uploads()))
			}
			w.wantContains("Slack", w.posted("slack")[0], "without history", "Not kept: there is no archive")
			w.wantContains("WeCom", w.posted("wecom")[0], "The page follows")
		})
	}
}

// TestPageOfFaults: what goes wrong with the archive, the chats and the time costs what it must,
// and is said.
func TestPageOfFaults(t *testing.T) {
	refusal := simulator.Answer(`{"errcode":45001,"errmsg":"media size out of limit"}`)
	for name, test := range map[string]struct {
		spoil  func(t *testing.T, w *archiving, first handler.Summary)
		says   string // WeCom
		lacks  string
		wecom  int // messages after the first digest
		upload int
		broken int
	}{
		"no fault": {nil, "The page follows", "not verify", 2, 1, 0},
		"a lost archive": {func(t *testing.T, w *archiving, _ handler.Summary) { must(t, os.RemoveAll(w.archive)) },
			"1 record does not verify", "", 2, 1, 1},
		"a changed file": {func(t *testing.T, w *archiving, first handler.Summary) {
			path := filepath.Join(w.archive, "self", first.Archive.Record, "reading.json")
			must(t, os.WriteFile(path, []byte(strings.ReplaceAll(w.file(first.Archive.Record, "reading.json"), "cwp-aaaa", "cwp-zzzz")), 0o600))
		}, "1 record does not verify", "cwp-zzzz", 2, 1, 1},
		"a changed manifest": {func(t *testing.T, w *archiving, first handler.Summary) {
			path := filepath.Join(w.archive, "self", first.Archive.Record, "manifest.json")
			must(t, os.WriteFile(path, []byte(strings.Replace(w.file(first.Archive.Record, "manifest.json"), "devel", "d3vel", 1)), 0o600))
		}, "1 record does not verify", "", 2, 1, 1},
		"the file is refused": {func(_ *testing.T, w *archiving, _ handler.Summary) { w.OverrideUpload(refusal) },
			"This chat did not take the file (45001)", "", 2, 1, 0},
		"the archive is no directory": {func(t *testing.T, w *archiving, _ handler.Summary) {
			must(t, os.RemoveAll(w.archive))
			must(t, os.WriteFile(w.archive, nil, 0o600))
		}, "The archive could not be read: `NoDirectory`", "Sealed", 2, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "near-expiry")
			first := w.wantTick("digest", handler.OutcomeSent, 1, 1)
			w.clock = w.clock.Add(23 * time.Hour)
			if test.spoil != nil {
				test.spoil(t, w, first)
			}
			s, err := w.tick("report")
			if err != nil || s.Report == nil {
				t.Fatalf("%v, %+v", err, s)
			}
			said := strings.Join(w.posted("wecom")[1:], "\n")
			if !strings.Contains(said, test.says) || test.lacks != "" && strings.Contains(said, test.lacks) {
				t.Errorf("WeCom was told, want %q and not %q:\n%s", test.says, test.lacks, said)
			}
			if got := len(w.posted("wecom")) - 1; got != test.wecom || len(w.Uploads()) < test.upload || s.Report.Broken != test.broken {
				t.Errorf("%d messages, %d uploads, %+v; want %d, %d, %d broken", got, len(w.Uploads()), s.Report, test.wecom, test.upload, test.broken)
			}
		})
	}
}

// TestPageIsOwed: a chat that was down gets the message and the file once it is back, from the
// archive.
func TestPageIsOwed(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	_, _ = w.tick("digest")
	w.OverrideChat("wecom", status(503, `{"errcode":-1,"errmsg":"system error"}`))
	w.OverrideChat("slack", status(429, ""))
	s, err := w.tick("report")
	if err == nil || s.Report == nil || len(w.Uploads()) != 0 {
		t.Fatalf("%v, %+v, %d uploads", err, s, len(w.Uploads()))
	}
	w.OverrideChat("wecom", nil)
	w.OverrideChat("slack", nil)
	before := len(w.posted("wecom"))
	s2, err := w.tick("alert")
	if err != nil || len(w.Uploads()) != 1 || w.Uploads()[0].SHA256 != sumOf(w.file(pageRecord(t, s), pageName)) {
		t.Fatalf("%v, %+v, %+v", err, s2, w.Uploads())
	}
	if got := w.posted("wecom")[before:]; len(got) < 2 || !strings.Contains(strings.Join(got, ""), "License report") {
		t.Errorf("WeCom was told %q", got)
	}
	if _, err := w.tick("alert"); err != nil || len(w.Uploads()) != 1 {
		t.Errorf("%v, %d uploads", err, len(w.Uploads()))
	}
}

// TestPageInDoubt: a message that may have arrived is not repeated by the report's event.
func TestPageInDoubt(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.OverrideChat("slack", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	ticked := w.clock
	_, _ = w.tick("report")
	w.clock = ticked
	_, _ = w.tick("report")
	if n := len(w.posted("slack")); n != 1 {
		t.Errorf("Slack was sent it %d times", n)
	}
}

// TestPageOfTheFirstMonth: with an empty archive there is a page of today.
func TestPageOfTheFirstMonth(t *testing.T) {
	w := newArchiving(t, "healthy")
	s := w.wantTick("report", handler.OutcomeSent, 1, 2)
	if s.Report.Records != 0 || s.Report.LeftOut != "" || s.Report.Broken != 0 {
		t.Errorf("%+v", s.Report)
	}
	w.verify(2)
	w.wantContains("Slack", w.posted("slack")[0], "0 records", "Sealed with a calendar")
}

// bucketed is a world with a memory, and an archive in a bucket.
type bucketed struct {
	*remembering
	bucket    *cos.Bucket
	transport roundTripper
	hangs     string // a part of the paths of objects that are not given
}

const evidenceHost = "evidence-1250000000.cos.ap-guangzhou.myqcloud.com"

func newBucketed(t *testing.T, settings ...string) *bucketed {
	t.Helper()
	w := &bucketed{remembering: newRemembering(t, "near-expiry", append([]string{"LICENSEWATCH_EXPORT_HISTORY", "off",
		"LICENSEWATCH_ARCHIVE_URL", "cos://evidence-1250000000/lw?region=ap-guangzhou"}, settings...)...)}
	id, key, token := w.Credentials()
	w.bucket = cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token, WriteOnce: true, Now: time.Now})
	server := httptest.NewServer(w.bucket)
	t.Cleanup(server.Close)
	usual := tencent.NewTransport()
	t.Cleanup(usual.CloseIdleConnections)
	w.transport = func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == evidenceHost {
			if w.hangs != "" && strings.Contains(r.URL.String(), w.hangs) && r.Method == http.MethodGet {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			r = r.Clone(r.Context())
			r.Host, r.URL.Scheme, r.URL.Host = evidenceHost, "http", strings.TrimPrefix(server.URL, "http://")
		}
		return usual.RoundTrip(r)
	}
	return w
}

// invoke runs the handler for a timer's event at the clock's time, and lets a day pass.
func (w *bucketed) invoke(mode string, limit time.Duration) (handler.Summary, error) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), limit)
	defer cancel()
	at := w.clock
	event := fmt.Sprintf(`{"Type":"Timer","TriggerName":%q,"Time":%q,"Message":%q}`, mode, at.UTC().Format(time.RFC3339), mode)
	s, err := w.runIn(ctx, event, func(o *handler.Options) {
		o.Transport, o.Now = w.transport, func() time.Time { return at }
	})
	w.clock = w.clock.Add(24 * time.Hour)
	return s, err
}

// TestPageLink: chats that take no file get a link that leads to the sealed page, which is
// nowhere else: not in the log, the store, the archive or the Summary.
func TestPageLink(t *testing.T) {
	w := newBucketed(t)
	w.clock = time.Now() // signatures hold by the real clock
	s, err := w.invoke("report", time.Minute)
	if err != nil || s.Report == nil || s.Report.Record == "" {
		t.Fatalf("%v, %+v", err, s)
	}
	said := w.posted("slack")[0]
	w.wantContains("Slack", said, "(the link ends with the function's temporary keys, within hours)")
	link := strings.ReplaceAll((&archiving{w.remembering, ""}).link("slack", said), "&amp;", "&")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link, nil)
	must(t, err)
	response, err := w.transport(request)
	must(t, err)
	page, err := io.ReadAll(response.Body)
	must(t, err)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(string(page), "<!doctype html>") || len(page) != int(s.Report.Files[0].Bytes) {
		t.Errorf("the link gives %d: %.300s", response.StatusCode, page)
	}
	var kept strings.Builder
	kept.WriteString(w.log.String() + asJSON(t, s))
	must(t, filepath.WalkDir(w.dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			data, _ := os.ReadFile(path)
			kept.Write(data)
		}
		return err
	}))
	for _, data := range w.bucket.Objects() {
		kept.Write(data)
	}
	all := kept.String()
	_, _, token := w.Credentials()
	signature := link[strings.Index(link, "q-signature=")+len("q-signature="):][:40]
	if strings.Contains(all, signature) || strings.Contains(all, token) {
		t.Error("the link is kept somewhere")
	}
	if !strings.Contains(all, "link-withheld.invalid") {
		t.Error("the record has nothing in the link's place")
	}
}

// TestPageWithoutLink: switched off, it says where the page is sealed.
func TestPageWithoutLink(t *testing.T) {
	w := newBucketed(t, "LICENSEWATCH_REPORT_LINK", "off")
	w.clock = time.Now()
	s, err := w.invoke("report", time.Minute)
	must(t, err)
	said := w.posted("slack")[0]
	w.wantContains("Slack", said, "licensewatch archive get "+s.Report.Record+" "+pageName)
	if strings.Contains(said, "q-sign") {
		t.Errorf("Slack got a link: %s", said)
	}
}

// TestPageInTime: of an archive that hangs as much is read as there is time for, the newest days
// first, and the page and the chats say what is left out.
func TestPageInTime(t *testing.T) {
	w := newBucketed(t)
	today := time.Now().Truncate(time.Second)
	w.clock = today.AddDate(0, 0, -3)
	for range 3 {
		if s, err := w.invoke("digest", time.Minute); err != nil || s.Archive.Status != handler.ArchiveSealed {
			t.Fatalf("%v, %+v", err, s)
		}
	}
	oldest := today.AddDate(0, 0, -3).UTC()
	w.hangs = oldest.Format("2006/01/02/")
	s, err := w.invoke("report", 5*time.Second)
	if err != nil || s.Report == nil {
		t.Fatalf("%v, %+v", err, s)
	}
	from := oldest.AddDate(0, 0, 1).Format(time.DateOnly)
	if s.Report.LeftOut != from || s.Report.Records != 2 || s.Report.Why != "" {
		t.Errorf("%+v, want nothing before %s", s.Report, from)
	}
	w.wantContains("Slack", w.posted("slack")[3], "were not read in time")
	for name, data := range w.bucket.Objects() {
		if strings.HasSuffix(name, pageName) {
			w.wantContains("the page", string(data), "days before "+from+" were not read in time")
		}
	}
	w.hangs = "lw" // or anything of it
	s, err = w.invoke("report", 5*time.Second)
	if err == nil && (s.Report == nil || s.Report.Why != "Timeout") {
		t.Errorf("%v, %+v", err, s.Report)
	}
	w.wantContains("Slack", w.posted("slack")[4], "The archive could not be read: `Timeout`")
}
