package handler_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"licensewatch/handler"
)

// TestFleetIsKilled has the platform run an event again of a run that was killed once one
// chat's answer was saved, while the other chat was being told, and before the answers were
// entered in the ledgers of the accounts: the one hears nothing twice, the other its message
// with the same id. The next alerts have nothing to say.
func TestFleetIsKilled(t *testing.T) {
	accounts := []fleetAccount{{"100000000101", "pay-prod", "pay", "near-expiry"}, {"100000000102", "pay-test", "pay", "not-renewed"}, {"100000000103", "sea-prod", "sea", "near-expiry"}}
	w := newFleetWorld(t, accounts, nil)
	ledgers, atDeath := filepath.Join(w.dir, "ledger.json"), filepath.Join(t.TempDir(), "at-death")
	w.OverrideChat("wecom", func(rw http.ResponseWriter, _ *http.Request) {
		before, err := os.ReadFile(ledgers)
		must(t, err)
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) { // the other answer is saved by another goroutine
			if now, err := os.ReadFile(ledgers); err == nil && !bytes.Equal(now, before) {
				break
			}
		}
		must(t, os.CopyFS(atDeath, os.DirFS(w.dir)))
		_, _ = rw.Write([]byte(`{"errcode":0,"errmsg":"ok"}`))
	})
	if _, err := w.runAt(digestEvent); err != nil {
		t.Fatal(err)
	}
	w.OverrideChat("wecom", nil)
	w.wantPosts(1, 1)
	first := w.last("wecom")
	must(t, os.RemoveAll(w.dir))
	must(t, os.Rename(atDeath, w.dir))
	must(t, os.Remove(filepath.Join(w.dir, "claim.json"))) // its time is over by then
	s, err := w.runAt(digestEvent)
	if err != nil || s.Outcome != handler.OutcomeSent {
		t.Errorf("the rerun: %v, %+v", err, s)
	}
	w.wantPosts(1, 2)
	if again := w.last("wecom"); again != first {
		t.Errorf("the rerun says\n%s\nfirst it was\n%s", again, first)
	}
	w.clock = w.clock.Add(time.Hour)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 2)
}
