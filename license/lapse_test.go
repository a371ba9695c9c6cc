package license_test

import (
	"testing"
	"time"

	"licensewatch/license"
)

// What had lapsed stays in the list when a complete one lacks it, and nothing else does.
func TestAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 28, 9, 0, 0, 0, shanghai)
	order := func(id string, status int64, deadline time.Time) license.Order {
		text := deadline.Format(time.DateTime)
		return license.Order{ResourceId: &id, LicenseId: new(int64(7)), OrderStatus: &status, Deadline: &text, UsedLicenseCnt: new(int64(33))}
	}
	ended, runs := now.Add(-time.Hour), now.Add(time.Hour)
	unnumbered := order("a", license.OrderIsolated, ended)
	unnumbered.LicenseId = nil
	seen := func(l license.Lapse) map[string]license.Lapse { return map[string]license.Lapse{"a#7": l} }
	for name, test := range map[string]struct {
		before license.Order
		lapses map[string]license.Lapse
		now    license.Orders
		failed bool
		status int64 // of the remembered order; 0: none
		missed int
	}{
		"isolated":                {before: order("a", license.OrderIsolated, ended), status: license.OrderIsolated, missed: 1},
		"ended":                   {before: order("a", license.OrderNormal, ended), status: license.OrderNormal, missed: 1},
		"runs":                    {before: order("a", license.OrderNormal, runs)},
		"status not told":         {before: license.Order{ResourceId: new("a")}},
		"status not documented":   {before: order("a", 9, ended)},
		"tells no id":             {before: license.Order{OrderStatus: new(int64(license.OrderIsolated))}},
		"nobody used it":          {before: order("a", license.OrderIsolated, ended), lapses: seen(license.Lapse{Used: new(int64(0))})},
		"destroyed lately":        {before: order("a", license.OrderDestroyed, ended), lapses: seen(license.Lapse{Destroyed: now.Add(-24 * time.Hour)}), status: license.OrderDestroyed, missed: 1},
		"destroyed long ago":      {before: order("a", license.OrderDestroyed, ended), lapses: seen(license.Lapse{Destroyed: now.AddDate(0, 0, -60)})},
		"destroyed, nobody knows": {before: order("a", license.OrderDestroyed, ended)},
		"list incomplete":         {before: order("a", license.OrderIsolated, ended), now: license.Orders{Incomplete: true}},
		"list not read":           {before: order("a", license.OrderIsolated, ended), failed: true},
		"listed":                  {before: order("a", license.OrderIsolated, ended), now: license.Orders{List: []license.Order{order("a", license.OrderNormal, runs)}}},
		"listed without a number": {before: order("a", license.OrderIsolated, ended), now: license.Orders{List: []license.Order{unnumbered}}},
		"listed with a number":    {before: unnumbered, now: license.Orders{List: []license.Order{order("a", license.OrderNormal, runs)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := license.Snapshot{ReadAt: now, Wanted: []license.Source{license.SourceOrders}, Orders: &test.now}
			if test.failed {
				s.Failures = map[license.Source]*license.Failure{license.SourceOrders: {}}
			}
			listed := len(test.now.List)
			before := license.Snapshot{ReadAt: now.Add(-2 * time.Hour), Orders: &license.Orders{List: []license.Order{test.before}}, Lapses: test.lapses}
			got := s.After(&before, now).Orders.List
			if len(test.now.List) != listed {
				t.Error("the reading itself was changed")
			}
			if test.status == 0 {
				if len(got) != listed {
					t.Errorf("remembers %+v", got[listed:])
				}
				return
			}
			if len(got) != listed+1 || *got[listed].OrderStatus != test.status || got[listed].Missed != test.missed {
				t.Fatalf("gives %+v", got)
			}
			before.Orders.List = got
			if got = s.After(&before, now).Orders.List; *got[0].OrderStatus != license.OrderDestroyed || got[0].Missed != 2 {
				t.Errorf("the second time, %+v", got)
			}
		})
	}
	s := license.Snapshot{ReadAt: now}
	if got := s.After(nil, now); got.Previous != nil || got.Orders != nil {
		t.Errorf("after nothing: %+v", got)
	}
}
