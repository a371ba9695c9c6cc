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
			ledgers, atDeath := strings.TrimPrefix(w.settings["LICENSEWATCH_STATE_URL"], "file://"), filepath.Join(t.TempDir(), "ledgers")
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

// TestRecordOfTheSameSecond: the record of a run that was killed while it sealed has the name
// that its rerun's would have, when that comes within the second. It is named all the same.
func TestRecordOfTheSameSecond(t *testing.T) {
	killed := newArchiving(t, "near-expiry").tickDigest().Archive.Record
	w := newArchiving(t, "near-expiry")
	folder := filepath.Join(w.archive, "self", killed)
	must(t, os.MkdirAll(folder, 0o700))
	must(t, os.WriteFile(filepath.Join(folder, "reading.json"), []byte("of the run that was killed"), 0o600))
	rerun := w.tickDigest().Archive.Record
	w.wantContains("the manifest", w.file(rerun, "manifest.json"), `"missing":[{"name":"`+killed+`","reason":"not sealed"}]`)
	w.verify(1)
}
