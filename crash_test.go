package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// storeCalls is more than a run makes.
const storeCalls = 8

// TestFunctionIsKilledAtEveryCallOfItsStore: before the store has done what it was
// asked, and after it has but before the run knows. Nothing is lost, and no
// chat hears more than one repeat, which has the same id.
func TestFunctionIsKilledAtEveryCallOfItsStore(t *testing.T) {
	t.Parallel()
	for _, event := range []string{timerEvent, alertEvent} {
		for call := range storeCalls {
			for _, done := range []bool{false, true} {
				mode := "digest"
				if event == alertEvent {
					mode = "alert"
				}
				t.Run(fmt.Sprintf("%s/call %d/done %t", mode, call+1, done), func(t *testing.T) {
					t.Parallel()
					killAndRerun(t, event, call+1, done)
				})
			}
		}
	}
}

func killAndRerun(t *testing.T, event string, call int, done bool) {
	sim := startSimulator(t, "near-expiry")
	id, key, token := sim.Credentials()
	bucket := cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
	fatal := &fatalCall{store: bucket, at: int64(call), done: done}
	server := httptest.NewServer(fatal)
	t.Cleanup(server.Close)
	environment := environment(t, sim, map[string]string{
		"LICENSEWATCH_STATE_URL": "cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL,
		"LICENSEWATCH_LANGUAGE":  "en",
	})
	request := messages.InvokeRequest{RequestId: "req", Payload: []byte(event), Environment: environment}

	first := start(t)
	fatal.kill = first.kill
	request.Deadline.Seconds = time.Now().Add(60 * time.Second).Unix()
	var response messages.InvokeResponse
	<-first.client.Go("Function.Invoke", &request, &response, make(chan *rpc.Call, 1)).Done
	if bucket.Objects()["lw/claim.json"] != nil { // the platform's next try comes when the first one's time is up
		bucket.SetObject("lw/claim.json", []byte(deadClaim))
	}

	rerun(t, sim, request)
}

// rerun lets the platform run the event of a dead run again, which tells each chat, and
// then an alert, which finds nothing to say. It returns how many messages were posted.
func rerun(t *testing.T, sim *simulator.Simulator, request messages.InvokeRequest) (posts int) {
	t.Helper()
	second := start(t)
	if response := second.invoke(request); response.Error != nil {
		t.Fatalf("rerun: %+v", response.Error)
	}
	wantOnceOrTwice(t, sim)
	before := len(sim.Posts())
	request.Payload = []byte(strings.ReplaceAll(alertEvent, "01:37", "02:37"))
	if response := second.invoke(request); response.Error != nil || !strings.Contains(string(response.Payload), `"outcome":"quiet"`) {
		t.Errorf("the next alert: %+v %s", response.Error, response.Payload)
	}
	if after := len(sim.Posts()); after != before {
		t.Errorf("the next alert posted %d messages", after-before)
	}
	return before
}

// wantOnceOrTwice checks that each chat was told, and what was said twice has one
// id.
func wantOnceOrTwice(t *testing.T, sim *simulator.Simulator) {
	t.Helper()
	told := map[string][]string{}
	for _, post := range sim.Posts() {
		told[post.Channel] = append(told[post.Channel], messageID.FindString(string(post.Body)))
	}
	for _, channel := range []string{"slack", "wecom"} {
		ids := told[channel]
		if len(ids) == 0 || len(ids) > 2 || ids[0] == "" || ids[0] != ids[len(ids)-1] {
			t.Errorf("%s was told %q, want one message, at most twice", channel, ids)
		}
	}
}

var messageID = regexp.MustCompile(`\b[0-9a-f]{6}["<]`) // at the foot

// fatalCall is a store during one of whose calls the function is killed.
type fatalCall struct {
	store http.Handler
	at    int64 // the call, counted from 1
	done  bool  // the store has done by then what it was asked
	kill  func()
	count atomic.Int64
}

func (f *fatalCall) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if f.count.Add(1) != f.at {
		f.store.ServeHTTP(w, r)
		return
	}
	if f.done {
		f.store.ServeHTTP(httptest.NewRecorder(), r)
	}
	f.kill()
	panic(http.ErrAbortHandler) // nobody is there any more
}

// TestFunctionHasNoRoom: on a disk that is full, everything is said, and that it
// will not be remembered.
func TestFunctionHasNoRoom(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to limit the size of files with")
	}
	sim := startSimulator(t, "near-expiry")
	// Room for the claim, but not for the ledger.
	f := start(t, "sh", "-c", `ulimit -f 1; exec "$0"`)
	f.invoke(messages.InvokeRequest{Payload: []byte(alertEvent), Environment: environment(t, sim, map[string]string{
		"LICENSEWATCH_STATE_URL": "file://" + t.TempDir(),
		"LICENSEWATCH_LANGUAGE":  "en",
	})})
	posts := sim.Posts()
	if len(posts) != 2 {
		t.Fatalf("%d posts, want 2", len(posts))
	}
	for _, post := range posts {
		if !strings.Contains(string(post.Body), "memory") || !strings.Contains(string(post.Body), "cwp-aaaa") {
			t.Errorf("%s was told %s", post.Channel, post.Body)
		}
	}
}
