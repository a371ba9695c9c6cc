package main_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/rpc"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/archive"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

// deadClaim is the lock of a run whose time is up.
const deadClaim = `{"owner":"the dead run","expires":"2026-01-01T00:00:00Z"}`

// TestProveKills kills the function at random instants of a run, with either store, and
// lets the platform run the event again: each chat is told, what is said twice has one
// id, and after that the next alert has nothing to say.
func TestProveKills(t *testing.T) { //nolint:tparallel // the report waits for all of them
	t.Parallel()
	var mutex sync.Mutex
	repeats, survived := 0, 0
	trials := proof.Trials(24, 1000)
	t.Run("trials", func(t *testing.T) {
		for i := range trials {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				chance := rand.New(rand.NewPCG(proof.Seed(i)))
				again, alive := killAtRandom(t, chance, i%2 == 0, i%4 < 2)
				mutex.Lock()
				defer mutex.Unlock()
				repeats += again
				if alive {
					survived++
				}
			})
		}
	})
	proof.Report(t, "%d kills (%d came after the run's end): 0 alerts lost, %d repeated once with the same id", trials, survived, repeats)
}

// killAtRandom is one trial. It returns how many messages were said twice, and whether
// the run had ended when it was killed.
func killAtRandom(t *testing.T, chance *rand.Rand, inCOS, isAlert bool) (repeats int, survived bool) {
	sim := startSimulator(t, "near-expiry")
	memory := dyingIn(t, sim, inCOS)
	event := timerEvent
	if isAlert {
		event = alertEvent
	}
	archived := filepath.Join(t.TempDir(), "archive")
	settings := map[string]string{"LICENSEWATCH_STATE_URL": memory.url, "LICENSEWATCH_LANGUAGE": "en",
		"LICENSEWATCH_ARCHIVE_URL": "file://" + archived, "LICENSEWATCH_EXPORT_HISTORY": "off"}
	request := messages.InvokeRequest{RequestId: "req", Payload: []byte(event), Environment: environment(t, sim, settings)}
	request.Deadline.Seconds = time.Now().Add(60 * time.Second).Unix()

	first := start(t)
	var response messages.InvokeResponse
	call := first.client.Go("Function.Invoke", &request, &response, make(chan *rpc.Call, 1))
	after := time.AfterFunc(time.Duration(chance.Int64N(int64(40*time.Millisecond))), first.kill) // a run takes about 25 ms
	defer after.Stop()
	survived = (<-call.Done).Error == nil
	first.kill()
	settings["LICENSEWATCH_STATE_URL"] = memory.expire() // the platform's next try comes when the first one's time is up
	request.Environment = environment(t, sim, settings)

	repeats = rerun(t, sim, request) - 2
	request.Payload = []byte(strings.ReplaceAll(timerEvent, "11-22T01", "11-22T03"))
	if response := start(t).invoke(request); response.Error != nil || !strings.Contains(string(response.Payload), `"status":"sealed"`) {
		t.Errorf("the next digest: %+v %s", response.Error, response.Payload)
	}
	wantSound(t, archived)
	return repeats, survived
}

// wantSound checks that nothing in an archive that counts as sealed is not whole, that the
// chain goes on, and that the last record tells of folders that were not sealed.
func wantSound(t *testing.T, dir string) {
	t.Helper()
	store, err := state.OpenArchive("file://"+dir, "", time.Time{}, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := archive.Verify(t.Context(), store, archive.Check{})
	// one record at least, of the digest: an alert that was killed once it had spoken leaves none
	if err != nil || len(result.Defects) > 0 || len(result.Chains) != 1 || result.Chains[0].Records < 1 {
		t.Errorf("the archive: %v, %v, %+v", err, result.Defects, result.Chains)
	}
}

// dyingStore is a store that a run dies with.
type dyingStore struct {
	url    string
	expire func() string // ends the dead run's lock, and gives the URL for the next one
}

func dyingIn(t *testing.T, sim *simulator.Simulator, inCOS bool) dyingStore {
	t.Helper()
	if !inCOS {
		dir := t.TempDir()
		return dyingStore{"file://" + dir, func() string {
			claim := filepath.Join(dir, "claim.json")
			if _, err := os.Stat(claim); err == nil {
				if err := os.WriteFile(claim, []byte(deadClaim), 0o600); err != nil {
					t.Error(err)
				}
			}
			return "file://" + dir
		}}
	}
	id, key, token := sim.Credentials()
	bucket := cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
	serve := func() (server *httptest.Server, url string) {
		server = httptest.NewServer(bucket)
		t.Cleanup(server.Close)
		return server, "cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=" + server.URL
	}
	server, url := serve()
	return dyingStore{url, func() string {
		server.Close() // what the dead run has asked for is done or never will be
		if bucket.Objects()["lw/claim.json"] != nil {
			bucket.SetObject("lw/claim.json", []byte(deadClaim))
		}
		_, url := serve()
		return url
	}}
}
