package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestGoldenSimulate(t *testing.T) {
	for _, c := range []struct {
		name    string
		file    func(t *testing.T) string // nil: the built-in sample
		sources string
		args    []string
	}{
		{"simulate.txt", nil, "cwp,tcss", nil},
		{"simulate-zh.txt", nil, "cwp,tcss", []string{"--language", "zh", "--days", "14"}},
		{"simulate-renew.txt", nil, "cwp,tcss", []string{"--renew", "cwp-aaaa=2027-12-31@2026-12-01", "--renew", "tcss=2027-12-31"}},
		{"simulate-full.txt", nil, "cwp,tcss", []string{"--full", "--days", "4"}},
		{"simulate-without-memory.txt", nil, "cwp,tcss", []string{"--without-memory", "--days", "7"}},
		{"simulate-until-silent.txt", nil, "cwp,tcss", []string{"--until-silent"}},
		{"simulate-everything-wrong.txt", scenario("everything-wrong"), "cwp,tcss", []string{"--until-silent"}},
		{"simulate-never-silent.txt", scenario("trial-expired"), "tcss", []string{"--mode", "alert", "--until-silent"}},
		{"simulate-source-down.txt", scenario("source-down"), "cwp,tcss", []string{"--days", "5", "--mode", "alert"}},
		{"simulate.json", nil, "cwp,tcss", []string{"--days", "4", "--output", "json", "--renew", "cwp-aaaa=2027-12-31@2026-11-24"}},
		{"simulate-until-silent.json", ordersOnly, "cwp", []string{"--mode", "alert", "--until-silent", "--output", "json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"simulate"}, c.args...)
			settings := map[string]string{"LICENSEWATCH_SOURCES": c.sources}
			directory := ""
			if c.file != nil {
				file := c.file(t)
				directory = filepath.Dir(file) + string(filepath.Separator)
				args = append(args, "--snapshot", file)
				settings["LICENSEWATCH_LANGUAGE"] = "en"
			}
			code, out, errs := command(t, settings, args...)
			if code != exitFine || errs != "" {
				t.Fatalf("exit %d: %s", code, errs)
			}
			if directory != "" {
				out = strings.ReplaceAll(out, directory, "")
			}
			golden(t, c.name, out)
		})
	}
}

// scenario is a file of a scenario's account.
func scenario(name string) func(t *testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		return snapshotFile(t, name)
	}
}

func TestSimulateTakesTheSettings(t *testing.T) {
	rules := rulesFile(t, rulesOfAgreement)
	settings := map[string]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T1/B1/secret,https://hooks.slack.com/services/T1/B1/other",
		"LICENSEWATCH_SLACK_MENTION":     "here",
		"LICENSEWATCH_SOURCES":           "cwp",
		"LICENSEWATCH_TIMEZONE":          "Europe/Berlin",
		"LICENSEWATCH_LANGUAGE":          "zh",
		"LICENSEWATCH_RULES_FILE":        rules,
	}
	code, out, errs := command(t, settings, "simulate", "--days", "20")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "Europe/Berlin", "slack[0], slack[1]", "cwp-seats-low", "订单 cwp-aaaa", "  02:07  digest", "People are called 11 times.\n")
	for _, stray := range []string{"wecom", "tcss", "cwp-near-expiry", "secret", "name nobody"} {
		if strings.Contains(out, stray) {
			t.Errorf("the output has %q:\n%s", stray, out)
		}
	}
	_, flagged, _ := command(t, settings, "simulate", "--days", "1", "--language", "en")
	wantIn(t, "output", flagged, "Order cwp-aaaa")
}

