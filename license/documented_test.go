package license_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
)

func TestUndocumented(t *testing.T) {
	t.Parallel()
	order := func(id string, status, renewal int64) license.Order {
		return license.Order{ResourceId: &id, OrderStatus: &status, AutoRenewFlag: &renewal, LicenseType: new(int64(2))}
	}
	value := func(order, field, text string) license.UndocumentedValue {
		return license.UndocumentedValue{Value: license.Value{Field: field, Text: text, Known: true}, Order: order}
	}
	tests := map[string]struct {
		snapshot license.Snapshot
		want     []license.UndocumentedValue
	}{
		"nothing read": {license.Snapshot{}, nil},
		"all is documented": {license.Snapshot{
			Overview:      &license.Overview{ProtectType: new("FLAGSHIP_PREPAY")},
			Orders:        &license.Orders{List: []license.Order{order("a", 1, 0), order("b", 2, 2), {}}},
			PurchaseState: &license.PurchaseState{State: new(int64(3)), SubState: new("NORMAL"), DefendPolicy: new("Some"), AutomaticRenewal: new(int64(1))},
		}, nil},
		"an empty text is no value": {license.Snapshot{
			Overview:      &license.Overview{ProtectType: new("")},
			PurchaseState: &license.PurchaseState{State: new(int64(4)), SubState: new("")},
		}, nil},
		"overview": {license.Snapshot{Overview: &license.Overview{ProtectType: new("GOLD")}},
			[]license.UndocumentedValue{value("", "cwp.ProtectType", `"GOLD"`)}},
		"orders": {license.Snapshot{Orders: &license.Orders{List: []license.Order{
			order("a", 9, 2), order("b", 1, -1), order("gone", license.OrderDestroyed, 9),
			{LicenseId: new(int64(7)), LicenseType: new(int64(4)), LicenseStatus: new(int64(5)), SourceType: new(int64(6))},
		}}}, []license.UndocumentedValue{
			value("a", "order.OrderStatus", "9"), value("b", "order.AutoRenewFlag", "-1"),
			value("7", "order.LicenseType", "4"), value("7", "order.LicenseStatus", "5"), value("7", "order.SourceType", "6"),
		}},
		"container security": {license.Snapshot{PurchaseState: &license.PurchaseState{State: new(int64(5)), AutomaticRenewal: new(int64(194))}},
			[]license.UndocumentedValue{value("", "tcss.State", "5"), value("", "tcss.AutomaticRenewal", "194")}},
		"a contradiction": {license.Snapshot{PurchaseState: &license.PurchaseState{State: new(int64(3)), SubState: new("TERMINATED")}},
			[]license.UndocumentedValue{value("", "tcss.State", "3 (SubState TERMINATED)")}},
		"expired, in a way nobody documented": {license.Snapshot{PurchaseState: &license.PurchaseState{State: new(int64(4)), SubState: new("PAUSED")}},
			[]license.UndocumentedValue{value("", "tcss.SubState", `"PAUSED"`)}},
		"a source that failed": {license.Snapshot{
			Failures:      map[license.Source]*license.Failure{license.SourcePurchaseState: {}},
			PurchaseState: &license.PurchaseState{State: new(int64(9))},
		}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, test.snapshot.Undocumented()); diff != "" {
				t.Errorf("undocumented (-want +got):\n%s", diff)
			}
		})
	}
}
