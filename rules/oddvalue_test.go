package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// strange is a healthy account with values that nobody documented.
func strange() license.Snapshot {
	s := healthy()
	s.Overview.ProtectType = new("GOLD_PREPAY")
	s.Orders.List[0].OrderStatus, s.Orders.List[0].LicenseType = new(int64(9)), new(int64(9))
	s.PurchaseState.AutomaticRenewal = new(int64(7))
	return s
}

// A value that nobody documented answers questions about itself and no others.
func TestOddValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		when string
		want license.State
	}{
		{"order.OrderStatus == 9", license.Firing},
		{"9 == order.OrderStatus", license.Firing},
		{"order.OrderStatus != 9", license.OK},
		{"order.OrderStatus >= 9", license.Firing},
		{"order.OrderStatus > 9", license.OK},
		{"order.OrderStatus in [8, 9]", license.Firing},
		{"order.OrderStatus not in [8, 9]", license.OK},
		{"order.OrderStatus in 4..99", license.Firing},
		{"order.OrderStatus == 9.0", license.Firing},

		{"order.OrderStatus == 1", license.Unknown},
		{"order.OrderStatus != 1", license.Unknown},
		{"order.OrderStatus > 1", license.Unknown},
		{"1 < order.OrderStatus", license.Unknown},
		{"order.OrderStatus in [1, 2, 3]", license.Unknown},
		{"order.OrderStatus not in [1, 2]", license.Unknown},
		{"order.OrderStatus in 1..3", license.Unknown},

		{"order.OrderStatus == order.LicenseType", license.Firing},
		{"order.OrderStatus <= order.LicenseType", license.Firing},
		{"order.OrderStatus == order.AutoRenewFlag", license.Unknown},
		{"order.OrderStatus in [order.AutoRenewFlag, order.LicenseType]", license.Firing},
		{"order.OrderStatus in [order.AutoRenewFlag]", license.Unknown},
		{"order.AutoRenewFlag in [order.OrderStatus, 1]", license.Firing},
		{"order.AutoRenewFlag in [order.OrderStatus, 2]", license.Unknown},

		{"order.OrderStatus == nil", license.OK},
		{"(order.OrderStatus ?? 1) == 1", license.Unknown},
		{"(order.OrderStatus ?? 1) == 9", license.Firing},
		{"(order.LicenseCnt > 0 ? order.OrderStatus : 1) == 1", license.Unknown},
		{"order.OrderStatus + 0 == 9", license.Unknown},
		{"-order.OrderStatus == -9", license.Unknown},
		{"max(order.OrderStatus, 3) == 3", license.Unknown},
		{"max(order.OrderStatus, 3) == 9", license.Firing},

		{`cwp.ProtectType == "GOLD_PREPAY"`, license.Firing},
		{`cwp.ProtectType == "PROVERSION_PREPAY"`, license.Unknown},
		{`cwp.ProtectType endsWith "PREPAY"`, license.Unknown},
		{`hasSuffix(cwp.ProtectType, "PREPAY")`, license.Unknown},
		{`cwp.ProtectType contains "GOLD_PREPAY"`, license.Firing},
		{`cwp.ProtectType matches "PREPAY$"`, license.Unknown},
		{`lower(cwp.ProtectType) == "gold_prepay"`, license.Firing},
		{`lower(cwp.ProtectType) == "flagship_prepay"`, license.Unknown},
		{`cwp.ProtectType + "!" == "FLAGSHIP_PREPAY!"`, license.Unknown},

		{"order.OrderStatus == 1 || order.LicenseCnt == 40", license.Firing},
		{"order.OrderStatus == 1 && order.LicenseCnt == 41", license.OK},
		{"tcss.AutomaticRenewal == 2", license.Unknown},
		{"tcss.AutomaticRenewal != previous.tcss.AutomaticRenewal", license.OK},
		{"order.OrderStatus != previous.order.OrderStatus", license.OK},
	}
	s := strange()
	before := strange()
	s.Previous = &before
	for _, test := range tests {
		f := load(t, ruleFile(true, test.when)).Evaluate(s, now)[0]
		if f.State != test.want {
			t.Errorf("%s is %s, want %s", test.when, f.State, test.want)
		}
		if isTold := len(f.Undocumented) > 0; isTold != (f.State == license.Unknown) {
			t.Errorf("%s is %s and names %v", test.when, f.State, f.Undocumented)
		}
	}
}

