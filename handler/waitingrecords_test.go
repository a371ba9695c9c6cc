package handler_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/handler"
	"licensewatch/state"
)

// waiting is where a world's records wait.
func (w *archiving) waiting() string { return filepath.Join(w.dir, "unsealed-records.gz") }

// packedRecord is a record as it waits.
func packedRecord(t *testing.T, fields map[string]any, files string) []byte {
	t.Helper()
	record := map[string]any{"account": "self", "site": "cn", "run_id": "abcdef", "at": "2026-11-20T01:07:00Z", "mode": "digest",
		"program": map[string]string{"version": "v", "commit": "c"}, "files": []any{}, "missing": []any{}}
	maps.Copy(record, fields)
	header, err := json.Marshal(record)
	must(t, err)
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	_, err = fmt.Fprintf(zip, "%s\n%s", header, files)
	must(t, err)
	must(t, zip.Close())
	return b.Bytes()
}

// TestWaitingRecordsUnfit: a record that waits and is none is in nobody's way. Those around
// it are sealed, and the next one tells of it.
func TestWaitingRecordsUnfit(t *testing.T) {
	file := func(name string, size int64) map[string]any { return map[string]any{"name": name, "size": size} }
	for name, fields := range map[string]map[string]any{
		"another place": {"account": "../self"}, "no account": {"account": ""}, "no run": {"run_id": "../abc"}, "a run of two words": {"run_id": "ab cd"}, "no time": {"at": "x"},
		"the file of another place": {"files": []any{file("../../x", 1)}}, "a manifest": {"files": []any{file("manifest.json", 1)}},
		"two files of a name": {"files": []any{file("a.json", 1), file("a.json", 1)}}, "less than it says": {"files": []any{file("a.json", 9)}},
		"a size below zero": {"files": []any{file("a.json", -9)}}, "a huge size": {"files": []any{file("a.json", 1<<60)}},
		"a huge manifest": {"missing": []any{map[string]string{"name": "x", "reason": strings.Repeat("x", 200<<10)},
			map[string]string{"name": "y", "reason": strings.Repeat("\x01", 200<<10)}}},
	} {
		t.Run(name, func(t *testing.T) {
			broken := sealWaiting(t, 3, packedRecord(t, map[string]any{"run_id": "000001"}, ""), packedRecord(t, fields, "ab"),
				packedRecord(t, map[string]any{"run_id": "000002", "at": "2026-11-20T02:07:00Z"}, ""))
			if !broken {
				t.Error("the last record does not tell of the one that is lost")
			}
		})
	}
}

// TestWaitingRecordOfTheFuture: a clock that was ahead is no reason for the names of all
// records from then on to be.
func TestWaitingRecordOfTheFuture(t *testing.T) {
	if sealWaiting(t, 2, packedRecord(t, map[string]any{"at": "9999-12-31T23:59:59Z"}, "")) {
		t.Error("it is lost")
	}
}

// sealWaiting runs a digest where such records wait. It wants so many records then, and says
// whether the digest's tells of some that could not be read.
func sealWaiting(t *testing.T, records int, waiting ...[]byte) (broken bool) {
	t.Helper()
	w := newArchiving(t, "near-expiry")
	must(t, os.WriteFile(w.waiting(), bytes.Join(waiting, nil), 0o600))
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.verify(records)
	return strings.Contains(w.file(s.Archive.Record, "manifest.json"), "records that waited could not be read")
}

// TestWaitingRecordsUnknown: what waits is sealed also when the ledger was lost, or the
// archive's place was corrected.
func TestWaitingRecordsUnknown(t *testing.T) {
	for name, change := range map[string]func(w *archiving){
		"the ledger is lost": func(w *archiving) { must(w.t, os.Remove(filepath.Join(w.dir, "ledger.json"))) },
		"another archive": func(w *archiving) {
			w.archive += "-corrected"
			w.set("LICENSEWATCH_ARCHIVE_URL", "file://"+w.archive)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "near-expiry")
			must(t, os.WriteFile(w.archive, nil, 0o600))
			w.wantTick("digest", handler.OutcomeSent, 1, 1)
			must(t, os.Remove(w.archive))
			change(w)
			w.wantTick("digest", handler.OutcomeSent, 2, 2)
			w.verify(2)
			if _, err := os.Stat(w.waiting()); err == nil {
				t.Error("what waited is still in the store")
			}
		})
	}
}

// TestLargeWaitingRecords: however much waits, each is sealed.
func TestLargeWaitingRecords(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	must(t, os.WriteFile(w.archive, nil, 0o600))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	text := strings.Repeat("[1,2,3]\n", 1<<20)
	for i := range 7 {
		all, err := os.ReadFile(w.waiting())
		must(t, err)
		all = append(all, packedRecord(t, map[string]any{"run_id": fmt.Sprintf("00000%d", i), "at": w.clock.Add(time.Duration(i+1) * time.Minute),
			"files": []any{map[string]any{"name": "reading.json", "size": len(text)}}}, text)...)
		must(t, os.WriteFile(w.waiting(), all, 0o600))
	}
	must(t, os.Remove(w.archive))
	w.clock = w.clock.Add(time.Hour)
	s := w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.wantContains("the manifest", w.file(s.Archive.Record, "manifest.json"), `"missing":[]`)
	w.verify(9)
}

// TestChainOfEachAccount: an account whose number is not always known has two chains, and
// none leads into the other.
func TestChainOfEachAccount(t *testing.T) {
	w := newArchiving(t, "near-expiry")
	for i, uin := range []string{"", "100000000001", "", "100000000001"} {
		if i == 2 { // waits as self, and is sealed when the number is known
			must(t, os.Rename(w.archive, w.archive+"-away"))
			must(t, os.WriteFile(w.archive, nil, 0o600))
		}
		_, err := w.tickAs(uin, "digest")
		must(t, err)
		if i == 2 {
			must(t, os.Remove(w.archive))
			must(t, os.Rename(w.archive+"-away", w.archive))
		}
	}
	store, err := state.OpenArchive("file://"+w.archive, "LICENSEWATCH_ARCHIVE_URL", time.Time{}, state.Options{})
	must(t, err)
	result, err := archive.Verify(t.Context(), store, archive.Check{})
	if must(t, err); len(result.Defects) > 0 || len(result.Chains) != 2 || result.Chains[0].Records != 2 || result.Chains[1].Records != 2 {
		t.Errorf("%+v", result)
	}
}
