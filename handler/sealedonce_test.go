package handler_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/archive"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

// twoBuckets is a world with a memory and an archive, each in a bucket. That of the archive
// refuses whatever could overwrite or delete.
type twoBuckets struct {
	*remembering
	memory, evidence *cos.Bucket
	spoilMemory      spoiler
	spoilEvidence    spoiler
	earlier          []byte // what waited before
}

// spoiler answers a request in the place of a bucket; false: it does not.
type spoiler func(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool

func newTwoBuckets(t *testing.T, settings ...string) *twoBuckets {
	t.Helper()
	world := newLocalWorld(t, "near-expiry", append([]string{"LICENSEWATCH_STATE_URL", apartStore, "LICENSEWATCH_ARCHIVE_URL", apartArchive,
		"LICENSEWATCH_EXPORT_HISTORY", "off"}, settings...)...)
	id, key, token := world.Credentials()
	w := &twoBuckets{remembering: &remembering{world: world, clock: now}, memory: newBucketOf(world.Simulator),
		evidence: cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token, WriteOnce: true})}
	world.transport = direct{world.Simulator, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		spoil, bucket := w.spoilMemory, w.memory
		if strings.HasPrefix(r.Host, "localhost") {
			spoil, bucket = w.spoilEvidence, w.evidence
		}
		if spoil == nil || !spoil(rw, r, bucket) {
			bucket.ServeHTTP(rw, r)
		}
	})}
	return w
}

// fails answers as a bucket that is down.
func fails(rw http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
	rw.WriteHeader(http.StatusServiceUnavailable)
	return true
}

// forgets answers as a bucket that takes nothing any more, but gives the lock back.
func forgets(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool {
	return r.Method != http.MethodGet && !strings.HasSuffix(r.URL.Path, "/claim.json") && fails(rw, r, bucket)
}

// isManifest says whether a request creates a manifest.
func isManifest(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifest.json")
}

// digest runs a digest, which has to be told, and whose record has to end so.
func (w *twoBuckets) digest(status handler.ArchiveStatus) handler.Summary {
	w.t.Helper()
	s, err := w.tick("digest")
	if err != nil || s.Outcome != handler.OutcomeSent || s.Archive.Status != status {
		w.t.Errorf("digest %d: %v, %s, %+v, want %s", w.ticks, err, s.Outcome, s.Archive, status)
	}
	return s
}

// wantSealed wants an archive that verifies, with one record of each of the runs and no other.
func (w *twoBuckets) wantSealed(runs ...handler.Summary) {
	w.t.Helper()
	dir := w.t.TempDir()
	want, got := map[string]int{}, map[string]int{}
	for _, s := range runs {
		want[s.RunID]++
	}
	for name, data := range w.evidence.Objects() {
		path := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "lw/")))
		must(w.t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(w.t, os.WriteFile(path, data, 0o600))
		if strings.HasSuffix(name, "/manifest.json") {
			m, err := archive.ParseManifest(data)
			must(w.t, err)
			got[m.RunID]++
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("the records of runs (-want +got):\n%s", diff)
	}
	store, err := state.OpenArchive("file://"+dir, "LICENSEWATCH_ARCHIVE_URL", time.Time{}, state.Options{})
	must(w.t, err)
	result, err := archive.Verify(w.t.Context(), store, archive.Check{})
	must(w.t, err)
	for _, p := range result.Defects {
		w.t.Error(p)
	}
}

