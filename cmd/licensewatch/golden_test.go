package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// golden compares a text with the file of this name in testdata/golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of the tests
	if err != nil {
		t.Fatalf("%v; UPDATE_GOLDEN=1 writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; UPDATE_GOLDEN=1 rewrites it):\n%s", name, diff)
	}
}

func TestGoldenDemo(t *testing.T) {
	code, out, errs := command(t, nil, "demo")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	golden(t, "demo.txt", masked(out))
}

func TestGoldenRun(t *testing.T) {
	sim, settings := simulatedAccount(t, "near-expiry")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	for name, args := range map[string][]string{
		"run-dry.txt":   {"run", "--dry-run"},
		"run-alert.txt": {"run", "--mode", "alert"},
	} {
		code, out, _ := command(t, settings, args...)
		if code != exitFine {
			t.Errorf("%s: exit %d", name, code)
		}
		golden(t, name, masked(out))
	}
}

// masked takes out what differs from run to run: how long it took.
func masked(out string) string { return elapsed.ReplaceAllString(out, "${1}0") }

var elapsed = regexp.MustCompile(`("elapsed_ms": ?)\d+`)
