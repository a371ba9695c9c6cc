package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestGoldenAck: what the command says, one call after the other, on the store
// that the function left behind.
func TestGoldenAck(t *testing.T) {
	s := newStory(t, "near-expiry")
	s.run("alert")
	s.settings["LICENSEWATCH_RULES_FILE"] = rulesFile(t, "version: 1\nextends: default\nrules:\n  - id: tcss-renewal-not-set\n    enabled: false\n")
	var transcript strings.Builder
	for _, line := range []string{
		"ack --list",
		"ack --list --output json",
		"ack",
		"ack cwp-order-expiring/cwp-aaaa",
		"ack cwp-order-expirin/cwp-aaaa --until 2026-12-10 --reason r",
		"ack nonsense --until 2026-12-10 --reason r",
		"ack cwp-expired/cwp-aaaa --until 2026-12-10 --reason r",
		"ack cwp-order-expiring/ --until 2026-12-10 --reason r",
		"ack tcss-renewal-not-set --until 2026-12-10 --reason r",
		"ack cwp-order-expiring/cwp-aaaa --until 10.12.2026 --reason r",
		"ack cwp-order-expiring/cwp-aaaa --until 2026-11-01 --reason r",
		"ack cwp-order-expiring/cwp-aaaa --until 2028-01-01 --reason r",
		"ack cwp-order-expiring/cwp-aaaa --until 2026-12-10 --reason r --output xml",
		"ack cwp-order-expiring/cwp-aaaa --until 2026-12-10 --reason ordered --by zhangsan",
		"ack cwp-order-expiring/cwp-aaab --until 2026-12-10 --reason ordered --by zhangsan",
		"ack cwp-order-expiring/cwp-bbbb --until 2026-12-10 --reason ordered --by zhangsan",
		"ack cwp-order-expiring cwp-aaaa --until 2w --reason r",
		"ack cwp-aaaa --until 2w --reason r",
		"ack cwp-bbbb --until 2w --reason r",
		"ack " + s.messageID(t) + " --until 2w --reason r",
		"ack cwp-order-expiring/cwp-aaab --until 12h --reason ordered --by zhangsan --force",
		"ack cwp-order-expiring/cwp-aaaa --until 2w --reason ordered --by zhangsan",
		"ack cwp-order-expiring --until 3d --reason known --by lisi",
		"ack tcss-trial-ending --until 2026-11-23 --reason bought --by lisi --output json",
		"ack --list",
		"ack --list --output json",
		"ack --list --remove",
		"ack tcss-trial-ending --remove --reason r",
		"ack tcss-trial-ending --remove --output json",
		"ack tcss-trial-ending --remove",
		"ack cwp-order-expiring/cwp-bbbb --remove",
	} {
		code, out, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...)
		fmt.Fprintf(&transcript, "$ licensewatch %s\n%s%s[exit %d]\n\n", line, out, errs, code)
	}
	golden(t, "ack.txt", strings.ReplaceAll(transcript.String(), s.settings["LICENSEWATCH_RULES_FILE"], "rules.yaml"))
}

