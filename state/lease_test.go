package state_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

// watch is a clock that tests put forward.
type watch struct {
	mutex sync.Mutex
	time  time.Time
}

func (w *watch) now() time.Time {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return w.time
}

func (w *watch) pass(d time.Duration) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.time = w.time.Add(d)
}

// leasing are all stores, by a clock.
var leasing = map[string]func(t *testing.T, clock *watch) state.Store{
	"memory": func(*testing.T, *watch) state.Store { return state.NewMemory() }, // goes by Revoke
	"file": func(t *testing.T, clock *watch) state.Store {
		return open(t, "file://"+filepath.Join(t.TempDir(), "state"), state.Options{Now: clock.now})
	},
	"cos": func(t *testing.T, clock *watch) state.Store {
		_, rawURL := newBucket(t, func(o *cos.Options) { o.Now = clock.now })
		o := options()
		o.Now = clock.now
		return open(t, rawURL, o)
	},
}

// wantLost checks that nothing can be written any more.
func wantLost(t *testing.T, s state.Store) {
	t.Helper()
	for op, err := range map[string]error{
		"Put":    s.Put(t.Context(), "kept", []byte("old")),
		"Create": s.Create(t.Context(), "new/one", []byte("old")),
		"Delete": s.Delete(t.Context(), "kept"),
	} {
		if !errors.Is(err, state.ErrLost) {
			t.Errorf("%s gives %v, want ErrLost", op, err)
		}
	}
}

// TestLease: a holder writes until its time is up, or its lease is revoked; nobody
// else is in its way.
func TestLease(t *testing.T) {
	t.Parallel()
	for kind, newStore := range leasing {
		for _, by := range []string{"time", "revoke"} {
			if kind == "cos" && by == "revoke" || kind == "memory" && by == "time" {
				continue
			}
			t.Run(kind+"/"+by, func(t *testing.T) {
				t.Parallel()
				clock := &watch{time: now}
				s := newStore(t, clock)
				until := now.Add(time.Minute)
				if kind == "memory" {
					until = time.Now().Add(time.Hour)
				}
				first, second := s.Lease("first", until), s.Lease("second", until.Add(time.Hour))
				mustPut(t, first, "kept", "1")
				mustPut(t, second, "kept", "2")
				if err := first.Create(t.Context(), "claims/one", []byte("x")); err != nil {
					t.Fatal(err)
				}
				if err := second.Create(t.Context(), "claims/one", nil); !errors.Is(err, state.ErrExists) {
					t.Errorf("a second Create gives %v", err)
				}
				for range 2 {
					if err := first.Delete(t.Context(), "claims/one"); err != nil {
						t.Error(err)
					}
				}
				clock.pass(57 * time.Second) // two seconds before its end at least, and one for the clock
				mustPut(t, first, "kept", "3")
				if by == "time" {
					clock.pass(3 * time.Second)
				} else if err := second.Revoke(t.Context(), "first"); err != nil {
					t.Fatal(err)
				}
				wantLost(t, first)
				mustHold(t, first, "kept", "3")
				mustPut(t, second, "kept", "4")
				mustHold(t, s, "kept", "4")
				mustBeAbsent(t, s, "new/one")
				for _, holder := range []string{"first", "second", "nobody"} {
					if err := second.Revoke(t.Context(), holder); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
}

// TestLeaseOfARequestOnItsWay: what was signed in time and comes late is refused.
func TestLeaseOfARequestOnItsWay(t *testing.T) {
	t.Parallel()
	clock := &watch{time: now}
	bucket, rawURL := newBucket(t, func(o *cos.Options) { o.Now = clock.now })
	o := options()
	o.Now = clock.now
	freeze := time.Duration(0)
	o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		clock.pass(freeze)
		return http.DefaultTransport.RoundTrip(r)
	})
	s := open(t, rawURL, o)
	held := s.Lease("first", now.Add(time.Minute))
	mustPut(t, held, "kept", "1")
	freeze = time.Minute
	if err := held.Put(t.Context(), "kept", []byte("old")); !errors.Is(err, state.ErrLost) {
		t.Errorf("got %v, want ErrLost", err)
	}
	if got := string(bucket.Objects()["prod/lw/kept"]); got != "1" {
		t.Errorf("the object is %q", got)
	}
	http.DefaultClient.CloseIdleConnections()
}

// TestLeaseAndAClockThatIsBehind: COS goes by its own clock; that is no lost lease,
// and says what to do.
func TestLeaseAndAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	_, rawURL := newBucket(t, func(o *cos.Options) { o.Now = func() time.Time { return now.Add(90 * time.Second) } })
	s := open(t, rawURL, options())
	mustPut(t, s, "kept", "1")
	err := s.Lease("first", now.Add(time.Minute)).Put(t.Context(), "kept", nil)
	mustFail(t, err, "AccessDenied", "clock is 90 s behind: set it")
}

// TestLeaseIsNotTheStores: a store that is gone is no lost lease.
func TestLeaseIsNotTheStores(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	held := open(t, cosURL(server.URL), options()).Lease("first", now.Add(time.Minute))
	mustFail(t, held.Put(t.Context(), "kept", nil), "ConnectionFailed")
}
