package handler_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// fleetBuckets is a cloud of many accounts whose memory and archive are in buckets.
type fleetBuckets struct {
	*fleetWorld

	mutex           sync.Mutex
	memory, archive *cos.Bucket
	called          func(r *http.Request, isArchive bool) (handled http.HandlerFunc) // before each call; nil: nothing is done
}

func newFleetBuckets(t *testing.T, accounts []fleetAccount, concurrency int) *fleetBuckets {
	t.Helper()
	w := &fleetBuckets{fleetWorld: newFleetWorld(t, accounts, nil)}
	w.setConcurrency(concurrency)
	w.reset(nil, nil)
	w.transport = direct{w.Simulator, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		isArchive := strings.HasPrefix(r.Host, "localhost")
		w.mutex.Lock()
		bucket := w.memory
		if isArchive {
			bucket = w.archive
		}
		handled := http.HandlerFunc(bucket.ServeHTTP)
		if w.called != nil {
			if other := w.called(r, isArchive); other != nil {
				handled = other
			}
		}
		w.mutex.Unlock()
		handled(rw, r)
	})}
	w.set("LICENSEWATCH_STATE_URL", apartStore)
	w.set("LICENSEWATCH_ARCHIVE_URL", apartArchive)
	return w
}

// reset has the buckets hold what they held before; the lock of a run that was killed is over.
func (w *fleetBuckets) reset(memory, archived map[string][]byte) {
	id, key, token := w.Credentials()
	w.memory, w.archive = newBucketOf(w.Simulator), cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token, WriteOnce: true})
	for name, data := range memory {
		if !strings.HasSuffix(name, "/claim.json") {
			w.memory.SetObject(name, data)
		}
	}
	for name, data := range archived {
		w.archive.SetObject(name, data)
	}
}

// verify gives how many records each chain has, and wants nothing wrong.
func (w *fleetBuckets) verify(what string) map[string]int {
	w.t.Helper()
	dir := w.t.TempDir()
	for name, data := range w.archive.Objects() {
		path := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "lw/")))
		must(w.t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(w.t, os.WriteFile(path, data, 0o600))
	}
	records, problems := verifyFolder(w.t, dir)
	for _, p := range problems {
		w.t.Errorf("%s: %v", what, p)
	}
	return records
}

// TestFleetArchiveKilled kills a run at each of its calls of the memory and the archive: what
// counts as sealed is whole, and the next run goes on with every chain.
func TestFleetArchiveKilled(t *testing.T) {
	for _, concurrency := range []int{1, 3} {
		w := newFleetBuckets(t, smallFleet[:3], concurrency)
		w.wantTick("digest", handler.OutcomeSent, 1, 1)
		type moment struct {
			memory, archive map[string][]byte
			at              string
		}
		var moments []moment
		w.called = func(r *http.Request, _ bool) http.HandlerFunc {
			moments = append(moments, moment{maps.Clone(w.memory.Objects()), maps.Clone(w.archive.Objects()), r.Method + " " + r.URL.Path})
			return nil
		}
		w.clock = w.clock.Add(23 * time.Hour)
		w.wantTick("digest", handler.OutcomeSent, 2, 2)
		w.called = nil
		if len(moments) < 25 {
			t.Fatalf("%d calls", len(moments))
		}
		after := w.clock.Add(time.Hour)
		for _, m := range moments {
			w.reset(m.memory, m.archive)
			w.clock = after
			if s, err := w.tick("digest"); err != nil || s.Archive.Status != handler.ArchiveSealed || s.Archive.Accounts.Sealed != 3 {
				t.Errorf("killed before %s: %v, %+v", m.at, err, s.Archive)
			}
			records := w.verify("killed before " + m.at)
			if records["fleet"] < 2 || records["100000000101"] < 2 {
				t.Errorf("killed before %s: %v", m.at, records)
			}
			w.clock = after.Add(time.Hour)
			if s, err := w.tick("digest"); err != nil || s.Archive.Status != handler.ArchiveSealed {
				t.Errorf("%v, %+v", err, s.Archive)
			}
			w.verify("the run after that")
		}
	}
}

// TestFleetArchiveEnds ends the archive after each of its calls, for the rest of a run, which
// goes on without; once it is back every chain does.
func TestFleetArchiveEnds(t *testing.T) {
	for calls := range 20 {
		w := newFleetBuckets(t, smallFleet[:2], 1)
		w.wantTick("digest", handler.OutcomeSent, 1, 1)
		left := calls
		w.called = func(_ *http.Request, isArchive bool) http.HandlerFunc {
			if !isArchive {
				return nil
			}
			if left--; left < 0 {
				return simulator.Reset()
			}
			return nil
		}
		w.clock = w.clock.Add(23 * time.Hour)
		w.wantTick("digest", handler.OutcomeSent, 2, 2)
		w.called = nil
		w.clock = w.clock.Add(23 * time.Hour)
		s := w.wantTick("digest", handler.OutcomeSent, 3, 3)
		if s.Archive.Status != handler.ArchiveSealed || s.Archive.Accounts.Sealed != 2 {
			t.Errorf("after %d calls: %+v", calls, s.Archive)
		}
		if records := w.verify("the archive is back"); records["fleet"] != 3 {
			t.Errorf("after %d calls: %v", calls, records)
		}
	}
}

