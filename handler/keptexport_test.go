package handler_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
)

// largeExport is more than waits with a record that could not be sealed.
var largeExport = strings.Repeat("web-01,Ultimate\n", 1<<17)

// newFetching is a world with a memory and an archive where a large file is fetched.
func newFetching(t *testing.T, settings ...string) *archiving {
	t.Helper()
	w := newArchiving(t, "near-expiry", settings...)
	w.OverrideExport(fileOf(largeExport))
	return w
}

// TestLargeExportIsSealedLater: a file that is too large to wait with its record is fetched
// again until it is sealed. Alerts that try that leave no record where they cannot.
func TestLargeExportIsSealedLater(t *testing.T) {
	for _, share := range []string{"link", "file"} {
		w := newFetching(t, "LICENSEWATCH_EXPORT_SHARE", share)
		must(t, os.WriteFile(w.archive, nil, 0o600)) // in the archive's place
		slack, wecom := 1, 1
		if share == "file" {
			wecom = 2
		}
		digest := w.wantTick("digest", handler.OutcomeSent, slack, wecom)
		for range 3 {
			if s := w.wantTick("alert", handler.OutcomeQuiet, slack, wecom); s.Archive.Status != handler.ArchiveFailed || len(s.Export.Files) != 1 {
				t.Errorf("%s: while the archive is broken: %+v, %+v", share, s.Archive, s.Export)
			}
		}
		must(t, os.Remove(w.archive))
		late := w.wantTick("alert", handler.OutcomeQuiet, slack, wecom).Archive
		w.verify(2)
		first := "2026/11/22/010700Z-" + digest.RunID
		w.wantContains("the first manifest", w.file(first, "manifest.json"), `{"name":"export/license-detail.csv","reason":"too large to wait for the archive"}`)
		if w.file(late.Record, "export/license-detail.csv") != largeExport {
			t.Errorf("%s: the later record has not got the file", share)
		}
		w.wantContains("messages.json", w.file(late.Record, "messages.json"), `"record":"`+first+`"`)
		if s := w.wantTick("alert", handler.OutcomeQuiet, slack, wecom); s.Archive.Status != handler.ArchiveNone || len(s.Export.Files) != 0 {
			t.Errorf("%s: once it is sealed: %+v, %+v", share, s.Archive, s.Export)
		}
	}
}

