package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// mistake is a typical one: a command line, what it finds, and its exit code.
type mistake struct {
	name     string
	line     string
	settings map[string]string // beside a Slack webhook; empty: without this setting
	files    map[string]string
	code     int
}

// oneRule is a file of one rule of one's own.
func oneRule(rule string) map[string]string {
	return map[string]string{"rules.yaml": "version: 1\nextends: default\nrules:\n" + rule}
}

// described is the description of a deployment, with one text replaced.
func described(from, to string) map[string]string {
	return map[string]string{"serverless.yml": strings.Replace(checkServerless, from, to, 1), "dist/function/main": "x"}
}

func setting(name, value string) map[string]string {
	return map[string]string{"LICENSEWATCH_" + name: value}
}

func mistakes() []mistake {
	const check = "check"
	ownRules := setting("RULES_FILE", "rules.yaml")
	return []mistake{
		{"a typo in a rule's field", check, ownRules, oneRule("  - {id: mine, severity: info, when: cwp.NearExpiryLicenseCn > 0, title: x}\n"), exitFound},
		{"a typo in a severity", check, ownRules, oneRule("  - {id: mine, severity: wraning, when: cwp.LicenseCnt > 0, title: x}\n"), exitFound},
		{"two rules of one id", check, ownRules, oneRule("  - {id: mine, severity: info, when: cwp.LicenseCnt > 0, title: x}\n  - {id: mine, severity: info, when: cwp.LicenseCnt > 1, title: x}\n"), exitFound},
		{"an expression that begins with !", check, ownRules, oneRule("  - id: mine\n    severity: info\n    when: !cwp.AutoRepurchaseSwitch\n    title: x\n"), exitFound},
		{"one = too few", check, ownRules, oneRule("  - {id: mine, severity: info, when: cwp.LicenseCnt = 5, title: x}\n"), exitFound},
		{"an AND", check, ownRules, oneRule("  - {id: mine, severity: info, when: cwp.LicenseCnt > 5 AND tcss.State == 1, title: x}\n"), exitFound},
		{"a tab in YAML", check, ownRules, oneRule("  - id: mine\n\tseverity: info\n"), exitFound},
		{"reminders with a unit", check, ownRules, oneRule("  - {id: cwp-order-expiring, remind_at: [30d]}\n"), exitFound},
		{"reminders of a rule without days", check, ownRules, oneRule("  - {id: mine, severity: info, when: cwp.LicenseCnt > 0, title: x, remind_at: [30, 7]}\n"), exitFound},
		{"a rules file that is not there", check, ownRules, nil, exitFound},
		{"a rule about what is not read", check, map[string]string{"LICENSEWATCH_RULES_FILE": "rules.yaml", "LICENSEWATCH_SOURCES": "cwp"}, oneRule("  - {id: mine, severity: info, when: tcss.State == 1, title: x}\n"), exitFine},

		{"no webhook", check, setting("SLACK_WEBHOOK_URL", ""), nil, exitFound},
		{"a key in place of a WeCom URL", check, setting("WECOM_WEBHOOK_URL", "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"), nil, exitFound},
		{"a token in place of a Slack URL", check, setting("SLACK_WEBHOOK_URL", "xoxb-1-2-abc"), nil, exitFound},
		{"an http URL", check, setting("SLACK_WEBHOOK_URL", "http://hooks.slack.com/services/T00000001/B00000001/abc"), nil, exitFound},
		{"a Slack URL for WeCom", check, setting("WECOM_WEBHOOK_URL", "https://hooks.slack.com/services/T00000001/B00000001/abc"), nil, exitFound},
		{"a WeCom URL for Slack", check, setting("SLACK_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"), nil, exitFound},
		{"a URL of another host", check, setting("SLACK_WEBHOOK_URL", "https://hooks.example.com/services/T00000001/B00000001/abc"), nil, exitFine},
		{"a site that is none", check, setting("SITE", "international"), nil, exitFound},
		{"a language that is none", check, setting("LANGUAGE", "cn"), nil, exitFound},
		{"a source that is none", check, setting("SOURCES", "cwp,tcs"), nil, exitFound},
		{"a mode that is none", check, setting("MODE", "daily"), nil, exitFound},
		{"a time zone that is none", check, setting("TIMEZONE", "Asia/Peking"), nil, exitFound},
		{"an empty variable", check, setting("MODE", " "), nil, exitFound},
		{"a setting that does not exist", check, setting("SLACK_URL", "x"), nil, exitFound},
		{"a store without a region", check, setting("STATE_URL", "cos://bucket-1250000000/licensewatch"), nil, exitFound},
		{"half a pair of keys", check, map[string]string{"TENCENTCLOUD_SECRET_ID": "x"}, nil, exitFine},

		{"a crontab's five fields", check, nil, described("'0 7 9 * * * *'", "'7 9 * * *'"), exitFound},
		{"an hour that is none", check, nil, described("'0 7 9 * * * *'", "'0 7 24 * * * *'"), exitFound},
		{"a timer on the full hour", check, nil, described("'0 7 9 * * * *'", "'0 0 9 * * * *'"), exitFine},
		{"a timeout of 3 s", check, nil, described("timeout: 60", "timeout: 3"), exitFound},
		{"no timeout", check, nil, described("  timeout: 60\n", ""), exitFound},
		{"no role", check, nil, described("  role: ${env:DEPLOY_ROLE}\n", ""), exitFound},
		{"an alert timer without a store", check, nil, described("enable: false", "enable: true"), exitFine},
		{"a timer that is not switched on", check, nil, described("          enable: true\n", ""), exitFound},
		{"an argument that is no mode", check, nil, described("argument: digest", "argument: daily"), exitFound},
		{"a webhook in serverless.yml", check, nil, described("${env:LICENSEWATCH_SLACK_WEBHOOK_URL}", "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"), exitFine},
		{"a URL without quotes", "check --env .env --no-serverless", nil, map[string]string{".env": "LICENSEWATCH_SLACK_WEBHOOK_URL=https://h/?a=1&b=2\n"}, exitFound},
		{"a WeCom URL that the shell would cut, and no other", "check --env .env --no-serverless", nil, map[string]string{".env": "LICENSEWATCH_WECOM_WEBHOOK_URL=https://h/?a=1&b=2\n"}, exitFound},
		{"typographic quotes", "check --env .env --no-serverless", nil, map[string]string{".env": "LICENSEWATCH_SLACK_WEBHOOK_URL=‘https://h/abcdefghij’\n"}, exitFound},
		{"a snapshot in place of the settings", "check --env account.json --no-serverless", nil, map[string]string{"account.json": "{\n\"version\": 1,\n\"cwp\": {\n\"LicenseCnt\": 1,\n\"UsedLicenseCnt\": 1\n}\n}\n"}, exitFound},
		{"a description that is empty", check, nil, map[string]string{"serverless.yml": ""}, exitFound},
		{"a description in UTF-16", check, nil, map[string]string{"serverless.yml": "\xff\xfec\x00o\x00"}, exitFound},
		{"a region by its city", check, nil, described("region: ${env:DEPLOY_REGION}", "region: guangzhou"), exitFound},

		{"an unknown command", "chek", nil, nil, exitUsage},
		{"an unknown flag", "check --ofline", nil, nil, exitUsage},
		{"an unknown choice", "demo --scenario expired", nil, nil, exitUsage},
		{"no keys", "run --dry-run", nil, nil, exitFound},
		{"an acknowledgement without a store", "ack --list", nil, nil, exitFound},
	}
}

