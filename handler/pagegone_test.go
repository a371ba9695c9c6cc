package handler_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
)

// promise has WeCom told of a page that follows, which then does not come, since the chat gives
// no answer to it.
func (w *archiving) promise() handler.Summary {
	w.t.Helper()
	_, _ = w.tick("alert") // nothing else is to be said
	before := len(w.posted("wecom"))
	w.OverrideChat("wecom", func(rw http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), `"file"`) {
			panic(http.ErrAbortHandler)
		}
		_, _ = rw.Write([]byte(`{"errcode":0,"errmsg":"ok"}`))
	})
	s, err := w.tick("report")
	must(w.t, err)
	w.OverrideChat("wecom", nil)
	w.wantContains("WeCom", w.posted("wecom")[before], "The page follows")
	if w.stored()["report_file"] == nil {
		w.t.Fatal("no page is held")
	}
	return s
}

// toldByAlert is what WeCom is told by an alert.
func (w *archiving) toldByAlert() string {
	w.t.Helper()
	before := len(w.posted("wecom"))
	_, err := w.tick("alert")
	must(w.t, err)
	return strings.Join(w.posted("wecom")[before:], "\n")
}

// TestPageIsGone: a chat that was promised a page which the archive does not have any more is
// told so, once, and nobody waits for it any more.
func TestPageIsGone(t *testing.T) {
	for name, remove := range map[string]func(w *archiving, record string){
		"the record": func(w *archiving, record string) { must(w.t, os.RemoveAll(filepath.Join(w.archive, "self", record))) },
		"the page": func(w *archiving, record string) {
			must(w.t, os.Remove(filepath.Join(w.archive, "self", record, pageName)))
		},
		"what it was": func(w *archiving, record string) {
			must(w.t, os.WriteFile(filepath.Join(w.archive, "self", record, pageName), []byte("x"), 0o600))
		},
		"the archive":         func(w *archiving, _ string) { must(w.t, os.RemoveAll(w.archive)) },
		"the archive's place": func(w *archiving, _ string) { w.set("LICENSEWATCH_ARCHIVE_URL", "file://"+w.archive+"-2") },
		"the setting":         func(w *archiving, _ string) { w.set("LICENSEWATCH_ARCHIVE_URL", "") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "near-expiry")
			made := w.promise()
			remove(w, pageRecord(t, made))
			uploads := len(w.Uploads())
			w.wantContains("WeCom", w.toldByAlert(), "The page of the report was not sent as a file",
				"The archive no longer has the page as it was sealed in "+made.Report.Record)
			if w.stored()["report_file"] != nil {
				t.Error("the page is still held")
			}
			if again := w.toldByAlert(); again != "" || len(w.Uploads()) != uploads {
				t.Errorf("told again, or sent something: %s", again)
			}
		})
	}
}

// TestPageIsGoneBeforeItIsTold: a message that is owed promises no page that is gone.
func TestPageIsGoneBeforeItIsTold(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	_, _ = w.tick("alert")
	w.OverrideChat("wecom", status(503, `{"errcode":-1,"errmsg":"system error"}`))
	made, _ := w.tick("report")
	w.OverrideChat("wecom", nil)
	must(t, os.RemoveAll(filepath.Join(w.archive, "self", pageRecord(t, made))))
	said := w.toldByAlert()
	w.wantContains("WeCom", said, "License report", "The archive no longer has the page as it was sealed in `"+made.Report.Record+"`")
	if strings.Contains(said, "follows") || strings.Contains(said, "was not sent") || len(w.Uploads()) != 0 || w.stored()["report_file"] != nil {
		t.Errorf("a page that is gone is promised, or held: %s", said)
	}
}

// TestPageIsGivenUpToAChatThatRefuses: a chat that takes nothing in the run in which a page is given
// up is sent it as soon as it takes something again.
func TestPageIsGivenUpToAChatThatRefuses(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.promise()
	away := w.archive + "-away"
	must(t, os.Rename(w.archive, away))
	must(t, os.WriteFile(w.archive, nil, 0o600))
	w.clock = w.clock.Add(25 * time.Hour)
	w.OverrideChat("wecom", status(503, `{"errcode":-1,"errmsg":"system error"}`))
	_, _ = w.tick("alert")
	w.OverrideChat("wecom", nil)
	must(t, os.Remove(w.archive))
	must(t, os.Rename(away, w.archive))
	uploads := len(w.Uploads())
	w.toldByAlert()
	if len(w.Uploads()) != uploads+1 || w.stored()["report_file"] != nil {
		t.Errorf("%d uploads more, held: %v", len(w.Uploads())-uploads, w.stored()["report_file"] != nil)
	}
}

// TestPageIsUnreadForADay: while the archive cannot be read the page is waited for, for a day.
// Then the chat is told why it does not come; or it comes, if it can be had by then.
func TestPageIsUnreadForADay(t *testing.T) {
	for name, isMended := range map[string]bool{"it stays so": false, "it is mended": true} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "near-expiry")
			made := w.promise()
			away := w.archive + "-away"
			must(t, os.Rename(w.archive, away))
			must(t, os.WriteFile(w.archive, nil, 0o600))
			for range 3 {
				if said := w.toldByAlert(); said != "" || w.stored()["report_file"] == nil {
					t.Fatalf("the page is given up: %s", said)
				}
			}
			w.clock = w.clock.Add(21 * time.Hour)
			uploads := len(w.Uploads())
			if isMended {
				must(t, os.Remove(w.archive))
				must(t, os.Rename(away, w.archive))
			}
			said := w.toldByAlert()
			switch {
			case isMended && len(w.Uploads()) != uploads+1:
				t.Errorf("the page did not come: %s", said)
			case !isMended:
				w.wantContains("WeCom", said, "The page of the report was not sent as a file", "The archive could not be read: NoDirectory",
					"licensewatch archive get "+made.Report.Record)
			}
			if w.stored()["report_file"] != nil {
				t.Error("the page is still held")
			}
			if again := w.toldByAlert(); again != "" {
				t.Errorf("told again: %s", again)
			}
		})
	}
}
