package license_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
)

// TestShare: what two readings have in common is held once, and nothing else changes.
func TestShare(t *testing.T) {
	t.Parallel()
	read := func() *license.Orders {
		return &license.Orders{TotalCount: 3, List: []license.Order{
			{ResourceId: new("cwp-a"), Alias: new("pay"), Deadline: new("2026-12-01 00:00:00"), Tags: []license.Tag{{TagKey: "team", TagValue: "ops"}}},
			{ResourceId: new("cwp-b"), Alias: new("web"), Tags: []license.Tag{}},
			{LicenseId: new(int64(7))},
		}}
	}
	before, now, want := read(), read(), read()
	for _, orders := range []*license.Orders{now, want} {
		orders.List[1].Alias, orders.List[1].Tags = new("shop"), []license.Tag{{TagKey: "team", TagValue: "web"}}
		orders.List[2].Deadline = new("2027-12-01 00:00:00")
	}
	now.Share(before)
	if diff := cmp.Diff(want, now); diff != "" {
		t.Errorf("it changed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(read(), before); diff != "" {
		t.Errorf("the other reading changed (-want +got):\n%s", diff)
	}
	a, b := now.List[0], before.List[0]
	if a.ResourceId != b.ResourceId || a.Alias != b.Alias || a.Deadline != b.Deadline || &a.Tags[0] != &b.Tags[0] {
		t.Error("the same is held twice")
	}
	now.Share(nil)
	(*license.Orders)(nil).Share(before)
}
