package handler_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator/cos"
)

// asides are the ledgers that are kept aside in a bucket.
func asides(bucket *cos.Bucket) (names []string) {
	for name := range bucket.Objects() {
		if strings.HasPrefix(name, "lw/aside/ledger-") {
			names = append(names, name)
		}
	}
	return names
}

// TestAsideIsCleared: of the ledgers that could not be read ten are kept at most, the
// newest, and none for longer than 30 days, although each time the ledger that knew
// of them is the one that is lost.
func TestAsideIsCleared(t *testing.T) {
	w, bucket := newBucket(t, "healthy", nil)
	bucket.SetObject("lw/aside/mine.txt", []byte("not licensewatch's"))
	for n := range 14 {
		bucket.SetObject("lw/ledger.json", fmt.Appendf(nil, "{damaged %d", n))
		w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
		if kept := asides(bucket); len(kept) != min(n+1, 10) {
			t.Fatalf("%d are kept after %d", len(kept), n+1)
		}
	}
	for _, data := range bucket.Objects() {
		if text := string(data); strings.HasPrefix(text, "{damaged") && len(text) < len("{damaged 10") && text < "{damaged 4" {
			t.Errorf("%s is kept and newer ones are not", text)
		}
	}
	w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
	w.clock = w.clock.Add(30*24*time.Hour - 8*time.Hour) // of the last ten ticks, some are old enough now
	w.tickQuietly()
	if kept := asides(bucket); len(kept) == 0 || len(kept) == 10 {
		t.Errorf("%d are kept", len(kept))
	}
	w.clock = w.clock.Add(24 * time.Hour)
	w.tickQuietly()
	if kept := asides(bucket); len(kept) != 0 {
		t.Errorf("%d are kept after 31 days", len(kept))
	}
	before := len(bucket.Requests())
	w.tickQuietly()
	if calls := len(bucket.Requests()) - before; calls != 4 {
		t.Errorf("a run without anything to clear makes %d calls, want 4", calls)
	}
	if bucket.Objects()["lw/aside/mine.txt"] == nil {
		t.Error("somebody else's object is removed")
	}
}

// tickQuietly runs an alert, whatever it says.
func (w *remembering) tickQuietly() {
	w.t.Helper()
	if _, err := w.tick("alert"); err != nil {
		w.t.Error(err)
	}
}

// TestAsideThatCannotBeCleared costs no memory, and is tried again a day later.
func TestAsideThatCannotBeCleared(t *testing.T) {
	w, bucket := newBucket(t, "near-expiry", nil)
	bucket.SetObject("lw/ledger.json", []byte("{damaged"))
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.clock = w.clock.AddDate(0, 0, 30)
	bucket.Override(http.MethodDelete, func(rw http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/aside/") {
			rw.WriteHeader(http.StatusForbidden)
			return
		}
		cos.Usual(rw, r)
	})
	bucket.SetObject("lw/aside/list.json", []byte(`[{"name":"aside/ledger-1","at":"2026-01-01T00:00:00Z"},{"name":"ledger.json","at":"2026-01-01T00:00:00Z"}]`))
	w.tickQuietly()
	if len(bucket.Objects()["lw/ledger.json"]) == 0 {
		t.Fatal("the ledger is removed")
	}
	deletions := func() (n int) {
		for _, r := range bucket.Requests() {
			if r.Method == http.MethodDelete && strings.HasPrefix(r.Key, "lw/aside/") {
				n++
			}
		}
		return n
	}
	if n := deletions(); n != 1 {
		t.Errorf("%d deletions were tried, want 1", n)
	}
	w.tickQuietly()
	if n := deletions(); n != 1 {
		t.Errorf("it is tried again at once")
	}
	w.clock = w.clock.AddDate(0, 0, 1)
	bucket.Override(http.MethodDelete, nil)
	w.tickQuietly()
	if n := deletions(); n != 2 {
		t.Errorf("%d deletions were tried, want 2", n)
	}
	if strings.Contains(w.posted("slack")[len(w.posted("slack"))-1], "without memory") {
		t.Error("it costs the memory")
	}
}
