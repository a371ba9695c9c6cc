package rules_test

import (
	"testing"

	"licensewatch/license"
)

// TestAccountFields: rules read whose account it is. A label that is not there is an empty
// text; of an account that no file names, name and labels are not known.
func TestAccountFields(t *testing.T) {
	t.Parallel()
	named := healthy()
	named.Account, named.Name, named.Labels = "100000000001", "支付-生产", map[string]string{"team": "pay"}
	bare := named
	bare.Labels = map[string]string{}
	alone := healthy()
	alone.Account = ""
	tests := []struct {
		when     string
		snapshot license.Snapshot
		want     string
	}{
		{`account.Labels["team"] == "pay"`, named, "it firing warning"},
		{`account.Labels.team == "pay"`, named, "it firing warning"},
		{`account.Labels["team"] == "sea"`, named, "it ok"},
		{`account.Labels["env"] == ""`, named, "it firing warning"},
		{`(account.Labels["env"] ?? "prod") == "prod"`, named, "it firing warning"},
		{`account.Labels["team"] == ""`, bare, "it firing warning"},
		{`account.Labels["team"] == "pay"`, alone, "it unknown missing account.Labels"},
		{`(account.Labels["team"] ?? "none") == "none"`, alone, "it firing warning"},
		{`account.Labels == nil`, alone, "it firing warning"},
		{`account.Name startsWith "支付"`, named, "it firing warning"},
		{`account.Name == "a"`, alone, "it unknown missing account.Name"},
		{`account.Uin == "100000000001" && account.Site == "cn"`, named, "it firing warning"},
		{`account.Uin == "100000000001"`, alone, "it unknown missing account.Uin"},
		{`account.Site == "intl" && tcss.State == 9`, alone, "it ok"},
		{`order.LicenseCnt > 0 && account.Labels["team"] in ["pay", "sea"]`, named, "it/cwp-bbbb firing warning"},
	}
	for _, test := range tests {
		each := test.want[:3] == "it/"
		findings := load(t, ruleFile(each, test.when)).Evaluate(test.snapshot, now)
		if got := summary(findings[0]); got != test.want {
			t.Errorf("%s: %s, want %s", test.when, got, test.want)
		}
	}
	f := judge(t, `account.Labels["team"] == "pay" && cwp.LicenseCnt > 0`, named)
	if f.Source != license.SourceOverview || f.Evidence[0].Values[0].Text != `{"team":"pay"}` {
		t.Errorf("the finding is of %q, evidence %+v", f.Source, f.Evidence)
	}
}

// TestAccountKeepsTheCalendar: what is due by the clock alone is so too where the rule asks
// whose account it is.
func TestAccountKeepsTheCalendar(t *testing.T) {
	t.Parallel()
	s := compared(healthy())
	s.Name = "pay-prod"
	if f := judge(t, `account.Name == "pay-prod" && cwp.LicenseCnt > 0`, s); f.State != license.Firing || !f.Calendar {
		t.Errorf("%s, by the calendar %v", summary(f), f.Calendar)
	}
}

// TestFleetRules: rules about the fleet are judged over its totals, once, and over nothing
// else; without totals they are quiet.
func TestFleetRules(t *testing.T) {
	t.Parallel()
	set := load(t, `version: 1
rules:
  - {id: always, severity: info, title: a, when: true}
  - {id: crowded, each: fleet, severity: warning, title: '{{ fleet.UsedPercent }} %', when: fleet.UsedPercent >= 89 && fleet.Read > 1}
  - {id: much, each: fleet, severity: info, title: a, when: fleet.Firing > 3, covered_by: [crowded]}
  - {id: order, each: order, severity: info, title: a, when: true}
`)
	count := license.FleetCount{}
	count.Add(license.AccountRead, new(int64(897)), new(int64(1000)), 3)
	count.Add(license.AccountPartly, nil, nil, 1)
	count.Add(license.AccountFailed, nil, nil, 7)
	count.Add(license.AccountNotReached, nil, nil, 7)
	var nothing license.FleetCount
	nothing.Add(license.AccountFailed, nil, nil, 0)
	tests := map[string]struct {
		count license.FleetCount
		want  []string
	}{
		"read":         {count, []string{"crowded firing warning", "much covered"}},
		"nothing read": {nothing, []string{"crowded ok", "much unknown missing fleet.Firing"}},
	}
	for name, test := range tests {
		s := license.Snapshot{Fleet: new(test.count.Totals())}
		got := summaries(set.Evaluate(s, now))
		if len(got) != len(test.want) || got[0] != test.want[0] || got[1] != test.want[1] {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
	if f := set.Evaluate(license.Snapshot{Fleet: new(count.Totals())}, now)[0]; f.Title.En != "89 %" || f.Runbook != "" || f.Source != "" {
		t.Errorf("%+v", f)
	}
	if got := summaries(set.Evaluate(healthy(), now)); len(got) != 2 {
		t.Errorf("of an account: %q", got)
	}
}
