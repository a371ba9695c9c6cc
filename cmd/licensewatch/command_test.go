package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// testNow is the time of the tests' console.
var testNow = time.Date(2026, 11, 22, 9, 7, 0, 0, time.FixedZone("UTC+8", 8*60*60))

// command runs a command line with these settings and no others. Tests that
// use it cannot run side by side: the settings are the process's.
func command(t *testing.T, settings map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	return commandAt(t, testNow, settings, args...)
}

// commandAt is command at another time.
func commandAt(t *testing.T, now time.Time, settings map[string]string, args ...string) (code int, out, errs string) {
	t.Helper()
	setEnvironment(t, settings)
	var stdout, stderr bytes.Buffer
	code = runCommandLine(t.Context(), args, console{
		out: &stdout, err: &stderr, now: func() time.Time { return now },
		sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	return code, stdout.String(), progressLine.ReplaceAllString(stderr.String(), "")
}

// progressLine is what a slow machine adds.
var progressLine = regexp.MustCompile(`(?m)^… .*\n`)

// setEnvironment gives the process these settings and no others.
func setEnvironment(t *testing.T, settings map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "LICENSEWATCH_") || strings.HasPrefix(name, "TENCENTCLOUD_") {
			t.Setenv(name, value) // so that it is put back
			_ = os.Unsetenv(name)
		}
	}
	t.Setenv("HOME", t.TempDir())
	for name, value := range settings {
		t.Setenv(name, value)
	}
}

func wantIn(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s lacks %q:\n%s", what, part, text)
		}
	}
}

func TestDemo(t *testing.T) {
	for _, s := range simulator.Scenarios() {
		if s.Name == "slow-export" {
			continue // waits in real time; the handler's tests cover it
		}
		for _, language := range []string{"en", "zh"} {
			t.Run(s.Name+"/"+language, func(t *testing.T) {
				code, out, errs := command(t, nil, "demo", "--scenario", s.Name, "--language", language)
				if code != exitFine || errs != "" {
					t.Fatalf("exit %d: %s", code, errs)
				}
				wantIn(t, "output", out, "── Slack · ", "── WeCom · ", " of 4096 bytes", `"outcome": "sent"`)
				if strings.Contains(out, "<font") || strings.Contains(out, "**") || strings.Contains(out, "&lt;") {
					t.Errorf("markup is left:\n%s", out)
				}
			})
		}
	}
}

func TestDemoOfAQuietAlert(t *testing.T) {
	code, out, _ := command(t, nil, "demo", "--scenario", "healthy", "--mode", "alert")
	if code != exitFine {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "output", out, "Nothing was posted: nothing is due.", `"outcome": "quiet"`)
}

