package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// binary is the function as it is deployed, built once for all tests.
var binary string

// TestMain runs the tests, or one program under another, as a test asks for.
func TestMain(m *testing.M) {
	if at := os.Getenv(hangVariable); at != "" {
		runHanging(at)
	}
	dir, err := os.MkdirTemp("", "licensewatch")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "main")
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		panic(err)
	}
	line := []string{"build", "-tags", "nethttpomithttp2", "-trimpath"}
	for _, module := range notInlined(string(makefile)) {
		line = append(line, "-gcflags="+module+"/...=-l")
	}
	build := exec.Command("go", append(line, "-o", binary, ".")...) //nolint:noctx // ends with the test
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic("cannot build the function: " + string(out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// notInlined are the modules and packages that the Makefile builds without inlining.
func notInlined(makefile string) []string {
	_, list, _ := strings.Cut(makefile, "\nNO_INLINE = ")
	list, _, _ = strings.Cut(list, "\nbuild:")
	return strings.Fields(strings.ReplaceAll(list, "\\", " "))
}

// starting is held while a function starts.
var starting sync.Mutex

// function is the running binary as SCF sees it.
type function struct {
	t      *testing.T
	client *rpc.Client
	log    *os.File
	kill   func() // at once, as the platform would
	signal func(os.Signal) error
}

// start runs the binary the way SCF does: a port, and nothing of ours in the
// environment.
//
// A command line that runs the program it is given may stand before it.
func start(t *testing.T, prefix ...string) *function {
	t.Helper()
	starting.Lock() // or another test might look for a free port just then, and find this one
	defer starting.Unlock()
	port := freePort(t)
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	line := slices.Concat(prefix, []string{binary})
	command := exec.CommandContext(ctx, line[0], line[1:]...)
	command.Env = []string{"_LAMBDA_SERVER_PORT=" + port, "HOME=" + t.TempDir(), "TENCENTCLOUD_RUNENV=SCF"}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	f := &function{t: t, client: dial(t, "127.0.0.1:"+port), log: log, kill: cancel, signal: command.Process.Signal}
	t.Cleanup(func() {
		_ = f.client.Close()
		cancel()
		_ = command.Wait()
		_ = log.Close()
	})
	var pong messages.PingResponse
	if err := f.client.Call("Function.Ping", &messages.PingRequest{}, &pong); err != nil {
		t.Fatalf("Ping: %v", err)
	}
	return f
}

// freePort is a port below those that the system gives to outgoing connections: one who dials
// a port of these while nobody listens there may be connected to itself, and waits for ever.
func freePort(t *testing.T) string {
	t.Helper()
	for range 100 {
		port := strconv.Itoa(20000 + rand.IntN(12000)) //nolint:gosec // any will do
		if listener, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			_ = listener.Close()
			return port
		}
	}
	t.Fatal("no port is free")
	return ""
}

// dial connects as soon as the process listens.
func dial(t *testing.T, address string) *rpc.Client {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if client, err := rpc.Dial("tcp", address); err == nil {
			return client
		}
		time.Sleep(5 * time.Millisecond) // the other side is a process: there is nothing to wait on
	}
	t.Fatal("the function does not listen")
	return nil
}

// hasLogged says whether a text stands in what the function has written so far.
func (f *function) hasLogged(text string) bool {
	log, err := os.ReadFile(f.log.Name())
	return err == nil && strings.Contains(string(log), text)
}

func (f *function) invoke(request messages.InvokeRequest) *messages.InvokeResponse {
	f.t.Helper()
	if request.RequestId == "" {
		request.RequestId = "0c6b2f4e-req"
	}
	if request.Deadline == (messages.InvokeRequest_Timestamp{}) {
		request.Deadline.Seconds = time.Now().Add(30 * time.Second).Unix()
	}
	var response messages.InvokeResponse
	if err := f.client.Call("Function.Invoke", &request, &response); err != nil {
		f.t.Fatalf("Invoke: %v", err)
	}
	return &response
}

