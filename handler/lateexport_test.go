package handler_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

const pendingTask = `{"Response":{"Status":"PENDING","RequestId":"r"}}`

func links(bodies []string) (n int) {
	for _, body := range bodies {
		if strings.Contains(body, "q-sign") {
			n++
		}
	}
	return n
}

func (w *remembering) exports() (n int) {
	for _, call := range w.Calls() {
		if call.Action == "ExportLicenseDetail" {
			n++
		}
	}
	return n
}

// TestRerunOfADigestFindsItsExport: the link of an export that was still pending
// in the first run is posted to both chats, also when it is the rerun that finds
// it finished.
func TestRerunOfADigestFindsItsExport(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.OverrideChat("wecom", status(500, "<html>"))
	if _, err := w.runAt(digestEvent); err == nil {
		t.Fatal("no error")
	}
	w.Override("ExportTasks", nil)
	w.OverrideChat("wecom", nil)
	if _, err := w.runAt(digestEvent); err != nil {
		t.Fatal(err)
	}
	w.wantTick("alert", handler.OutcomeQuiet, 2, 5)
	if s, c := links(w.posted("slack")), links(w.posted("wecom")); s != 1 || c != 1 {
		t.Errorf("the link was posted %d times to Slack and %d to WeCom, want once to each", s, c)
	}
}

// TestRerunOfADigestBeginsNoExport, which would post a second link.
func TestRerunOfADigestBeginsNoExport(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.OverrideChat("wecom", status(500, "<html>"))
	_, _ = w.runAt(digestEvent)
	w.OverrideChat("wecom", nil)
	w.Override("ExportTasks", simulator.Sequence(simulator.Usual(), simulator.Answer(pendingTask)))
	_, _ = w.runAt(digestEvent)
	w.Override("ExportTasks", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 4)
	if n := w.exports(); n != 1 {
		t.Errorf("%d exports were begun, want 1", n)
	}
}

// TestQuietAlertKeepsTheLink: with LICENSEWATCH_EXPORT=always too.
func TestQuietAlertKeepsTheLink(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_EXPORT", "always")
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.Override("ExportTasks", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.Override("ExportTasks", simulator.Answer(pendingTask)) // an export that nobody was told of
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.Override("ExportTasks", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
}

// TestLateExportIsRepeatedForDoubt: a chat that takes the link and does not answer gets
// it in three runs, and not in a rerun of their events.
func TestLateExportIsRepeatedForDoubt(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.Override("ExportTasks", nil)
	w.OverrideChat("wecom", func(_ http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) })
	for _, posts := range []int{2, 3, 4, 4, 4} {
		w.wantTick("alert", handler.OutcomeQuiet, 2, posts)
		w.clock = w.clock.Add(-time.Hour)
		w.wantTick("alert", handler.OutcomeQuiet, 2, posts)
	}
}

// TestLateExportKeepsItsID: a run that died after it had told of an export, and
// before that was saved, repeats it with the same id.
func TestLateExportKeepsItsID(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.Override("ExportTasks", nil)
	ledger := filepath.Join(w.dir, "ledger.json")
	before, err := os.ReadFile(ledger)
	must(t, err)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	must(t, os.WriteFile(ledger, before, 0o600))
	w.wantTick("alert", handler.OutcomeQuiet, 3, 3)
	if posts := w.posted("wecom"); posts[1] != posts[2] {
		t.Errorf("the follow-up was\n%s\nand then\n%s", posts[1], posts[2])
	}
}

// TestGivenUpExportMakesWay: a chat that is down when a digest gives an export up
// and begins the next one hears of it when it is back, once; the other one does
// not hear it again.
func TestGivenUpExportMakesWay(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.clock = w.clock.Add(25 * time.Hour)
	w.OverrideChat("wecom", status(500, "down"))
	_, _ = w.tick("digest")
	if slack := w.posted("slack"); len(slack) != 3 || !strings.Contains(slack[2], "Export 1 did not finish") {
		t.Fatalf("Slack was told %d times, want two digests and that the export was given up:\n%s", len(slack), strings.Join(slack, "\n"))
	}
	w.OverrideChat("wecom", nil)
	before := len(w.posted("wecom"))
	for range 3 {
		w.clock = w.clock.Add(time.Hour)
		if _, err := w.tick("alert"); err != nil {
			t.Fatal(err)
		}
	}
	wecom := w.posted("wecom")[before:]
	if len(wecom) != 2 || !strings.Contains(wecom[1], "Export 1 did not finish") || len(w.posted("slack")) != 3 {
		t.Errorf("WeCom was told %d times, want the digest and that the export was given up:\n%s", len(wecom), strings.Join(wecom, "\n"))
	}
}