// failsAfterSealing fails once so many manifests are written: the run cannot remember that
// it has sealed any.
func (w *twoBuckets) failsAfterSealing(manifests int) {
	w.spoilEvidence = func(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool {
		bucket.ServeHTTP(rw, r)
		if isManifest(r) {
			if manifests--; manifests == 0 {
				w.spoilMemory = forgets
			}
		}
		return true
	}
}

// TestRecordsAreSealedOnce: a record that has waited is sealed once, whatever fails behind it, and
// whatever name it got.
func TestRecordsAreSealedOnce(t *testing.T) {
	for name, test := range map[string]func(w *twoBuckets) []handler.Summary{
		"later name, nothing remembered": func(w *twoBuckets) []handler.Summary {
			w.spoilEvidence = fails
			first := w.digest(handler.ArchiveFailed)
			w.spoilMemory, w.spoilEvidence = fails, nil
			second := w.digest(handler.ArchiveSealed) // without memory, and before the one that waits
			w.spoilMemory = nil
			w.failsAfterSealing(2)
			third := w.digest(handler.ArchiveSealed)
			w.spoilMemory, w.spoilEvidence = nil, nil
			return []handler.Summary{first, second, third, w.digest(handler.ArchiveSealed), w.digest(handler.ArchiveSealed)}
		},
		"later name, answer lost": func(w *twoBuckets) []handler.Summary {
			w.spoilEvidence = fails
			first := w.digest(handler.ArchiveFailed)
			w.spoilMemory, w.spoilEvidence = fails, nil
			second := w.digest(handler.ArchiveSealed)
			w.spoilMemory, w.spoilEvidence = nil, losesManifest()
			third := w.digest(handler.ArchiveFailed)
			w.spoilMemory, w.spoilEvidence = fails, nil
			fourth := w.digest(handler.ArchiveSealed)
			w.spoilMemory = nil
			return []handler.Summary{first, second, third, fourth, w.digest(handler.ArchiveSealed)}
		},
		"clock ahead, nothing remembered": func(w *twoBuckets) []handler.Summary {
			right := w.clock
			w.spoilEvidence = fails
			w.clock = right.AddDate(0, 1, 0)
			first := w.digest(handler.ArchiveFailed)
			w.clock = right.Add(time.Hour)
			w.failsAfterSealing(2)
			second := w.digest(handler.ArchiveSealed)
			w.spoilMemory, w.spoilEvidence = nil, nil
			return []handler.Summary{first, second, w.digest(handler.ArchiveSealed), w.digest(handler.ArchiveSealed)}
		},
		"own name, answer lost, no listing": func(w *twoBuckets) []handler.Summary {
			first := w.digest(handler.ArchiveSealed)
			w.evidence.Deny(cos.MethodList, true)
			w.spoilEvidence = losesManifest()
			second := w.digest(handler.ArchiveFailed)
			w.spoilEvidence = nil
			return []handler.Summary{first, second, w.digest(handler.ArchiveSealed), w.digest(handler.ArchiveSealed)}
		},
		"name of a killed run, answer lost": func(w *twoBuckets) []handler.Summary {
			w.evidence.SetObject("lw/self/2026/11/22/010700Z-11cec4/reading.json", []byte("of a run that was killed"))
			w.spoilEvidence = losesManifest()
			first := w.digest(handler.ArchiveFailed)
			w.spoilMemory, w.spoilEvidence = fails, nil
			second := w.digest(handler.ArchiveSealed)
			w.spoilMemory = nil
			return []handler.Summary{first, second, w.digest(handler.ArchiveSealed)}
		},
		"with a large file, answer lost": func(w *twoBuckets) []handler.Summary {
			w.OverrideExport(fileOf(strings.Repeat("web-01,Ultimate\n", 1<<17)))
			w.spoilEvidence = losesManifest()
			first := w.digest(handler.ArchiveFailed)
			w.spoilEvidence = nil
			w.wantContains("the objects", fmt.Sprint(slices.Collect(maps.Keys(w.evidence.Objects()))), "/export/license-detail.csv")
			return []handler.Summary{first, w.digest(handler.ArchiveSealed), w.digest(handler.ArchiveSealed)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwoBuckets(t)
			w.wantSealed(test(w)...)
		})
	}
}

// losesManifest writes a manifest, and all that comes then fails.
func losesManifest() spoiler {
	isLost := false
	return func(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool {
		switch {
		case isLost:
			return fails(rw, r, bucket)
		case isManifest(r):
			isLost = true
			bucket.ServeHTTP(&deaf{header: http.Header{}}, r)
			simulator.Reset()(rw, r)
			return true
		default:
			return false
		}
	}
}

// deaf takes an answer that nobody gets.
type deaf struct{ header http.Header }

func (d *deaf) Header() http.Header            { return d.header }
func (d *deaf) WriteHeader(int)                {}
func (d *deaf) Write(data []byte) (int, error) { return len(data), nil }

// TestWaitingRecordsOfOneBadAnswer: what waits is neither lost nor written over when the store
// gives something else in its place once.
func TestWaitingRecordsOfOneBadAnswer(t *testing.T) {
	for name, answer := range map[string]func(rw http.ResponseWriter, w *twoBuckets, whole []byte){
		"empty":          func(http.ResponseWriter, *twoBuckets, []byte) {},
		"a page":         func(rw http.ResponseWriter, _ *twoBuckets, _ []byte) { _, _ = rw.Write([]byte("<html>log in</html>")) },
		"a large page":   func(rw http.ResponseWriter, _ *twoBuckets, _ []byte) { _, _ = rw.Write(make([]byte, 5<<20)) },
		"cut":            func(rw http.ResponseWriter, _ *twoBuckets, whole []byte) { _, _ = rw.Write(whole[:len(whole)-9]) },
		"its first half": func(rw http.ResponseWriter, _ *twoBuckets, whole []byte) { _, _ = rw.Write(whole[:len(whole)/2]) },
		"not there": func(rw http.ResponseWriter, _ *twoBuckets, _ []byte) {
			rw.WriteHeader(http.StatusNotFound)
			_, _ = rw.Write([]byte("<Error><Code>NoSuchKey</Code></Error>"))
		},
		"another object": func(rw http.ResponseWriter, w *twoBuckets, _ []byte) {
			_, _ = rw.Write(w.memory.Objects()["lw/ledger.json"])
		},
		"another time": func(rw http.ResponseWriter, w *twoBuckets, whole []byte) {
			_, _ = rw.Write(whole[:len(w.earlier)])
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwoBuckets(t)
			w.spoilEvidence = fails
			first := w.digest(handler.ArchiveFailed)
			w.earlier = w.memory.Objects()["lw/unsealed-records.gz"]
			second := w.digest(handler.ArchiveFailed)
			bad := 1
			w.spoilMemory = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if bad == 0 || r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/unsealed-records.gz") {
					return false
				}
				bad--
				answer(rw, w, w.memory.Objects()["lw/unsealed-records.gz"])
				return true
			}
			third := w.digest(handler.ArchiveFailed)
			if bad != 0 {
				t.Fatal("nobody has asked for what waits")
			}
			bad, w.spoilEvidence = 1, nil
			w.wantSealed(first, second, third, w.digest(handler.ArchiveSealed), w.digest(handler.ArchiveSealed))
		})
	}
}

