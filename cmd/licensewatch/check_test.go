package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files writes files into a directory of their own and goes there.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, content := range contents {
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// here is the tests' own directory, which holds the golden files.
func here(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

const checkEnv = `# the settings
DEPLOY_REGION=ap-guangzhou
DEPLOY_ROLE=licensewatch
LICENSEWATCH_SLACK_WEBHOOK_URL='https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx'
`

const checkServerless = `component: scf
name: licensewatch
inputs:
  src: dist/function
  type: event
  runtime: Go1
  handler: main
  region: ${env:DEPLOY_REGION}
  role: ${env:DEPLOY_ROLE}
  timeout: 60
  environment:
    variables:
      LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}
  events:
    - timer:
        name: licensewatch-digest
        parameters:
          cronExpression: '0 7 9 * * * *'
          enable: true
          argument: digest
    - timer:
        name: licensewatch-alert
        parameters:
          cronExpression: '0 37 * * * * *'
          enable: false
          argument: alert
`

// TestGoldenCheck: one deployment without a mistake and one with many, for
// people and for programs.
func TestGoldenCheck(t *testing.T) {
	broken := strings.NewReplacer(
		"timeout: 60", "timeout: 3",
		"  role: ${env:DEPLOY_ROLE}\n", "",
		"'0 7 9 * * * *'", "'7 9 * * *'",
		"          enable: false\n", "",
		"argument: alert", "argument: alarm",
		"  events:", "      LICENSEWATCH_SITE: us\n      LICENSEWATCH_LANGUGE: zh\n      LICENSEWATCH_TIMEZONE: ${env:ZONE}\n      SCF_X: y\n  events:",
	).Replace(checkServerless)
	brokenEnv := checkEnv + "LICENSEWATCH_RULES_FILE=rules.yaml\nLICENSEWATCH_MODE=daily\nLICENSEWATCH_SOURCES = cwp\n"
	for name, contents := range map[string]map[string]string{
		"check-good": {"my.env": checkEnv, "serverless.yml": checkServerless, "dist/function/main": "x"},
		"check-bad":  {"my.env": brokenEnv, "serverless.yml": broken, "rules.yaml": "version: 1\nextends: default\nrules:\n  - id: mine\n    severity: wraning\n    when: cwp.LicenseCnt > 0\n    title: x\n"},
	} {
		for _, format := range []string{"text", "json"} {
			t.Run(name+"/"+format, func(t *testing.T) {
				back := here(t)
				files(t, contents)
				code, out, errs := command(t, map[string]string{"TENCENTCLOUD_SECRET_ID": "x", "TENCENTCLOUD_SECRET_KEY": "y", "LICENSEWATCH_SITE": "not this one"},
					"check", "--env", "my.env", "--offline", "--output", format)
				if want := map[string]int{"check-good": exitFine, "check-bad": exitFound}[name]; code != want {
					t.Errorf("exit %d, want %d: %s", code, want, errs)
				}
				if format == "json" && !json.Valid([]byte(out)) {
					t.Error("the output is no JSON")
				}
				if strings.Contains(out+errs, "abcdefghij") {
					t.Error("a secret is shown")
				}
				if value := os.Getenv("LICENSEWATCH_SITE"); value != "not this one" || os.Getenv("DEPLOY_ROLE") != "" {
					t.Error("the environment is not as it was")
				}
				t.Chdir(back)
				golden(t, name+map[string]string{"text": ".txt", "json": ".json"}[format], out+errs)
			})
		}
	}
}

// TestCheckNamesPlaces: a mistake stands where its value does.
func TestCheckNamesPlaces(t *testing.T) {
	slack := map[string]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx",
		"DEPLOY_REGION":                  "ap-guangzhou", "DEPLOY_ROLE": "licensewatch",
	}
	literal := strings.Replace(checkServerless, "  events:", "      LICENSEWATCH_SITE: us\n  events:", 1)
	passing := strings.Replace(checkServerless, "  events:", "      LICENSEWATCH_SITE: ${env:SITE}\n  events:", 1)
	tests := map[string]struct {
		files    map[string]string
		settings map[string]string
		args     string
		code     int
		want     []string
		not      string
	}{
		"the process": {nil, map[string]string{"LICENSEWATCH_SITE": "us"}, "", exitFound, []string{`✗ LICENSEWATCH_SITE: "us" is not known`}, ".env"},
		"an env file": {map[string]string{"my.env": checkEnv + "LICENSEWATCH_SITE=us\n"}, nil, "--env my.env", exitFound, []string{`✗ my.env:5:19: LICENSEWATCH_SITE: "us" is not known`}, "memory: x"},
		"the file":    {map[string]string{"serverless.yml": literal}, nil, "", exitFound, []string{`✗ serverless.yml:14:26: LICENSEWATCH_SITE: "us" is not known`}, "x\x00"},
		"through another name": {map[string]string{"serverless.yml": passing, "my.env": checkEnv + "SITE=us\n"}, nil, "--env my.env", exitFound,
			[]string{`✗ my.env:5:6: LICENSEWATCH_SITE: "us" is not known`}, "x\x00"},
		"not passed on": {map[string]string{"serverless.yml": checkServerless}, map[string]string{"LICENSEWATCH_LANGUAGE": "en"}, "", exitFine,
			[]string{"! LICENSEWATCH_LANGUAGE: is set, but serverless.yml does not pass it on"}, "x\x00"},
		"another file": {map[string]string{"serverless.yml": "x", "other.yml": checkServerless}, nil, "--serverless other.yml", exitFine, []string{"timer licensewatch-digest: on, digest, next on Mon 2026-11-23 at 09:07 UTC+8"}, "serverless.yml:"},
		"no file":      {map[string]string{"serverless.yml": "x"}, nil, "--no-serverless", exitFine, []string{"1 Slack webhook"}, "serverless.yml"},
		"not in the package": {map[string]string{
			"serverless.yml":     strings.Replace(checkServerless, "  events:", "      LICENSEWATCH_RULES_FILE: rules.yaml\n  events:", 1),
			"dist/function/main": "x", "rules.yaml": "version: 1\nextends: default\n",
		}, nil, "", exitFine, []string{"! serverless.yml:4:8: src: dist/function does not hold the rules file of LICENSEWATCH_RULES_FILE"}, "does not hold the program"},
		"nothing loaded": {map[string]string{"serverless.yml": checkServerless}, map[string]string{"DEPLOY_ROLE": "", "LICENSEWATCH_SLACK_WEBHOOK_URL": ""}, "", exitFound, []string{
			"✗ serverless.yml:9:9: ${env:DEPLOY_ROLE} is not set: write DEPLOY_ROLE into licensewatch.env, and load it (check --env licensewatch.env, or: set -a; . ./licensewatch.env; set +a)",
			"✗ serverless.yml:13:39: LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL} is not set: write LICENSEWATCH_SLACK_WEBHOOK_URL into licensewatch.env; or put a # before this line",
		}, "still is"},
		"alert by the setting": {map[string]string{
			"serverless.yml": strings.NewReplacer("          argument: digest\n", "", "  events:", "      LICENSEWATCH_MODE: Alert\n  events:").Replace(checkServerless),
		}, nil, "", exitFine, []string{"! serverless.yml:20:19: the alert timer is on, but LICENSEWATCH_STATE_URL is not", "on, alert (LICENSEWATCH_MODE), next on"}, "x\x00"},
		"a region of the settings": {map[string]string{"my.env": strings.Replace(checkEnv, "ap-guangzhou", "ap-guangzou", 1), "serverless.yml": checkServerless}, nil, "--env my.env", exitFound,
			[]string{"✗ my.env:2:15: DEPLOY_REGION: the region does not exist: did you mean ap-guangzhou?"}, "serverless.yml:8"},
		"a region, no description": {map[string]string{"my.env": strings.Replace(checkEnv, "ap-guangzhou", "ap-osaka", 1)}, nil, "--env my.env --no-serverless", exitFine,
			[]string{"! my.env:2:15: DEPLOY_REGION: the region is not among the regions known here"}, "✗"},
		"a store in a new region": {map[string]string{"my.env": checkEnv + "LICENSEWATCH_STATE_URL='cos://bucket-1250000000/x?region=ap-osaka'\n"}, nil, "--env my.env --no-serverless", exitFine,
			[]string{"! my.env:5:24: LICENSEWATCH_STATE_URL: its region is not among the regions known here"}, "✗"},
		"a webhook by another name": {map[string]string{"my.env": strings.Replace(checkEnv, "LICENSEWATCH_SLACK", "SLACK", 1), "serverless.yml": checkServerless}, map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": ""}, "--env my.env", exitFound,
			[]string{"✗ serverless.yml:13:39: LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL} is not set: write LICENSEWATCH_SLACK_WEBHOOK_URL into my.env; or put a # before this line; SLACK_WEBHOOK_URL in line 4 lacks the prefix LICENSEWATCH_"}, "not set, but"},
		"a past year": {map[string]string{"serverless.yml": strings.Replace(checkServerless, "7 9 * * * *", "7 9 * * * 2020", 1)}, nil, "", exitFine,
			[]string{"! timer licensewatch-digest: it never fires again"}, "next on"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			files(t, test.files)
			settings := map[string]string{}
			maps.Copy(settings, slack)
			maps.Copy(settings, test.settings)
			code, out, errs := command(t, settings, append([]string{"check", "--offline"}, strings.Fields(test.args)...)...)
			if code != test.code {
				t.Errorf("exit %d, want %d:\n%s%s", code, test.code, out, errs)
			}
			wantIn(t, "output", out, test.want...)
			if strings.Contains(out, test.not) || strings.Contains(out, "abcdefghij") {
				t.Errorf("output holds %q or a secret:\n%s", test.not, out)
			}
		})
	}
}

