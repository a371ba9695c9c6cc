package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fullDisk is a standard output that takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) {
	return 0, &fs.PathError{Op: "write", Path: "/dev/stdout", Err: syscall.ENOSPC}
}

// TestLostOutput: an answer that nobody can read is no success, whatever the
// command found out.
func TestLostOutput(t *testing.T) {
	for _, line := range []string{"version", "version --output json", "simulate --days 1", "policy", "check --offline --no-serverless", "--help", "completion bash"} {
		setEnvironment(t, nil)
		var errs bytes.Buffer
		code := runCommandLine(t.Context(), strings.Fields(line), console{out: fullDisk{}, err: &errs, now: func() time.Time { return testNow }})
		const want = "licensewatch: standard output cannot be written: no space left on device\n"
		if said := errs.String(); code != exitUsage || !strings.HasSuffix(said, want) || strings.Contains(said, "--help") {
			t.Errorf("%s: exit %d, want %d\n%s", line, code, exitUsage, said)
		}
	}
}

// TestInterrupted: what Ctrl-C stopped gives no answer about the account.
func TestInterrupted(t *testing.T) {
	settings := map[string]string{
		"LICENSEWATCH_API_ENDPOINT": "http://127.0.0.1:1/", "LICENSEWATCH_SLACK_WEBHOOK_URL": "http://127.0.0.1:1/services/T00000001/B00000001/x",
		"TENCENTCLOUD_SECRET_ID": "x", "TENCENTCLOUD_SECRET_KEY": "y",
	}
	for _, line := range []string{"explain", "explain cwp-expired", "capture", "doctor", "run --dry-run", "run", "send-test", "simulate"} {
		setEnvironment(t, settings)
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("Ctrl-C"))
		var out, errs bytes.Buffer
		code := runCommandLine(ctx, strings.Fields(line), console{out: &out, err: &errs, now: func() time.Time { return testNow }})
		if code != exitFound || !strings.Contains(errs.String(), "licensewatch: interrupted") {
			t.Errorf("%s: exit %d, want %d\n%s", line, code, exitFound, errs.String())
		}
		if line == "run --dry-run" && out.Len() > 0 {
			t.Errorf("%s: output:\n%s", line, out.String())
		}
		if said := out.String(); strings.Contains(said, "could not be read") || strings.Contains(said, "unknown: cwp") {
			t.Errorf("%s: an answer is given:\n%s", line, said)
		}
	}
}