// TestTypicalMistakes: what a person reads after each, and nothing besides: the
// lines that say what is in order are left out. One or two lines name the thing
// and the remedy.
func TestTypicalMistakes(t *testing.T) {
	back := here(t)
	var all strings.Builder
	for _, m := range mistakes() {
		files(t, m.files)
		settings := map[string]string{
			"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx",
			"DEPLOY_REGION":                  "ap-guangzhou", "DEPLOY_ROLE": "licensewatch",
		}
		if m.line == "check" {
			maps.Copy(settings, map[string]string{"TENCENTCLOUD_SECRETID": "x", "TENCENTCLOUD_SECRETKEY": "y"})
		}
		maps.Copy(settings, m.settings)
		maps.DeleteFunc(settings, func(_, value string) bool { return value == "" })
		if settings["TENCENTCLOUD_SECRET_ID"] != "" {
			delete(settings, "TENCENTCLOUD_SECRETID")
			delete(settings, "TENCENTCLOUD_SECRETKEY")
		}
		code, out, errs := command(t, settings, strings.Fields(m.line)...)
		if code != m.code {
			t.Errorf("%s: exit %d, want %d\n%s%s", m.name, code, m.code, out, errs)
		}
		if strings.Contains(out+errs, "abcdefghij") || strings.Contains(out+errs, "693a91f6") {
			t.Errorf("%s: a secret is shown", m.name)
		}
		said := told(strings.ReplaceAll(out+errs, os.Getenv("HOME"), "~"))
		if n := len(said); n == 0 || n > 2 {
			t.Errorf("%s: %d lines", m.name, n)
		}
		fmt.Fprintf(&all, "== %s: licensewatch %s (exit %d)\n%s\n\n", m.name, m.line, code, strings.Join(said, "\n"))
	}
	t.Chdir(back)
	golden(t, "mistakes.txt", all.String())
}

// told are the lines that say what is wrong.
func told(output string) []string {
	lines := slices.Collect(strings.SplitSeq(strings.TrimSpace(output), "\n"))
	return slices.DeleteFunc(lines, func(line string) bool {
		return !strings.HasPrefix(line, "✗") && !strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "licensewatch: ") ||
			strings.HasSuffix(line, " to correct")
	})
}
