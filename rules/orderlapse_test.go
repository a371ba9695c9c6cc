package rules_test

import (
	"testing"
	"time"

	"licensewatch/license"
)

// isolated is an order whose licenses were unbound.
func isolated() license.Order {
	o := order("cwp-bbbb")
	o.OrderStatus, o.UsedLicenseCnt, o.Deadline = new(int64(license.OrderIsolated)), new(int64(0)), new("2026-11-20 00:00:00")
	return o
}

func destroyed() license.Order {
	o := isolated()
	o.OrderStatus = new(int64(license.OrderDestroyed))
	return o
}

// pastEvaluation is the reading before: one order, and what was remembered.
func pastEvaluation(o *license.Order, lapse *license.Lapse) *license.Snapshot {
	s := healthy()
	s.ReadAt = now.Add(-24 * time.Hour)
	s.Orders.List = nil
	if o != nil {
		s.Orders.List = []license.Order{*o}
	}
	if lapse != nil {
		s.Lapses = map[string]license.Lapse{order("cwp-bbbb").Key(): *lapse}
	}
	return &s
}

func TestAfterTheEnd(t *testing.T) {
	t.Parallel()
	running := order("cwp-bbbb")
	ended := order("cwp-bbbb")
	ended.Deadline, ended.UsedLicenseCnt = new("2026-11-22 09:00:00"), new(int64(0))
	endedInUse := ended
	endedInUse.UsedLicenseCnt = new(int64(30))
	odd := order("cwp-bbbb")
	odd.OrderStatus = new(int64(9))
	oddUnused := odd
	oddUnused.UsedLicenseCnt = new(int64(0))
	wasIsolated := isolated()
	wasEnded := ended
	wasEnded.Deadline, wasEnded.UsedLicenseCnt = new("2026-11-21 00:00:00"), new(int64(5))
	wasDestroyed := destroyed()
	lapse := &license.Lapse{Seen: now.Add(-48 * time.Hour), Used: new(int64(31)), AccountUsed: new(int64(90))}
	steady := &license.Lapse{Seen: now.Add(-48 * time.Hour), Used: new(int64(31)), AccountUsed: new(int64(90)), Steady: true}
	busier := &license.Lapse{Seen: now, Used: new(int64(31)), AccountUsed: new(int64(120))}
	gone := &license.Lapse{Seen: now, Destroyed: time.Date(2026, 11, 19, 23, 50, 0, 0, zone)}
	unknown := "unknown"
	tests := map[string]struct {
		order  license.Order
		before *license.Snapshot
		// LapsedUse, Machines, TakenOver, DestroyedDaysAgo as they are printed
		used, machines, over, days string
	}{
		"running":                         {running, pastEvaluation(&running, nil), unknown, "33", unknown, unknown},
		"running again":                   {running, pastEvaluation(&wasIsolated, lapse), unknown, "33", unknown, unknown},
		"isolated, no memory":             {isolated(), nil, unknown, unknown, unknown, unknown},
		"isolated just now":               {isolated(), pastEvaluation(&running, nil), "33", "33", "no", unknown},
		"isolated before":                 {isolated(), pastEvaluation(&wasIsolated, nil), unknown, unknown, unknown, unknown},
		"isolated before, remembered":     {isolated(), pastEvaluation(&wasIsolated, lapse), "31", "31", "yes", unknown},
		"remembered, never fewer":         {isolated(), pastEvaluation(&wasIsolated, steady), "31", "31", "no", unknown},
		"not taken over":                  {isolated(), pastEvaluation(&wasIsolated, busier), "31", "31", "no", unknown},
		"not listed before, remembered":   {isolated(), pastEvaluation(nil, lapse), "31", "31", "yes", unknown},
		"isolated after its end was seen": {isolated(), pastEvaluation(&wasEnded, lapse), "31", "31", "yes", unknown},
		"isolated, its end was not seen":  {isolated(), pastEvaluation(&wasEnded, nil), "5", "5", unknown, unknown},
		"ended today":                     {ended, pastEvaluation(&running, nil), "33", "33", "no", unknown},
		"ended, its licenses still bound": {endedInUse, pastEvaluation(&running, nil), "30", "30", "no", unknown},
		"destroyed just now":              {destroyed(), pastEvaluation(&wasIsolated, lapse), "31", "31", "yes", "0"},
		"destroyed, running before":       {destroyed(), pastEvaluation(&running, nil), "33", "33", "no", "0"},
		"destroyed three days ago":        {destroyed(), pastEvaluation(&wasDestroyed, gone), unknown, unknown, unknown, "3"},
		"destroyed at some time":          {destroyed(), pastEvaluation(&wasDestroyed, nil), unknown, unknown, unknown, unknown},
		"destroyed, no memory":            {destroyed(), nil, unknown, unknown, unknown, unknown},
		"listed again, as destroyed":      {destroyed(), pastEvaluation(nil, lapse), "31", "31", "yes", "0"},
		"first listed as destroyed":       {destroyed(), pastEvaluation(nil, nil), unknown, unknown, unknown, unknown},
		"a status nobody documented":      {odd, pastEvaluation(&running, nil), unknown, "33", unknown, unknown},
		"and nobody uses it":              {oddUnused, pastEvaluation(&running, nil), unknown, unknown, unknown, unknown},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := healthy()
			s.Orders.List, s.Previous = []license.Order{test.order}, test.before
			for expression, want := range map[string]string{
				"order.LapsedUse": test.used, "order.Machines": test.machines, "order.TakenOver": test.over, "order.DestroyedDaysAgo": test.days,
			} {
				if got := localizedText(t, expression, s, now).En; got != want {
					t.Errorf("%s is %s, want %s", expression, got, want)
				}
			}
		})
	}
}

