package mask_test

import (
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
		{"tag keys", 2}, {"tag values", 2}, {"inquire keys", 1}, {"request ids", 1},
	}
	if diff := cmp.Diff(wantCounts, counts); diff != "" {
		t.Error(diff)
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
