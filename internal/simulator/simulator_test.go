package simulator_test

import (
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/internal/simulator"
)

func TestStartRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options simulator.Options
		want    string
	}{
		"unknown scenario": {simulator.Options{Scenario: "sunny"}, `there is no scenario "sunny"; there are healthy, near-expiry`},
		"unknown site":     {simulator.Options{Site: "mars"}, `there is no site "mars"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := simulator.New(test.options)
			defer s.Close()
			if err := s.Start(); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestStartOnlyOnce(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	if err := s.Start(); err == nil {
		t.Error("started twice")
	}
}

func TestCloseMoreThanOnce(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	s.Close()
	s.Close()
	simulator.New(simulator.Options{}).Close()
}

// TestCloseEndsWhatHangs would time out if Close waited for the client.
func TestCloseEndsWhatHangs(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	arrived := make(chan struct{})
	s.Override("DescribeLicenseGeneral", func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		simulator.Hang()(w, r)
	})
	request := newCall(s, "DescribeLicenseGeneral", "{}").request(t, s.CloudURL())
	client := newClient(t)
	ended := make(chan error)
	go func() {
		response, err := client.Do(request)
		if err == nil {
			err = response.Body.Close()
		}
		ended <- err
	}()
	<-arrived
	s.Close()
	if err := <-ended; err == nil {
		t.Error("the hanging call was answered")
	}
}

func TestHeartbeats(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	for range 2 {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.HeartbeatURL(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := do(t, newClient(t), request); r.status != http.StatusOK {
			t.Errorf("HTTP %d", r.status)
		}
	}
	if n := s.Heartbeats(); n != 2 {
		t.Errorf("%d heartbeats counted, want 2", n)
	}
	if len(s.Calls())+len(s.Posts()) != 0 {
		t.Error("a heartbeat was taken for something else")
	}
}

func TestTooLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	if r := post(t, s.WebhookURL("slack"), strings.Repeat(" ", 10<<20+1)); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("HTTP %d, want 413", r.status)
	}
}

// TestImports keeps the simulator independent of the clients it judges.
func TestImports(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range parsed.Imports {
			path := strings.Trim(imported.Path.Value, `"`)
			own, _, _ := strings.Cut(path, "/")
			if path != "licensewatch/license" && (own == "licensewatch" || strings.Contains(own, ".")) {
				t.Errorf("%s imports %s", file, path)
			}
		}
	}
}