// An unknown finding says which value is not documented, besides what is missing.
func TestOddValuesAreNamed(t *testing.T) {
	t.Parallel()
	s := strange()
	s.Overview.UsedLicenseCnt = nil
	f := load(t, ruleFile(true, `order.OrderStatus == 1 || order.LicenseType > 1 || order.OrderStatus == 2 || cwp.UsedLicenseCnt > 1000`)).Evaluate(s, now)[0]
	if diff := cmp.Diff([]string{"order.OrderStatus", "order.LicenseType", "cwp.UsedLicenseCnt"}, f.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	want := []license.Value{{Field: "order.OrderStatus", Text: "9", Known: true}, {Field: "order.LicenseType", Text: "9", Known: true}}
	if diff := cmp.Diff(want, f.Undocumented); diff != "" {
		t.Errorf("undocumented (-want +got):\n%s", diff)
	}
	if e := f.Evidence[0]; e.State != license.Unknown || e.Values[0] != want[0] {
		t.Errorf("evidence %+v", e)
	}
}

// SubState is documented only of an expired plan, and must not contradict State.
func TestSubState(t *testing.T) {
	t.Parallel()
	tests := []struct {
		state    int64
		subState string
		when     string
		want     license.State
	}{
		{license.StatePro, "NORMAL", "tcss.State == 3", license.Firing},
		{license.StatePro, "SOMETHING", `tcss.State == 3 && tcss.SubState != "NORMAL"`, license.Firing},
		{license.StatePro, "", "tcss.State == 3", license.Firing},
		{license.StatePro, "ISOLATE", "tcss.State == 3", license.Unknown},
		{license.StatePro, "ISOLATE", "tcss.State == 4", license.Unknown},
		{license.StatePro, "ISOLATE", "(tcss.State ?? 0) == 0", license.Firing},
		{license.StatePro, "ISOLATE", "tcss.State == nil", license.Firing},
		{license.StateTrial, "DESTROED", "tcss.State == 2", license.Unknown},
		{license.StateTrialOver, "DESTROYED", "tcss.State == 1", license.Unknown},
		{license.StatePro, "TERMINATED", "tcss.State in [2, 3]", license.Unknown},
		{license.StateExpired, "ISOLATE", `tcss.State == 4 && tcss.SubState == "ISOLATE"`, license.Firing},
		{license.StateExpired, "TERMINATED", `tcss.SubState in ["DESTROED", "DESTROYED", "TERMINATED"]`, license.Firing},
		{license.StateExpired, "", `tcss.SubState == "ISOLATE"`, license.OK},
		{license.StateExpired, "PAUSED", "tcss.State == 4", license.Firing},
		{license.StateExpired, "PAUSED", `tcss.SubState == "ISOLATE"`, license.Unknown},
		{license.StateExpired, "PAUSED", `tcss.SubState == "PAUSED"`, license.Firing},
	}
	for _, test := range tests {
		s := healthy()
		s.PurchaseState.State, s.PurchaseState.SubState = &test.state, &test.subState
		if f := load(t, ruleFile(false, test.when)).Evaluate(s, now)[0]; f.State != test.want {
			t.Errorf("State %d, SubState %q: %s is %s, want %s", test.state, test.subState, test.when, f.State, test.want)
		}
	}
	s := healthy()
	s.PurchaseState.SubState = new("ISOLATE")
	f := load(t, ruleFile(false, "tcss.State == 3")).Evaluate(s, now)[0]
	want := license.Value{Field: "tcss.State", Text: "3 (SubState ISOLATE)", Known: true}
	if len(f.Undocumented) != 1 || f.Undocumented[0] != want || f.Missing[0] != "tcss.State" {
		t.Errorf("undocumented %v, missing %v", f.Undocumented, f.Missing)
	}
	want.Known = false
	if got := f.Evidence[0].Values[0]; got != want {
		t.Errorf("the evidence holds %+v", got)
	}
}

// Texts print an odd value as it is.
func TestOddValuesInTexts(t *testing.T) {
	t.Parallel()
	tests := []struct{ expression, en string }{
		{"order.OrderStatus", "9"},
		{"edition(order.LicenseType)", "type 9"},
		{`"a " + edition(order.LicenseType) + " license"`, "a type 9 license"},
		{`"status " + string(order.OrderStatus)`, "status 9"},
		{"renewal(tcss.AutomaticRenewal)", "unknown (7)"},
		{"upper(cwp.ProtectType)", "GOLD_PREPAY"},
		{"order.OrderStatus + 1", "unknown"},
		{`order.OrderStatus == 1 ? "normal" : "not normal"`, "unknown"},
	}
	for _, test := range tests {
		if got := localizedText(t, test.expression, strange(), now); got.En != test.en {
			t.Errorf("%s is %q, want %q", test.expression, got.En, test.en)
		}
	}
}

// The account of the issue: one order whose status nobody documented.
func TestBuiltInRulesOfAnOddOrder(t *testing.T) {
	t.Parallel()
	s := healthy()
	o := &s.Orders.List[0]
	o.OrderStatus, o.AutoRenewFlag, o.Deadline = new(int64(9)), new(int64(2)), new("2026-11-25 00:00:00")
	unknown := 0
	for _, f := range rules.Default().Evaluate(s, now) {
		if f.State == license.Firing {
			t.Errorf("%s fires", f.Key())
		}
		if f.State == license.Unknown {
			unknown++
		}
	}
	if unknown < 2 {
		t.Errorf("%d rules are unknown, want all that ask for the status", unknown)
	}
}