// A count that was never lower may lag behind: then the orders that run must have
// as many in use.
func TestTakenOverAtOnce(t *testing.T) {
	t.Parallel()
	running, lapsed := order("cwp-bbbb"), isolated()
	for used, want := range map[int64]string{100: "yes", 99: "no"} {
		heir := order("cwp-new")
		heir.UsedLicenseCnt = &used
		s := healthy()
		s.Orders.List, s.Previous = []license.Order{lapsed, heir}, pastEvaluation(&running, nil)
		if got := localizedText(t, "order.TakenOver", s, now).En; got != want {
			t.Errorf("with %d of 100 in use on another order: %s, want %s", used, got, want)
		}
		s.Orders.Incomplete = true
		if got := localizedText(t, "order.TakenOver", s, now).En; got != "no" {
			t.Errorf("with an incomplete list: %s, want no", got)
		}
	}
}

// The overview may have been read without the orders, and have fallen before the
// order's end is seen.
func TestTakenOverAfterABlindTime(t *testing.T) {
	t.Parallel()
	running := order("cwp-bbbb")
	for used, want := range map[*int64]string{nil: "yes", new(int64(93)): "no"} {
		s := healthy()
		heir := order("cwp-new")
		heir.UsedLicenseCnt = new(int64(60))
		s.Overview.UsedLicenseCnt = new(int64(60))
		s.Orders.List, s.Previous = []license.Order{isolated(), heir}, pastEvaluation(&running, nil)
		s.Previous.Overview = &license.Overview{UsedLicenseCnt: new(int64(60))}
		s.Previous.OrdersUsed = used
		if got := localizedText(t, "order.TakenOver", s, now).En; got != want {
			t.Errorf("taken over: %s, want %s", got, want)
		}
	}
}

// The account's count may fall before the list says that the order has lapsed: then
// what counts is what the list still had.
func TestTakenOverAfterALateList(t *testing.T) {
	t.Parallel()
	running, heir, lapsed := order("cwp-bbbb"), order("cwp-cccc"), isolated()
	heir.UsedLicenseCnt = new(int64(67))
	s, before := healthy(), pastEvaluation(&running, nil)
	before.Orders.List = append(before.Orders.List, heir)
	before.Overview.UsedLicenseCnt, s.Overview.UsedLicenseCnt = new(int64(67)), new(int64(67))
	s.Orders.List, s.Previous = []license.Order{lapsed, heir}, before
	if got := localizedText(t, "order.TakenOver", s, now).En; got != "no" {
		t.Errorf("taken over: %s, want no", got)
	}
}

func TestTakenOverNeedsTheOverview(t *testing.T) {
	t.Parallel()
	o := isolated()
	s := failing(healthy(), license.SourceOverview)
	s.Orders.List = []license.Order{o}
	s.Previous = pastEvaluation(&o, &license.Lapse{AccountUsed: new(int64(1))})
	if got := localizedText(t, "order.TakenOver", s, now).En; got != "unknown" {
		t.Errorf("taken over: %s", got)
	}
}

func TestEndedToTheSecond(t *testing.T) {
	t.Parallel()
	for deadline, want := range map[string]string{
		"2026-11-22 09:07:00": "yes", "2026-11-22 09:07:01": "no", "2026-11-22 00:00:00": "yes", "2026-11-21 23:00:00": "yes", "xx": "unknown",
	} {
		s := healthy()
		s.Orders.List[0].Deadline, s.PurchaseState.ExpirationTime = &deadline, &deadline
		for _, expression := range []string{"order.Ended", "tcss.Ended"} {
			if got := localizedText(t, expression, s, now).En; got != want {
				t.Errorf("%s of %s is %s, want %s", expression, deadline, got, want)
			}
		}
	}
}