// TestDemoIgnoresTheOperatorsSettings: a demo posts to nobody but the simulator.
func TestDemoIgnoresTheOperatorsSettings(t *testing.T) {
	code, out, _ := command(t, map[string]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T1/B1/abc",
		"LICENSEWATCH_RULES_FILE":        "missing.yaml",
	}, "demo")
	if code != exitFine {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestHelp(t *testing.T) {
	code, out, _ := command(t, nil)
	if code != exitFine {
		t.Errorf("exit %d", code)
	}
	golden(t, "help.txt", out)
}

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.yaml")
	if err := os.WriteFile(broken, []byte("version: 1\nextends: default\nrules:\n  - id: mine\n    severity: wraning\n    when: cwp.NearExpiryLicenseCn > 0\n    title: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const webhook = "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"
	slack := func(more ...string) map[string]string {
		settings := map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": webhook}
		for i := 0; i+1 < len(more); i += 2 {
			settings[more[i]] = more[i+1]
		}
		return settings
	}
	tests := map[string]struct {
		settings map[string]string
		code     int
		want     []string
	}{
		"fine":            {slack(), exitFine, []string{"1 Slack webhook", "33 rules from the built-in set", "site cn"}},
		"keys":            {slack("TENCENTCLOUD_SECRET_ID", "AKIDx", "TENCENTCLOUD_SECRET_KEY", "k"), exitFine, []string{"TENCENTCLOUD_SECRET_ID"}},
		"nothing set":     {nil, exitFound, []string{"LICENSEWATCH_SLACK_WEBHOOK_URL", "LICENSEWATCH_WECOM_WEBHOOK_URL"}},
		"site":            {slack("LICENSEWATCH_SITE", "us"), exitFound, []string{"LICENSEWATCH_SITE", "cn", "intl"}},
		"time zone":       {slack("LICENSEWATCH_TIMEZONE", "Asia/Peking"), exitFound, []string{"LICENSEWATCH_TIMEZONE", "Asia/Shanghai"}},
		"unknown setting": {slack("LICENSEWATCH_SLACK_MENTIONS", "here"), exitFound, []string{"LICENSEWATCH_SLACK_MENTIONS: a setting of this name does not exist; did you mean LICENSEWATCH_SLACK_MENTION?"}},
		"empty setting":   {slack("LICENSEWATCH_SOURCES", ""), exitFound, []string{"LICENSEWATCH_SOURCES"}},
		"key, not URL":    {slack("LICENSEWATCH_WECOM_WEBHOOK_URL", "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"), exitFound, []string{"LICENSEWATCH_WECOM_WEBHOOK_URL", "webhook/send?key="}},
		"rules":           {slack("LICENSEWATCH_RULES_FILE", broken), exitFound, []string{"2 mistakes", "broken.yaml:5:15: ", "warning", "broken.yaml:6:", "NearExpiryLicenseCnt"}},
		"rules missing":   {slack("LICENSEWATCH_RULES_FILE", "gone.yaml"), exitFound, []string{"LICENSEWATCH_RULES_FILE", "gone.yaml"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, test.settings, "check")
			if code != test.code {
				t.Errorf("exit %d, want %d:\n%s%s", code, test.code, out, errs)
			}
			wantIn(t, "output", out+errs, test.want...)
			if strings.Contains(out+errs, "abcdefghijkl") || strings.Contains(out+errs, "693a91f6") {
				t.Errorf("a secret is shown:\n%s%s", out, errs)
			}
		})
	}
}

// simulatedAccount is the settings of a simulated account.
func simulatedAccount(t *testing.T, scenario string) (*simulator.Simulator, map[string]string) {
	t.Helper()
	sim := simulator.New(simulator.Options{Scenario: scenario, Now: func() time.Time { return testNow }})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	id, key, token := sim.Credentials()
	return sim, map[string]string{
		"LICENSEWATCH_API_ENDPOINT": sim.CloudURL(),
		"LICENSEWATCH_LANGUAGE":     "en",
		"TENCENTCLOUD_SECRET_ID":    id,
		"TENCENTCLOUD_SECRET_KEY":   key,
		"TENCENTCLOUD_TOKEN":        token,
	}
}

func TestDryRun(t *testing.T) {
	sim, settings := simulatedAccount(t, "everything-wrong")
	settings["LICENSEWATCH_HEARTBEAT_URL"] = sim.HeartbeatURL()
	code, out, errs := command(t, settings, "run", "--dry-run")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "cwp-eeee", `"outcome":"sent"`, `"delivered":["terminal"]`)
	if len(sim.Posts()) != 0 || sim.Heartbeats() != 0 {
		t.Errorf("%d posts and %d heartbeats", len(sim.Posts()), sim.Heartbeats())
	}
	if slices.ContainsFunc(sim.Calls(), func(c simulator.Call) bool { return c.Action == "ExportLicenseDetail" }) || !strings.Contains(out, `"export":{"status":"off"}`) {
		t.Errorf("a dry run exports:\n%s", out)
	}
	if errs != "" {
		t.Errorf("a dry run logs unasked: %s", errs)
	}
	_, out, errs = command(t, settings, "run", "--dry-run", "--log")
	if strings.Contains(out, `"level"`) || !strings.Contains(errs, `"level"`) {
		t.Error("with --log the log is not on standard error")
	}
}

// TestRunWithKeysThatAreOver: the last line names what the cloud said.
func TestRunWithKeysThatAreOver(t *testing.T) {
	_, settings := simulatedAccount(t, "near-expiry")
	settings["TENCENTCLOUD_TOKEN"] = "expired"
	code, _, errs := command(t, settings, "run", "--dry-run")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "error", errs, "licensewatch: nothing could be read: AuthFailure.TokenFailure; licensewatch doctor says what to do about it\n")
}

func TestRun(t *testing.T) {
	sim, settings := simulatedAccount(t, "source-down")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	code, out, _ := command(t, settings, "run", "--mode", "digest")
	if code != exitFine || len(sim.Posts()) != 1 {
		t.Errorf("digest: exit %d, %d posts:\n%s", code, len(sim.Posts()), out)
	}
	code, out, errs := command(t, settings, "run", "--mode", "alert")
	if code != exitFound {
		t.Errorf("alert: exit %d:\n%s", code, out)
	}
	wantIn(t, "error", errs, "unknown", "tcss")
}

