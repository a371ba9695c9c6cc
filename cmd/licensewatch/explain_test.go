package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

// snapshotFile writes what a scenario's account answers at testNow.
func snapshotFile(t *testing.T, scenario string) string {
	t.Helper()
	s, err := snapshot.Sample(t.Context(), scenario, license.SiteCN, testNow)
	if err != nil {
		t.Fatal(err)
	}
	var data bytes.Buffer
	if err := license.WriteSnapshot(&data, s); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), scenario+".json")
	if err := os.WriteFile(path, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const webhook = "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"

// TestGoldenExplain explains snapshots, without a memory. The clock is later:
// a snapshot is judged as of when it was read.
func TestGoldenExplain(t *testing.T) {
	own := rulesFile(t, `version: 1
extends: default
rules:
  - id: tcss-renewal-not-set
    enabled: false
  - id: cores
    severity: info
    when: '!(tcss.State in [0, 1]) && (tcss.FlexibleCoresLimit > 0 || tcss.AllCoresCnt > 1000)'
    title: x
`)
	for name, test := range map[string]struct {
		scenario string
		settings map[string]string
		args     string
	}{
		"table":           {"everything-wrong", nil, ""},
		"source-down":     {"source-down", nil, ""},
		"critical":        {"everything-wrong", nil, "cwp-order-expiring/cwp-aaaa"},
		"chinese":         {"near-expiry", nil, "tcss-trial-ending --language zh"},
		"quiet":           {"near-expiry", nil, "tcss-trial-over"},
		"unknown-source":  {"source-down", nil, "tcss-expiring"},
		"unknown-field":   {"near-expiry", map[string]string{"LICENSEWATCH_RULES_FILE": own}, "cores"},
		"disabled":        {"near-expiry", map[string]string{"LICENSEWATCH_RULES_FILE": own}, "tcss-renewal-not-set"},
		"left-out":        {"near-expiry", map[string]string{"LICENSEWATCH_SOURCES": "cwp"}, "tcss-trial-ending"},
		"no-previous":     {"near-expiry", nil, "cwp-order-frozen"},
		"stray-settings":  {"healthy", map[string]string{"LICENSEWATCH_SLACK_MENTIONS": "here"}, "cwp-expired --no-memory"},
		"several-slacks":  {"near-expiry", map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": webhook + "," + webhook + "y"}, "cwp-near-expiry"},
		"without-webhook": {"near-expiry", map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": ""}, "cwp-near-expiry"},
	} {
		t.Run(name, func(t *testing.T) {
			settings := map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": webhook, "LICENSEWATCH_LANGUAGE": "en"}
			maps.Copy(settings, test.settings)
			if settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] == "" {
				delete(settings, "LICENSEWATCH_SLACK_WEBHOOK_URL")
			}
			args := append(append([]string{"explain"}, strings.Fields(test.args)...), "--snapshot", snapshotFile(t, test.scenario))
			for ending, more := range map[string][]string{".txt": nil, ".json": {"-o", "json"}} {
				code, out, errs := commandAt(t, testNow.Add(50*time.Hour), settings, append(args, more...)...)
				if code != exitFine || errs != "" {
					t.Errorf("exit %d: %s", code, errs)
				}
				if strings.Contains(out, "abcdefgh") {
					t.Error("a secret is shown")
				}
				if ending == ".json" && test.args == "" {
					ending, out = ".outline.txt", explainOutline(t, out)
				}
				golden(t, "explain-"+name+ending, strings.ReplaceAll(out, own, "rules.yaml"))
			}
		})
	}
}

// explainOutline is all of an explanation in JSON in a form that people can compare: a line a
// finding. What stands in one of them is in the files of single ones.
func explainOutline(t *testing.T, data string) string {
	t.Helper()
	var all struct {
		Sources []struct{ Source, Status string }
		Rules   []struct {
			ID       string
			Findings []struct {
				Key, State, Severity string
				When                 struct{ Combined string }
				Channels             []struct {
					Channel string
					Told    *struct{ At string }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(data), &all); err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, s := range all.Sources {
		fmt.Fprintln(&lines, s.Source, s.Status)
	}
	for _, r := range all.Rules {
		fmt.Fprintln(&lines, r.ID)
		for _, f := range r.Findings {
			fmt.Fprintf(&lines, "  %s: %s %s by %q\n", f.Key, f.State, f.Severity, f.When.Combined)
			for _, c := range f.Channels {
				if c.Told != nil {
					fmt.Fprintf(&lines, "    %s was told at %s\n", c.Channel, c.Told.At)
				}
			}
		}
	}
	return lines.String()
}

func TestExplainMistakes(t *testing.T) {
	broken := rulesFile(t, "version: 1\nextends: default\nrules:\n  - id: mine\n    severity: wraning\n    when: cwp.NearExpiryLicenseCn > 0\n    title: x\n")
	noJSON := filepath.Join(t.TempDir(), "no.json")
	if err := os.WriteFile(noJSON, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	file := snapshotFile(t, "near-expiry")
	for name, test := range map[string]struct {
		line     string
		settings map[string]string
		code     int
		want     []string
	}{
		"no such rule":        {"explain tcss-trail-over", nil, exitUsage, []string{"tcss-trail-over; did you mean tcss-trial-over?"}},
		"no such subject":     {"explain cwp-order-expiring/cwp-aaab --snapshot " + file, nil, exitFound, []string{"did you mean cwp-aaaa?", "there are cwp-aaaa, cwp-bbbb"}},
		"no subjects":         {"explain cwp-expired/cwp-aaaa", nil, exitUsage, []string{"whole account"}},
		"language":            {"explain --language fr", nil, exitUsage, []string{"en or zh"}},
		"output":              {"explain --output yaml", nil, exitUsage, []string{"text or json"}},
		"no snapshot":         {"explain --snapshot gone.json", nil, exitUsage, []string{"gone.json", "cannot be read"}},
		"no JSON":             {"explain --snapshot " + noJSON, nil, exitFound, []string{"no.json"}},
		"two rules":           {"explain cwp-expired tcss-expired", nil, exitUsage, []string{"takes one finding and nothing else"}},
		"settings and rules":  {"explain", map[string]string{"LICENSEWATCH_SITE": "us", "LICENSEWATCH_RULES_FILE": broken}, exitFound, []string{"LICENSEWATCH_SITE", ":5:15: ", ":6:"}},
		"no rules file":       {"explain", map[string]string{"LICENSEWATCH_RULES_FILE": "gone.yaml"}, exitFound, []string{"LICENSEWATCH_RULES_FILE", "gone.yaml"}},
		"a store that is not": {"explain --snapshot " + file, map[string]string{"LICENSEWATCH_STATE_URL": "ftp://x"}, exitFound, []string{"LICENSEWATCH_STATE_URL: ", "--no-memory"}},
		"which is no matter":  {"explain --no-memory --snapshot " + file, map[string]string{"LICENSEWATCH_STATE_URL": "ftp://x"}, exitFine, []string{"--no-memory"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, test.settings, strings.Fields(test.line)...)
			if code != test.code {
				t.Errorf("exit %d, want %d:\n%s%s", code, test.code, out, errs)
			}
			wantIn(t, "output", out+errs, test.want...)
		})
	}
}

// TestExplainTheAccount: what is read is the account; when nothing could be, the
// explanation says so and fails.
func TestExplainTheAccount(t *testing.T) {
	_, settings := simulatedAccount(t, "source-down")
	code, out, errs := command(t, settings, "explain", "tcss-expired")
	if code != exitFine || errs != "" {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "tcss could not be read: AuthFailure.UnauthorizedOperation", "→ allow tcss:DescribePurchaseStateInfo", "is unknown")
	settings["TENCENTCLOUD_SECRET_KEY"] = "wrong"
	code, out, errs = command(t, settings, "explain")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "output", out+errs, "cwp.overview could not be read: AuthFailure.SignatureFailure", "→ the keys are not accepted", "nothing could be read")
}

// TestExplainOneFailedRun: one run is one run.
func TestExplainOneFailedRun(t *testing.T) {
	sim, settings := simulatedAccount(t, "source-down")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
	for _, want := range []string{", in 1 run. Alerts say so", ", in 2 runs. Alerts say so"} {
		command(t, settings, "run", "--mode", "alert")
		_, out, _ := command(t, settings, "explain", "tcss-expired")
		wantIn(t, "output", out, want)
	}
}

// TestExplainZones: the zone is written as the messages write it.
func TestExplainZones(t *testing.T) {
	file := filepath.Join(t.TempDir(), "account.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nread_at: 2026-11-22 09:07:00\ntcss: {State: 1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for zone, want := range map[string]string{
		"UTC": "01:07 (UTC)", "Asia/Kolkata": "06:37 (UTC+5:30)", "America/St_Johns": "21:37 (UTC-3:30)", "Pacific/Kiritimati": "15:07 (UTC+14)",
	} {
		_, out, _ := command(t, map[string]string{"LICENSEWATCH_TIMEZONE": zone}, "explain", "--no-memory", "--snapshot", file)
		wantIn(t, zone, out, want)
	}
}
