package handler_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/rules"
)

// parts are what a run waits for besides its store, by what tells their requests.
var parts = []struct {
	name string
	is   func(*http.Request) bool
}{
	{"the API", func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-TC-Action"), "Describe") }},
	{"the export", func(r *http.Request) bool { return strings.HasPrefix(r.Header.Get("X-TC-Action"), "Export") }},
	{"Slack", func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/services/") }},
	{"WeCom", func(r *http.Request) bool { return strings.Contains(r.URL.Path, "webhook/send") }},
	{"the heartbeat", func(r *http.Request) bool { return strings.Contains(r.URL.Path, "heartbeat") }},
}

// What a run finds in its store.
const (
	findsNothing = "nothing"
	findsMemory  = "a memory"
	findsDead    = "a dead run's claim"
	findsOther   = "another run's claim"
)

// hangingRun is a run that waits in vain for some of its parts.
type hangingRun struct {
	event   string
	inCOS   bool
	finds   string
	limit   time.Duration
	hanging int   // a bit for each of the parts
	calls   int64 // what the store does before it hangs
	done    bool  // when it hangs, it has done what it was asked
}

// hangingRuns are all of them: first those in the least time of which only the store
// hangs, the others in any order.
func hangingRuns() (all []hangingRun) {
	for _, event := range []string{digestEvent, alertEvent} {
		for _, inCOS := range []bool{true, false} {
			for _, finds := range []string{findsNothing, findsMemory, findsDead, findsOther} {
				for _, limit := range []time.Duration{3 * time.Second, 5 * time.Second, 15 * time.Second, 60 * time.Second, 900 * time.Second} {
					for hanging := range 1 << len(parts) {
						for _, calls := range []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1000} {
							all = append(all, hangingRun{event, inCOS, finds, limit, hanging, calls, len(all)%2 == 0})
						}
					}
				}
			}
		}
	}
	rand.New(rand.NewPCG(proof.Seed(0))).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	rank := func(h hangingRun) int {
		if h.limit == 3*time.Second && h.hanging == 0 {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b hangingRun) int { return cmp.Compare(rank(a), rank(b)) })
	return all
}

// String says what hangs.
func (h hangingRun) String() string {
	store := "directory"
	if h.inCOS {
		store = "bucket"
	}
	var names []string
	for i, part := range parts {
		if h.hanging&(1<<i) != 0 {
			names = append(names, part.name)
		}
	}
	return fmt.Sprintf("%v, %q, in a %s with %s that hangs after %d calls (done %t); besides: %v", h.limit, h.event[16:36], store, h.finds, h.calls, h.done, names)
}

// TestProveHanging: whichever parts hang, and after whichever call the store does, the
// run has said its last word a tenth of its time before the platform would end it, and
// 200 ms at least, and each chat that lives was told. What takes no time here has 80 ms
// more: a busy machine is late.
func TestProveHanging(t *testing.T) {
	setApart(t, "LICENSEWATCH_EXPORT", "always")
	rules.Default() // not within a bubble: it is shared by all
	all := hangingRuns()
	trials := proof.Trials(500, len(all))
	closest := 1.0
	for _, h := range all[:trials] {
		left := leftBy(t, h)
		if least := max(h.limit/10, 200*time.Millisecond) + 80*time.Millisecond; left < least {
			t.Errorf("%v left of %s", left, h)
		}
		closest = min(closest, left.Seconds()/h.limit.Seconds())
	}
	proof.Report(t, "%d of %d combinations of hanging parts, stores and deadlines: the last word with %.1f %% of the time left at least", trials, len(all), 100*closest)
}

// leftBy is the time that is left after the run's last word.
func leftBy(t *testing.T, h hangingRun) (left time.Duration) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("LICENSEWATCH_STATE_URL", "file://"+dir)
	if h.inCOS {
		t.Setenv("LICENSEWATCH_STATE_URL", apartStore)
	}
	synctest.Test(t, func(*testing.T) {
		sim := simulator.New(simulator.Options{Scenario: "near-expiry", Now: func() time.Time { return now }})
		o := &hangingOutside{front: sim, bucket: newBucketOf(sim), run: h, released: make(chan struct{})}
		run := func(event string) {
			ctx, cancel := context.WithTimeout(context.Background(), h.limit)
			defer cancel()
			start := time.Now()
			options := handler.Options{Transport: o, Disk: o.disk, Now: func() time.Time { return now.Add(time.Since(start)) }, Log: io.Discard}
			_, _ = handler.New(options).Run(ctx, []byte(event))
			left = h.limit - time.Since(start)
		}
		switch h.finds {
		case findsMemory:
			run(strings.Replace(h.event, "01:", "00:", 1))
		case findsDead:
			o.setClaim(t, dir, time.Now().Add(-time.Second))
		case findsOther:
			o.setClaim(t, dir, time.Now().Add(h.limit))
		}
		o.hangs = true
		run(h.event)
		close(o.released)
		h.wantTold(t, sim.Posts())
	})
	return left
}

// wantTold fails when a chat that lives was not told what could be read.
func (h hangingRun) wantTold(t *testing.T, posts []simulator.Post) {
	t.Helper()
	if h.hanging&1 != 0 || h.finds == findsOther { // nothing was read, or another run tells
		return
	}
	for i, channel := range map[int]string{2: "slack", 3: "wecom"} {
		isTold := slices.ContainsFunc(posts, func(p simulator.Post) bool { return p.Channel == channel && p.Status == http.StatusOK })
		if h.hanging&(1<<i) == 0 && !isTold {
			t.Errorf("%s was not told by %s", channel, h)
		}
	}
}

// hangingOutside answers without a connection, until it hangs.
type hangingOutside struct {
	front    http.Handler
	bucket   *cos.Bucket
	run      hangingRun
	hangs    bool
	calls    atomic.Int64  // of the store, since it hangs
	released chan struct{} // closed when a file system goes on
}

// setClaim leaves a run's claim in the store.
func (o *hangingOutside) setClaim(t *testing.T, dir string, expires time.Time) {
	t.Helper()
	data, err := json.Marshal(map[string]any{"owner": "another run", "expires": expires})
	if err == nil && o.run.inCOS {
		o.bucket.SetObject("lw/claim.json", data)
	} else if err == nil {
		err = os.WriteFile(filepath.Join(dir, "claim.json"), data, 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}

// storeHangs counts a call of the store, and says whether it never ends.
func (o *hangingOutside) storeHangs() bool { return o.hangs && o.calls.Add(1) > o.run.calls }

// disk is the file system.
func (o *hangingOutside) disk(work func()) {
	hangs := o.storeHangs()
	if !hangs || o.run.done {
		work()
	}
	if hangs {
		<-o.released
	}
}

// RoundTrip implements http.RoundTripper.
func (o *hangingOutside) RoundTrip(r *http.Request) (*http.Response, error) {
	to := o.front
	hangs := false
	if r.URL.Port() == "1" {
		to, hangs = o.bucket, o.storeHangs()
	}
	for i, part := range parts {
		hangs = hangs || o.hangs && o.run.hanging&(1<<i) != 0 && part.is(r)
	}
	if !hangs {
		return simulator.InProcess(to).RoundTrip(r)
	}
	if o.run.done {
		_, _ = simulator.InProcess(to).RoundTrip(r)
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}
