package handler_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/handler"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

// TestEvidenceOfFaults: whatever fails of the memory and of the archive, before a call is done or
// after it, and whatever the clock says meanwhile, each run has one record at most, the chain is
// whole, nothing in the archive is asked to be overwritten or deleted, and in the end nothing
// waits.
func TestEvidenceOfFaults(t *testing.T) {
	for i := range proof.Trials(12, 1000) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			seed1, seed2 := proof.Seed(i)
			newFaulty(t, rand.New(rand.NewPCG(seed1, seed2))).check()
		})
	}
}

// faulty is a world whose memory and archive fail at random.
type faulty struct {
	*twoBuckets
	chance *rand.Rand
	locks  bool           // the archive refuses to overwrite in the words of a lock
	course []string       // what has happened
	runs   map[string]int // by id: the event of a run that ended in time comes again where its hour does
	lists  shownList      // what the archive's listing shows
	shown  *cos.Bucket
}

// shownList is what a listing shows: with one that does not show the newest records the memory
// has to know them, and is whole.
type shownList int

const (
	listsAll shownList = iota
	listsNothing
	listsLate
)

func newFaulty(t *testing.T, chance *rand.Rand) *faulty {
	w := &faulty{twoBuckets: newTwoBuckets(t, "LICENSEWATCH_HOURS", "always"), chance: chance, locks: chance.IntN(2) == 0,
		lists: shownList(chance.IntN(3)), runs: map[string]int{}}
	w.evidence.Deny(cos.MethodList, w.lists == listsNothing)
	if chance.IntN(2) == 0 {
		w.OverrideExport(fileOf(largeExport))
	}
	w.evidence.Override(http.MethodPut, func(rw http.ResponseWriter, r *http.Request) {
		if _, isThere := w.evidence.Objects()[strings.TrimPrefix(r.URL.Path, "/")]; isThere && w.locks {
			rw.WriteHeader(http.StatusForbidden)
			_, _ = rw.Write([]byte("<Error><Code>AccessDenied</Code></Error>"))
			return
		}
		cos.Usual(rw, r)
	})
	return w
}

// note notes what happens.
func (w *faulty) note(format string, args ...any) {
	w.course = append(w.course, fmt.Sprintf(format, args...))
}