// TestGoldenCheckRules: a file of rules alone, with and without mistakes, for
// people and for programs, where there are neither settings nor keys.
func TestGoldenCheckRules(t *testing.T) {
	const doubtful = "version: 1\nextends: default\nrules:\n" +
		"  - id: mine\n    severity: warning\n    when: cwp.UsedPercent > 0.8 && tcss.ExpirationTime < \"2026-12-31\"\n    title:\n      en: Many are used #1\n"
	wrong := strings.Replace(doubtful, "severity: warning", "severity: wraning\n    remind_very: 3", 1)
	back := here(t)
	files(t, map[string]string{"doubtful.yaml": doubtful, "wrong.yaml": wrong, "serverless.yml": "x"})
	var all strings.Builder
	for _, line := range []string{
		"check --rules doubtful.yaml", "check --rules wrong.yaml", "check --rules doubtful.yaml --output json", "check --rules wrong.yaml --offline --output json",
		"check --rules missing.yaml", "check --rules doubtful.yaml --env x", "check --rules=", "check doubtful.yaml", "check serverless.yml",
	} {
		code, out, errs := command(t, map[string]string{"LICENSEWATCH_SITE": "nonsense"}, strings.Fields(line)...)
		fmt.Fprintf(&all, "$ licensewatch %s\n%s%s(exit %d)\n\n", line, out, errs, code)
	}
	t.Chdir(back)
	golden(t, "check-rules.txt", all.String())
}

