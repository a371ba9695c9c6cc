package rules_test

import (
	"testing"
	"time"

	"licensewatch/license"
)

// What fires only because a day has passed is due by the calendar.
func TestCalendar(t *testing.T) {
	t.Parallel()
	expiring := ruleWith(true, "order.AutoRenewFlag != 1 && order.DaysLeft <= 30", "critical_when: order.DaysLeft <= 3")
	full := ruleWith(false, "cwp.UsedLicenseCnt >= 285", "clear_when: cwp.UsedLicenseCnt < 275")
	withOrder := func(deadline string, renewal int64) license.Snapshot {
		s := healthy()
		s.Orders.List[0].Deadline, s.Orders.List[0].AutoRenewFlag = &deadline, &renewal
		return s
	}
	withUsed := func(used *int64) license.Snapshot {
		s := healthy()
		s.Overview.UsedLicenseCnt = used
		return s
	}
	expired := ruleWith(false, "cwp.ExpireLicenseCnt > 0", "measure: cwp.ExpireLicenseCnt\n    worse_by: 10")
	withExpired := func(n int64) license.Snapshot {
		s := healthy()
		s.Overview.ExpireLicenseCnt = &n
		return s
	}
	withoutOrders := healthy()
	withoutOrders.Orders.List = nil
	tests := map[string]struct {
		file        string
		before, now license.Snapshot
		want        bool
	}{
		"a day has passed":              {expiring, withOrder("2026-12-20 00:00:00", 2), withOrder("2026-12-20 00:00:00", 2), true},
		"and it is critical":            {expiring, withOrder("2026-11-25 00:00:00", 2), withOrder("2026-11-25 00:00:00", 2), true},
		"switched off":                  {expiring, withOrder("2026-12-20 00:00:00", 1), withOrder("2026-12-20 00:00:00", 2), false},
		"the deadline moved":            {expiring, withOrder("2027-12-20 00:00:00", 2), withOrder("2026-12-20 00:00:00", 2), false},
		"the deadline moved, worse now": {expiring, withOrder("2026-12-20 00:00:00", 2), withOrder("2026-11-25 00:00:00", 2), false},
		"a new order":                   {expiring, withoutOrders, withOrder("2026-12-20 00:00:00", 2), false},
		"the orders were not read":      {expiring, failing(healthy(), license.SourceOrders), withOrder("2026-12-20 00:00:00", 2), false},
		"machines were added":           {full, withUsed(new(int64(100))), withUsed(new(int64(290))), false},
		"nothing changed":               {full, withUsed(new(int64(290))), withUsed(new(int64(290))), true},
		"it was not known":              {full, withUsed(nil), withUsed(new(int64(290))), false},
		"much more has expired":         {expired, withExpired(1), withExpired(100), false},
		"a little more has expired":     {expired, withExpired(1), withExpired(5), true},
		"it lingered":                   {full, withUsed(new(int64(280))), withUsed(new(int64(290))), true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := test.now
			s.Previous = &test.before
			f := load(t, test.file).Evaluate(s, now)[0]
			if f.State != license.Firing || f.Calendar != test.want {
				t.Errorf("%s, calendar %t, want firing, %t", f.State, f.Calendar, test.want)
			}
		})
	}
	if f := load(t, expiring).Evaluate(withOrder("2026-12-20 00:00:00", 2), now)[0]; f.Calendar {
		t.Error("calendar without a previous reading")
	}
}

// What was covered before and is not any more has happened now.
func TestCalendarOfWhatWasCovered(t *testing.T) {
	t.Parallel()
	file := covering("a b all cwp.LicenseCnt > 0", "b - each order.AutoRenewFlag == 2")
	before, s := healthy(), healthy()
	before.Orders = &license.Orders{List: []license.Order{order("cwp-a"), order("cwp-b")}}
	before.Orders.List[1].AutoRenewFlag = new(int64(license.RenewalOff))
	s.Previous = &before
	f := load(t, file).Evaluate(s, now)[0]
	if f.State != license.Firing || f.Calendar {
		t.Errorf("%s, calendar %t", f.State, f.Calendar)
	}
	file += "  - {id: c, severity: info, title: it, when: cwp.LicenseCnt > 0, covered_by: [b], covered_when: cwp.LicenseCnt == 1}\n"
	if f := byRule(load(t, file).Evaluate(s, now), "c")[0]; !f.Calendar {
		t.Error("what was not covered before is not due by the calendar")
	}
}

// A rule that asks for what was remembered is judged with the same memory.
func TestCalendarKnowsLapses(t *testing.T) {
	t.Parallel()
	s := healthy()
	o := order("cwp-bbbb")
	o.OrderStatus, o.UsedLicenseCnt = new(int64(license.OrderIsolated)), new(int64(0))
	s.Orders.List = []license.Order{o}
	before := s
	before.Lapses = map[string]license.Lapse{o.Key(): {Seen: now.Add(-time.Hour), Used: new(int64(33))}}
	s.Previous = &before
	f := load(t, ruleWith(true, "order.OrderStatus == 2", "critical_when: order.LapsedUse > 0")).Evaluate(s, now)[0]
	if f.Severity != license.Critical || !f.Calendar || *f.Machines != 33 {
		t.Errorf("%s, calendar %t, machines %v", f.Severity, f.Calendar, f.Machines)
	}
}