func TestCheckTriesTheStore(t *testing.T) {
	dir := t.TempDir()
	bucket := cos.New(cos.Options{SecretID: "AKIDx", SecretKey: "k"})
	versioned := cos.New(cos.Options{SecretID: "AKIDx", SecretKey: "k", Versioned: true})
	good, odd := httptest.NewServer(bucket), httptest.NewServer(versioned)
	t.Cleanup(good.Close)
	t.Cleanup(odd.Close)
	tests := map[string]struct {
		url  string
		args []string
		code int
		want string
	}{
		"a directory":      {"file://" + dir, nil, exitFine, "create-only works"},
		"no directory":     {"file://" + dir + "/gone/deep", nil, exitFound, "LICENSEWATCH_STATE_URL: "},
		"a bucket":         {"cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=" + good.URL, nil, exitFine, "create-only works"},
		"versioned bucket": {"cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=" + odd.URL, nil, exitFine, "versioning"},
		"offline":          {"file://" + dir + "/gone/deep", []string{"--offline"}, exitFine, "not tried"},
		"no region":        {"cos://bucket-1250000000/lw", nil, exitFound, "region"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			settings := map[string]string{
				"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx",
				"TENCENTCLOUD_SECRET_ID":         "AKIDx",
				"TENCENTCLOUD_SECRET_KEY":        "k",
				"LICENSEWATCH_STATE_URL":         test.url,
			}
			code, out, errs := command(t, settings, append([]string{"check"}, test.args...)...)
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			wantIn(t, "output", out+errs, test.want)
			if left := len(bucket.Objects()); left != 0 {
				t.Errorf("%d objects are left in the bucket", left)
			}
		})
	}
}

func TestAck(t *testing.T) {
	sim, settings := simulatedAccount(t, "near-expiry")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
	until, end := testNow.AddDate(0, 0, 20).Format(time.DateOnly), testNow.AddDate(0, 0, 21).Format(time.DateOnly)
	for _, step := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"ack", "--list"}, exitFine, "No acknowledgement holds"},
		{[]string{"ack"}, exitUsage, "RULE"},
		{[]string{"ack", "cwp-order-expiring/cwp-aaaa"}, exitUsage, "--until and --reason"},
		{[]string{"ack", "cwp-order-expiring/cwp-aaaa", "--until", "soon", "--reason", "x"}, exitUsage, "2026-12-06"},
		{[]string{"ack", "cwp-order-expiring/cwp-aaaa", "--until", "2020-01-01", "--reason", "x"}, exitUsage, "--until: it is over already"},
		{[]string{"ack", "cwp-order-expiring/cwp-aaaa", "--until", until, "--reason", "renewal ordered", "--by", "zhangsan", "--force"}, exitFine, "unless it gets worse"},
		{[]string{"ack", "--list"}, exitFine, "cwp-order-expiring/cwp-aaaa until " + end + " 00:00 (Asia/Shanghai), by zhangsan: renewal ordered"},
		{[]string{"run", "--mode", "alert"}, exitFine, `"outcome":"sent"`},
		{[]string{"ack", "cwp-order-expiring/cwp-aaaa", "--remove"}, exitFine, "again"},
		{[]string{"ack", "cwp-order-expiring/cwp-aaaa", "--remove"}, exitFound, "--list"},
	} {
		code, out, errs := command(t, settings, step.args...)
		if code != step.code {
			t.Errorf("%v: exit %d, want %d:\n%s%s", step.args, code, step.code, out, errs)
		}
		wantIn(t, strings.Join(step.args, " "), out+errs, step.want)
	}
	if posts := sim.Posts(); len(posts) != 1 || strings.Contains(string(posts[0].Body), "`cwp-aaaa` ends") {
		t.Errorf("%d posts; the acknowledged order is reminded of", len(posts))
	}
	delete(settings, "LICENSEWATCH_STATE_URL")
	code, _, errs := command(t, settings, "ack", "--list")
	if code != exitFound {
		t.Errorf("without a store: exit %d", code)
	}
	wantIn(t, "error", errs, "LICENSEWATCH_STATE_URL")
}
