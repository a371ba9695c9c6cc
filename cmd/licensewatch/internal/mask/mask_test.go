package mask_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/mask"
	"licensewatch/license"
)

func named() license.Snapshot {
	return license.Snapshot{
		Account: "200000000001", Site: license.SiteIntl,
		Overview: &license.Overview{LicenseCnt: new(int64(3))},
		Orders: &license.Orders{TotalCount: 3, List: []license.Order{
			{ResourceId: new("cwp-real"), LicenseId: new(int64(7001)), ProjectId: new(int64(0)), TaskId: new(int64(9)), Alias: new("payroll"), Deadline: new("2026-12-04"),
				Tags: []license.Tag{{TagKey: "team", TagValue: "payroll"}, {TagKey: "stage"}}},
			{ResourceId: new(""), LicenseId: new(int64(7002)), ProjectId: new(int64(88)), Alias: new("")},
			{ResourceId: new("cwp-real"), LicenseId: new(int64(7001)), Tags: []license.Tag{{TagKey: "team", TagValue: "web"}}},
		}},
		Bindings: &license.Bindings{List: []license.Binding{{
			ResourceId: new("cwp-real"), LicenseId: new(int64(7001)), TotalCount: 1,
			Machines: []license.BoundMachine{{
				MachineName: new("payroll-db"), InstanceID: new("ins-real"), MachineIp: new("10.1.2.3"), Quuid: new("real-quuid"),
				AgentStatus: new("ONLINE"), InstanceState: new("anything"), Tags: []string{"payroll", "payroll"},
			}},
		}}},
		PurchaseState: &license.PurchaseState{State: new(int64(3)), InquireKey: new("real-key")},
		Failures:      map[license.Source]*license.Failure{license.SourceOverview: {Code: "Timeout", RequestID: "real-request"}},
		Previous:      &license.Snapshot{Orders: &license.Orders{List: []license.Order{{ResourceId: new("cwp-old")}, {ResourceId: new("cwp-real")}}}},
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	s := named()
	got, counts := mask.Snapshot(s)
	want := named()
	want.Account = "100000000000"
	want.Orders.List = []license.Order{
		{ResourceId: new("cwp-0001"), LicenseId: new(int64(1)), ProjectId: new(int64(0)), TaskId: new(int64(1)), Alias: new("alias-0001"), Deadline: new("2026-12-04"),
			Tags: []license.Tag{{TagKey: "key-0001", TagValue: "value-0001"}, {TagKey: "key-0002"}}},
		{ResourceId: new(""), LicenseId: new(int64(2)), ProjectId: new(int64(1)), Alias: new("")},
		{ResourceId: new("cwp-0001"), LicenseId: new(int64(1)), Tags: []license.Tag{{TagKey: "key-0001", TagValue: "value-0002"}}},
	}
	want.Bindings.List[0].ResourceId, want.Bindings.List[0].LicenseId = new("cwp-0001"), new(int64(1))
	want.Bindings.List[0].Machines[0] = license.BoundMachine{
		MachineName: new("machine-0001"), InstanceID: new("ins-0001"), MachineIp: new("address-0001"), Quuid: new("quuid-0001"),
		AgentStatus: new("ONLINE"), InstanceState: new("state-0001"), Tags: []string{"label-0001", "label-0001"},
	}
	want.PurchaseState.InquireKey = new("inquire-0001")
	want.Failures[license.SourceOverview].RequestID = "request-0001"
	want.Previous.Orders.List = []license.Order{{ResourceId: new("cwp-0002")}, {ResourceId: new("cwp-0001")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(named(), s); diff != "" {
		t.Errorf("the original is changed: %s", diff)
	}
	wantCounts := []mask.Count{
		{"account ids", 1}, {"resource ids", 2}, {"license ids", 2}, {"project ids", 1}, {"task ids", 1}, {"aliases", 1},
		{"tag keys", 2}, {"tag values", 2},
		{"machine names", 1}, {"instance ids", 1}, {"addresses", 1}, {"machine ids", 1}, {"machine tags", 1}, {"inquire keys", 1}, {"request ids", 1},
		{"texts in the place of dates", 0}, {"texts in the place of states", 1}, {"texts in the place of error codes", 0},
	}
	if diff := cmp.Diff(wantCounts, counts); diff != "" {
		t.Error(diff)
	}
}

// TestNoTextIsLeft: whatever stands in any text of a reading, none of it is in the
// masked one, unless it is a date or a value that is documented.
func TestNoTextIsLeft(t *testing.T) {
	t.Parallel()
	const free = "Acme payroll, 13800138000"
	reading := func() license.Snapshot {
		s := license.Snapshot{Overview: &license.Overview{}, Orders: &license.Orders{List: []license.Order{{}}}, PurchaseState: &license.PurchaseState{}}
		for _, answer := range []any{s.Overview, &s.Orders.List[0], s.PurchaseState} {
			for _, field := range reflect.ValueOf(answer).Elem().Fields() {
				if _, isText := field.Interface().(*string); isText {
					field.Set(reflect.ValueOf(new(free)))
				}
			}
		}
		s.Orders.List[0].Tags = []license.Tag{{TagKey: free, TagValue: free}}
		return s
	}
	s := reading()
	s.Previous = new(reading())
	s.Failures = map[license.Source]*license.Failure{license.SourceOverview: {Kind: license.FailureServer, Code: free, RequestID: free}}
	masked, counts := mask.Snapshot(s)
	text, err := json.Marshal([]license.Snapshot{masked, *masked.Previous})
	if err != nil || strings.Contains(string(text), "Acme") || strings.Contains(string(text), "138001") {
		t.Errorf("%v, %s", err, text)
	}
	for _, want := range []mask.Count{{"texts in the place of dates", 1}, {"texts in the place of states", 1}, {"texts in the place of error codes", 1}} {
		if !slices.Contains(counts, want) {
			t.Errorf("no %v in %v", want, counts)
		}
	}
}

// TestWhatStays: a masked reading is judged as the real one is.
func TestWhatStays(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "2026-12-04", "2026-12-04 10:20:30", " 2026-12-04 ", "2026-12-04T10:20:30Z", "2026-12-04T10:20:30.5+08:00",
		"0000-00-00 00:00:00", "0001-01-01 00:00:00", "1970-01-01 08:00:00", "9999-12-31",
	} {
		s := license.Snapshot{Orders: &license.Orders{List: []license.Order{{Deadline: new(text)}}}}
		if masked, _ := mask.Snapshot(s); *masked.Orders.List[0].Deadline != text {
			t.Errorf("the date %q becomes %q", text, *masked.Orders.List[0].Deadline)
		}
	}
	for _, text := range []string{"xx", "2026-12-04 Acme", "Acme 2026-12-04", "20261204", "13800138000", "2026-12-04\nAcme", "04.12.2026"} {
		s := license.Snapshot{Orders: &license.Orders{List: []license.Order{{Deadline: new(text)}}}}
		if masked, _ := mask.Snapshot(s); *masked.Orders.List[0].Deadline != "date-0001" {
			t.Errorf("the text %q becomes %q", text, *masked.Orders.List[0].Deadline)
		}
	}
	for state, want := range map[string]string{"ISOLATE": "ISOLATE", "DESTROED": "DESTROED", "": "", "PAUSED": "state-0001"} {
		masked, _ := mask.Snapshot(license.Snapshot{PurchaseState: &license.PurchaseState{SubState: &state}})
		if *masked.PurchaseState.SubState != want {
			t.Errorf("the state %q becomes %q", state, *masked.PurchaseState.SubState)
		}
	}
	for protect, want := range map[string]string{"PROVERSION_POSTPAY": "PROVERSION_POSTPAY", "": "", "GOLD": "state-0001"} {
		if masked, _ := mask.Snapshot(license.Snapshot{Overview: &license.Overview{ProtectType: &protect}}); *masked.Overview.ProtectType != want {
			t.Errorf("the kind %q becomes %q", protect, *masked.Overview.ProtectType)
		}
	}
	for code, want := range map[string]string{
		"AuthFailure.UnauthorizedOperation": "AuthFailure.UnauthorizedOperation", "Timeout": "Timeout", "InternalError.Acme payroll": "code-0001", "13800138000": "code-0001",
	} {
		failures := map[license.Source]*license.Failure{license.SourceOrders: {Code: code}}
		if masked, _ := mask.Snapshot(license.Snapshot{Failures: failures}); masked.Failures[license.SourceOrders].Code != want {
			t.Errorf("the code %q becomes %q", code, masked.Failures[license.SourceOrders].Code)
		}
	}
}

func TestNothingToMask(t *testing.T) {
	t.Parallel()
	empty := license.Snapshot{Orders: &license.Orders{List: []license.Order{{}}}}
	got, counts := mask.Snapshot(empty)
	if diff := cmp.Diff(empty, got); diff != "" {
		t.Error(diff)
	}
	for _, c := range counts {
		if c.N != 0 {
			t.Errorf("%+v", c)
		}
	}
}
