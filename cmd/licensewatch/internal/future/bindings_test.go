package future_test

import (
	"slices"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
)

// TestMachinesOfOrdersLater: they are those that a run would read by then.
func TestMachinesOfOrdersLater(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	order := license.Order{
		ResourceId: new("cwp-a"), LicenseId: new(int64(1)), LicenseType: new(int64(license.LicenseTypePro)), OrderStatus: new(int64(license.OrderNormal)),
		AutoRenewFlag: new(int64(license.RenewalOff)), UsedLicenseCnt: new(int64(1)), BuyTime: new("2025-12-01 00:00:00"), Deadline: new("2026-12-01 00:00:00"),
	}
	s := license.Snapshot{
		ReadAt: at, Wanted: []license.Source{license.SourceOrders, license.SourceBindings}, Orders: &license.Orders{List: []license.Order{order}},
		Bindings: &license.Bindings{List: []license.Binding{{ResourceId: order.ResourceId, LicenseId: order.LicenseId, TotalCount: 1, Machines: []license.BoundMachine{{}}}}},
	}
	renewal := []future.Renewal{{ID: "cwp-a", At: at.AddDate(0, 0, 2), Deadline: at.AddDate(1, 0, 0)}}
	for name, test := range map[string]struct {
		days, machines int
		plan           []future.Renewal
	}{
		"at once": {0, 1, nil}, "before its end": {5, 1, nil}, "isolated": {20, 0, nil},
		"destroyed": {60, -1, nil}, "renewed": {5, -1, renewal}, "before it is renewed": {1, 1, renewal},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			then := future.At(s, at.AddDate(0, 0, test.days), test.plan)
			machines := -1
			if then.Bindings != nil {
				machines = len(then.Bindings.List[0].Machines)
			}
			if isWanted := slices.Contains(then.Wanted, license.SourceBindings); machines != test.machines || isWanted != (machines >= 0) {
				t.Errorf("%d machines, wanted %v; want %d", machines, isWanted, test.machines)
			}
			if len(s.Wanted) != 2 || len(s.Bindings.List[0].Machines) != 1 {
				t.Error("the snapshot itself is changed")
			}
		})
	}
}