func TestSimulateWrongly(t *testing.T) {
	file := snapshotFile(t, "everything-wrong")
	bad := rulesFile(t, "version: 1\nextends: default\nrules:\n  - id: cwp-expired\n    when: cwp.ExpireLicensCnt > 0\n")
	for name, c := range map[string]struct {
		settings map[string]string
		args     []string
		code     int
		says     string
	}{
		"no days":              {nil, []string{"--days", "0"}, exitUsage, "--days 0: write a number from 1 to 1830"},
		"too many days":        {nil, []string{"--days", "2000"}, exitUsage, "--days 2000: write a number from 1 to 1830"},
		"two ends":             {nil, []string{"--days", "3", "--until-silent"}, exitUsage, "--days and --until-silent exclude each other"},
		"silent digests":       {nil, []string{"--until-silent", "--mode", "digest"}, exitUsage, "--until-silent is about alerts"},
		"unknown mode":         {nil, []string{"--mode", "weekly"}, exitUsage, `--mode "weekly" is not known: write both, digest or alert`},
		"unknown language":     {nil, []string{"--language", "fr"}, exitUsage, `--language "fr" is not known: write zh or en`},
		"unknown output":       {nil, []string{"--output", "yaml"}, exitUsage, `--output "yaml" is not known: write text or json`},
		"full json":            {nil, []string{"--full", "--output", "json"}, exitUsage, "--full is text"},
		"no such file":         {nil, []string{"--snapshot", "nope.json"}, exitUsage, "the snapshot nope.json cannot be read: no such file or directory"},
		"no snapshot":          {nil, []string{"--snapshot", bad}, exitFound, `a snapshot has no key "rules"`},
		"no such rules":        {nil, []string{"--rules", "nope.yaml"}, exitUsage, "--rules: nope.yaml cannot be read: no such file"},
		"bad rules":            {nil, []string{"--rules", bad}, exitFound, "5:15: cwp has no field ExpireLicensCnt; did you mean ExpireLicenseCnt?"},
		"no date":              {nil, []string{"--from", "today"}, exitUsage, `--from "today" is no date: write it like 2026-12-01`},
		"before the snapshot":  {nil, []string{"--snapshot", file, "--from", "2026-11-21"}, exitUsage, "--from 2026-11-21 lies before the snapshot, which was read at 2026-11-22 09:07:00"},
		"no such order":        {nil, []string{"--renew", "cwp-zzzz=2027-01-31"}, exitUsage, "--renew: cwp-zzzz: there is no such order; there are cwp-aaaa, cwp-bbbb, cwp-cccc, tcss"},
		"no renewal":           {nil, []string{"--renew", "cwp-aaaa"}, exitUsage, `--renew: "cwp-aaaa" names no order and date: write it like cwp-aaaa=2027-01-31`},
		"a wrong setting":      {map[string]string{"LICENSEWATCH_TIMEZONE": "Mars"}, nil, exitFound, `LICENSEWATCH_TIMEZONE: "Mars" is not a known zone`},
		"none of the sources":  {map[string]string{"LICENSEWATCH_SOURCES": "tcss"}, []string{"--snapshot", ordersOnly(t)}, exitUsage, "holds none of the sources that LICENSEWATCH_SOURCES names"},
		"rules of the setting": {map[string]string{"LICENSEWATCH_RULES_FILE": "nope.yaml"}, nil, exitFound, "LICENSEWATCH_RULES_FILE: the rules file nope.yaml cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, c.settings, append([]string{"simulate"}, c.args...)...)
			if code != c.code || out != "" {
				t.Errorf("exit %d, want %d; output %q", code, c.code, out)
			}
			wantIn(t, "error", errs, c.says)
		})
	}
}

// timersFile is the repository's serverless.yml with its alert timer as given.
func timersFile(t *testing.T, expression, enable string) string {
	t.Helper()
	data, err := os.ReadFile("../../serverless.yml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "0 37 * * * * *", expression, 1)
	text = strings.Replace(text, "enable: false\n          argument: alert", "enable: "+enable+"\n          argument: alert", 1)
	name := filepath.Join(t.TempDir(), "serverless.yml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestSimulateTimers(t *testing.T) {
	office, off, broken := timersFile(t, "0 37 9-18 * * MON-FRI *", "true"), timersFile(t, "0 37 * * * * *", "false"), timersFile(t, "0 37 * * *", "true")
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
		errs string
	}{
		"its own": {[]string{"--timers", office, "--mode", "alert", "--days", "10"}, exitFine, []string{
			"Runs: alert by timer licensewatch-alert (UTC+8)", "Sun Nov 22, 2026 until Wed Dec 2, 2026: 5 alerts, 0 digests.", "Mon Nov 23, 2026\n  09:37  ALERT",
		}, ""},
		"alerts are off":   {[]string{"--timers", off, "--days", "10"}, exitFine, []string{"0 alerts, 10 digests."}, ""},
		"nothing is on":    {[]string{"--timers", off, "--mode", "alert"}, exitUsage, nil, "is on for --mode alert: write enable: true there"},
		"never silent":     {[]string{"--timers", off, "--until-silent"}, exitUsage, nil, "--until-silent is about alerts, and no timer asks for them"},
		"with a mistake":   {[]string{"--timers", broken, "--days", "2"}, exitFine, []string{"0 alerts, 2 digests."}, "and a timer with one is left out: licensewatch check --serverless "},
		"another file":     {[]string{"--timers", "simulate_test.go"}, exitFound, nil, "licensewatch: simulate_test.go:"},
		"there is no file": {[]string{"--timers", "nope.yml"}, exitUsage, nil, "--timers: nope.yml cannot be read: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, nil, append([]string{"simulate"}, c.args...)...)
			if code != c.code || c.errs == "" && errs != "" {
				t.Errorf("exit %d, want %d: %s", code, c.code, errs)
			}
			wantIn(t, "output", out, c.says...)
			wantIn(t, "error", errs, c.errs)
		})
	}
}