func (f *function) logged() string {
	f.t.Helper()
	if _, err := f.log.Seek(0, io.SeekStart); err != nil {
		f.t.Fatal(err)
	}
	text, err := io.ReadAll(f.log)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

func startSimulator(t *testing.T, scenario string) *simulator.Simulator {
	t.Helper()
	sim := simulator.New(simulator.Options{Scenario: scenario})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	return sim
}

// environment is what SCF puts into the Invoke message.
func environment(t *testing.T, sim *simulator.Simulator, extra map[string]string) string {
	t.Helper()
	id, key, token := sim.Credentials()
	values := map[string]string{
		"TENCENTCLOUD_SECRETID":          id,
		"TENCENTCLOUD_SECRETKEY":         key,
		"TENCENTCLOUD_SESSIONTOKEN":      token,
		"LICENSEWATCH_HOURS":             "always", // the tests run at any hour
		"LICENSEWATCH_API_ENDPOINT":      sim.CloudURL(),
		"LICENSEWATCH_SLACK_WEBHOOK_URL": sim.WebhookURL("slack"),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": sim.WebhookURL("wecom"),
	}
	maps.Copy(values, extra)
	text, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const timerEvent = `{"Type":"Timer","TriggerName":"daily","Time":"2026-11-22T01:07:00Z","Message":"digest"}`

func TestFunctionOnItsHost(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, "near-expiry")
	f := start(t)
	response := f.invoke(messages.InvokeRequest{Payload: []byte(timerEvent), Environment: environment(t, sim, nil), TencentcloudUin: "100000000001"})
	if response.Error != nil {
		t.Fatalf("error %s: %s", response.Error.Type, response.Error.Message)
	}
	var summary struct {
		Outcome   string            `json:"outcome"`
		Sources   map[string]string `json:"sources"`
		Delivered []string          `json:"delivered"`
		Export    struct {
			Status string `json:"status"`
		} `json:"export"`
	}
	if err := json.Unmarshal(response.Payload, &summary); err != nil {
		t.Fatalf("the returned Summary is no JSON: %v", err)
	}
	if summary.Outcome != "sent" || len(summary.Delivered) != 2 || summary.Sources["tcss"] != "ok" || summary.Export.Status != "finished" {
		t.Errorf("Summary %s", response.Payload)
	}
	if posts := sim.Posts(); len(posts) != 2 {
		t.Errorf("%d posts, want one to each chat", len(posts))
	}
	for line := range strings.Lines(f.logged()) {
		if !json.Valid([]byte(line)) || !strings.Contains(line, "0c6b2f4e-req") {
			t.Errorf("log line is no JSON or has no request id: %s", line)
		}
	}
}

func TestFunctionReadsKeysAndSettingsAnew(t *testing.T) {
	t.Parallel()
	f := start(t)
	first := startSimulator(t, "healthy")
	second := startSimulator(t, "healthy")
	wrong := map[string]string{"TENCENTCLOUD_SECRETID": "AKIDanother", "LICENSEWATCH_LANGUAGE": "en"}
	for _, step := range []struct {
		sim   *simulator.Simulator
		extra map[string]string
		tcss  string
	}{
		{first, nil, "ok"},
		{second, wrong, "AuthFailure.SecretIdNotFound"},
		{second, nil, "ok"},
	} {
		response := f.invoke(messages.InvokeRequest{Payload: []byte(timerEvent), Environment: environment(t, step.sim, step.extra)})
		if response.Error != nil {
			t.Fatalf("error %s: %s", response.Error.Type, response.Error.Message)
		}
		if !strings.Contains(string(response.Payload), `"tcss":"`+step.tcss+`"`) {
			t.Errorf("Summary %s, want tcss %s", response.Payload, step.tcss)
		}
	}
	if len(first.Posts()) != 2 || len(second.Posts()) != 4 {
		t.Errorf("%d and %d posts, want 2 and 4", len(first.Posts()), len(second.Posts()))
	}
}

func TestFunctionTakesOddEvents(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, "healthy")
	f := start(t)
	for payload, wantError := range map[string]string{
		`{}`:                       "",
		`[1,2]`:                    "",
		`null`:                     "",
		`"digest"`:                 "",
		``:                         "",
		`not json`:                 "",
		`{"Message":null}`:         "",
		`{"Message":{"a":1}}`:      "ConfigError",
		`{"Message":"weekly"}`:     "ConfigError",
		`{"Message":" digest "}`:   "",
		`{"Time":7,"Message":""}`:  "",
		`{"TriggerName":["list"]}`: "",
	} {
		response := f.invoke(messages.InvokeRequest{Payload: []byte(payload), Environment: environment(t, sim, nil)})
		got := ""
		if response.Error != nil {
			got = response.Error.Type
		}
		if got != wantError {
			t.Errorf("event %q: error %q, want %q (%+v)", payload, got, wantError, response.Error)
		}
	}
}

