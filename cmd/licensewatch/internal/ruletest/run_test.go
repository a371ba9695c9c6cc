package ruletest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/ruletest"
	"licensewatch/rules"
)

// run runs the only test of a file, whose keys are given behind its name.
func run(t *testing.T, keys string) ruletest.Test {
	t.Helper()
	file := "version: 1\nrules: testdata/rules/own.yaml\nat: 2026-11-22 09:07\ntests:\n  - name: it\n    " +
		strings.ReplaceAll(strings.TrimSpace(keys), "\n", "\n    ") + "\n"
	suite, mistakes := ruletest.Load(t.Context(), "t.yaml", []byte(file), read)
	if len(mistakes) > 0 {
		t.Fatalf("%v\n%s", mistakes, file)
	}
	return suite.Run(all, new(ruletest.Coverage)).Tests[0]
}

// differences are a test's failures, one a line.
func differences(test ruletest.Test) string {
	var lines []string
	for _, f := range test.Failures {
		for _, d := range f.Differences {
			lines = append(lines, fmt.Sprintf("%s %s: want %s; got %s", f.Finding(), d.Field, d.Expected, d.Got))
		}
	}
	return strings.Join(lines, "\n")
}

// endsSoon is the healthy account with an order that ends in 12 days.
const endsSoon = "snapshot: {orders: {cwp-bbbb: {AutoRenewFlag: 2, Deadline: 2026-12-04 23:59:59}}}\n"

// both are the two rules that fire on it.
const both = `
expect:
  - {rule: ultimate-order-ending, subject: cwp-bbbb}
  - {rule: cwp-order-expiring, subject: cwp-bbbb%s}
`

func TestExpectations(t *testing.T) {
	t.Parallel()
	expecting := func(more string) string { return endsSoon + fmt.Sprintf(both, more) }
	const subject = "cwp-order-expiring/cwp-bbbb "
	tests := map[string]struct{ keys, want string }{
		"silence":      {"expect: []", ""},
		"fires":        {expecting(""), ""},
		"severity":     {expecting(", severity: info"), subject + "severity: want info; got warning"},
		"days":         {expecting(", days_left: 13"), subject + "days_left: want 13; got 12"},
		"right days":   {expecting(", days_left: 12"), ""},
		"English":      {expecting(", title: Order cwp-bbbb ends"), subject + "title.en: want Order cwp-bbbb ends; got Order cwp-bbbb ends in 12 days"},
		"Chinese":      {expecting(", title: {zh: 订单}"), subject + "title.zh: want 订单; got 订单 cwp-bbbb 12 天后到期"},
		"part":         {expecting(", title: {contains: [cwp-bbbb, in 13]}"), subject + "title.en: want … cwp-bbbb … in 13 …; got Order cwp-bbbb ends in 12 days"},
		"right parts":  {expecting(", title: {zh: {contains: 12 天}}, detail: {contains: [200 Ultimate, off]}"), ""},
		"detail":       {expecting(", detail: {zh: {contains: x}}"), subject + "detail.zh: want … x …; got 200 个旗舰版授权，自动续费已关闭"},
		"several":      {expecting(", severity: critical, days_left: 1"), subject + "severity: want critical; got warning\n" + subject + "days_left: want 1; got 12"},
		"not ok":       {expecting(", state: ok"), subject + "state: want ok; got firing, warning: Order cwp-bbbb ends in 12 days"},
		"not unknown":  {expecting(", state: unknown"), subject + "state: want unknown; got firing, warning: Order cwp-bbbb ends in 12 days"},
		"not named":    {endsSoon + "expect: [{rule: cwp-order-expiring, subject: cwp-bbbb}]", "ultimate-order-ending/cwp-bbbb state: want silence: the test does not name it; got firing, warning: Ultimate order cwp-bbbb ends in 12 days"},
		"only":         {endsSoon + "only: [cwp-order-expiring]\nexpect: [{rule: cwp-order-expiring, subject: cwp-bbbb}]", ""},
		"others":       {endsSoon + "others: any\nexpect: []", ""},
		"not firing":   {endsSoon + "only: [cwp-order-expiring]\nothers: not-firing\nexpect: []", subject + "state: want not firing: the test does not name it; got firing, warning: Order cwp-bbbb ends in 12 days"},
		"no subject":   {endsSoon + "only: [cwp-order-expiring]\nothers: any\nexpect: [{rule: cwp-order-expiring}]", "cwp-order-expiring state: want firing; got no finding: the rule judged cwp-bbbb, cwp-cccc and cwp-dddd, each as a subject"},
		"no such one":  {"expect: [{rule: cwp-order-expiring, subject: cwp-zzzz, state: ok}]", "cwp-order-expiring/cwp-zzzz state: want ok; got no finding: the rule judged cwp-bbbb, cwp-cccc and cwp-dddd"},
		"many":         {"base: many-orders\nothers: any\nexpect: [{rule: cwp-order-isolated}]", "cwp-order-isolated state: want firing; got no finding: the rule judged cwp-0001, cwp-0002, cwp-0003, cwp-0004, cwp-0005, cwp-0006, cwp-0007, cwp-0008 and 252 more, each as a subject"},
		"whole":        {"expect: [{rule: tcss-expired, subject: x, state: ok}]", "tcss-expired/x state: want ok; got no finding: the rule is about the whole account here; leave the subject out"},
		"no past":      {"expect: [{rule: tcss-state-changed}]", "tcss-state-changed state: want firing; got no finding: the rule compares with the reading before, and the test has no `previous`"},
		"not asked":    {"base: none\nexpect: [{rule: tcss-expired, state: ok}]", "tcss-expired state: want ok; got no finding: the rule had nothing to judge here"},
		"no deadline":  {"expect: [{rule: cwp-order-expiring, subject: cwp-dddd, state: ok, days_left: 1}]", "cwp-order-expiring/cwp-dddd days_left: want 1; got none: the finding has no deadline that is known"},
		"one language": {"snapshot: {orders: {cwp-dddd: {Deadline: 2026-11-30, Tags: [{TagKey: team, TagValue: web}]}}}\nexpect: [{rule: web-order-ending, subject: cwp-dddd, title: 网站订单 cwp-dddd}]", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, test.keys)
			if diff := cmp.Diff(test.want, differences(got)); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
			if got.Passed != (test.want == "") {
				t.Errorf("passed is %v", got.Passed)
			}
		})
	}
}

