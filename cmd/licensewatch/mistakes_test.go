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

// alerting is the description with an alert timer that fires so, and a memory; the
// function gets the settings of these names as well.
func alerting(expression string, names ...string) map[string]string {
	var variables strings.Builder
	for _, name := range append(names, "STATE_URL") {
		fmt.Fprintf(&variables, "      LICENSEWATCH_%s: ${env:LICENSEWATCH_%s}\n", name, name)
	}
	all := strings.NewReplacer("enable: false", "enable: true", "'0 37 * * * * *'", expression, "      LICENSEWATCH_SLACK", variables.String()+"      LICENSEWATCH_SLACK").Replace(checkServerless)
	return map[string]string{"serverless.yml": all, "dist/function/main": "x"}
}

// merged adds a file to others.
func merged(files map[string]string, name, content string) map[string]string {
	files[name] = content
	return files
}

// setting is one of ours, by its name without the prefix, and others beside it.
func setting(name, value string, others ...string) map[string]string {
	all := map[string]string{"LICENSEWATCH_" + name: value}
	for i := 0; i+1 < len(others); i += 2 {
		all[others[i]] = others[i+1]
	}
	return all
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
		{"a share in the place of percents", check + " --rules rules.yaml", nil, oneRule("  - {id: mine, severity: info, when: cwp.UsedPercent > 0.8, title: {en: x, zh: x}}\n"), exitFine},
		{"a date that is compared as a text", check, ownRules, oneRule("  - {id: mine, each: order, severity: info, when: order.Deadline < \"2026-12-31\", title: {en: x, zh: x}}\n"), exitFine},
		{"a title in one language", check, ownRules, oneRule("  - {id: mine, severity: info, when: cwp.LicenseCnt > 0, title: {en: many}}\n"), exitFine},
		{"a # that cuts a title", check, ownRules, oneRule("  - id: mine\n    severity: info\n    when: cwp.LicenseCnt > 0\n    title: Look into runbook #7\n"), exitFine},
		{"a key of rules that does not exist", check + " --rules rules.yaml", nil, oneRule("  - {id: mine, level: info, severity: info, when: cwp.LicenseCnt > 0, title: x}\n"), exitFound},
		{"a rules file that is not there", check, ownRules, nil, exitFound},
		{"a rule about what is not read", check, map[string]string{"LICENSEWATCH_RULES_FILE": "rules.yaml", "LICENSEWATCH_SOURCES": "cwp"}, oneRule("  - {id: mine, severity: info, when: tcss.State == 1, title: x}\n"), exitFine},

		{"no webhook", check, setting("SLACK_WEBHOOK_URL", ""), nil, exitFound},
		{"a key in place of a WeCom URL", check, setting("WECOM_WEBHOOK_URL", "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"), nil, exitFound},
		{"a token in place of a Slack URL", check, setting("SLACK_WEBHOOK_URL", "xoxb-1-2-abc"), nil, exitFound},
		{"an http URL", check, setting("SLACK_WEBHOOK_URL", "http://hooks.slack.com/services/T00000001/B00000001/abc"), nil, exitFound},
		{"a Slack URL for WeCom", check, setting("WECOM_WEBHOOK_URL", "https://hooks.slack.com/services/T00000001/B00000001/abc"), nil, exitFound},
		{"a WeCom URL for Slack", check, setting("SLACK_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc"), nil, exitFound},
		{"a Slack URL for the webhook", check, setting("WEBHOOK_URL", "https://hooks.slack.com/services/T00000001/B00000001/abc"), nil, exitFound},
		{"a webhook without https", check, setting("WEBHOOK_URL", "relay.example/in#s3cret"), nil, exitFound},
		{"a webhook whose secret has a blank", check, setting("WEBHOOK_URL", "https://relay.example/in#two words"), nil, exitFound},
		{"two URLs with a semicolon between", check, setting("WECOM_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc;https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=def"), nil, exitFound},
		{"two URLs with a full-width comma between", check, setting("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T00000001/B00000001/abc，https://hooks.slack.com/services/T00000001/B00000001/def"), nil, exitFound},
		{"a webhook without the prefix", check, map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": "", "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T00000001/B00000001/abc"}, nil, exitFound},
		{"a webhook without the prefix, beside another", check, setting("WECOM_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "LICENSEWATCH_SLACK_WEBHOOK_URL", "", "SLACK_WEBHOOK_URL", "x"), nil, exitFine},
		{"a webhook without the prefix in a file", "check --env .env --no-serverless", nil, map[string]string{".env": "WECOM_WEBHOOK_URL='https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc'\n"}, exitFound},
		{"a phone number that is to be called", check, setting("WECOM_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "LICENSEWATCH_WECOM_MENTION", "zhangsan,13800138000"), nil, exitFine},
		{"a phone number with its country", check, setting("WECOM_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "LICENSEWATCH_WECOM_MENTION", "+8613800138000"), nil, exitFound},
		{"names to call with ； between", check, setting("WECOM_WEBHOOK_URL", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "LICENSEWATCH_WECOM_MENTION", "zhangsan；lisi"), nil, exitFound},
		{"a URL of another host", check, setting("SLACK_WEBHOOK_URL", "https://hooks.example.com/services/T00000001/B00000001/abc"), nil, exitFine},
		{"a site that is none", check, setting("SITE", "international"), nil, exitFound},
		{"a language that is none", check, setting("LANGUAGE", "cn"), nil, exitFound},
		{"a source that is none", check, setting("SOURCES", "cwp,tcs"), nil, exitFound},
		{"a mode that is none", check, setting("MODE", "daily"), nil, exitFound},
		{"a time zone that is none", check, setting("TIMEZONE", "Asia/Peking"), nil, exitFound},
		{"an empty variable", check, setting("MODE", " "), nil, exitFound},
		{"a setting that does not exist", check, setting("SLACK_URL", "x"), nil, exitFound},
		{"a store without a region", check, setting("STATE_URL", "cos://bucket-1250000000/licensewatch"), nil, exitFound},
		{"a store in a region that does not exist", check, setting("STATE_URL", "cos://bucket-1250000000/licensewatch?region=ap-guangzou"), nil, exitFound},
		{"a store by its bucket's URL", check, setting("STATE_URL", "https://bucket-1250000000.cos.ap-guangzhou.myqcloud.com/licensewatch"), nil, exitFound},
		{"a setting that is like none", check, setting("REGION", "ap-guangzhou"), nil, exitFound},
		{"hours without minutes", check, setting("HOURS", "9-18"), nil, exitFound},
		{"hours of no days", check, setting("HOURS", "weekdays 09:00-18:00"), nil, exitFound},
		{"hours with a zone", check, setting("HOURS", "09:00-18:00 CST"), nil, exitFound},
		{"digests that are not known", check, setting("DIGEST", "weekly"), nil, exitFound},
		{"changes that nobody remembers", check, setting("DIGEST", "changes"), nil, exitFine},
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
		{"a webhook without the prefix in serverless.yml", check, nil, described("      LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}\n", "      SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}\n"), exitFound},
		{"a store without the prefix in serverless.yml", check, nil, described("  events:", "      STATE_URL: file:///mnt/state\n  events:"), exitFine},
		{"a key that serverless.yml does not have", check, nil, described("  timeout: 60\n", "  timeout: 60\n  flavour: x\n"), exitFine},
		{"an alert timer that rests on Sundays", check, setting("STATE_URL", "file://"+os.TempDir()), alerting("'0 37 * * * MON-SAT *'"), exitFine},
		{"an alert timer in the morning only", check, setting("STATE_URL", "file://"+os.TempDir()), alerting("'0 37 9-11 * * * *'"), exitFine},
		{"an alert timer that rests outside the hours", check, setting("STATE_URL", "file://"+os.TempDir()), alerting("'0 37 9-20 * * * *'"), exitFine},
		{"hours of another zone than the timers'", check, setting("STATE_URL", "file://"+os.TempDir(), "LICENSEWATCH_TIMEZONE", "Europe/Berlin", "LICENSEWATCH_HOURS", "Mon-Fri 09:00-18:00"), alerting("'0 37 9-18 * * * *'", "TIMEZONE", "HOURS"), exitFine},
		{"hours that no alert keeps", check, setting("HOURS", "always"), described("      LICENSEWATCH_SLACK", "      LICENSEWATCH_HOURS: ${env:LICENSEWATCH_HOURS}\n      LICENSEWATCH_SLACK"), exitFine},
		{"a region that does not exist", check, nil, described("region: ${env:DEPLOY_REGION}", "region: ap-guangzou"), exitFound},
		{"a region of another cloud", "check --env .env", nil, merged(described("x\x00", ""), ".env", "DEPLOY_REGION=us-east-1\nDEPLOY_ROLE=licensewatch\nLICENSEWATCH_SLACK_WEBHOOK_URL='https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx'\n"), exitFound},
		{"a region that may be new", check, nil, described("region: ${env:DEPLOY_REGION}", "region: ap-osaka"), exitFine},
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
		_ = os.Unsetenv("SLACK_WEBHOOK_URL") // the next one does without
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
