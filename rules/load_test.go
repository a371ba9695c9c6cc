package rules_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
	"licensewatch/rules"
)

// Every file in testdata/mistakes has mistakes; beside it are the messages.
func TestMistakes(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", problems(t, string(data))+"\n")
		})
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	_, err := rules.Load("/opt/rules.yaml", []byte("version: 2\nextends: defaults\n"))
	want := "2 mistakes in the rules: /opt/rules.yaml:1:10: version 2 is not known; this program reads version 1; " +
		`/opt/rules.yaml:2:10: extends must be default, not "defaults"; did you mean default?`
	if err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
	_, one := rules.Load("rules.yaml", []byte("version: 1\n"))
	if one == nil || !strings.HasPrefix(one.Error(), "1 mistake in the rules: rules.yaml:1:1: ") {
		t.Errorf("error %v, want it to count one mistake", one)
	}
	all, ok := errors.AsType[*rules.Errors](err)
	if !ok {
		t.Fatalf("error is a %T", err)
	}
	if diff := cmp.Diff(yamlnode.Problem{File: "/opt/rules.yaml", Line: 1, Column: 10, Text: "version 2 is not known; this program reads version 1"}, all.Problems[0]); diff != "" {
		t.Error(diff)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	nested := strings.Repeat("a < (b < ", 40) + "c" + strings.Repeat(" < d)", 40)
	tests := map[string]struct{ file, want string }{
		"file":       {"version: 1\n" + strings.Repeat("# filling\n", 7000), "rules.yaml:1:1: the file has 70011 bytes; a rules file has at most 65536"},
		"expression": {ruleFile(false, strings.Repeat("tcss.State == 1 || ", 200)+"true"), "rules.yaml:6:12: the expression is longer than 2000 bytes"},
		"parts":      {ruleFile(false, strings.Repeat("1+", 990)+"1 == 1"), "rules.yaml:6:12: the expression has too many parts; split it into several rules"},
		"chains":     {ruleFile(false, nested), "rules.yaml:6:12: the expression has too many parts; split it into several rules"},
		"brackets":   {ruleFile(false, strings.Repeat("(", 1500)), "rules.yaml:6:1512: the expression ends too early"},
		"text":       {"version: 1\nrules: [{id: a, severity: info, when: 'true', title: '" + strings.Repeat("字", 700) + "'}]", "rules.yaml:2:55: the text is longer than 2000 bytes"},
		"nesting":    {"version: 1\nrules: " + strings.Repeat("[", 20000), "depth"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := problems(t, test.file); !strings.Contains(got, test.want) {
				t.Errorf("problems:\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// The ways to write a rule that are fine.
func TestFormsOfAFile(t *testing.T) {
	t.Parallel()
	both := license.Text{En: "Seats: 317", Zh: "Seats: 317"}
	tests := map[string]struct {
		rule string
		want license.Text
	}{
		"one text":            {"title: 'Seats: {{ cwp.LicenseCnt }}'", both},
		"a language":          {"title: {zh: '授权 {{ cwp.LicenseCnt }}'}", license.Text{Zh: "授权 317"}},
		"two languages":       {"title: {zh: 授权, en: Seats}", license.Text{En: "Seats", Zh: "授权"}},
		"block text":          {"title: |\n    Seats:\n    {{ cwp.LicenseCnt }}", both},
		"folded text":         {"title: >-\n    Seats:\n    {{\n    cwp.LicenseCnt }}", both},
		"a number":            {"title: 2026", license.Text{En: "2026", Zh: "2026"}},
		"braces in a string":  {`title: '{{ "}}" }} {{ "{{" + "a\"}}" }}'`, license.Text{En: `}} {{a"}}`, Zh: `}} {{a"}}`}},
		"braces that are not": {"title: 'a }} {b}'", license.Text{En: "a }} {b}", Zh: "a }} {b}"}},
		"explicit type":       {"title: !!str 5", license.Text{En: "5", Zh: "5"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := load(t, "--- # one document\nversion: 1\nrules:\n- id: it\n  severity: info\n  when: true\n  "+test.rule+"\n...\n")
			findings := set.Evaluate(healthy(), now)
			if diff := cmp.Diff(test.want, findings[0].Title); diff != "" {
				t.Errorf("title (-want +got):\n%s", diff)
			}
		})
	}
}

func TestExtends(t *testing.T) {
	t.Parallel()
	set := load(t, `
version: 1
extends: default
rules:
  - id: own-first
    severity: info
    when: cwp.LicenseCnt == 317
    title: Own
  - id: cwp-seats-nearly-used
    severity: critical
    when: cwp.UsedPercent > 30
    title: {en: 'Only {{ cwp.UsedLicenseCnt }} used'}
    runbook: https://wiki.example.com/seats
  - id: tcss-renewal-not-set
    enabled: false
  - id: cwp-order-expiring
    remind_at: [1, 60, 30]
    critical_when: false
`)
	s := changed(ending("2026-11-23 00:00:00"))
	findings := set.Evaluate(s, now)
	if len(findings) != 23 || findings[22].Rule != "own-first" || len(byRule(findings, "tcss-renewal-not-set")) != 0 {
		t.Fatalf("%d findings, want the 22 default ones that are left and the own one behind them: %v", len(findings), findings)
	}
	seats := byRule(findings, "cwp-seats-nearly-used")[0]
	if seats.Severity != license.Critical || seats.Title.In(license.Chinese) != "Only 100 used" || seats.Runbook != "https://wiki.example.com/seats" {
		t.Errorf("overridden rule: %+v", seats)
	}
	if want := "Automatic top-up is on and buys more when they run out."; seats.Detail.En != want {
		t.Errorf("detail %q, want the default's", seats.Detail.En)
	}
	expiring := byRule(findings, "cwp-order-expiring")[0]
	if diff := cmp.Diff([]int64{60, 30, 1}, expiring.RemindAt); diff != "" || expiring.Severity != license.Warning {
		t.Errorf("order rule: %s, reminders %s", summary(expiring), diff)
	}
}

func TestExtendsAlone(t *testing.T) {
	t.Parallel()
	set := load(t, "version: 1\nextends: default\n")
	if diff := cmp.Diff(rules.Default().Evaluate(healthy(), now), set.Evaluate(healthy(), now)); diff != "" {
		t.Errorf("extends alone differs from the default:\n%s", diff)
	}
}

func TestLen(t *testing.T) {
	t.Parallel()
	set := load(t, "version: 1\nextends: default\nrules: [{id: cwp-expired, enabled: false}]\n")
	if rules.Default().Len() != 33 || set.Len() != 32 {
		t.Errorf("%d default rules, %d with one switched off; want 33 and 32", rules.Default().Len(), set.Len())
	}
	all, some := rules.Default().IDs(), set.IDs()
	if all[0] != "cwp-expired" || all[32] != "tcss-cores-dropped" {
		t.Errorf("ids %v, want them in the order of the file", all)
	}
	if diff := cmp.Diff(all[1:], some); diff != "" {
		t.Errorf("ids with the first one switched off (-want +got):\n%s", diff)
	}
}

func TestOwnFileReplacesDefaults(t *testing.T) {
	t.Parallel()
	if findings := load(t, ruleFile(false, "true")).Evaluate(healthy(), now); len(findings) != 1 {
		t.Errorf("%d findings, want only the own rule's", len(findings))
	}
}

// TestForeignFile: only what has version and rules at its top is a rules file, read
// or not.
func TestForeignFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"version: 1\nrules: x\n":              false,
		"\ufeffversion: 1\r\nrules: [x\n":     false,
		"rules:\n- {\nversion: 2\n":           false,
		"KEY=secret\n":                        true,
		"version: 1\nKEY: secret\n":           true,
		"rules: secret\n":                     true,
		"a:\n  version: 1\n  rules: secret\n": true,
		"a: {version: 1, rules: secret}\n":    true,
		"":                                    true,
	} {
		_, err := rules.Load("rules.yaml", []byte(text))
		if wrong, ok := errors.AsType[*rules.Errors](err); !ok || wrong.Foreign != want {
			t.Errorf("%q: %v, want foreign: %t", text, err, want)
		}
	}
}
