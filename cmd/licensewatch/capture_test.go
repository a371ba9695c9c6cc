package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/internal/simulator"
)

// frozen is the settings of a simulated account at the time of the tests'
// console.
func frozen(t *testing.T, scenario string) (*simulator.Simulator, map[string]string) {
	t.Helper()
	sim := simulator.New(simulator.Options{Scenario: scenario, Now: func() time.Time { return testNow }})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	id, key, token := sim.Credentials()
	return sim, map[string]string{
		"LICENSEWATCH_API_ENDPOINT": sim.CloudURL(),
		"TENCENTCLOUD_SECRET_ID":    id,
		"TENCENTCLOUD_SECRET_KEY":   key,
		"TENCENTCLOUD_TOKEN":        token,
	}
}

func TestCapture(t *testing.T) {
	sim, settings := frozen(t, "near-expiry")
	code, out, errs := command(t, settings, "capture")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	golden(t, "capture.json", out)
	if s, err := snapshot.Parse("out", []byte(out)); err != nil || s.Overview == nil || s.Orders == nil || s.PurchaseState == nil || !s.ReadAt.Equal(testNow) {
		t.Errorf("read as %+v, %v", s, err)
	}
	code, again, _ := command(t, settings, "capture", "-")
	if code != exitFine || again != out {
		t.Errorf("- is not standard output: %s", again)
	}
	for _, call := range sim.Calls() {
		if strings.HasPrefix(call.Action, "Export") {
			t.Errorf("%s was called", call.Action)
		}
	}
	for name, secret := range settings {
		if strings.Contains(out, secret) {
			t.Errorf("the file holds %s", name)
		}
	}
}

func TestCaptureIntoAFile(t *testing.T) {
	_, settings := frozen(t, "near-expiry")
	file := filepath.Join(t.TempDir(), "account.json")
	code, out, errs := command(t, settings, "capture", file)
	if code != exitFine || out != "" {
		t.Fatalf("exit %d: %s", code, out)
	}
	wantIn(t, "message", errs, file+" holds the overview of CWP, 4 orders, the machines of CWP, the machines of orders that end, the state of TCSS.")
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := command(t, settings, "capture", file); code != exitUsage || !strings.Contains(errs, "--force") {
		t.Errorf("exit %d: %s", code, errs)
	}
	if data, _ := os.ReadFile(file); string(data) != "mine" {
		t.Error("the file was replaced")
	}
	if err := os.Chmod(file, 0o644); err != nil { //nolint:gosec // that is what is corrected
		t.Fatal(err)
	}
	if code, _, errs := command(t, settings, "capture", "--force", file); code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	if s, err := snapshot.ReadFile(file); err != nil || s.Overview == nil {
		t.Errorf("%+v, %v", s, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if code, _, errs := command(t, settings, "capture", file+"/deeper/x"); code != exitUsage || !strings.Contains(errs, "cannot be written") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestCaptureMasked(t *testing.T) {
	_, settings := frozen(t, "everything-wrong")
	code, plain, _ := command(t, settings, "capture")
	if code != exitFine {
		t.Fatalf("exit %d", code)
	}
	code, out, errs := command(t, settings, "capture", "--mask")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	golden(t, "capture-masked.json", out)
	golden(t, "capture-masked.txt", errs)
	s, err := snapshot.Parse("plain", []byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range s.Orders.List {
		for _, name := range []*string{o.ResourceId, o.Alias} {
			if name != nil && *name != "" && strings.Contains(out, `"`+*name+`"`) {
				t.Errorf("%s is not masked", *name)
			}
		}
	}
}

// TestCaptureOfWhatFails: the file is written all the same.
func TestCaptureOfWhatFails(t *testing.T) {
	sim, settings := frozen(t, "source-down")
	sim.Override("DescribeLicenseGeneral", simulator.APIError("AuthFailure.UnauthorizedOperation", "no"))
	code, out, errs := command(t, settings, "capture")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	golden(t, "capture-failed.txt", requestIDs.ReplaceAllString(errs, "request X"))
	s, err := snapshot.Parse("out", []byte(out))
	if err != nil || len(s.Failures) != 2 || s.Orders == nil {
		t.Errorf("read as %+v, %v", s, err)
	}
}

// TestCaptureSaysWhatIsMissing: before anything is read.
func TestCaptureSaysWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		settings map[string]string
		want     string
	}{
		"keys":     {nil, "TENCENTCLOUD_SECRET_ID"},
		"settings": {map[string]string{"LICENSEWATCH_SITE": "us"}, "LICENSEWATCH_SITE"},
	} {
		code, out, errs := command(t, test.settings, "capture")
		if code != exitFound || out != "" {
			t.Errorf("%s: exit %d: %s", name, code, out)
		}
		wantIn(t, name, errs, test.want)
	}
	if code, _, errs := command(t, nil, "capture", "a", "b"); code != exitUsage {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// TestCaptureOfALimpingList: what is not whole is said.
func TestCaptureOfALimpingList(t *testing.T) {
	sim, settings := frozen(t, "near-expiry")
	sim.Override("DescribeLicenseList", simulator.Answer(`{"Response": {"TotalCount": 3, "List": [{"LicenseId": 1, "LicenseCnt": "many"}], "RequestId": "x"}}`))
	code, _, errs := command(t, settings, "capture")
	if code != exitFine {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "message", errs, "! The list of orders is incomplete: 1 read, 3 announced.", "kept as unknown: order.LicenseCnt.")
}

// TestCaptureInterrupted: half a reading is not written.
func TestCaptureInterrupted(t *testing.T) {
	sim, settings := frozen(t, "near-expiry")
	ctx, interrupt := context.WithCancel(t.Context())
	sim.Override("DescribeLicenseList", func(w http.ResponseWriter, r *http.Request) {
		interrupt()
		simulator.Hang()(w, r)
	})
	for name, value := range settings {
		t.Setenv(name, value)
	}
	var out, errs bytes.Buffer
	code := runCommandLine(ctx, []string{"capture"}, console{out: &out, err: &errs, now: func() time.Time { return testNow }})
	if code != exitFound || out.Len() > 0 {
		t.Errorf("exit %d: %s", code, out.String())
	}
	wantIn(t, "error", errs.String(), "interrupted; nothing is written")
}