func TestAckAndTheStore(t *testing.T) {
	claimed := t.TempDir()
	claim := fmt.Sprintf(`{"owner":"x","expires":%q}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(claimed, "claim.json"), []byte(claim), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "ledger.json"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := t.TempDir()
	if err := os.WriteFile(filepath.Join(newer, "ledger.json"), []byte(`{"version":2}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		url, line string
		code      int
		want      []string
	}{
		"listing waits for no run":  {"file://" + claimed, "ack --list", exitFine, []string{"No acknowledgement holds"}},
		"no directory":              {"file://" + claimed + "/gone/deep", "ack cwp-expired --until 2026-12-10 --reason r", exitFound, []string{"LICENSEWATCH_STATE_URL: file store", "gone"}},
		"no directory, listed":      {"file://" + claimed + "/gone/deep", "ack --list", exitFound, []string{"LICENSEWATCH_STATE_URL: file store"}},
		"no store":                  {"", "ack cwp-expired --until 2026-12-10 --reason r", exitFound, []string{"LICENSEWATCH_STATE_URL is not set"}},
		"no URL":                    {"ftp://x", "ack --list", exitFound, []string{"LICENSEWATCH_STATE_URL: "}},
		"a ledger that is no JSON":  {"file://" + broken, "ack --list", exitFound, []string{"LICENSEWATCH_STATE_URL: ", "cannot be read", "the next run keeps it aside"}},
		"a ledger that is newer":    {"file://" + newer, "ack cwp-expired --until 2026-12-10 --reason r", exitFound, []string{"LICENSEWATCH_STATE_URL: ", "version 2", "the function's own version"}},
		"a broken one, to write":    {"file://" + broken, "ack cwp-expired --remove", exitFound, []string{"LICENSEWATCH_STATE_URL: ", "cannot be read", "the next run keeps it aside"}},
		"its mistakes come first":   {"ftp://x", "ack cwp-expird --until 2026-12-10 --reason r", exitUsage, []string{"did you mean cwp-expired?"}},
		"a setting that is a slip":  {"ftp://x", "ack cwp-expired --until soon --reason r", exitUsage, []string{`--until "soon"`}},
		"nothing is added unasked":  {"file://" + claimed, "ack --list --output json", exitFine, []string{`"acknowledgements": []`}},
		"an unknown flag's remedy":  {"file://" + claimed, "ack --lst", exitUsage, []string{"--help"}},
		"more than one finding":     {"file://" + claimed, "ack cwp-expired tcss-expired", exitUsage, []string{"takes one finding at a time", "tcss-expired"}},
		"rule and order":            {"file://" + claimed, "ack cwp-order-expiring cwp-team02", exitUsage, []string{"write cwp-order-expiring/cwp-team02"}},
		"removing needs no rule":    {"file://" + broken + "/none/deep", "ack gone-rule --remove", exitFound, []string{"LICENSEWATCH_STATE_URL: "}},
		"no reason":                 {"file://" + claimed, "ack cwp-expired --until 2026-12-10", exitUsage, []string{"--reason"}},
		"listing is of the ledger":  {"", "ack --list", exitFound, []string{"LICENSEWATCH_STATE_URL is not set"}},
		"a finding that is no name": {"file://" + claimed, "ack / --until 2026-12-10 --reason r", exitUsage, []string{"which rule?"}},
	} {
		t.Run(name, func(t *testing.T) {
			settings := map[string]string{}
			if test.url != "" {
				settings["LICENSEWATCH_STATE_URL"] = test.url
			}
			code, out, errs := command(t, settings, strings.Fields(test.line)...)
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			wantIn(t, "output", out+errs, test.want...)
		})
	}
	for dir, want := range map[string]string{broken: "x", newer: `{"version":2}`} {
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Errorf("the store holds %v, %v", entries, err)
		}
		if data, err := os.ReadFile(filepath.Join(dir, "ledger.json")); err != nil || string(data) != want {
			t.Errorf("the ledger is %q, %v", data, err)
		}
	}
}

// TestCompleteRules: the shell completes the rules of the settings.
func TestCompleteRules(t *testing.T) {
	own := map[string]string{"LICENSEWATCH_RULES_FILE": rulesFile(t, "version: 1\nrules:\n  - {id: mine, severity: info, when: cwp.LicenseCnt > 0, title: x}\n")}
	for _, test := range []struct {
		settings map[string]string
		line     string
		want     string
	}{
		{nil, "ack cwp-order-e", "cwp-order-expiring\ncwp-order-ended\n:4\n"},
		{nil, "explain tcss-trial", "tcss-trial-over\ntcss-trial-ending\n:4\n"},
		{own, "explain ", "mine\n:4\n"},
		{nil, "explain tcss-expired tcss", ":4\n"},
		{map[string]string{"LICENSEWATCH_RULES_FILE": "gone.yaml"}, "explain t", ":4\n"},
		{map[string]string{"LICENSEWATCH_SITE": "us"}, "explain t", ":4\n"},
	} {
		_, out, _ := command(t, test.settings, append([]string{"__complete"}, strings.Split(test.line, " ")...)...)
		if out != test.want {
			t.Errorf("%s: %q, want %q", test.line, out, test.want)
		}
	}
}

// rulesFile writes a rules file and gives its path.
func rulesFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
