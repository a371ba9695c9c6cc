package main

import (
	"strings"
	"testing"
)

func TestWrongUse(t *testing.T) {
	for line, want := range map[string]string{
		"demo --scenario nope":        "near-expiry",
		"demo --language fr":          "en or zh",
		"demo --mode weekly":          "digest, alert or report",
		"demo --nope":                 "unknown flag --nope",
		"demo extra":                  `demo takes nothing but flags: leave "extra" out`,
		"nope":                        `unknown command "nope": write accounts, ack, archive, capture, `,
		"simulat --days 3":            `unknown command "simulat"; did you mean simulate?`,
		"chek":                        `unknown command "chek"; did you mean check?`,
		"help chek":                   `unknown command "chek"; did you mean check?`,
		"help check extra":            `check takes nothing but flags: leave "extra" out`,
		"run --dryrun":                "unknown flag --dryrun; did you mean --dry-run?",
		"run -x":                      "unknown flag -x",
		"run -dry-run":                "unknown flag -dry-run; did you mean --dry-run?",
		"run --mode":                  "--mode needs a value behind it",
		"run --dry-run=maybe":         `--dry-run takes no value: leave "maybe" out`,
		"run digest":                  `leave "digest" out, or write --mode digest`,
		"send-test slack":             `leave "slack" out, or write --to slack`,
		"check command_test.go":       `leave "command_test.go" out, or write --env command_test.go`,
		"simulate command_test.go":    "or write --snapshot command_test.go",
		"simulate gone.json":          `simulate takes nothing but flags: leave "gone.json" out`,
		"simulate --days many":        `--days "many" is no whole number`,
		"simulate --mode alerts":      "write both, digest or alert; did you mean alert?",
		"demo --scenario nearexpiry":  "did you mean near-expiry?",
		"preview main.go --to pdf":    "write terminal, slack, wecom, feishu, dingtalk, webhook or html",
		"explain /cwp-aaaa":           "which rule?",
		"completion elvish":           `unknown command "elvish": write bash, fish, powershell or zsh`,
		"--version":                   "unknown flag --version; did you mean licensewatch version?",
		"run --mode weekly":           "digest, alert or report",
		"check --env=":                "--env is given, but empty",
		"policy --check=":             "--check is given, but empty",
		"simulate --snapshot=":        "--snapshot is given, but empty",
		"check extra":                 `check takes nothing but flags: leave "extra" out`,
		"check --env gone.env":        "--env: gone.env cannot be read: no such file or directory",
		"init a b":                    `init takes one directory and nothing else: leave "b" out`,
		"check --output yaml":         "text or json",
		"check --serverless gone.yml": "--serverless: gone.yml cannot be read",
		"check --serverless gone.yml --no-serverless": "exclude each other",
	} {
		t.Run(line, func(t *testing.T) {
			code, _, errs := command(t, nil, strings.Fields(line)...)
			if code != exitUsage {
				t.Errorf("exit %d, want %d", code, exitUsage)
			}
			wantIn(t, "error", errs, want, "--help")
			if n := strings.Count(errs, "\n"); n != 2 {
				t.Errorf("%d lines:\n%s", n, errs)
			}
		})
	}
}

func TestEmptyArguments(t *testing.T) {
	for _, name := range []string{"capture", "preview", "init", "test", "explain"} {
		code, _, errs := command(t, nil, name, "")
		if code != exitUsage || !strings.Contains(errs, "an argument is empty") {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
	}
}
