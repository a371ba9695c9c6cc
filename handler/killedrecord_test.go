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

// TestRecordOfKilledRun has a digest follow one that was killed, by going back to the ledger
// of the moment at which the chat was told. Of a run that was killed before it sealed, the
// next record says so; of one killed after it, before it could remember that, there is
// nothing to say.
func TestRecordOfKilledRun(t *testing.T) {
	for name, isSealed := range map[string]bool{"before it sealed": false, "after it sealed": true} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "near-expiry")
			ledgers, atDeath := strings.TrimPrefix(os.Getenv("LICENSEWATCH_STATE_URL"), "file://"), filepath.Join(t.TempDir(), "ledgers")
			w.OverrideChat("slack", func(rw http.ResponseWriter, _ *http.Request) {
				must(t, os.CopyFS(atDeath, os.DirFS(ledgers)))
				_, _ = rw.Write([]byte("ok"))
			})
			killed := w.wantTick("digest", handler.OutcomeSent, 1, 1)
			w.OverrideChat("slack", nil)
			must(t, os.RemoveAll(ledgers))
			must(t, os.Rename(atDeath, ledgers))
			must(t, os.Remove(filepath.Join(ledgers, "claim.json"))) // its time is over by then
			records, missing := 2, `"missing":[]`
			if !isSealed {
				must(t, os.RemoveAll(w.archive))
				records, missing = 1, `"missing":[{"name":"`+killed.Archive.Record+`","reason":"not sealed"}]`
			}
			for _, want := range []string{missing, `"missing":[]`} { // it is said once
				w.clock = w.clock.Add(24 * time.Hour)
				next := w.tickDigest()
				w.verify(records)
				records++
				w.wantContains("the next record", w.file(next.Archive.Record, "manifest.json"), want)
			}
		})
	}
}

func (w *archiving) tickDigest() handler.Summary {
	w.t.Helper()
	summary, err := w.tick("digest")
	if err != nil || summary.Archive.Status != handler.ArchiveSealed {
		w.t.Fatalf("a digest: %v, %+v", err, summary)
	}
	return summary
}