// TestSimulateSomethingNewEveryYear: what renews itself comes near its end again
// and again, for a rule that wants to know.
func TestSimulateSomethingNewEveryYear(t *testing.T) {
	rules := rulesFile(t, "version: 1\nrules:\n  - {id: mine, each: order, severity: warning, when: order.OrderStatus == 1 && order.DaysLeft <= 9, title: \"{order.ID} renews itself soon\", remind_at: [3]}\n")
	code, out, errs := command(t, map[string]string{"LICENSEWATCH_RULES_FILE": rules}, "simulate", "--snapshot", snapshotFile(t, "healthy"), "--mode", "alert", "--until-silent", "--language", "en")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "Alerts do not fall silent: something new comes within every year, as far as was looked.", "Nothing is firing on Sat Nov 22, 2031.")
}

// ordersOnly is a snapshot of one source, without the time at which it was read.
func ordersOnly(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "orders.json")
	text := `{"version": 1, "orders": {"TotalCount": 1, "List": [{"ResourceId": "cwp-aaaa", "LicenseType": 2, "OrderStatus": 1, "AutoRenewFlag": 2, "Deadline": "2026-12-04 23:59:59"}]}}`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestSimulateAPart: a snapshot of one source will do, and --from begins later.
func TestSimulateAPart(t *testing.T) {
	file := ordersOnly(t)
	read := func(args ...string) simulationJSON {
		code, out, errs := command(t, nil, append([]string{"simulate", "--snapshot", file, "--mode", "alert", "--output", "json"}, args...)...)
		if code != exitFine || errs != "" {
			t.Fatalf("exit %d: %s", code, errs)
		}
		var d simulationJSON
		if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		args  []string
		first string
		rule  string
	}{
		{nil, "2026-11-22T09:37:00+08:00", "cwp-order-expiring"},
		{[]string{"--from", "2026-11-22"}, "2026-11-22T09:37:00+08:00", "cwp-order-expiring"},
		{[]string{"--from", "2026-12-06"}, "2026-12-06T00:37:00+08:00", "cwp-order-isolated"},
	} {
		d := read(c.args...)
		if len(d.Messages) == 0 || d.Messages[0].Time.Format(time.RFC3339) != c.first || d.Messages[0].Findings[0].Rule != c.rule {
			t.Errorf("%v: %+v", c.args, d)
		}
	}
}

// TestSimulateMovesNoCursor: what an order is called is shown, and does nothing to
// the terminal.
func TestSimulateMovesNoCursor(t *testing.T) {
	name := filepath.Join(t.TempDir(), "orders.json")
	text := `{"version": 1, "orders": {"TotalCount": 1, "List": [{"ResourceId": "cwp-\u001b[2J", "Alias": "a\u001b[31m\nb", "LicenseType": 2, "OrderStatus": 1, "AutoRenewFlag": 2, "Deadline": "2026-12-04 23:59:59"}]}}`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"--full"}, {"--mode", "alert", "--until-silent"}, {"--renew", "x=2027-01-31"}} {
		_, out, errs := command(t, nil, append([]string{"simulate", "--snapshot", name, "--language", "en"}, args...)...)
		if !strings.Contains(out+errs, "cwp-") || strings.ContainsAny(out+errs, "\x1b\r") {
			t.Errorf("%v: %q %q", args, out, errs)
		}
	}
}

func TestSimulateFromStandardInput(t *testing.T) {
	setEnvironment(t, nil)
	var out bytes.Buffer
	command := newSimulate(console{out: &out, err: io.Discard, now: func() time.Time { return testNow }})
	command.SetIn(strings.NewReader("version: 1\nread_at: 2026-11-22 09:07:00\ntcss: {State: 1}\n"))
	command.SetArgs([]string{"--snapshot", "-", "--days", "1"})
	if err := command.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantIn(t, "output", out.String(), "The account of standard input, read on Sun Nov 22, 2026, 09:07 (Asia/Shanghai).\n")
}
