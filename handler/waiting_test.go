package handler_test

// What a run does that has to wait: for another run, for a store, for its own turn.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/retry"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/rules"
)

// withoutWaiting calls f where waiting takes no time, and the clock goes on. For that, nothing
// may wait for a connection.
func (w *world) withoutWaiting(f func()) {
	w.t.Helper()
	rules.Default() // not within a bubble: it is shared by all
	synctest.Test(w.t, func(*testing.T) {
		time.Sleep(time.Until(now)) // a bubble begins in the year 2000, which no signature knows
		f()
	})
}

// runDirect runs the handler where waiting takes no time, without a connection, for so
// long. prepare fills the store, and may put something in front of it; nil: there is none.
func (w *world) runDirect(limit time.Duration, event string, prepare func(*cos.Bucket) http.Handler, options ...func(*handler.Options)) (
	summary handler.Summary, err error,
) {
	w.t.Helper()
	if prepare != nil {
		w.set("LICENSEWATCH_STATE_URL", apartStore)
	}
	w.withoutWaiting(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		var store http.Handler
		if prepare != nil {
			store = prepare(newBucketOf(w.Simulator))
		}
		options = append([]func(*handler.Options){func(o *handler.Options) { o.Sleep = nil }}, options...)
		w.transport = direct{w.Simulator, store}
		summary, err = w.runIn(ctx, event, options...)
	})
	return summary, err
}

// direct is an outside and a store without a connection.
type direct struct{ front, store http.Handler }

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	to := d.front
	if r.URL.Port() == "1" {
		to = d.store
	}
	response, err := simulator.InProcess(to).RoundTrip(r)
	if r.Context().Err() != nil {
		return nil, r.Context().Err()
	}
	return response, err
}

// putClaim leaves a claim of another run in a store.
func putClaim(bucket *cos.Bucket, lasts time.Duration) {
	bucket.SetObject("lw/claim.json", fmt.Appendf(nil, `{"owner":"another","expires":%q}`, time.Now().Add(lasts).Format(time.RFC3339Nano)))
}

// slow is a store that takes its time.
func slow(bucket http.Handler, each time.Duration) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if retry.Sleep(r.Context(), each) == nil {
			bucket.ServeHTTP(rw, r)
		}
	})
}

// failing is a store that after so many looks at the claim answers them with a status.
func failing(bucket http.Handler, after int64, status int) http.Handler {
	var looks atomic.Int64
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "claim.json") && looks.Add(1) > after {
			rw.WriteHeader(status)
			return
		}
		bucket.ServeHTTP(rw, r)
	})
}

// TestAnotherRunWasSeen: however slow the store is, and whatever it does after another
// run's claim was seen, that run speaks and this one does not.
func TestAnotherRunWasSeen(t *testing.T) {
	stores := map[string]func(http.Handler) http.Handler{
		"denied": func(b http.Handler) http.Handler { return failing(b, 1, http.StatusForbidden) },
		"down":   func(b http.Handler) http.Handler { return failing(b, 1, http.StatusServiceUnavailable) },
	}
	for _, takes := range []time.Duration{0, 300 * time.Millisecond, 500 * time.Millisecond, 700 * time.Millisecond, 1900 * time.Millisecond} {
		stores["slow "+takes.String()] = func(b http.Handler) http.Handler { return slow(b, takes) }
	}
	for name, store := range stores {
		for _, limit := range []time.Duration{10 * time.Second, 60 * time.Second} {
			t.Run(name+"/"+limit.String(), func(t *testing.T) {
				w := newWorld(t, "near-expiry")
				summary, err := w.runDirect(limit, alertEvent, func(bucket *cos.Bucket) http.Handler {
					putClaim(bucket, time.Hour)
					return store(bucket)
				})
				if owed, ok := errors.AsType[*handler.OwedError](err); !ok || !owed.Busy {
					t.Errorf("got %v, want an OwedError of a busy store: %+v", err, summary)
				}
				w.wantPosts(0, 0)
			})
		}
	}
}

// TestDeadClaimIsWaitedFor: a claim that ends while there is time is taken over then,
// however often it was looked at.
func TestDeadClaimIsWaitedFor(t *testing.T) {
	for _, lasts := range []time.Duration{time.Second, 15 * time.Second, 30 * time.Second, 110 * time.Second} {
		w := newWorld(t, "near-expiry")
		summary, err := w.runDirect(300*time.Second, alertEvent, func(bucket *cos.Bucket) http.Handler {
			putClaim(bucket, lasts)
			return bucket
		})
		if err != nil || summary.Memory != "ok" {
			t.Errorf("%v: %v, %+v", lasts, err, summary)
		}
		w.wantPosts(1, 1)
	}
}

