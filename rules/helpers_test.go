package rules_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// zone and now are the place and the moment of all tests.
var (
	zone = time.FixedZone("Asia/Shanghai", 8*60*60)
	now  = time.Date(2026, 11, 22, 9, 7, 0, 0, zone)
)

// everything is the sources of a snapshot that wants all of them.
func everything() []license.Source {
	return []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourcePurchaseState}
}

// healthy is an account on which nothing is wrong and every field is known.
func healthy() license.Snapshot {
	return license.Snapshot{
		Site:     license.SiteCN,
		Wanted:   everything(),
		Failures: map[license.Source]*license.Failure{},
		Overview: &license.Overview{
			LicenseCnt: new(int64(317)), NotExpiredLicenseCnt: new(int64(317)), UsedLicenseCnt: new(int64(100)),
			NearExpiryLicenseCnt: new(int64(0)), ExpireLicenseCnt: new(int64(0)), DestroyOrderNum: new(int64(0)),
			AutoRepurchaseSwitch: new(true), AutoRepurchaseRenewSwitch: new(true), AutoOpenStatus: new(true),
			IsOpenStatusHistory: new(true), ProtectType: new("FLAGSHIP_PREPAY"),
		},
		Orders: &license.Orders{List: []license.Order{order("cwp-bbbb")}},
		Machines: &license.Machines{
			MachineCnt: new(int64(100)), NotProtectMachineCnt: new(int64(0)), BaseMachineCnt: new(int64(0)),
			SpecialtyMachineCnt: new(int64(30)), FlagshipMachineCnt: new(int64(70)), DeadlineMachineCnt: new(int64(0)),
		},
		PurchaseState: &license.PurchaseState{
			State: new(int64(license.StatePro)), SubState: new("NORMAL"), AutomaticRenewal: new(int64(license.RenewalOn)),
			ExpirationTime: new("2027-09-18 00:00:00"), CoresCnt: new(int64(68)), AllCoresCnt: new(int64(68)),
			UndefendCoresCnt: new(int64(0)),
		},
	}
}

// order is a healthy prepaid order.
func order(id string) license.Order {
	return license.Order{
		LicenseId: new(int64(7)), ResourceId: &id, LicenseType: new(int64(license.LicenseTypeUltimate)),
		LicenseCnt: new(int64(40)), UsedLicenseCnt: new(int64(33)), OrderStatus: new(int64(license.OrderNormal)),
		AutoRenewFlag: new(int64(license.RenewalOn)), Deadline: new("2027-03-01 00:00:00"), Alias: new("web"),
		Tags: []license.Tag{{TagKey: "team", TagValue: "ops"}},
	}
}

// compared is the account with a previous reading that was the same.
func compared(s license.Snapshot) license.Snapshot {
	previous := s
	s.Previous = &previous
	return s
}

// failing takes a source's reading away, as if it had failed.
func failing(s license.Snapshot, source license.Source) license.Snapshot {
	s.Failures = map[license.Source]*license.Failure{source: {Kind: license.FailureDenied, Code: "AuthFailure.UnauthorizedOperation"}}
	switch source {
	case license.SourceOverview:
		s.Overview = nil
	case license.SourceOrders:
		s.Orders = nil
	case license.SourcePurchaseState:
		s.PurchaseState = nil
	}
	return s
}

// account reads an account from testdata/accounts: the answers of the API, in
// the API's own names.
func account(t *testing.T, name string) license.Snapshot {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "accounts", name))
	if err != nil {
		t.Fatal(err)
	}
	s := license.Snapshot{Wanted: everything(), Failures: map[license.Source]*license.Failure{}}
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// ruleFile is a rules file with one rule with this condition.
func ruleFile(each bool, when string) string {
	file := "version: 1\nrules:\n  - id: it\n    severity: warning\n    title: it\n"
	if each {
		file += "    each: order\n"
	}
	return file + "    when: " + yamlQuote(when) + "\n"
}

// yamlQuote writes a text as a double-quoted YAML scalar on one line.
func yamlQuote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

func load(t testing.TB, file string) *rules.Set {
	t.Helper()
	set, err := rules.Load("rules.yaml", []byte(file))
	if err != nil {
		t.Fatalf("Load: %v\n%s", err, file)
	}
	return set
}

// problems are the mistakes of a file, one a line.
func problems(t testing.TB, file string) string {
	t.Helper()
	_, err := rules.Load("rules.yaml", []byte(file))
	all, ok := errors.AsType[*rules.Errors](err)
	if !ok {
		t.Fatalf("Load: error is %v, want *rules.Errors\n%s", err, file)
	}
	var lines []string
	for _, p := range all.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// judge evaluates the rule with this condition and returns its only finding.
func judge(t testing.TB, when string, s license.Snapshot) license.Finding {
	t.Helper()
	findings := load(t, ruleFile(strings.Contains(when, "order"), when)).Evaluate(s, now)
	if len(findings) != 1 {
		t.Fatalf("%s: %d findings, want 1", when, len(findings))
	}
	return findings[0]
}

// byRule picks the findings of one rule.
func byRule(findings []license.Finding, id string) []license.Finding {
	var some []license.Finding
	for _, f := range findings {
		if f.Rule == id {
			some = append(some, f)
		}
	}
	return some
}

// golden compares with a file, or writes it when UPDATE_GOLDEN is set.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (UPDATE_GOLDEN=1 writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); UPDATE_GOLDEN=1 rewrites it:\n%s", path, diff)
	}
}

// summary is a finding in a line, for comparisons.
func summary(f license.Finding) string {
	text := fmt.Sprintf("%s %s", f.Key(), f.State)
	if f.State == license.Firing {
		text += " " + string(f.Severity)
	}
	if len(f.Missing) > 0 {
		text += " missing " + strings.Join(f.Missing, ",")
	}
	if f.Problem != "" {
		text += " problem " + f.Problem
	}
	return text
}