func TestReadings(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ keys, want string }{
		"a partial snapshot is unknown": {
			"base: none\nsnapshot: {cwp: {NearExpiryLicenseCnt: 17, ExpireLicenseCnt: 0, NotExpiredLicenseCnt: 0}}\nexpect: [{rule: cwp-near-expiry}]",
			"cwp-topup-not-renewing state: want silence: the test does not name it; got unknown",
		},
		"and may be": {
			"base: none\nsnapshot: {cwp: {NearExpiryLicenseCnt: 17}}\nothers: not-firing\nexpect: [{rule: cwp-near-expiry}]", "",
		},
		"null is unknown": {
			"snapshot: {cwp: {ExpireLicenseCnt: null}}\nexpect: [{rule: cwp-expired, state: unknown, missing: cwp.LicenseCnt}]",
			"cwp-expired missing: want cwp.LicenseCnt; got cwp.ExpireLicenseCnt",
		},
		"a list replaces": {
			"snapshot: {orders: [{ResourceId: cwp-x, OrderStatus: 2, LicenseType: 1}]}\nexpect: [{rule: cwp-order-isolated, subject: cwp-x}]", "",
		},
		"an order is taken away": {
			"snapshot: {orders: {cwp-bbbb: null}}\nexpect: [{rule: cwp-order-isolated, subject: cwp-bbbb, state: ok}]",
			"cwp-order-isolated/cwp-bbbb state: want ok; got no finding: the rule judged cwp-cccc and cwp-dddd",
		},
		"and the rest is changed": {
			"snapshot: {orders: {cwp-bbbb: null, cwp-cccc: {OrderStatus: 2}, cwp-dddd: null}}\nexpect: [{rule: cwp-order-isolated, subject: cwp-cccc}]", "",
		},
		"a failed source": {
			"only: [cwp-order-isolated]\nsnapshot: {failed: {cwp.orders: Timeout}}\nexpect: [{rule: cwp-order-isolated, state: unknown, missing: [cwp.orders]}]", "",
		},
		"a file with its own time": {
			"base: testdata/accounts/captured.json\nat: 2026-11-21T16:30:00Z\nexpect: [{rule: tcss-trial-ending, days_left: 6}]", "",
		},
		"the zone decides": {
			"base: testdata/accounts/captured.json\nat: 2026-11-21T16:30:00Z\nzone: UTC\nexpect: [{rule: tcss-trial-ending, days_left: 7}]", "",
		},
		"the past of another account": {
			"base: testdata/accounts/captured.json\nonly: [tcss-state-changed]\nprevious: {base: healthy}\nexpect: [{rule: tcss-state-changed, title: 'Container Security changed: Pro edition → trial'}]", "",
		},
		"the past does not change the present": {
			"only: [tcss-state-changed]\nprevious: {tcss: {State: 2}}\nexpect: [{rule: tcss-state-changed, title: 'Container Security changed: trial → Pro edition'}]", "",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, differences(run(t, test.keys))); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWhy: a failure has its place, and the conditions of the rule with their
// values.
func TestWhy(t *testing.T) {
	t.Parallel()
	got := run(t, "snapshot: {tcss: {State: 2, ExpirationTime: null}}\nexpect:\n  - {rule: tcss-trial-ending}")
	want := []ruletest.Failure{{
		Line: 8, Column: 9, Rule: "tcss-trial-ending",
		Differences: []ruletest.Difference{{Field: "state", Expected: "firing", Got: "unknown"}},
		Conditions: []ruletest.Condition{
			{Text: "tcss.State == 2", Answer: "true", Values: []ruletest.Value{{Field: "tcss.State", Value: "2"}}},
			{Text: "tcss.DaysLeft <= 7", Answer: "unknown", Values: []ruletest.Value{{Field: "tcss.DaysLeft", Value: "unknown"}}},
		},
		Missing: []string{"tcss.DaysLeft"},
	}}
	if diff := cmp.Diff(want, got.Failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

// TestTimeOfAFile: without a time of its own, a test judges a captured account
// at the time it was captured.
func TestTimeOfAFile(t *testing.T) {
	t.Parallel()
	const file = "version: 1\ntests:\n- {name: it, base: testdata/accounts/captured.json, expect: [{rule: tcss-trial-ending, days_left: 6}]}\n"
	suite, mistakes := ruletest.Load(t.Context(), "t.yaml", []byte(file), read)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	result := suite.Run(all, new(ruletest.Coverage))
	if !result.Tests[0].Passed || result.Rules != ruletest.BuiltIn {
		t.Errorf("%+v", result)
	}
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	const head = "version: 1\nat: 2026-11-22 09:07\n"
	var covered ruletest.Coverage
	for _, file := range []string{
		head + "tests:\n- {name: fires, snapshot: {tcss: {State: 1}}, expect: [{rule: tcss-trial-over}]}\n- {name: skipped, snapshot: {tcss: {State: 4}}, expect: [{rule: tcss-expired}]}\n",
		head + "tests:\n- {name: not as expected, snapshot: {cwp: {ExpireLicenseCnt: 1}}, expect: [{rule: cwp-expired, severity: info}]}\n- {name: ok, expect: [{rule: cwp-near-expiry, state: ok}]}\n",
		head + "rules: testdata/rules/own.yaml\ntests:\n- {name: silent, expect: []}\n",
	} {
		suite, mistakes := ruletest.Load(t.Context(), "t.yaml", []byte(file), read)
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		suite.Run(func(name string) bool { return name != "skipped" }, &covered)
	}
	report := covered.Report()
	if len(report) != 2 || report[0].Count != rules.Default().Len() || len(report[0].NotTested) != report[0].Count-1 || strings.Contains(strings.Join(report[0].NotTested, " "), "tcss-trial-over") {
		t.Errorf("%+v", report)
	}
	if report[1].Count != report[0].Count-1 || len(report[1].NotTested) != report[1].Count { // two more, and three switched off
		t.Errorf("%+v", report[1])
	}
}