// TestSmallExportWaits: a file that waits with its record is not fetched again.
func TestSmallExportWaits(t *testing.T) {
	w := newFetching(t)
	w.OverrideExport(fileOf("a,b\n"))
	must(t, os.WriteFile(w.archive, nil, 0o600))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if s := w.wantTick("alert", handler.OutcomeQuiet, 1, 1); len(s.Export.Files) != 0 {
		t.Errorf("it is fetched again: %+v", s.Export)
	}
	must(t, os.Remove(w.archive))
	w.clock = w.clock.Add(20 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	chain := w.verify(2)
	if w.file(chain.First, "export/license-detail.csv") != "a,b\n" {
		t.Error("the file has not waited")
	}
}

// TestExportOfKilledRun: a run that was killed after telling has fetched its file in vain; the
// next one fetches it again.
func TestExportOfKilledRun(t *testing.T) {
	w := newFetching(t)
	ledgers, atDeath := strings.TrimPrefix(w.settings["LICENSEWATCH_STATE_URL"], "file://"), filepath.Join(t.TempDir(), "ledgers")
	w.OverrideChat("slack", func(rw http.ResponseWriter, _ *http.Request) {
		must(t, os.CopyFS(atDeath, os.DirFS(ledgers)))
		_, _ = rw.Write([]byte("ok"))
	})
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.OverrideChat("slack", nil)
	must(t, os.RemoveAll(ledgers))
	must(t, os.RemoveAll(w.archive))
	must(t, os.Rename(atDeath, ledgers))
	must(t, os.Remove(filepath.Join(ledgers, "claim.json"))) // its time is over by then
	summary, err := w.tick("alert")
	if err != nil || summary.Archive.Status != handler.ArchiveSealed || w.file(summary.Archive.Record, "export/license-detail.csv") != largeExport {
		t.Errorf("%v, %+v, %+v", err, summary.Archive, summary.Export)
	}
}

// TestLargeHistoryIsMadeAgain: the history of a month whose file could not be sealed does not
// count as made.
func TestLargeHistoryIsMadeAgain(t *testing.T) {
	w := newFetching(t, "LICENSEWATCH_EXPORT_HISTORY", "monthly", "LICENSEWATCH_EXPORT_SHARE", "none")
	must(t, os.WriteFile(w.archive, nil, 0o600))
	w.digestAt(now)
	must(t, os.Remove(w.archive))
	w.digestAt(now.AddDate(0, 0, 1)) // which finds it mended
	again, err := w.tick("alert")
	must(t, err)
	if got := strings.Join(w.histories(), " "); got != "2026-10 2026-10" || w.file(again.Archive.Record, "export/license-history.csv") != largeExport {
		t.Errorf("asked for %s, sealed %+v", got, again.Archive)
	}
	if w.digestAt(now.AddDate(0, 0, 2)); len(w.histories()) != 2 {
		t.Errorf("it is made a third time: %v", w.histories())
	}
}

// TestFileThatNobodyWasPromised: a digest that says nothing new leaves no file to be sent.
func TestFileThatNobodyWasPromised(t *testing.T) {
	w := newFetching(t, "LICENSEWATCH_EXPORT_SHARE", "file", "LICENSEWATCH_DIGEST", "changes")
	w.wantTick("digest", handler.OutcomeSent, 1, 2)
	w.clock = w.clock.Add(time.Hour)
	w.wantTick("digest", handler.OutcomeQuiet, 1, 2)
	for range 2 {
		w.wantTick("alert", handler.OutcomeQuiet, 1, 2)
	}
	w.verify(2)
}

// TestLargeHistoryIsSealedLater: a usage history that is too large to wait with its record is not
// begun anew each day while the archive is broken: that it is there is told once, and it is
// sealed with the first digest that finds the archive mended.
func TestLargeHistoryIsSealedLater(t *testing.T) {
	for _, share := range []string{"link", "file", "none"} {
		w := newFetching(t, "LICENSEWATCH_EXPORT", "digest", "LICENSEWATCH_EXPORT_SHARE", share, "LICENSEWATCH_EXPORT_HISTORY", "monthly")
		must(t, os.WriteFile(w.archive, nil, 0o600)) // in the archive's place
		at := now
		days := func(n int) {
			for range n {
				w.digestAt(at)
				at = at.AddDate(0, 0, 1)
			}
		}
		days(5)
		told := w.saidTo("slack", "The usage history of 2026-10")
		if got := w.histories(); len(got) != 1 || told != 1 && share != "none" {
			t.Errorf("%s: while the archive is broken: %d exports are begun, and told of %d times", share, len(got), told)
		}
		must(t, os.Remove(w.archive))
		days(2)
		sealed, err := filepath.Glob(filepath.Join(w.archive, "self", "*", "*", "*", "*", "export", "license-history.csv"))
		if must(t, err); len(sealed) != 1 || len(w.histories()) != 2 {
			t.Errorf("%s: once it works: sealed %q after %d exports", share, sealed, len(w.histories()))
		}
		if again := w.saidTo("slack", "The usage history of 2026-10"); again != told {
			t.Errorf("%s: told of it again", share)
		}
		at = time.Date(2026, 12, 2, 1, 7, 0, 0, time.UTC) // the next month's is one as always
		days(2)
		if got := w.histories(); len(got) != 3 || got[2] != "2026-11" {
			t.Errorf("%s: histories of %v", share, got)
		}
	}
}

// saidTo is how many messages to a chat say something.
func (w *world) saidTo(channel, text string) int {
	n := 0
	for _, body := range w.posted(channel) {
		if strings.Contains(body, text) {
			n++
		}
	}
	return n
}
