package rules_test

import (
	"testing"
	"time"

	"licensewatch/license"
)

// mixed are orders of every sort, and an overview that adds up.
func mixed() license.Snapshot {
	one := func(id int64, kind, status, licenses, used, renewal int64, deadline string) license.Order {
		return license.Order{
			LicenseId: &id, LicenseType: &kind, OrderStatus: &status, LicenseCnt: &licenses, UsedLicenseCnt: &used, AutoRenewFlag: &renewal,
			Deadline: &deadline,
		}
	}
	s := healthy()
	s.Overview.ProVersionLicenseCnt, s.Overview.AvailableProVersionLicenseCnt = new(int64(100)), new(int64(40))
	s.Overview.FlagshipVersionLicenseCnt, s.Overview.AvailableFlagshipVersionLicenseCnt = new(int64(50)), new(int64(2))
	s.Overview.CwpVersionLicenseCnt, s.Overview.AvailableLHLicenseCnt = new(int64(10)), new(int64(9))
	s.Orders.List = []license.Order{
		one(1, 1, 1, 60, 40, 1, "2026-12-04 00:00:00"), // in 12 days, renews itself
		one(2, 6, 1, 40, 20, 2, "2026-12-08 10:00:00"), // in 16 days
		one(3, 2, 1, 30, 28, 0, "2026-12-09 00:00:00"), // in 17 days
		one(4, 7, 1, 20, 20, 1, "2026-11-21 10:00:00"), // ended yesterday
		one(5, 0, 1, 5, 0, 0, ""),
		one(6, 1, 2, 7, 0, 2, "2026-11-10 00:00:00"),
		one(7, 1, 3, 11, 0, 2, "2026-10-10 00:00:00"),
		one(8, 3, 9, 13, 1, 2, "2026-11-25 00:00:00"), // nobody knows
	}
	return s
}

func TestListedOrders(t *testing.T) {
	t.Parallel()
	change := func(change func(*license.Snapshot)) license.Snapshot {
		s := mixed()
		change(&s)
		return s
	}
	tests := map[string]struct {
		snapshot license.Snapshot
		want     map[string]string
	}{
		"complete": {mixed(), map[string]string{
			"OrdersComplete": "yes", "ListedOrderCnt": "8", "ExpiredByOrders": "27", "DestroyedByOrders": "11", "NearExpiryByOrders": "120",
			"NearExpiryRenewing": "80", "LapsedLicenseCnt": "unknown", "FullestType": "2", "FullestUsed": "48", "FullestCnt": "50",
		}},
		"incomplete": {change(func(s *license.Snapshot) { s.Orders.Incomplete = true }), map[string]string{
			"OrdersComplete": "no", "ListedOrderCnt": "0", "ExpiredByOrders": "0", "DestroyedByOrders": "0", "NearExpiryByOrders": "0",
			"NearExpiryRenewing": "0", "LapsedLicenseCnt": "unknown", "FullestType": "unknown", "FullestUsed": "unknown", "FullestCnt": "unknown",
		}},
		"not read": {failing(mixed(), license.SourceOrders), map[string]string{
			"OrdersComplete": "no", "ListedOrderCnt": "0", "ExpiredByOrders": "0", "FullestType": "unknown",
		}},
		"empty": {change(func(s *license.Snapshot) { s.Orders.List = nil }), map[string]string{
			"OrdersComplete": "yes", "ListedOrderCnt": "0", "ExpiredByOrders": "0", "FullestType": "unknown",
		}},
		"an edition does not add up": {change(func(s *license.Snapshot) { s.Overview.FlagshipVersionLicenseCnt = new(int64(70)) }), map[string]string{
			"FullestType": "1", "FullestUsed": "60", "FullestCnt": "100",
		}},
		"an order does not tell its use": {change(func(s *license.Snapshot) { s.Orders.List[2].UsedLicenseCnt = nil }), map[string]string{"FullestType": "1"}},
		"the overview was not read":      {failing(mixed(), license.SourceOverview), map[string]string{"FullestType": "unknown", "OrdersComplete": "unknown"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for field, want := range test.want {
				if got := accountText(t, "cwp."+field, test.snapshot); got != want {
					t.Errorf("cwp.%s is %s, want %s", field, got, want)
				}
			}
		})
	}
}

