package handler_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// sharing is a world with a memory in which files are shared.
func sharing(t *testing.T, scenario string, settings ...string) *remembering {
	t.Helper()
	return newRemembering(t, scenario, append([]string{"LICENSEWATCH_EXPORT_SHARE", "file", "LICENSEWATCH_EXPORT_HISTORY", "off"}, settings...)...)
}

// onlyFiles answers to messages that are files, and to all others as usual.
func onlyFiles(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if strings.Contains(string(body), `"msgtype":"file"`) {
			h(w, r)
			return
		}
		simulator.Usual()(w, r)
	}
}

func (w *world) files(channel string) (n int) {
	for _, body := range w.posted(channel) {
		if strings.Contains(body, `"msgtype":"file"`) {
			n++
		}
	}
	return n
}

// TestFileIsShared: WeCom gets the file behind the digest and no link, Slack the link.
func TestFileIsShared(t *testing.T) {
	const mb = 1 << 20
	largest := strings.Repeat("a,b,c,d\n", 20*mb/8)
	for name, test := range map[string]struct {
		file   string
		upload http.HandlerFunc
		files  int // in WeCom
		wecom  int // messages there
		says   string
		links  int // in WeCom
		tries  int // uploads
	}{
		"a small one":    {"a,b\n1,2\n", nil, 1, 2, "the file follows (`license-detail.csv`, 8 B)", 0, 1},
		"20 MB":          {largest, nil, 1, 2, "the file follows (`license-detail.csv`, 20 MB)", 0, 1},
		"one byte more":  {largest + "\n", nil, 0, 1, "Not sent as a file: it has 20.1 MB, and this chat takes 20 MB at most", 1, 0},
		"5 bytes":        {"a,b,c", nil, 0, 1, "Not sent as a file: it has 5 B, and this chat takes 6 B at least", 1, 0},
		"refused":        {"a,b\n1,2\n", simulator.Answer(`{"errcode":45001,"errmsg":"media size out of limit, hint: [1], from ip: 203.0.113.7"}`), 0, 2, "This chat did not take the file (45001)", 1, 1},
		"no id":          {"a,b\n1,2\n", simulator.Answer(`{"errcode":0,"errmsg":"ok","media_id":"a b"}`), 0, 2, "This chat did not take the file (", 1, 1},
		"the second try": {"a,b\n1,2\n", nil, 1, 2, "the file follows", 0, 3},
		"a redirect":     {"a,b\n1,2\n", redirect, 0, 2, "This chat did not take the file (", 1, 1},
	} {
		for _, remembers := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				temp := inTemp(t)
				w := sharing(t, "near-expiry")
				if !remembers {
					w.set("LICENSEWATCH_STATE_URL", "")
				}
				w.OverrideExport(fileOf(test.file))
				w.OverrideUpload(test.upload)
				if test.tries == 3 {
					w.OverrideUpload(simulator.Sequence(simulator.Reset(), status(502, ""), simulator.Usual()))
				}
				summary, err := w.runAt(digestEvent)
				if err != nil || summary.Outcome != handler.OutcomeSent {
					t.Fatalf("%v, %+v", err, summary)
				}
				said := strings.Join(w.posted("wecom"), "\n")
				if got := len(w.posted("wecom")); got != test.wecom || w.files("wecom") != test.files || !strings.Contains(said, test.says) || links(w.posted("wecom")) != test.links {
					t.Errorf("WeCom has %d messages, %d of them files, and %d links, want %d, %d, %d and %q:\n%s",
						got, w.files("wecom"), links(w.posted("wecom")), test.wecom, test.files, test.links, test.says, said)
				}
				if got := w.posted("slack"); len(got) != 1 || links(got) != 1 || strings.Contains(got[0], "file") {
					t.Errorf("Slack was told\n%s", strings.Join(got, "\n"))
				}
				uploads := w.Uploads()
				if len(uploads) != test.tries {
					t.Fatalf("%d uploads, want %d: %+v", len(uploads), test.tries, uploads)
				}
				if n := len(uploads) - 1; test.files > 0 && (uploads[n].SHA256 != sumOf(test.file) || uploads[n].Name != "license-detail.csv" || uploads[n].SHA256 != summary.Export.Files[0].SHA256) {
					t.Errorf("%+v arrived, %+v was fetched", uploads[n], summary.Export.Files)
				}
				w.checkEmpty(temp)
				if found := leaks(w.log.String()+asJSON(t, summary), "simulated-link-signature", secretParts([]string{w.WebhookURL("wecom")})[0]); found != nil {
					t.Errorf("the log or the Summary holds %v", found)
				}
				if !remembers {
					return
				}
				// nothing is sent again, by a rerun or later
				before := len(w.Posts())
				_, _ = w.runAt(digestEvent)
				if _, err := w.tick("alert"); err != nil || len(w.Posts()) > before+2 || len(w.Uploads()) != len(uploads) {
					t.Errorf("%v, %d uploads, and %d more messages", err, len(w.Uploads()), len(w.Posts())-before)
				}
			})
		}
	}
}

