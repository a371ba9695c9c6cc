//go:build unix

package main_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

const (
	// freezesAtOnce is how many tries wait for the end of a lease side by side.
	freezesAtOnce = 20
	// frozenBudget is the time that the run has which is frozen.
	frozenBudget = 2200 * time.Millisecond
	// leaseTail is how much longer its lease lasts, at most.
	leaseTail = 2200 * time.Millisecond
)

// TestFrozenRunWritesNothing: a run is frozen at any instant, as a platform freezes an
// instance, and thawed when a later one is done. What the later one remembers stays. It
// waits in real time: what is frozen is a process, and its lease ends by the machine's clock.
func TestFrozenRunWritesNothing(t *testing.T) {
	t.Parallel()
	rounds := proof.Trials(20, 1000) // with each store
	stores := []func(*testing.T, *simulator.Simulator, *freezer) memoryIn{inDirectory, inBucket}
	next := make(chan int)
	var all sync.WaitGroup
	var tried atomic.Int64
	for range freezesAtOnce {
		all.Go(func() {
			for n := range next {
				t.Run(strconv.Itoa(n), func(t *testing.T) { freezeAndThaw(t, n, stores[n%len(stores)], &tried) })
			}
		})
	}
	for n := range rounds * len(stores) {
		next <- n
	}
	close(next)
	all.Wait()
	if 2*tried.Load() < int64(rounds*len(stores)) {
		t.Errorf("only %d of %d tries came to anything", tried.Load(), rounds*len(stores))
	}
	proof.Report(t, "%d freezes and thaws: 0 memories written over", tried.Load())
}

// memoryIn is a store that a test looks into.
type memoryIn struct {
	url  string
	read func(name string) []byte // nil: there is no such object
}

func inDirectory(t *testing.T, _ *simulator.Simulator, _ *freezer) memoryIn {
	t.Helper()
	dir := t.TempDir()
	return memoryIn{"file://" + dir, func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // the test's own
		if err != nil {
			return nil
		}
		return data
	}}
}

func inBucket(t *testing.T, sim *simulator.Simulator, f *freezer) memoryIn {
	t.Helper()
	id, key, token := sim.Credentials()
	bucket := cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
	f.store = bucket
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return memoryIn{"cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL,
		func(name string) []byte { return bucket.Objects()["lw/"+name] }}
}

// freezer is a bucket that freezes a run at one of its calls, before or after it.
type freezer struct {
	store  http.Handler
	at     int64 // the call, counted from 1; 0: none
	before bool
	freeze func()
	count  atomic.Int64
}

func (f *freezer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	isIt := f.count.Add(1) == f.at
	if isIt {
		body, err := io.ReadAll(r.Body) // all of it was sent
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if isIt && f.before {
		f.freeze()
	}
	f.store.ServeHTTP(w, r)
	if isIt && !f.before {
		f.freeze()
	}
}

func freezeAndThaw(t *testing.T, n int, store func(*testing.T, *simulator.Simulator, *freezer) memoryIn, tried *atomic.Int64) {
	sim := startSimulator(t, "near-expiry")
	f := &freezer{before: n%8 == 1}
	if n%4 == 1 { // half of those in a bucket
		f.at = 1 + rand.Int64N(storeCalls)
	}
	memory := store(t, sim, f)
	request := messages.InvokeRequest{RequestId: "req", Payload: []byte(alertEvent), Environment: environment(t, sim, map[string]string{
		"LICENSEWATCH_STATE_URL": memory.url, "LICENSEWATCH_LANGUAGE": "en",
	})}

	first := start(t)
	var once sync.Once
	frozen := make(chan struct{})
	f.freeze = func() {
		once.Do(func() {
			if err := first.signal(syscall.SIGSTOP); err != nil {
				t.Error(err)
			}
			close(frozen)
		})
	}
	begun := time.Now()
	end := begun.Add(frozenBudget)
	request.Deadline.Seconds, request.Deadline.Nanos = end.Unix(), int64(end.Nanosecond())
	var response messages.InvokeResponse
	call := first.client.Go("Function.Invoke", &request, &response, make(chan *rpc.Call, 1))
	if !first.waitForStart(frozenBudget) { // one that was frozen before that begins anew when it is thawed
		t.Skip("this machine is too busy: the run did not begin in its time")
	}
	if f.at == 0 {
		time.Sleep(rand.N(120 * time.Millisecond)) // any instant of the process's run, and a little more
		f.freeze()
	}
	select {
	case <-frozen:
	case <-call.Done: // it makes fewer calls
		f.freeze()
	}
	time.Sleep(time.Until(end.Add(leaseTail))) // the processes go by the machine's clock

	second := start(t)
	request.Payload = []byte(strings.ReplaceAll(alertEvent, "01:37", "02:37"))
	later := time.Now().Add(30 * time.Second)
	request.Deadline.Seconds, request.Deadline.Nanos = later.Unix(), 0
	answer := second.invoke(request)
	if answer.Error != nil {
		t.Errorf("the later run: %+v", answer.Error)
	}
	if strings.Contains(string(answer.Payload), `"memory":"Timeout"`) {
		t.Skip("this machine is too busy: the store did not answer in its time")
	}
	tried.Add(1)
	want := memory.read("ledger.json")
	if len(want) == 0 {
		t.Error("the later run remembers nothing")
	}

	if err := first.signal(syscall.SIGCONT); err != nil {
		t.Error(err)
	}
	select {
	case <-call.Done:
	case <-time.After(3 * time.Second):
	}
	time.Sleep(200 * time.Millisecond) // for what the process would write, if it did
	if got := memory.read("ledger.json"); !bytes.Equal(got, want) {
		t.Errorf("the ledger of %d bytes has become one of %d: %s", len(want), len(got), difference(want, got))
	}
	if claim := memory.read("claim.json"); claim != nil {
		t.Errorf("the claim is left: %s", claim)
	}
	before := len(sim.Posts())
	request.Payload = []byte(strings.ReplaceAll(alertEvent, "01:37", "03:37"))
	if response := second.invoke(request); response.Error != nil || !strings.Contains(string(response.Payload), `"outcome":"quiet"`) || len(sim.Posts()) != before {
		t.Errorf("the next alert: %+v %s, %d posts", response.Error, response.Payload, len(sim.Posts())-before)
	}
}

// waitForStart waits until a run has begun, and says whether it has.
func (f *function) waitForStart(patience time.Duration) bool {
	f.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if f.hasLogged("run started") {
			return true
		}
	}
	return false
}

// difference shows where two texts part.
func difference(a, b []byte) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	from := max(0, i-40)
	return fmt.Sprintf("%.120q, was %.120q", b[min(from, len(b)):], a[min(from, len(a)):])
}
