package license_test

import (
	"reflect"
	"testing"
	"time"

	"licensewatch/license"
)

// An order stays in the list once when a complete one lacks it; what had lapsed stays.
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
		kept   bool // the first time
		again  bool // the second time, as destroyed
	}{
		"isolated":                {before: order("a", license.OrderIsolated, ended), kept: true, again: true},
		"ended":                   {before: order("a", license.OrderNormal, ended), kept: true, again: true},
		"runs":                    {before: order("a", license.OrderNormal, runs), kept: true},
		"status not told":         {before: license.Order{ResourceId: new("a")}, kept: true},
		"status not documented":   {before: order("a", 9, ended), kept: true},
		"tells no id":             {before: license.Order{OrderStatus: new(int64(license.OrderIsolated))}},
		"nobody used it":          {before: order("a", license.OrderIsolated, ended), lapses: seen(license.Lapse{Used: new(int64(0))}), kept: true},
		"destroyed lately":        {before: order("a", license.OrderDestroyed, ended), lapses: seen(license.Lapse{Destroyed: now.Add(-24 * time.Hour)}), kept: true, again: true},
		"destroyed long ago":      {before: order("a", license.OrderDestroyed, ended), lapses: seen(license.Lapse{Destroyed: now.AddDate(0, 0, -60)}), kept: true},
		"destroyed, nobody knows": {before: order("a", license.OrderDestroyed, ended), kept: true},
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
			if test.kept != (len(got) == listed+1) {
				t.Fatalf("the first time, %+v", got[listed:])
			}
			if !test.kept {
				return
			}
			if got[listed].Missed != 1 || !reflect.DeepEqual(got[listed].OrderStatus, test.before.OrderStatus) {
				t.Errorf("the first time, %+v", got[listed])
			}
			before.Orders.List = got
			got = s.After(&before, now).Orders.List
			if test.again != (len(got) == 1) || test.again && (*got[0].OrderStatus != license.OrderDestroyed || got[0].Missed != 2) {
				t.Errorf("the second time, %+v", got)
			}
		})
	}
	s := license.Snapshot{ReadAt: now}
	if got := s.After(nil, now); got.Previous != nil || got.Orders != nil {
		t.Errorf("after nothing: %+v", got)
	}
}