// TestFileIsRepeatedForDoubt: a file that may have arrived is not repeated in the run nor
// in a rerun, but by two later runs.
func TestFileIsRepeatedForDoubt(t *testing.T) {
	w := sharing(t, "healthy")
	w.OverrideChat("wecom", onlyFiles(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	if _, err := w.tick("digest"); err != nil {
		t.Fatal(err)
	}
	for run, want := range []int{1, 2, 3, 3, 3} {
		if n := w.files("wecom"); n != want {
			t.Errorf("after run %d: %d files were posted, want %d", run+1, n, want)
		}
		_, _ = w.tick("alert")
		w.clock = w.clock.Add(-time.Hour)
		_, _ = w.tick("alert") // the same event again
	}
	if n := links(w.posted("wecom")); n != 0 {
		t.Errorf("%d links in WeCom", n)
	}
}

// TestPromisedFileFollowsLater: a run that dies between the digest and its file, and a chat
// that takes neither the file nor the note, get the file from the next run, once.
func TestPromisedFileFollowsLater(t *testing.T) {
	w := sharing(t, "healthy")
	w.OverrideUpload(simulator.Answer(`{"errcode":45009,"errmsg":"api freq out of limit"}`))
	w.OverrideChat("wecom", func(rw http.ResponseWriter, r *http.Request) {
		if len(w.posted("wecom")) > 1 {
			simulator.Answer(`{"errcode":45009,"errmsg":"api freq out of limit"}`)(rw, r)
			return
		}
		simulator.Usual()(rw, r)
	})
	if _, err := w.tick("digest"); err != nil || w.files("wecom") != 0 {
		t.Fatalf("%v, %d files", err, w.files("wecom"))
	}
	w.OverrideUpload(nil)
	w.OverrideChat("wecom", nil)
	for range 3 {
		if _, err := w.tick("alert"); err != nil || w.files("wecom") != 1 {
			t.Errorf("%v, %d files, want 1", err, w.files("wecom"))
		}
	}
	if n := w.exports(); n != 1 || len(w.posted("slack")) != 1 {
		t.Errorf("%d exports, Slack was told %d times", n, len(w.posted("slack")))
	}
}

// TestLateExportIsShared: the run that finds an export finished sends WeCom the file, and
// Slack the link.
func TestLateExportIsShared(t *testing.T) {
	temp := inTemp(t)
	w := sharing(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.Override("ExportTasks", nil)
	summary := w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	if w.files("wecom") != 1 || links(w.posted("slack")) != 1 || links(w.posted("wecom")) != 0 || len(summary.Export.Files) != 1 {
		t.Errorf("%d files in WeCom, %d links in Slack, %+v", w.files("wecom"), links(w.posted("slack")), summary.Export)
	}
	if w.Downloads() != 1 {
		t.Errorf("%d downloads", w.Downloads())
	}
	w.checkEmpty(temp)
}

// TestLateExportIsKept: with an archive the file of a late export is fetched once, and again
// where it could not be.
func TestLateExportIsKept(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_ARCHIVE_URL", "file://"+t.TempDir(), "LICENSEWATCH_EXPORT_HISTORY", "off")
	w.OverrideExport(status(500, "down"))
	summary := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if links(w.posted("wecom")) != 1 || !strings.Contains(w.posted("wecom")[0], "The export could not be fetched: the answer was HTTP 500") || summary.Export.Files[0].SHA256 != "" {
		t.Errorf("%+v\n%s", summary.Export, w.posted("wecom")[0])
	}
	w.OverrideExport(nil)
	for run, want := range []int{1, 0, 0} {
		if got := w.wantTick("alert", handler.OutcomeQuiet, 1, 1).Export.Files; len(got) != want || want > 0 && got[0].Unfetched != "" {
			t.Errorf("run %d: %+v, want %d files", run, got, want)
		}
	}
}

// TestFileAfterPanic: what was fetched is removed also when a chat breaks the run.
func TestFileAfterPanic(t *testing.T) {
	temp := inTemp(t)
	w := sharing(t, "healthy")
	_, _ = w.run(digestEvent, func(o *handler.Options) {
		o.Transport = breaksAtUpload{w.RouteExports(http.DefaultTransport)}
	})
	w.checkEmpty(temp)
}

// breaksAtUpload panics where a file is uploaded.
type breaksAtUpload struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b breaksAtUpload) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "upload_media") {
		panic("broken")
	}
	return b.next.RoundTrip(r)
}