func TestFunctionWithoutADeadline(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, "healthy")
	f := start(t)
	for name, request := range map[string]messages.InvokeRequest{
		"zero, no limit":   {Deadline: messages.InvokeRequest_Timestamp{Nanos: 1}},
		"zero, with limit": {Deadline: messages.InvokeRequest_Timestamp{Nanos: 1}, TimeLimitInMs: 20_000},
		"past":             {Deadline: messages.InvokeRequest_Timestamp{Seconds: time.Now().Add(-time.Hour).Unix()}, TimeLimitInMs: 20_000},
	} {
		request.Payload, request.Environment = []byte(timerEvent), environment(t, sim, nil)
		if response := f.invoke(request); response.Error != nil || !strings.Contains(string(response.Payload), `"outcome":"sent"`) {
			t.Errorf("%s: %+v %s", name, response.Error, response.Payload)
		}
	}
}

const alertEvent = `{"Type":"Timer","TriggerName":"alert","Time":"2026-11-22T01:37:00Z","Message":"alert"}`

// TestFunctionRemembers: the second alert is quiet, in the same process and in a
// new one, with either store.
func TestFunctionRemembers(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"file", "cos"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			sim := startSimulator(t, "near-expiry")
			store := map[string]string{"LICENSEWATCH_STATE_URL": "file://" + t.TempDir()}
			if kind == "cos" {
				id, key, token := sim.Credentials()
				bucket := httptest.NewServer(cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token}))
				t.Cleanup(bucket.Close)
				store["LICENSEWATCH_STATE_URL"] = "cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=" + bucket.URL
			}
			first, second := start(t), start(t)
			for i, step := range []struct {
				f       *function
				outcome string
			}{{first, "sent"}, {first, "quiet"}, {second, "quiet"}} {
				response := step.f.invoke(messages.InvokeRequest{Payload: []byte(alertEvent), Environment: environment(t, sim, store)})
				if response.Error != nil || !strings.Contains(string(response.Payload), `"outcome":"`+step.outcome+`"`) {
					t.Errorf("run %d: %+v %s, want %s", i, response.Error, response.Payload, step.outcome)
				}
			}
			if posts := sim.Posts(); len(posts) != 2 {
				t.Errorf("%d posts, want one to each chat", len(posts))
			}
		})
	}
}

// TestFunctionIsKilledWhileItTells: the rerun, in a new process, posts to the
// chat that had not answered, with the same id, and not to the one that had.
func TestFunctionIsKilledWhileItTells(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, "near-expiry")
	arrived := make(chan struct{})
	sim.OverrideChat("wecom", func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	dir := t.TempDir()
	settings := map[string]string{"LICENSEWATCH_STATE_URL": "file://" + dir}
	request := messages.InvokeRequest{RequestId: "req", Payload: []byte(alertEvent), Environment: environment(t, sim, settings)}
	first := start(t)
	request.Deadline.Seconds = time.Now().Add(7 * time.Second).Unix()
	var ignored messages.InvokeResponse
	first.client.Go("Function.Invoke", &request, &ignored, make(chan *rpc.Call, 1))
	<-arrived
	waitFor(t, func() bool { // Slack's answer is remembered
		ledger, err := os.ReadFile(filepath.Join(dir, "ledger.json"))
		return err == nil && strings.Contains(string(ledger), `"said":{"slack"`)
	})
	first.kill()
	if err := os.WriteFile(filepath.Join(dir, "claim.json"), []byte(deadClaim), 0o600); err != nil { // the platform's next try comes when the first one's time is up
		t.Fatal(err)
	}

	sim.OverrideChat("wecom", nil)
	request.Deadline.Seconds = time.Now().Add(60 * time.Second).Unix()
	response := start(t).invoke(request)
	if response.Error != nil || !strings.Contains(string(response.Payload), `"delivered":["wecom"]`) {
		t.Fatalf("rerun: %+v %s", response.Error, response.Payload)
	}
	var slack, wecom []simulator.Post
	for _, post := range sim.Posts() {
		if post.Channel == "slack" {
			slack = append(slack, post)
		} else {
			wecom = append(wecom, post)
		}
	}
	if len(slack) != 1 || len(wecom) != 2 || !bytes.Equal(wecom[0].Body, wecom[1].Body) {
		t.Errorf("%d posts to Slack and %d to WeCom, want 1 and twice the same", len(slack), len(wecom))
	}
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); {
		if time.Now().After(deadline) {
			t.Fatal("it does not happen")
		}
		time.Sleep(5 * time.Millisecond) // another process does it: there is nothing to wait on
	}
}
