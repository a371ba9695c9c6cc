package license_test

import (
	"testing"

	"licensewatch/license"
)

// TestWithoutFields: what was read, in part or not at all stays, for every source that there is, and
// nothing of what was in it.
func TestWithoutFields(t *testing.T) {
	t.Parallel()
	read := func() license.Snapshot {
		return license.Snapshot{
			Wanted:        license.Sources(),
			Overview:      &license.Overview{LicenseCnt: new(int64(7))},
			Orders:        &license.Orders{TotalCount: 2, Incomplete: true, List: []license.Order{{}}},
			Machines:      &license.Machines{MachineCnt: new(int64(7))},
			Bindings:      &license.Bindings{},
			PurchaseState: &license.PurchaseState{State: new(int64(1))},
		}
	}
	whole := read()
	left := whole.WithoutFields()
	for _, source := range license.Sources() {
		if !whole.Has(source) || !left.Has(source) {
			t.Errorf("%s was read: %t, and then %t", source, whole.Has(source), left.Has(source))
		}
		failed := read()
		failed.SetAnswer(source, nil)
		failed.Failures = map[license.Source]*license.Failure{source: {Code: "Timeout"}}
		if left := failed.WithoutFields(); left.Has(source) || left.Answer(source) != nil || left.Failures[source] == nil {
			t.Errorf("%s was not read, and then %v", source, left.Answer(source))
		}
	}
	if !left.IsPartly(license.SourceOrders) || len(left.Orders.List) > 0 {
		t.Errorf("orders %+v", left.Orders)
	}
	if left.Overview.LicenseCnt != nil || left.Machines.MachineCnt != nil || left.PurchaseState.State != nil {
		t.Error("a field is left")
	}
	if *whole.Overview.LicenseCnt != 7 || len(whole.Orders.List) != 1 {
		t.Error("the reading was changed")
	}
	whole.Orders.Incomplete = false
	if again := whole.WithoutFields(); again.IsPartly(license.SourceOrders) {
		t.Error("all orders were read")
	}
}