// TestFileIsSealed: a record holds the file that was sent, and says so of the message; the
// history's lies beside it. A late one is sealed by an alert that has nothing else to say.
func TestFileIsSealed(t *testing.T) {
	w := newArchiving(t, "healthy", "LICENSEWATCH_EXPORT_SHARE", "file", "LICENSEWATCH_EXPORT_HISTORY", "monthly")
	record := w.wantTick("digest", handler.OutcomeSent, 2, 3).Archive.Record
	kinds := map[string]int{}
	for _, m := range w.sealed(record, "messages.json").Messages {
		kinds[m.Channel+" "+m.Kind+" "+m.Verdict]++
		switch said := string(m.Payload); {
		case m.Kind == "file" && !strings.Contains(said, sumOf(w.file(record, "export/license-detail.csv"))) && !strings.Contains(said, sumOf(w.file(record, "export/license-history.csv"))):
			t.Errorf("%s is neither of the files", said)
		case m.Kind == "report" && strings.Contains(said, "link-withheld") != (m.Channel == "slack"):
			t.Errorf("%s was told\n%s", m.Channel, said)
		}
	}
	if kinds["wecom file accepted"] != 2 || kinds["wecom report accepted"] != 1 || kinds["slack report accepted"] != 1 || kinds["slack note accepted"] != 1 || len(kinds) != 4 {
		t.Errorf("sealed: %v", kinds)
	}
	w.OverrideExport(status(500, "down"))
	w.clock = now.AddDate(0, 0, 1)
	w.wantTick("digest", handler.OutcomeSent, 3, 4)
	w.OverrideExport(nil)
	late := w.wantTick("alert", handler.OutcomeQuiet, 3, 5) // who takes files was not told of a link alone
	if w.file(late.Archive.Record, "export/license-detail.csv") == "" {
		t.Errorf("%+v", late.Archive)
	}
	w.verify(3)
}

// TestNoSecretLeavesWithAFile: whoever gives or takes the file repeats what it was sent, or
// breaks: neither the link nor the webhook is in the log, the Summary, the memory or a record.
func TestNoSecretLeavesWithAFile(t *testing.T) {
	faults := map[string]http.HandlerFunc{
		"fine": nil, "echo 500": echo(500), "echo 403": echo(403), "redirect": redirect, "reset": simulator.Reset(),
		"a page": simulator.Status(200, "<html>"+canaryLink), "half": simulator.Status(200, `{"errcode":`+canaryLink),
		"refused": simulator.Answer(`{"errcode":45001,"errmsg":"` + canaryLink + `"}`),
	}
	for fileFault, file := range faults {
		for uploadFault, upload := range faults {
			isContent := fileFault == "half" || fileFault == "refused" // text, which is a file like any other
			if file != nil && upload != nil || isContent {
				continue // what did not come is not uploaded
			}
			t.Run("the file "+fileFault+", its upload "+uploadFault, func(t *testing.T) {
				dir := t.TempDir()
				server := httptest.NewServer(fileOr(t, file))
				defer server.Close()
				w := newWorld(t, "healthy", "LICENSEWATCH_LOG_LEVEL", "debug", "LICENSEWATCH_EXPORT_SHARE", "file", "LICENSEWATCH_EXPORT_HISTORY", "monthly",
					"LICENSEWATCH_STATE_URL", "file://"+dir+"/state", "LICENSEWATCH_ARCHIVE_URL", "file://"+dir+"/archive")
				w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"FINISHED","DownloadUrl":"`+server.URL+`/a.csv?q-signature=`+canaryLink+`","RequestId":"r"}}`))
				w.OverrideUpload(upload)
				for _, event := range []string{digestEvent, alertEvent} {
					w.checkLeaks(event)
				}
				w.checkRecords(dir, 5)
			})
		}
	}
}

// fileOr gives a file to who brings no keys, where no fault is asked for.
func fileOr(t *testing.T, fault http.HandlerFunc) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if name != "User-Agent" && name != "Accept-Encoding" && name != "Connection" {
				t.Errorf("%s was sent", name)
			}
		}
		if fault == nil {
			fault = fileOf("a,b\r\n1,2\r\n")
		}
		fault(w, r)
	}
}
