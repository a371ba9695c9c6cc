package handler_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// newBucket is a world whose memory lies in a bucket behind a front, which may
// be nil.
func newBucket(t *testing.T, scenario string, front func(bucket http.Handler) http.Handler) (*remembering, *cos.Bucket) {
	t.Helper()
	w := newWorld(t, scenario)
	bucket := newBucketOf(w.Simulator)
	store := http.Handler(bucket)
	if front != nil {
		store = front(bucket)
	}
	w.transport = direct{w.Simulator, store}
	w.set("LICENSEWATCH_STATE_URL", apartStore)
	return &remembering{world: w, clock: now}, bucket
}

// TestForeignLedgerIsLeftAlone: what has the ledger's name and is none stays as
// it is; the ledger gets another name, and the reader is told once.
func TestForeignLedgerIsLeftAlone(t *testing.T) {
	tests := map[string]func(path string) error{
		"a directory": func(path string) error { return os.Mkdir(path, 0o700) },
		"huge":        func(path string) error { return os.WriteFile(path, make([]byte, 5<<20), 0o600) },
	}
	for name, put := range tests {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			path := filepath.Join(w.dir, "ledger.json")
			must(t, put(path))
			w.wantTick("alert", handler.OutcomeSent, 1, 1)
			w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
			w.wantTick("digest", handler.OutcomeSent, 2, 2)
			w.wantContains("the first message", w.posted("wecom")[0], "kept as `ledger.json`")
			if strings.Contains(w.posted("wecom")[1], "kept as") {
				t.Error("the reader is told twice")
			}
			if info, err := os.Stat(path); err != nil || info.Size() == 0 && !info.IsDir() {
				t.Errorf("what was there: %v", err)
			}
		})
	}
}

func TestForeignLedgerInABucket(t *testing.T) {
	w, bucket := newBucket(t, "near-expiry", nil)
	bucket.SetObject("lw/ledger.json", make([]byte, 5<<20))
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
	if left := len(bucket.Objects()["lw/ledger.json"]); left != 5<<20 {
		t.Errorf("%d bytes are left of what was there", left)
	}
}

// TestStoreThatLiesOnce: what came in the place of the ledger, once, is no reason to begin it
// anew. What is there is still known in the next run, and the end of what was told is told.
func TestStoreThatLiesOnce(t *testing.T) {
	page := func(n int64) []byte { return fmt.Appendf(nil, "<html>sign in, request %d</html>", n) }
	tests := map[string]struct {
		lies    int64 // so many readings of the ledger are answered with something else
		lie     func(stored []byte, n int64) []byte
		all     bool // and so are those of anything else
		outcome handler.Outcome
		posts   int
	}{
		"a page":                  {1, func(_ []byte, n int64) []byte { return page(n) }, false, handler.OutcomeQuiet, 1},
		"cut":                     {1, func(stored []byte, _ int64) []byte { return stored[:len(stored)/2] }, false, handler.OutcomeQuiet, 1},
		"nothing":                 {1, func([]byte, int64) []byte { return nil }, false, handler.OutcomeQuiet, 1},
		"another page each time":  {9, func(_ []byte, n int64) []byte { return page(n) }, false, handler.OutcomeSent, 2},
		"cut elsewhere each time": {9, func(stored []byte, n int64) []byte { return stored[:len(stored)/int(n+1)] }, false, handler.OutcomeSent, 2},
		"the same page twice":     {2, func([]byte, int64) []byte { return page(0) }, false, handler.OutcomeQuiet, 1},
		"the same page for all":   {9, func([]byte, int64) []byte { return page(0) }, true, handler.OutcomeSent, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var left, n atomic.Int64
			var w *remembering
			var bucket *cos.Bucket
			w, bucket = newBucket(t, "near-expiry", func(b http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					lies := tt.all || strings.HasSuffix(r.URL.Path, "ledger.json")
					if r.Method == http.MethodGet && lies && left.Add(-1) >= 0 {
						_, _ = rw.Write(tt.lie(bucket.Objects()["lw/ledger.json"], n.Add(1)))
						return
					}
					b.ServeHTTP(rw, r)
				})
			})
			w.Override("DescribeLicenseList", ordersOf("cwp-aaaa", 12))
			w.wantTick("alert", handler.OutcomeSent, 1, 1)
			left.Store(tt.lies)
			w.wantTick("alert", tt.outcome, tt.posts, tt.posts)
			left.Store(0)
			w.wantTick("alert", handler.OutcomeQuiet, tt.posts, tt.posts)
			w.Override("DescribeLicenseList", ordersOf("cwp-aaaa", 300))
			w.wantTick("alert", handler.OutcomeSent, tt.posts+1, tt.posts+1)
			w.wantContains("the end", w.posted("slack")[tt.posts], "Resolved")
			if names := asides(bucket); len(names) > 0 {
				t.Errorf("kept aside: %v", names)
			}
		})
	}
}