// TestWaitingRecordsUnsteady: of a store that never gives the same twice nobody knows what waits.
// Nothing is written over, and it is said.
func TestWaitingRecordsUnsteady(t *testing.T) {
	w := newTwoBuckets(t)
	w.spoilEvidence = fails
	first := w.digest(handler.ArchiveFailed)
	w.spoilEvidence = nil
	answers := 0
	w.spoilMemory = func(rw http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/unsealed-records.gz") {
			return false
		}
		answers++
		_, _ = fmt.Fprintf(rw, "<html>page %d", answers)
		return true
	}
	if s := w.digest(handler.ArchiveFailed); s.Archive.Reason != "Unsteady" {
		t.Errorf("%+v", s.Archive)
	}
	w.spoilMemory = nil
	third := w.digest(handler.ArchiveSealed)
	w.wantSealed(first, third)
	w.wantContains("the third digest", w.posted("wecom")[2], "Not archived since", "Unsteady")
}

// TestListingThatFailsForksNothing: the record of a run that could not remember it is not followed
// by one beside it, also where the next run cannot list: its own record waits then.
func TestListingThatFailsForksNothing(t *testing.T) {
	w := newTwoBuckets(t)
	first := w.digest(handler.ArchiveSealed)
	w.failsAfterSealing(1)
	unremembered, _ := w.tick("digest")
	w.spoilMemory = nil
	w.spoilEvidence = func(rw http.ResponseWriter, r *http.Request, bucket http.Handler) bool {
		return r.URL.Query().Has("prefix") && fails(rw, r, bucket)
	}
	waits := w.digest(handler.ArchiveFailed)
	w.spoilEvidence = nil
	w.wantSealed(first, unremembered, waits, w.digest(handler.ArchiveSealed))
}