// TestTakeOverWaitsUntilItSees: a run that was slow to take a dead claim over, and
// cannot see then what has become of it, leaves it alone.
func TestTakeOverWaitsUntilItSees(t *testing.T) {
	w := newWorld(t, "near-expiry")
	var bucket *cos.Bucket
	summary, err := w.runDirect(time.Minute, alertEvent, func(b *cos.Bucket) http.Handler {
		bucket = b
		putClaim(bucket, -time.Second)
		store := failing(bucket, 1, http.StatusServiceUnavailable) // it sees the dead one
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "takeover/") {
				putClaim(bucket, time.Hour) // another has taken over and is done, and a third has begun
			}
			store.ServeHTTP(rw, r)
		})
	})
	if err != nil || summary.Memory != "HTTPStatus.503" {
		t.Errorf("%v, %+v", err, summary)
	}
	if claim := string(bucket.Objects()["lw/claim.json"]); !strings.Contains(claim, "another") {
		t.Errorf("the third run's claim is now %s", claim)
	}
}

// TestMistakesAndAStoreThatHangs: the mistakes are told in time.
func TestMistakesAndAStoreThatHangs(t *testing.T) {
	for _, limit := range []time.Duration{3 * time.Second, 5 * time.Second, 10 * time.Second, 60 * time.Second} {
		w := newWorld(t, "near-expiry", "LICENSEWATCH_SITE", "us")
		_, err := w.runDirect(limit, alertEvent, func(bucket *cos.Bucket) http.Handler { return slow(bucket, time.Hour) })
		if _, ok := errors.AsType[*handler.ConfigError](err); !ok {
			t.Errorf("%v: got %v", limit, err)
		}
		w.wantPosts(1, 1)
	}
}

// TestMistakeOfTheEvent: what is wrong with this timer alone is told also while another
// one's run has the lock.
func TestMistakeOfTheEvent(t *testing.T) {
	for _, lasts := range []time.Duration{0, time.Hour} {
		w := newWorld(t, "near-expiry")
		_, err := w.runDirect(time.Minute, strings.Replace(digestEvent, `"Message":"digest"`, `"Message":"digset"`, 1), func(bucket *cos.Bucket) http.Handler {
			putClaim(bucket, lasts)
			return bucket
		})
		if _, ok := errors.AsType[*handler.ConfigError](err); !ok {
			t.Errorf("got %v", err)
		}
		w.wantPosts(1, 1)
	}
}

// TestTimeIsUp: a run that has computed for too long says that, in every chat, once a day
// where there is a memory, and nothing else. Nothing counts as told by it: the next run
// that has the time tells all.
func TestTimeIsUp(t *testing.T) {
	for name, test := range map[string]struct {
		store func(*cos.Bucket) http.Handler
		posts []int // after each run, in each chat
	}{
		"with a store": {func(bucket *cos.Bucket) http.Handler { return bucket }, []int{1, 1, 2}},
		"without one":  {func(bucket *cos.Bucket) http.Handler { return slow(bucket, time.Hour) }, []int{1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "near-expiry")
			var bucket *cos.Bucket
			for i, want := range test.posts {
				computes := i < len(test.posts)-1
				summary, err := w.runDirect(time.Minute, alertEvent, func(fresh *cos.Bucket) http.Handler {
					bucket = cmp.Or(bucket, fresh)
					return test.store(bucket)
				}, func(o *handler.Options) {
					var looks atomic.Int64
					o.Now = func() time.Time {
						if looks.Add(1) == 3 && computes { // for the id, for the reading, and now
							time.Sleep(51500 * time.Millisecond) // it computes, when the time to tell is over
						}
						return now
					}
				})
				late, ok := errors.AsType[*handler.DeadlineError](err)
				isLate := ok && late.Spent && summary.Outcome == handler.OutcomeFailed && strings.Contains(summary.Reason, "time was up")
				if isLate != computes {
					t.Errorf("run %d: %v, %+v", i, err, summary)
				}
				w.wantPosts(want, want)
				if computes {
					w.wantContains("note", w.posted("slack")[want-1], "ran out of time", "60 s", "Orders read in this one: 4")
				} else {
					w.wantContains("alert", w.posted("slack")[want-1], "cwp-")
				}
			}
		})
	}
}

