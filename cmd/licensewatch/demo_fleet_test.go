package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/fleet"
	"licensewatch/license"
)

// TestDemoFleet: each chat is shown what is its own, by its name, and the page has the same.
func TestDemoFleet(t *testing.T) {
	name := filepath.Join(t.TempDir(), "demo.html")
	const at = "2026-11-24T10:07:00+08:00"
	code, out, errs := command(t, nil, "demo", "--fleet", "--at", at, "--html", name)
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	golden(t, "demo-fleet.txt", masked(strings.ReplaceAll(out, name, "demo.html")))
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range demoChannels {
		wantIn(t, "page", string(page), "<h2>"+c.name+" · ")
		wantIn(t, "output", out, "\n── "+c.name+" · ")
	}
	wantIn(t, "page", string(page), "<li>40 accounts</li>", "支付-清结算", "lab-7 (100000000407)")
	_, text, _ := strings.Cut(out, strings.Repeat("─", 36)+"\n")
	text, _, _ = strings.Cut(text, "\n\nThe same")
	var s struct {
		Accounts struct{ Read, Partly, Failed int }
		Sources  map[string]map[string]int
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err, text)
	}
	if s.Accounts.Read != 36 || s.Accounts.Partly != 2 || s.Accounts.Failed != 4 || s.Sources["cwp.orders"]["Timeout"] != 1 {
		t.Errorf("%+v", s)
	}
}

// TestDemoFleetAlert: a day changes one thing for the worse and one for the better.
func TestDemoFleetAlert(t *testing.T) {
	for name, args := range map[string][]string{
		"demo-fleet-alert.txt":    nil,
		"demo-fleet-alert-zh.txt": {"--language", "zh", "--channels", "security"},
	} {
		code, out, errs := command(t, nil, append([]string{"demo", "--fleet", "--mode", "alert", "--at", "2026-11-24T10:07:00+08:00"}, args...)...)
		if code != exitFine || errs != "" {
			t.Fatalf("exit %d: %s", code, errs)
		}
		golden(t, name, masked(out))
	}
}

// TestDemoFleetArchive: the demo leaves an archive of many accounts that the commands it names
// accept.
func TestDemoFleetArchive(t *testing.T) {
	t.Chdir(t.TempDir()) // where the report is written
	dir := filepath.Join(t.TempDir(), "evidence")
	code, out, errs := command(t, nil, "demo", "--fleet", "--mode", "alert", "--archive", dir, "--at", "2026-11-24T10:07:00+08:00")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	shortlyAfter := time.Date(2026, 11, 24, 10, 8, 0, 0, license.APIZone) // as whoever tries them does
	tried := 0
	for line := range strings.SplitSeq(out, "\n") {
		args, ok := strings.CutPrefix(line, "  licensewatch ")
		if !ok {
			continue
		}
		tried++
		code, out, errs := commandAt(t, shortlyAfter, nil, strings.Fields(args)...)
		if code != exitFine {
			t.Errorf("%s: exit %d: %s%s", args, code, out, errs)
		}
		if strings.Contains(args, "verify") {
			wantIn(t, args, out, "fleet  2 records", "Everything is as it was sealed")
		}
	}
	if tried != 4 {
		t.Errorf("%d commands are named:\n%s", tried, out)
	}
	if code, _, errs := command(t, nil, "demo", "--fleet", "--archive", dir); code != exitUsage || !strings.Contains(errs, "name a directory that is not there yet") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestDemoFleetFlags(t *testing.T) {
	for name, test := range map[string]struct{ args, want []string }{
		"a scenario":        {[]string{"--scenario", "healthy"}, []string{"leave --scenario out", "--mode alert"}},
		"a site":            {[]string{"--site", "intl"}, []string{"both sites: leave --site out"}},
		"a kind of channel": {[]string{"--channels", "slack"}, []string{`--channels "slack"`, "security", "sea-oncall"}},
		"no language":       {[]string{"--language", "fr"}, []string{`--language "fr"`}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, nil, append([]string{"demo", "--fleet"}, test.args...)...)
			if code != exitUsage || out != "" {
				t.Errorf("exit %d, output:\n%s", code, out)
			}
			wantIn(t, "error", errs, test.want...)
		})
	}
	if code, _, errs := command(t, nil, "demo", "--channels", "security"); code != exitUsage {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// TestDemoAccountsFile: the file is one that anybody might write, forty accounts with those of
// the organization.
func TestDemoAccountsFile(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"", "en", "zh"} {
		f, err := fleet.Load("accounts.yaml", []byte(demoAccountsFile(language)), fleet.Options{Site: license.SiteCN})
		if err != nil || len(f.LeftOut) > 0 || len(f.Warnings) > 0 {
			t.Fatal(err, f)
		}
		accounts, members := demoCloud(true, true)
		if n := len(f.Accounts) + len(members); n != 40 || len(accounts) != 42 { // the user of the keys, and the member that left
			t.Errorf("%d accounts, %d in the cloud", n, len(accounts))
		}
		for _, c := range f.Channels {
			if language != "" && string(c.Language) != language {
				t.Errorf("%s speaks %s", c.Name, c.Language)
			}
		}
	}
}

// TestDemoFleetInterrupted: Ctrl-C is no chat that did not answer.
func TestDemoFleetInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	setEnvironment(t, nil)
	var out, errs bytes.Buffer
	code := runCommandLine(ctx, []string{"demo", "--fleet"}, console{out: &out, err: &errs, now: func() time.Time { return testNow },
		sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	if code == exitFine || !strings.HasSuffix(errs.String(), "licensewatch: interrupted\n") {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}