// fault is a spoiler of one kind, from a call on.
func (w *faulty) fault(what string) spoiler {
	kind, first := w.chance.IntN(6), w.chance.IntN(14)
	if what == "memory" && w.lists != listsAll {
		kind = 3
	}
	w.note("%s fault %d after %d calls", what, kind, first)
	var made atomic.Int64
	return func(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool {
		isLock := strings.HasSuffix(r.URL.Path, "/claim.json") || strings.Contains(r.URL.Path, "/takeover/")
		calls := int(made.Add(1)) - first // some are made side by side
		if calls <= 0 || isLock {
			return false
		}
		switch kind {
		case 0:
			return fails(rw, r, bucket)
		case 1: // it is done, and nobody hears so
			bucket.ServeHTTP(&deaf{header: http.Header{}}, r)
			simulator.Reset()(rw, r)
			return true
		case 2: // only reads are answered
			return r.Method != http.MethodGet && fails(rw, r, bucket)
		case 3: // one bad answer
			if calls == 1 && r.Method == http.MethodGet && what == "memory" {
				_, _ = rw.Write([]byte(""))
				return true
			}
			return false
		case 4: // one call is lost
			return calls == 1 && fails(rw, r, bucket)
		default: // manifests only
			return isManifest(r) && fails(rw, r, bucket)
		}
	}
}

// step runs once, with what fails then.
func (w *faulty) step() {
	w.spoilMemory, w.spoilEvidence = nil, nil
	if w.chance.IntN(3) == 0 {
		w.spoilMemory = w.fault("memory")
	}
	if w.chance.IntN(2) == 0 {
		w.spoilEvidence = w.fault("archive")
	}
	if w.lists == listsLate {
		w.listLate()
	}
	at := w.clock
	if w.chance.IntN(8) == 0 {
		w.clock = w.clock.Add(time.Duration(w.chance.IntN(96)-48) * time.Hour)
	}
	if w.chance.IntN(12) == 0 && w.lists == listsAll {
		w.note("the ledger is lost")
		w.memory.SetObject("lw/ledger.json", nil)
	}
	mode := []string{"digest", "digest", "alert", "report"}[w.chance.IntN(4)]
	w.note("%s at %s", mode, w.clock.Format(time.RFC3339))
	s, err := w.tick(mode)
	w.runs[s.RunID]++
	w.note("  %s %s %v %v", s.RunID, s.Outcome, s.Archive, err != nil)
	w.clock = at.Add(time.Duration(60+w.chance.IntN(30*60)) * time.Minute)
	w.memory.SetObject("lw/claim.json", nil)
}

// listLate has the archive's listing show what was there before the run.
func (w *faulty) listLate() {
	id, key, token := w.Credentials()
	shown := cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
	for name, data := range w.evidence.Objects() {
		shown.SetObject(name, data)
	}
	other, before := w.spoilEvidence, w.shown
	if w.shown = shown; before == nil {
		return
	}
	w.spoilEvidence = func(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool {
		if r.URL.Query().Has("prefix") {
			before.ServeHTTP(rw, r)
			return true
		}
		return other != nil && other(rw, r, bucket)
	}
}

func (w *faulty) check() {
	w.t.Helper()
	for range 14 {
		w.step()
	}
	w.spoilMemory, w.spoilEvidence = nil, nil
	w.evidence.Deny(cos.MethodList, false)
	w.clock = w.clock.AddDate(0, 0, 3)
	for range 2 {
		s, err := w.tick("digest")
		w.note("calm: %s %v %v", s.RunID, s.Archive, err)
		if s.Archive.Status != handler.ArchiveSealed {
			w.t.Errorf("a calm digest: %+v, %v", s.Archive, err)
		}
	}
	w.wantOneEach()
	for name := range w.memory.Objects() {
		if strings.HasSuffix(name, "unsealed-records.gz") {
			w.t.Error("records wait")
		}
	}
	if e := w.ledger().LastEvidence(); len(e.Begun) > 0 || e.Waiting || !e.Since.IsZero() {
		w.t.Errorf("the ledger has %+v", e)
	}
	for _, r := range w.evidence.Requests() {
		if r.Method == http.MethodDelete || r.Method == http.MethodPut && !r.ForbidOverwrite {
			w.t.Errorf("the archive was asked for %+v", r)
		}
	}
	if w.t.Failed() {
		w.t.Log(strings.Join(w.course, "\n"))
	}
}

// wantOneEach wants an archive that verifies, in which no files are sealed twice.
func (w *faulty) wantOneEach() {
	w.t.Helper()
	dir, sealed := w.t.TempDir(), map[string][]string{}
	for name, data := range w.evidence.Objects() {
		path := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "lw/")))
		must(w.t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(w.t, os.WriteFile(path, data, 0o600))
		if !strings.HasSuffix(name, "/manifest.json") {
			continue
		}
		m, err := archive.ParseManifest(data)
		must(w.t, err)
		for _, f := range m.Files {
			if f.Name == "reading.json" || f.Name == pageName {
				sealed[f.SHA256+" of run "+m.RunID] = append(sealed[f.SHA256+" of run "+m.RunID], m.Record())
			}
		}
	}
	for what, of := range sealed {
		if run := what[len(what)-6:]; len(of) > max(w.runs[run], 1) {
			w.t.Errorf("%s all have %s", of, what)
		}
	}
	store, err := state.OpenArchive("file://"+dir, "LICENSEWATCH_ARCHIVE_URL", time.Time{}, state.Options{})
	must(w.t, err)
	last := w.ledger().LastEvidence()
	result, err := archive.Verify(w.t.Context(), store, archive.Check{Heads: map[string]archive.Link{
		"self": {Record: last.Record, SHA256: last.SHA256}}})
	must(w.t, err)
	for _, p := range result.Defects {
		w.t.Error(p)
	}
}