// TestFleetListsOnce: where the ledgers remember the newest record of each account, one request
// says that there is no newer one; and nothing in the archive is ever replaced or deleted.
func TestFleetListsOnce(t *testing.T) {
	w := newFleetBuckets(t, smallFleet, 2)
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	first := len(w.archive.Requests())
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	lists := 0
	for _, r := range w.archive.Requests() {
		if r.Method == http.MethodDelete || r.Method == http.MethodPut && !r.ForbidOverwrite {
			t.Errorf("the archive was asked for %+v", r)
		}
	}
	for _, r := range w.archive.Requests()[first:] {
		if r.Method == http.MethodGet && r.Key == "" {
			lists++
		}
	}
	if want := len(smallFleet) + 1; lists != want { // and the fleet's own folder
		t.Errorf("%d listings, want %d", lists, want)
	}
	w.archive.Deny(cos.MethodList, true)
	w.clock = w.clock.Add(23 * time.Hour)
	if s := w.wantTick("digest", handler.OutcomeSent, 3, 3); s.Archive.Status != handler.ArchiveSealed || s.Archive.Accounts.Sealed != 4 {
		t.Errorf("without the listing: %+v", s.Archive)
	}
	w.archive.Deny(cos.MethodList, false)
	if records := w.verify("all"); records["fleet"] != 3 || records["100000000104"] != 3 {
		t.Errorf("%v", records)
	}
}

// TestFleetArchiveHangs: an archive that hangs, at once or in the middle, costs the records,
// and neither the messages nor the memory nor the tenth of the time that is left.
func TestFleetArchiveHangs(t *testing.T) {
	for name, from := range map[string]int{"at once": 0, "in the middle": 12} {
		t.Run(name, func(t *testing.T) {
			w := newFleetBuckets(t, smallFleet, 2)
			w.wantTick("digest", handler.OutcomeSent, 1, 1)
			calls := 0
			w.called = func(_ *http.Request, isArchive bool) http.HandlerFunc {
				if !isArchive {
					return nil
				}
				if calls++; calls > from {
					return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
				}
				return nil
			}
			w.clock = w.clock.Add(23 * time.Hour)
			at, began, limit := w.clock, time.Now(), 6*time.Second
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			s, err := w.runIn(ctx, digestEvent, func(o *handler.Options) { o.Now = func() time.Time { return at } })
			if took := time.Since(began); took > limit*9/10 {
				t.Errorf("it took %v of %v", took, limit)
			}
			if err != nil || s.Outcome != handler.OutcomeSent || s.Memory != "ok" || s.Archive.Status != handler.ArchiveFailed || s.Archive.Accounts.NotSealed == 0 {
				t.Errorf("%v, %+v, %+v", err, s, s.Archive.Accounts)
			}
			w.called = nil
			w.clock = w.clock.Add(23 * time.Hour)
			if s := w.wantTick("digest", handler.OutcomeSent, 3, 3); s.Archive.Status != handler.ArchiveSealed || s.Archive.Accounts.Sealed != 4 {
				t.Errorf("%+v", s.Archive)
			}
			if records := w.verify("it is back"); records["fleet"] != 3 {
				t.Errorf("%v", records)
			}
		})
	}
}

// TestAccountWithoutAnswer: of an account whose record may be there, since nothing that was
// asked about it was answered, the next run finds out.
func TestAccountWithoutAnswer(t *testing.T) {
	for _, file := range []string{"/findings.json", "/manifest.json"} {
		w := newFleetBuckets(t, smallFleet, 2)
		w.wantTick("digest", handler.OutcomeSent, 1, 1)
		isLost := false
		w.called = func(r *http.Request, isArchive bool) http.HandlerFunc {
			if !isArchive || !strings.Contains(r.URL.Path, "/100000000102/") {
				return nil
			}
			if isLost {
				return simulator.Reset()
			}
			if isLost = strings.HasSuffix(r.URL.Path, file); !isLost {
				return nil
			}
			archived := w.archive
			return func(rw http.ResponseWriter, r *http.Request) {
				archived.ServeHTTP(httptest.NewRecorder(), r)
				simulator.Reset()(rw, r)
			}
		}
		w.clock = w.clock.Add(23 * time.Hour)
		s := w.wantTick("digest", handler.OutcomeSent, 2, 2)
		if s.Archive.Status != handler.ArchiveSealed || *s.Archive.Accounts != (handler.ArchivedAccounts{Sealed: 3, NotSealed: 1}) {
			t.Errorf("%+v, %+v", s.Archive, s.Archive.Accounts)
		}
		w.called = nil
		w.clock = w.clock.Add(23 * time.Hour)
		w.wantTick("digest", handler.OutcomeSent, 3, 3)
		w.verify("the account answers again, " + file)
	}
}

// TestFleetArchiveAndOverlap: a run that finds another one under way seals nothing.
func TestFleetArchiveAndOverlap(t *testing.T) {
	w := newFleetBuckets(t, smallFleet[:2], 2)
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	before := len(w.archive.Objects())
	putClaim(w.memory, time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	w.clock = w.clock.Add(23 * time.Hour)
	at := w.clock
	if _, err := w.runIn(ctx, digestEvent, func(o *handler.Options) { o.Now = func() time.Time { return at } }); err == nil {
		t.Error("it does not give way")
	}
	if after := len(w.archive.Objects()); after != before {
		t.Errorf("%d objects were written", after-before)
	}
	w.memory.SetObject("lw/claim.json", nil)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	if records := w.verify("the other one is over"); records["fleet"] != 2 {
		t.Errorf("%v", records)
	}
}
