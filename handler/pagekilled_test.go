package handler_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/handler"
)

// mortal is a world whose runs can be killed: its memory goes back to what it was at the moment.
type mortal struct {
	*archiving
	ledgers, atDeath string
}

func newMortal(t *testing.T) *mortal {
	t.Helper()
	w := newArchiving(t, "near-expiry")
	return &mortal{w, w.dir, filepath.Join(t.TempDir(), "ledgers")}
}

// remember keeps what the memory has now.
func (w *mortal) remember() { must(w.t, os.CopyFS(w.atDeath, os.DirFS(w.ledgers))) }

// kill goes back to what was remembered, without the records that came later.
func (w *mortal) kill(records ...string) {
	w.t.Helper()
	must(w.t, os.RemoveAll(w.ledgers))
	must(w.t, os.Rename(w.atDeath, w.ledgers))
	if err := os.Remove(filepath.Join(w.ledgers, "claim.json")); err != nil && !os.IsNotExist(err) { // its time is over by then
		w.t.Fatal(err)
	}
	for _, record := range records {
		must(w.t, os.RemoveAll(filepath.Join(w.archive, "self", record)))
	}
}

// TestPageOfRunKilledBeforeItIsRemembered: of a run that was killed once its page was sealed,
// and before that was remembered, nobody was told. The event makes a page anew, tells of that
// once, and the chain goes on behind both.
func TestPageOfRunKilledBeforeItIsRemembered(t *testing.T) {
	w := newMortal(t)
	_ = w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.remember()
	ticked := w.clock
	killed := w.wantTick("report", handler.OutcomeSent, 2, 3) // which the chats would not have heard
	w.kill(killed.Archive.Record)

	w.clock = ticked
	again := w.wantTick("report", handler.OutcomeSent, 3, 5)
	if record := pageRecord(t, again); record == pageRecord(t, killed) || again.Report.Records != 2 || again.Report.Broken != 0 {
		t.Errorf("the rerun made %+v, the run that was killed %+v", again.Report, killed.Report)
	}
	if uploads := w.Uploads(); len(uploads) != 2 || uploads[1].SHA256 != sumOf(w.file(pageRecord(t, again), pageName)) {
		t.Errorf("WeCom was sent %+v", uploads)
	}
	w.verify(4) // the digest's, both pages, and what was said
	w.clock = ticked
	if third := w.wantTick("report", handler.OutcomeQuiet, 3, 5); third.Report != nil {
		t.Errorf("a third run made %+v", third.Report)
	}
	w.verify(4)
}

// TestPageOfRunKilledBeforeItTells: of one that was killed when all was remembered and no chat
// was told, the event tells, by the first run's message, and sends the page from the archive. It
// makes none.
func TestPageOfRunKilledBeforeItTells(t *testing.T) {
	w := newMortal(t)
	_ = w.wantTick("digest", handler.OutcomeSent, 1, 1)
	var once sync.Once
	for channel, accepts := range map[string]string{"slack": "ok", "wecom": `{"errcode":0,"errmsg":"ok"}`} {
		w.OverrideChat(channel, func(rw http.ResponseWriter, _ *http.Request) {
			once.Do(w.remember) // before either has answered
			_, _ = rw.Write([]byte(accepts))
		})
	}
	ticked := w.clock
	killed, err := w.tick("report")
	must(t, err)
	w.OverrideChat("slack", nil)
	w.OverrideChat("wecom", nil)
	w.kill(killed.Archive.Record)
	slack, wecom, uploads := len(w.posted("slack")), len(w.posted("wecom")), len(w.Uploads())

	w.clock = ticked
	again := w.wantTick("report", handler.OutcomeSent, slack+1, wecom+2)
	page := w.file(pageRecord(t, killed), pageName)
	if again.Report != nil || len(w.Uploads()) != uploads+1 || w.Uploads()[uploads].SHA256 != sumOf(page) {
		t.Errorf("the rerun made %+v and sent %+v", again.Report, w.Uploads()[uploads:])
	}
	w.wantContains("WeCom", w.posted("wecom")[wecom], "The page follows (")
	w.wantContains("Slack", w.posted("slack")[slack], killed.Report.Record)
	w.clock = ticked
	_ = w.wantTick("report", handler.OutcomeQuiet, slack+1, wecom+2)
}

// TestPageIsOwedForDays: after a day the message is still owed, and the file is not: it says where
// the page is, and of no file that follows.
func TestPageIsOwedForDays(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.OverrideChat("wecom", status(503, `{"errcode":-1,"errmsg":"system error"}`))
	s, err := w.tick("report")
	if err == nil {
		t.Fatalf("nothing is owed: %+v", s)
	}
	w.OverrideChat("wecom", nil)
	w.clock = w.clock.Add(25 * time.Hour)
	before := len(w.posted("wecom"))
	if _, err := w.tick("alert"); err != nil || len(w.Uploads()) != 0 {
		t.Errorf("%v, %d uploads", err, len(w.Uploads()))
	}
	said := strings.Join(w.posted("wecom")[before:], "\n")
	w.wantContains("WeCom", said, "License report", "licensewatch archive get "+s.Report.Record)
	if strings.Contains(said, "follows") {
		t.Errorf("WeCom is told of a file that never comes: %s", said)
	}
}

// TestPageIsTooLarge: a page of more than 20 MB is not sent as a file; the chat is told why, and
// where it is.
func TestPageIsTooLarge(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	w.OverrideChat("wecom", status(503, `{"errcode":-1,"errmsg":"system error"}`))
	s, err := w.tick("report")
	if err == nil {
		t.Fatalf("nothing is owed: %+v", s)
	}
	w.OverrideChat("wecom", nil)
	ledger := filepath.Join(w.dir, "ledger.json") // no account is so large: the memory says it was
	data, err := os.ReadFile(ledger)
	must(t, err)
	size := fmt.Sprintf(`"Size":%d,`, s.Report.Files[0].Bytes)
	if n := strings.Count(string(data), size); n != 2 {
		t.Fatalf("the size stands in the memory %d times, not with the message and the held page", n)
	}
	large := strings.ReplaceAll(string(data), size, fmt.Sprintf(`"Size":%d,`, 20<<20+1))
	must(t, os.WriteFile(ledger, []byte(large), 0o600))
	before := len(w.posted("wecom"))
	if _, err := w.tick("alert"); err != nil || len(w.Uploads()) != 0 {
		t.Errorf("%v, %d uploads", err, len(w.Uploads()))
	}
	w.wantContains("WeCom", strings.Join(w.posted("wecom")[before:], "\n"), "License report", "20 MB at most",
		"licensewatch archive get "+s.Report.Record)
	if w.stored()["report_file"] != nil {
		t.Error("a page that no chat takes is held")
	}
}
