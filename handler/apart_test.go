package handler_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// apart is an outside of its own, without a connection, for tests that try many times
// side by side. All have the same URLs, so the process's settings are set once.
type apart struct {
	*simulator.Simulator
	bucket *cos.Bucket
	twist  func(*http.Request, *http.Response) // changes answers; nil leaves them
	log    *lockedBuffer
}

const apartStore = "cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=http://127.0.0.1:1"

// setApart points the process's settings at those that are apart.
func setApart(t *testing.T, settings ...string) {
	t.Helper()
	outside := simulator.New(simulator.Options{})
	setSettings(t, outside, append([]string{"LICENSEWATCH_STATE_URL", apartStore, "LICENSEWATCH_HEARTBEAT_URL", outside.HeartbeatURL()}, settings...)...)
}

func newApart(scenario string) *apart {
	sim := simulator.New(simulator.Options{Scenario: scenario, Now: func() time.Time { return now }})
	return &apart{Simulator: sim, bucket: newBucketOf(sim), log: &lockedBuffer{}}
}

// newBucketOf is an empty store for the keys of a simulated cloud.
func newBucketOf(sim *simulator.Simulator) *cos.Bucket {
	id, key, token := sim.Credentials()
	return cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
}

// RoundTrip implements http.RoundTripper.
func (a *apart) RoundTrip(r *http.Request) (*http.Response, error) {
	to := a.Transport()
	if r.URL.Port() == "1" {
		to = simulator.InProcess(a.bucket)
	}
	response, err := to.RoundTrip(r)
	if err == nil && a.twist != nil {
		a.twist(r, response)
	}
	return response, err
}

// run is a run of the mode's timer at a time.
func (a *apart) run(mode string, at time.Time) (handler.Summary, error) {
	event := fmt.Sprintf(`{"Type":"Timer","TriggerName":%q,"Time":%q,"Message":%q}`, mode, at.UTC().Format(time.RFC3339), mode)
	return a.runEvent([]byte(event), at)
}

func (a *apart) runEvent(event []byte, at time.Time) (handler.Summary, error) {
	return handler.New(handler.Options{
		Transport: a, Now: func() time.Time { return at }, Log: a.log,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}).Run(context.Background(), event)
}

// accepted are the messages that a chat took since the first so many posts.
func (a *apart) accepted(channel string, since int) (bodies []string) {
	for _, post := range a.Posts()[since:] {
		if post.Channel == channel && (post.Answer == "ok" || strings.HasPrefix(post.Answer, `{"errcode":0,`)) {
			bodies = append(bodies, string(post.Body))
		}
	}
	return bodies
}

// sideBySide does so many tries, some at once.
func sideBySide(tries int, try func(i int)) {
	next := make(chan int)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := range next {
				try(i)
			}
		})
	}
	for i := range tries {
		next <- i
	}
	close(next)
	all.Wait()
}

// dice are drawn from by several goroutines.
type dice struct {
	mutex  sync.Mutex
	chance *rand.Rand
}

func (d *dice) draw(n int) int {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	return d.chance.IntN(n)
}
