package life_test

import (
	"testing"

	"licensewatch/license"
)

// What an order had before its end is remembered while it is over, also when it
// is missing from the list before it is seen as destroyed.
func TestLapses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	order := func(status, used int64) license.Order {
		return license.Order{ResourceId: new("a"), OrderStatus: &status, UsedLicenseCnt: &used}
	}
	list := func(used int64, orders ...license.Order) {
		w.snapshot = whole()
		w.snapshot.Overview.UsedLicenseCnt, w.snapshot.Orders.List = &used, orders
		w.alert()
		w.now = w.now.Add(day)
	}
	list(100, order(license.OrderNormal, 33))
	if l := w.ledger.Lapses(); len(l) > 0 {
		t.Errorf("of a running order: %+v", l)
	}
	list(100, order(license.OrderIsolated, 0))
	if l := w.ledger.Lapses()["a"]; !l.Steady {
		t.Errorf("no fewer are in use: %+v", l)
	}
	list(67, order(license.OrderIsolated, 0))
	list(67)
	list(67, order(license.OrderDestroyed, 0))
	l := w.ledger.Lapses()["a"]
	if l.Used == nil || *l.Used != 33 || *l.AccountUsed != 100 || !l.Seen.Equal(start.Add(day)) || !l.Destroyed.Equal(start.Add(4*day)) || l.Steady {
		t.Errorf("%+v", l)
	}
	list(100, order(license.OrderNormal, 33))
	if l := w.ledger.Lapses(); len(l) > 0 {
		t.Errorf("of an order that runs again: %+v", l)
	}
}

// What was in use in the account is of the time of the orders: when they could not be
// read around the end, the overview has fallen long before it is seen.
func TestLapsesAfterABlindTime(t *testing.T) {
	t.Parallel()
	order := func(status, used int64) license.Order {
		return license.Order{ResourceId: new("a"), OrderStatus: &status, UsedLicenseCnt: &used}
	}
	for name, blind := range map[string]license.Snapshot{"not read": without(license.SourceOrders), "incomplete": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			run := func(s license.Snapshot, used int64, orders ...license.Order) {
				s.Overview = &license.Overview{UsedLicenseCnt: &used}
				if s.Orders != nil {
					s.Orders.List = orders
				}
				w.snapshot = s
				w.alert()
				w.now = w.now.Add(day)
			}
			if blind.Overview == nil && blind.Failures == nil {
				blind = whole()
				blind.Orders.Incomplete = true
			}
			run(whole(), 93, order(license.OrderNormal, 33))
			run(blind, 93)
			run(blind, 60)
			run(whole(), 60, order(license.OrderIsolated, 0))
			l := w.ledger.Lapses()["a"]
			if l.AccountUsed == nil || *l.AccountUsed != 93 || l.Used == nil || *l.Used != 33 {
				t.Errorf("%+v", l)
			}
		})
	}
}

// The account's count may fall before the list says that an order has lapsed.
func TestLapseInALateList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for status := range int64(2) {
		w.snapshot = whole()
		w.snapshot.Overview.UsedLicenseCnt = new(int64(67))
		w.snapshot.Orders.List = []license.Order{
			{ResourceId: new("a"), OrderStatus: new(status + 1), UsedLicenseCnt: new(33 - 33*status)},
			{ResourceId: new("b"), OrderStatus: new(int64(license.OrderNormal)), UsedLicenseCnt: new(int64(67))},
		}
		w.wait(hour).alert()
	}
	if l := w.ledger.Lapses()["a"]; l.AccountUsed == nil || *l.AccountUsed != 100 || l.Steady {
		t.Errorf("%+v, want 100 in use before", l)
	}
}

// The end of an order is remembered as long as the order is listed.
func TestLapsesStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := func(orders ...license.Order) int {
		w.snapshot = whole()
		w.snapshot.Orders.List = orders
		w.alert()
		return len(w.ledger.Lapses())
	}
	order := func(status int64) license.Order { return license.Order{ResourceId: new("a"), OrderStatus: &status} }
	list(order(license.OrderNormal))
	list(order(license.OrderIsolated))
	w.now = w.now.Add(61 * day)
	if n := list(order(license.OrderIsolated)); n != 1 {
		t.Errorf("%d are remembered of an order that is listed", n)
	}
	if n := list(); n != 0 {
		t.Errorf("%d are remembered of an order that is gone", n)
	}
}