// TestCheckWithoutDescription: that nothing is said about timers is said.
func TestCheckWithoutDescription(t *testing.T) {
	const fact = "✓ serverless.yml: not here, so that timers and what the function gets are not checked; --serverless FILE names it\n"
	files(t, map[string]string{"licensewatch.env": checkEnv, "serverless.yaml": ""})
	for line, want := range map[string]bool{
		"check --offline --env licensewatch.env":                              true,
		"check --offline --env licensewatch.env --no-serverless":              false,
		"check --offline --env licensewatch.env --serverless serverless.yaml": false,
	} {
		if _, out, _ := command(t, nil, strings.Fields(line)...); strings.Contains(out, fact) != want {
			t.Errorf("%s: want the fact: %t\n%s", line, want, out)
		}
	}
}

// TestCheckRulesThatNeverSpeak: a rule of one's own about what is not read.
func TestCheckRulesThatNeverSpeak(t *testing.T) {
	rules := "version: 1\nextends: default\nrules:\n" +
		"  - {id: mine, severity: info, when: tcss.State == 1 && cwp.LicenseCnt > 0, title: x}\n" +
		"  - {id: change, severity: info, when: previous.tcss.State != tcss.State, title: x}\n" +
		"  - {id: order-mine, each: order, severity: info, when: order.LicenseCnt > 0, title: x}\n"
	for sources, want := range map[string][]string{
		"cwp,tcss": nil,
		"cwp": {
			"! rules.yaml: rule mine is never judged: it reads tcss, which LICENSEWATCH_SOURCES leaves out",
			"! rules.yaml: rule change is never judged: it reads tcss, which LICENSEWATCH_SOURCES leaves out",
		},
		"tcss": {
			"! rules.yaml: rule mine is never judged: it reads cwp, which LICENSEWATCH_SOURCES leaves out",
			"! rules.yaml: rule order-mine is never judged: it reads cwp, which LICENSEWATCH_SOURCES leaves out",
		},
	} {
		files(t, map[string]string{"rules.yaml": rules})
		code, out, _ := command(t, map[string]string{
			"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T00000001/B00000001/x",
			"LICENSEWATCH_RULES_FILE":        "rules.yaml", "LICENSEWATCH_SOURCES": sources,
		}, "check")
		if code != exitFine || strings.Count(out, "never judged") != len(want) {
			t.Errorf("%s: exit %d:\n%s", sources, code, out)
		}
		wantIn(t, sources, out, want...)
	}
}