// accountText prints an expression in a rule about the account.
func accountText(t *testing.T, expression string, s license.Snapshot) string {
	t.Helper()
	return load(t, "version: 1\nrules:\n  - {id: it, severity: info, when: 'true', title: "+yamlQuote("{{ "+expression+" }}")+"}\n").Evaluate(s, now)[0].Title.En
}

// What lapsed is what was running in the reading before and runs no more, or what
// went on from its end to being isolated; an end counts for a day.
func TestLapsedLicenses(t *testing.T) {
	t.Parallel()
	base := func() license.Snapshot {
		s := healthy()
		s.ReadAt = now
		s.Orders.List = nil
		for id, licenses := range map[string]int64{"a": 40, "b": 20, "c": 3} {
			o := order(id)
			o.LicenseCnt = &licenses
			s.Orders.List = append(s.Orders.List, o)
		}
		return s
	}
	find := func(s *license.Snapshot, id string) *license.Order {
		for i := range s.Orders.List {
			if *s.Orders.List[i].ResourceId == id {
				return &s.Orders.List[i]
			}
		}
		return nil
	}
	tests := map[string]struct {
		change func(before, now *license.Snapshot)
		want   string
	}{
		"nothing":   {func(_, _ *license.Snapshot) {}, "0"},
		"isolated":  {func(_, now *license.Snapshot) { find(now, "a").OrderStatus = new(int64(2)) }, "40"},
		"destroyed": {func(_, now *license.Snapshot) { find(now, "b").OrderStatus = new(int64(3)) }, "20"},
		"ended since": {func(before, now *license.Snapshot) {
			find(before, "c").Deadline, find(now, "c").Deadline = new("2026-11-22 00:00:00"), new("2026-11-22 00:00:00")
		}, "3"},
		"ended long ago": {func(before, now *license.Snapshot) {
			find(before, "c").Deadline, find(now, "c").Deadline = new("2026-11-20 00:00:00"), new("2026-11-20 00:00:00")
		}, "0"},
		"ended before, isolated now": {func(before, now *license.Snapshot) {
			find(before, "c").Deadline, find(now, "c").Deadline = new("2026-11-20 00:00:00"), new("2026-11-20 00:00:00")
			find(now, "c").OrderStatus = new(int64(2))
		}, "3"},
		"isolated an hour ago": {func(before, now *license.Snapshot) {
			find(before, "a").OrderStatus, find(now, "a").OrderStatus = new(int64(2)), new(int64(2))
			before.Lapses = map[string]license.Lapse{find(now, "a").Key(): {Seen: now.ReadAt.Add(-time.Hour)}}
		}, "40"},
		"isolated the day before": {func(before, now *license.Snapshot) {
			find(before, "a").OrderStatus, find(now, "a").OrderStatus = new(int64(2)), new(int64(2))
			before.Lapses = map[string]license.Lapse{find(now, "a").Key(): {Seen: now.ReadAt.Add(-25 * time.Hour)}}
		}, "0"},
		"gone": {func(_, now *license.Snapshot) { now.Orders.List = now.Orders.List[:0] }, "63"},
		"isolated before": {func(before, now *license.Snapshot) {
			find(before, "a").OrderStatus, find(now, "a").OrderStatus = new(int64(2)), new(int64(3))
		}, "0"},
		"a status unheard of": {func(_, now *license.Snapshot) { find(now, "a").OrderStatus = new(int64(9)) }, "0"},
		"incomplete now":      {func(_, now *license.Snapshot) { now.Orders.Incomplete = true }, "unknown"},
		"not read before":     {func(before, _ *license.Snapshot) { before.Orders = nil }, "unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, s := base(), base()
			before.ReadAt = now.Add(-24 * time.Hour)
			test.change(&before, &s)
			s.Previous = &before
			if got := accountText(t, "cwp.LapsedLicenseCnt", s); got != test.want {
				t.Errorf("lapsed: %s, want %s", got, test.want)
			}
		})
	}
}
