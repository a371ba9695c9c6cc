package ruletest_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/ruletest"
)

// What is remembered, and what covers and lingers, can be expected as well.
func TestLapses(t *testing.T) {
	t.Parallel()
	const isolated = "snapshot: {orders: {cwp-bbbb: {OrderStatus: 2, UsedLicenseCnt: 0, Tags: [{TagKey: team, TagValue: web}]}}}\n"
	const before = "previous: {orders: {cwp-bbbb: {OrderStatus: 2, UsedLicenseCnt: 0}}, lapses: {cwp-bbbb: {used: 33, account_used: 999}}}\n"
	tests := map[string]struct{ keys, want string }{
		"remembered": {isolated + before + "expect: [{rule: isolated, subject: cwp-bbbb, severity: critical, machines: 33, owner: web, over: cwp-bbbb runs again}]", ""},
		"not so": {isolated + before + "expect: [{rule: isolated, subject: cwp-bbbb, machines: 3, owner: '', over: {en: it}}]", `
isolated/cwp-bbbb machines: want 3; got 33
isolated/cwp-bbbb owner: want nobody; got web
isolated/cwp-bbbb over.en: want it; got cwp-bbbb runs again`},
		"no memory": {isolated + "expect: [{rule: isolated, subject: cwp-bbbb, severity: warning, machines: 3}]", "isolated/cwp-bbbb machines: want 3; got none, or not known"},
		"taken over": {isolated + "previous: {lapses: {cwp-bbbb: {account_used: 1}}}\n" +
			"expect: [{rule: isolated, subject: cwp-bbbb, severity: info}, {rule: fewer, covered_by: isolated}]", ""},
		"covered":      {isolated + "previous: {}\nexpect: [{rule: isolated, subject: cwp-bbbb}, {rule: fewer, covered_by: isolated/cwp-bbbb}]", ""},
		"no need to":   {isolated + "previous: {}\nexpect: [{rule: isolated, subject: cwp-bbbb}]", ""},
		"not by that":  {isolated + "previous: {}\nexpect: [{rule: isolated, subject: cwp-bbbb}, {rule: fewer, covered_by: destroyed}]", "fewer covered_by: want destroyed; got isolated/cwp-bbbb"},
		"not covered":  {isolated + "previous: {}\nexpect: [{rule: isolated, subject: cwp-bbbb}, {rule: fewer}]", "fewer state: want firing; got covered by isolated/cwp-bbbb, info: fewer licenses"},
		"destroyed":    {"snapshot: {orders: {cwp-bbbb: {OrderStatus: 3}}}\nprevious: {orders: {cwp-bbbb: {OrderStatus: 3}}, lapses: {cwp-bbbb: {destroyed: 2026-11-19}}}\nexpect: [{rule: destroyed, subject: cwp-bbbb, title: cwp-bbbb was destroyed 3 days ago}]", ""},
		"ended today":  {"snapshot: {orders: {cwp-bbbb: {Deadline: 2026-11-22 03:00:00}}}\nprevious: {orders: {cwp-bbbb: {Deadline: 2026-11-22 03:00:00}}}\nexpect: [{rule: fewer}]", ""},
		"ended before": {"snapshot: {orders: {cwp-bbbb: {Deadline: 2026-11-22 03:00:00}}}\nprevious: {orders: {cwp-bbbb: {Deadline: 2026-11-22 03:00:00}}, read_at: 2026-11-22T08:00:00+08:00}\nexpect: []", ""},
		"lingers":      {"snapshot: {cwp: {UsedLicenseCnt: 85, NotExpiredLicenseCnt: 100}}\nexpect: [{rule: full, lingers: true, severity: warning, title: full}]", ""},
		"does not":     {"snapshot: {cwp: {UsedLicenseCnt: 85, NotExpiredLicenseCnt: 100}}\nexpect: [{rule: full, state: ok, lingers: false}]", "full lingers: want false; got true"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := "version: 1\nrules: testdata/rules/lapses.yaml\nat: 2026-11-22 09:07\ntests:\n  - name: it\n    " +
				strings.ReplaceAll(strings.TrimSpace(test.keys), "\n", "\n    ") + "\n"
			suite, mistakes := ruletest.Load(t.Context(), "t.yaml", []byte(file), read)
			if len(mistakes) > 0 {
				t.Fatalf("%v\n%s", mistakes, file)
			}
			got := differences(suite.Run(all, new(ruletest.Coverage)).Tests[0])
			if diff := cmp.Diff(strings.TrimSpace(test.want), got); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}