// TestSlowStore: a store that takes its time is waited for.
func TestSlowStore(t *testing.T) {
	w := newWorld(t, "near-expiry")
	var store http.Handler
	for run, outcome := range []handler.Outcome{handler.OutcomeSent, handler.OutcomeQuiet} {
		summary, err := w.runDirect(time.Minute, strings.Replace(alertEvent, "01:37", fmt.Sprintf("0%d:37", run+1), 1), func(bucket *cos.Bucket) http.Handler {
			if store == nil {
				store = slow(bucket, time.Second)
			}
			return store
		})
		if err != nil || summary.Outcome != outcome {
			t.Errorf("run %d: %v, %+v", run+1, err, summary)
		}
		w.wantPosts(1, 1)
	}
}

// TestStoreThatHangs, from any call on, loses no message: what has to be said is
// said in time, with the word that it will not be remembered where that is
// known by then.
func TestStoreThatHangs(t *testing.T) {
	for call, known := range map[int64]bool{1: true, 3: true, 5: false} {
		w := newWorld(t, "near-expiry")
		var count atomic.Int64
		summary, err := w.runDirect(2100*time.Millisecond, alertEvent, func(bucket *cos.Bucket) http.Handler {
			return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if count.Add(1) >= call {
					simulator.Hang()(rw, r)
				}
				bucket.ServeHTTP(rw, r)
			})
		})
		if err != nil || summary.Outcome != handler.OutcomeSent {
			t.Errorf("call %d: %v, %+v", call, err, summary)
		}
		w.wantPosts(1, 1)
		if told := strings.Contains(w.posted("slack")[0], "Running without memory"); told != known {
			t.Errorf("call %d: without memory %t, want %t:\n%s", call, told, known, w.posted("slack")[0])
		}
	}
}

// TestReminderWithoutADeadline: a rule with remind_every speaks again when its
// time has come, and not before.
func TestReminderWithoutADeadline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.yaml")
	must(t, os.WriteFile(file, []byte(`version: 1
rules:
  - {id: seats, severity: warning, when: cwp.UsedLicenseCnt > 0, remind_every: 7d, title: "{{ cwp.UsedLicenseCnt }} seats are in use"}
`), 0o600))
	w := newRemembering(t, "healthy", "LICENSEWATCH_RULES_FILE", file)
	posts := 0
	for day := range 16 {
		want := handler.OutcomeQuiet
		if day%7 == 0 {
			want = handler.OutcomeSent
			posts++
		}
		w.clock = now.AddDate(0, 0, day)
		w.wantTick("alert", want, posts, posts)
	}
	w.wantContains("the reminder", w.posted("slack")[1], "seats are in use", "for 7 days")
}

// TestGivenUpExportIsTold also when nobody could be told at first.
func TestGivenUpExportIsTold(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.clock = w.clock.Add(25 * time.Hour)
	w.OverrideChat("slack", status(503, "no_service"))
	w.OverrideChat("wecom", status(503, "no_service"))
	if _, err := w.tick("alert"); err != nil {
		t.Fatal(err)
	}
	before := len(w.posted("slack"))
	w.OverrideChat("slack", nil)
	w.OverrideChat("wecom", nil)
	for range 2 {
		if _, err := w.tick("alert"); err != nil {
			t.Fatal(err)
		}
	}
	posts := w.posted("slack")
	if len(posts) != before+1 {
		t.Fatalf("%d follow-ups, want one", len(posts)-before)
	}
	w.wantContains("the follow-up", posts[before], "export")
}

// TestLateLinkWaitsForAChat: a chat that is down when the export is ready gets the
// link when it is back, the next day too; the other one does not get it again.
func TestLateLinkWaitsForAChat(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.Override("ExportTasks", nil)
	w.OverrideChat("wecom", status(500, "down"))
	for range 3 {
		if _, err := w.tick("alert"); err != nil {
			t.Fatal(err)
		}
		w.clock = w.clock.Add(12 * time.Hour)
	}
	if slack := w.posted("slack"); len(slack) != 2 || !strings.Contains(slack[1], "q-sign") {
		t.Errorf("Slack was told %d times, want the report and the link", len(slack))
	}
	w.OverrideChat("wecom", nil)
	before := len(w.posted("wecom"))
	for range 2 {
		if _, err := w.tick("alert"); err != nil {
			t.Fatal(err)
		}
	}
	wecom := w.posted("wecom")[before:]
	if len(wecom) != 1 || !strings.Contains(wecom[0], "q-sign") || len(w.posted("slack")) != 2 {
		t.Errorf("WeCom was told %d times, want the link once:\n%s", len(wecom), strings.Join(wecom, "\n"))
	}
}

// TestStoreThatFailsBesideTheReading: a digest whose export cannot be remembered
// is sent all the same.
func TestStoreThatFailsBesideTheReading(t *testing.T) {
	w, _ := newBucket(t, "near-expiry", func(bucket http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "ledger.json") {
				http.Error(w, "", http.StatusForbidden)
				return
			}
			bucket.ServeHTTP(w, r)
		})
	})
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.wantContains("the digest", w.posted("slack")[0], "Running without memory", "cwp-aaaa", "q-sign")
}