// TestExportsTaskIsSavedInTime: that the export's time is up costs no memory.
func TestExportsTaskIsSavedInTime(t *testing.T) {
	w := newWorld(t, "near-expiry")
	var end time.Time
	w.Override("ExportLicenseDetail", func(rw http.ResponseWriter, _ *http.Request) {
		time.Sleep(time.Until(end) - 150*time.Millisecond)
		_, _ = fmt.Fprint(rw, `{"Response":{"TaskId":7,"RequestId":"r"}}`)
	})
	summary, err := w.runDirect(15*time.Second, digestEvent, func(bucket *cos.Bucket) http.Handler {
		putClaim(bucket, 3500*time.Millisecond)       // the export begins late
		end = time.Now().Add(8100 * time.Millisecond) // when the export is no longer waited for
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "ledger.json") {
				time.Sleep(300 * time.Millisecond)
			}
			bucket.ServeHTTP(rw, r)
		})
	})
	if err != nil || summary.Memory != "ok" || summary.Export.TaskID != 7 {
		t.Errorf("%v, %+v", err, summary)
	}
	w.wantPosts(1, 1)
}

// TestLedgerThatIsReadDecides what is new, also when it cannot be saved any more by the
// time.
func TestLedgerThatIsReadDecides(t *testing.T) {
	var full atomic.Bool
	w, _ := newBucket(t, "near-expiry", func(bucket http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if full.Load() && r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "ledger.json") {
				rw.WriteHeader(http.StatusForbidden)
				return
			}
			bucket.ServeHTTP(rw, r)
		})
	})
	w.set("LICENSEWATCH_EXPORT", "always")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	full.Store(true)
	if summary := w.wantTick("alert", handler.OutcomeQuiet, 1, 1); summary.Memory == "ok" {
		t.Errorf("the export's task cannot be saved: %+v", summary)
	}
}

// breaking is a transport in which one request breaks the program.
type breaking struct {
	http.RoundTripper
	isIt func(*http.Request) bool
}

func (b breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.isIt(r) {
		panic("of the test")
	}
	return b.RoundTripper.RoundTrip(r)
}

// TestReadingThatBreaks leaves the ledger as it is, the lock to the next run, and what
// is due is said.
func TestReadingThatBreaks(t *testing.T) {
	w, bucket := newBucket(t, "near-expiry", nil)
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	before := string(bucket.Objects()["lw/ledger.json"])
	summary, err := w.run(strings.Replace(alertEvent, "01:37", "02:37", 1), func(o *handler.Options) {
		o.Transport = breaking{o.Transport, func(r *http.Request) bool {
			return r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "ledger.json")
		}}
	})
	if err != nil || summary.Memory != "Internal" {
		t.Errorf("%v, %+v", err, summary)
	}
	w.wantPosts(2, 2)
	w.wantContains("the message", w.posted("slack")[1], "Running without memory")
	if objects := bucket.Objects(); len(objects) != 1 || string(objects["lw/ledger.json"]) != before {
		t.Errorf("the ledger was %d bytes and is %d; %d objects", len(before), len(objects["lw/ledger.json"]), len(objects))
	}
}

// TestFileSystemThatHangsForRuns: however many runs find that it hangs, one piece of work
// waits for it; when it goes on, so does the memory.
func TestFileSystemThatHangsForRuns(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.withoutWaiting(func() {
		var waiting, most atomic.Int64
		released := make(chan struct{})
		h := handler.New(handler.Options{
			Environment: w.environment, Transport: w.Transport(), Now: func() time.Time { return now }, Log: w.log,
			Disk: func(work func()) {
				most.Store(max(most.Load(), waiting.Add(1)))
				<-released
				waiting.Add(-1)
				work()
			},
		})
		run := func() handler.Summary {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			summary, err := h.Run(ctx, []byte(alertEvent))
			if err != nil || summary.Outcome == handler.OutcomeFailed {
				t.Errorf("%v, %+v", err, summary)
			}
			return summary
		}
		for range 4 {
			run()
		}
		if most.Load() != 1 {
			t.Errorf("%d pieces of work wait", most.Load())
		}
		close(released)
		synctest.Wait()
		time.Sleep(time.Minute) // the claim that was left is over
		if summary := run(); summary.Memory != "ok" {
			t.Errorf("it goes on, and the run is %+v", summary)
		}
	})
}
