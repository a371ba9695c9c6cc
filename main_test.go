package main_test

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"

	"licensewatch/internal/simulator"
)

// binary is the function as it is deployed, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "licensewatch")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "main")
	build := exec.Command("go", "build", "-trimpath", "-o", binary, ".") //nolint:noctx // ends with the test
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic("cannot build the function: " + string(out))
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// function is the running binary as SCF sees it.
type function struct {
	t      *testing.T
	client *rpc.Client
	log    *os.File
}

// start runs the binary the way SCF does: a port, and nothing of ours in the
// environment.
func start(t *testing.T) *function {
	t.Helper()
	port := freePort(t)
	log, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, binary)
	command.Env = []string{"_LAMBDA_SERVER_PORT=" + port, "HOME=" + t.TempDir(), "TENCENTCLOUD_RUNENV=SCF"}
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	f := &function{t: t, client: dial(t, "127.0.0.1:"+port), log: log}
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

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	_ = listener.Close()
	return port
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
		"LICENSEWATCH_API_ENDPOINT":      sim.CloudURL(),
		"LICENSEWATCH_SLACK_WEBHOOK_URL": sim.SlackURL(),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": sim.WeComURL(),
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
