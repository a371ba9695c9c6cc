package future_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/license"
)

var zone = time.FixedZone("UTC+8", 8*60*60)

// read is when the snapshots of the tests were read.
var read = time.Date(2026, 11, 22, 9, 7, 0, 0, zone)

func day(n int) time.Time { return read.AddDate(0, 0, n) }

// on is a time so many days later, as the API writes it.
func on(n int) *string { return new(day(n).Format(time.DateTime)) }

// ultimate is an order of 40 Ultimate seats, 33 in use.
func ultimate(ends int, renewal int64) license.Order {
	return license.Order{
		ResourceId: new("cwp-aaaa"), LicenseType: new(int64(2)), LicenseStatus: new(int64(1)), OrderStatus: new(int64(1)),
		LicenseCnt: new(int64(40)), UsedLicenseCnt: new(int64(33)), AutoRenewFlag: &renewal,
		BuyTime: on(ends - 365), Deadline: on(ends),
	}
}

// counts are an overview that does not add up with any order.
func counts() *license.Overview {
	return &license.Overview{
		LicenseCnt: new(int64(300)), NotExpiredLicenseCnt: new(int64(290)), UsedLicenseCnt: new(int64(100)), AvailableLicenseCnt: new(int64(190)),
		NearExpiryLicenseCnt: new(int64(5)), ExpireLicenseCnt: new(int64(10)), DestroyOrderNum: new(int64(2)),
		FlagshipVersionLicenseCnt: new(int64(200)), AvailableFlagshipVersionLicenseCnt: new(int64(3)), ProVersionLicenseCnt: new(int64(90)),
	}
}

func account(orders ...license.Order) license.Snapshot {
	return license.Snapshot{
		ReadAt: read, Overview: counts(), Orders: &license.Orders{List: orders, TotalCount: int64(len(orders))},
		Wanted: []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState},
	}
}

// TestOrders follows one order through its life.
func TestOrders(t *testing.T) {
	t.Parallel()
	const off, on = license.RenewalOff, license.RenewalOn
	renewal := []future.Renewal{{ID: "cwp-aaaa", Deadline: day(400), At: day(22)}}
	late := []future.Renewal{{ID: "cwp-aaaa", Deadline: day(400), At: day(42)}}
	for name, c := range map[string]struct {
		order  license.Order
		plan   []future.Renewal
		after  int // days
		status int64
		ends   int // days
		// What the counts are, of those that move.
		near, expired, valid, used, destroyed int64
	}{
		"nothing yet":                       {ultimate(20, off), nil, 4, 1, 20, 5, 10, 290, 100, 2},
		"within 15 days":                    {ultimate(20, off), nil, 5, 1, 20, 45, 10, 290, 100, 2},
		"past its deadline":                 {ultimate(20, off), nil, 20, 2, 20, 5, 50, 250, 67, 2},
		"isolation is not over":             {ultimate(20, off), nil, 49, 2, 20, 5, 50, 250, 67, 2},
		"isolation is over":                 {ultimate(20, off), nil, 50, 3, 20, 5, 10, 250, 67, 3},
		"renews itself":                     {ultimate(20, on), nil, 20, 1, 385, 5, 10, 290, 100, 2},
		"renews itself twice":               {ultimate(20, on), nil, 400, 1, 750, 5, 10, 290, 100, 2},
		"was past its deadline, and is now": {ultimate(-2, off), nil, 0, 2, -2, 5, 10, 290, 100, 2},
		"renewed before its end":            {ultimate(30, off), renewal, 40, 1, 400, 5, 10, 290, 100, 2},
		"renewed while isolated":            {ultimate(20, off), renewal, 40, 1, 400, 5, 10, 290, 67, 2},
		"renewed too late":                  {ultimate(10, off), late, 45, 3, 10, 0, 10, 250, 67, 3},
		"not renewed yet":                   {ultimate(20, off), renewal, 21, 2, 20, 5, 50, 250, 67, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := account(c.order)
			if c.ends == 10 { // it is near its end already
				s.Overview.NearExpiryLicenseCnt = new(int64(5))
			}
			got := future.At(s, day(c.after), c.plan)
			o, v := got.Orders.List[0], got.Overview
			if *o.OrderStatus != c.status || *o.Deadline != day(c.ends).Format(time.DateTime) {
				t.Errorf("status %d, ends %s; want %d, %s", *o.OrderStatus, *o.Deadline, c.status, day(c.ends).Format(time.DateTime))
			}
			is := []int64{*v.NearExpiryLicenseCnt, *v.ExpireLicenseCnt, *v.NotExpiredLicenseCnt, *v.UsedLicenseCnt, *v.DestroyOrderNum}
			if diff := cmp.Diff([]int64{c.near, c.expired, c.valid, c.used, c.destroyed}, is); diff != "" {
				t.Errorf("near, expired, valid, used, destroyed (-want +got):\n%s", diff)
			}
			if !got.ReadAt.Equal(day(c.after)) {
				t.Errorf("read at %s", got.ReadAt)
			}
		})
	}
}

// TestAllCounts: every count that there is follows an order to its end, and none
// that there is not.
func TestAllCounts(t *testing.T) {
	t.Parallel()
	s := account(ultimate(3, license.RenewalOff))
	want := counts()
	want.NotExpiredLicenseCnt, want.UsedLicenseCnt, want.AvailableLicenseCnt = new(int64(250)), new(int64(67)), new(int64(183))
	want.NearExpiryLicenseCnt, want.ExpireLicenseCnt = new(int64(0)), new(int64(50)) // 5 - 40 is none
	want.FlagshipVersionLicenseCnt, want.AvailableFlagshipVersionLicenseCnt = new(int64(160)), new(int64(0))
	if diff := cmp.Diff(want, future.At(s, day(4), nil).Overview); diff != "" {
		t.Errorf("isolated (-want +got):\n%s", diff)
	}
	want.LicenseCnt, want.ExpireLicenseCnt, want.DestroyOrderNum = new(int64(260)), new(int64(10)), new(int64(3))
	then := future.At(s, day(34), nil)
	if diff := cmp.Diff(want, then.Overview); diff != "" {
		t.Errorf("destroyed (-want +got):\n%s", diff)
	}
	if o := then.Orders.List[0]; *o.UsedLicenseCnt != 0 || *o.LicenseStatus != 3 {
		t.Errorf("destroyed: %d in use, LicenseStatus %d", *o.UsedLicenseCnt, *o.LicenseStatus)
	}
	if diff := cmp.Diff(account(ultimate(3, license.RenewalOff)), s); diff != "" {
		t.Errorf("the snapshot was changed:\n%s", diff)
	}
}

// TestLeftAlone: what cannot end, or of which too little is known, stays.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	change := func(f func(*license.Order)) license.Order {
		o := ultimate(3, license.RenewalOff)
		f(&o)
		return o
	}
	for name, o := range map[string]license.Order{
		"pay as you go":          change(func(o *license.Order) { o.LicenseType = new(int64(0)) }),
		"kind not known":         change(func(o *license.Order) { o.LicenseType = nil }),
		"state not known":        change(func(o *license.Order) { o.OrderStatus = nil }),
		"no deadline":            change(func(o *license.Order) { o.Deadline = nil }),
		"deadline not readable":  change(func(o *license.Order) { o.Deadline = new("xx") }),
		"destroyed":              change(func(o *license.Order) { o.OrderStatus = new(int64(3)) }),
		"isolated for very long": change(func(o *license.Order) { o.OrderStatus, o.Deadline = new(int64(2)), on(-31) }),
		"an unknown state":       change(func(o *license.Order) { o.OrderStatus = new(int64(9)) }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := account(o)
			if _, ok := future.Next(s, nil); ok {
				t.Error("something is to change")
			}
			want := s
			want.ReadAt = day(500)
			if diff := cmp.Diff(want, future.At(s, day(500), nil)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestNothingKnown: counts that are not known stay so, and a source that failed
// stays failed.
func TestNothingKnown(t *testing.T) {
	t.Parallel()
	o := ultimate(3, license.RenewalOff)
	o.LicenseCnt, o.UsedLicenseCnt, o.BuyTime, o.LicenseStatus, o.AutoRenewFlag = nil, nil, nil, nil, nil
	s := account(o)
	s.Overview = &license.Overview{}
	s.Failures = map[license.Source]*license.Failure{license.SourcePurchaseState: {Code: "AuthFailure"}}
	then := future.At(s, day(34), nil)
	if diff := cmp.Diff(&license.Overview{}, then.Overview); diff != "" {
		t.Error(diff)
	}
	if got := then.Orders.List[0]; *got.OrderStatus != license.OrderDestroyed || got.LicenseStatus != nil || got.UsedLicenseCnt != nil {
		t.Errorf("the order became %+v", got)
	}
	if then.PurchaseState != nil || then.Failures[license.SourcePurchaseState] == nil {
		t.Error("a source that failed was read")
	}
	s.Orders, s.Failures[license.SourceOrders] = nil, &license.Failure{Code: "Timeout"}
	if then := future.At(s, day(11), nil); then.Orders != nil {
		t.Error("orders that were not read are there")
	}
}

func TestTermNotKnown(t *testing.T) {
	t.Parallel()
	o := ultimate(3, license.RenewalOn)
	o.BuyTime = nil
	if got := future.At(account(o), day(4), nil).Orders.List[0]; *got.Deadline != *on(368) || got.BuyTime != nil {
		t.Errorf("ends %s, bought %v", *got.Deadline, got.BuyTime)
	}
}

func TestContainerSecurity(t *testing.T) {
	t.Parallel()
	state := func(state int64, sub string, ends int, renewal int64) license.PurchaseState {
		p := license.PurchaseState{State: &state, BeginTime: on(ends - 30), ExpirationTime: on(ends), AutomaticRenewal: &renewal}
		if sub != "" {
			p.SubState = &sub
		}
		return p
	}
	bought := []future.Renewal{{ID: future.TCSS, Deadline: day(300), At: day(10)}}
	for name, c := range map[string]struct {
		was   license.PurchaseState
		plan  []future.Renewal
		after int
		want  license.PurchaseState
	}{
		"trial goes on":          {state(2, "", 6, 0), nil, 5, state(2, "", 6, 0)},
		"trial is over":          {state(2, "", 6, 0), nil, 6, state(1, "", 6, 0)},
		"Pro works on":           {state(3, "NORMAL", 6, 2), nil, 10, state(3, "NORMAL", 6, 2)},
		"Pro is isolated":        {state(3, "NORMAL", 6, 2), nil, 11, state(4, "ISOLATE", 6, 2)},
		"Pro stays isolated":     {state(3, "NORMAL", 6, 2), nil, 300, state(4, "ISOLATE", 6, 2)},
		"Pro renews itself":      {state(3, "NORMAL", 6, 1), nil, 40, state(3, "NORMAL", 66, 1)},
		"isolated for very long": {state(4, "ISOLATE", -30, 2), nil, 40, state(4, "ISOLATE", -30, 2)},
		"never bought":           {license.PurchaseState{State: new(int64(0))}, nil, 40, license.PurchaseState{State: new(int64(0))}},
		"state not known":        {license.PurchaseState{}, bought, 40, license.PurchaseState{}},
		"Pro is renewed":         {state(3, "NORMAL", 20, 2), bought, 40, state(3, "NORMAL", 300, 2)},
		"bought after the trial": {state(2, "", 6, 0), bought, 40, func() license.PurchaseState {
			p := state(3, "NORMAL", 300, 0)
			p.BeginTime = on(10)
			return p
		}()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := account()
			s.PurchaseState = &c.was
			if diff := cmp.Diff(&c.want, future.At(s, day(c.after), c.plan).PurchaseState); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheTimeBeforeIsNotKnown(t *testing.T) {
	t.Parallel()
	s := account(ultimate(3, license.RenewalOff))
	if diff := cmp.Diff(s, future.At(s, day(-1), nil)); diff != "" {
		t.Error(diff)
	}
}

func TestRenewals(t *testing.T) {
	t.Parallel()
	s := account(ultimate(3, license.RenewalOff), license.Order{LicenseId: new(int64(7)), LicenseType: new(int64(0)), OrderStatus: new(int64(1))})
	s.PurchaseState = &license.PurchaseState{State: new(int64(3)), ExpirationTime: on(30)}
	for text, want := range map[string]string{
		"cwp-aaaa=2027-01-31":            "",
		"cwp-aaaa=2027-01-31@2026-11-27": "",
		"tcss=2027-01-31":                "",
		"cwp-aaaa":                       `"cwp-aaaa" names no order and date: write it like cwp-aaaa=2027-01-31`,
		"=2027-01-31":                    "names no order and date",
		"cwp-aaaa=soon":                  `cwp-aaaa: "soon" is no date: write the new deadline like 2027-01-31`,
		"cwp-aaaa=2027-01-31@soon":       `"soon" is no date: write the day of the renewal like 2026-12-01`,
		"cwp-aaaa=2027-01-31@2026-11-01": "cwp-aaaa: 2026-11-01 lies before the first day that is looked at, 2026-11-22",
		"cwp-aaaa=2026-11-23":            "cwp-aaaa: the new deadline 2026-11-23 is not later than the present one, 2026-11-25",
		"cwp-aaaa=2026-11-23@2026-11-24": "the new deadline 2026-11-23 is not after the day of the renewal",
		"cwp-aaaa=2027-01-31@2026-12-26": "the order is destroyed by 2026-12-26: it cannot be renewed any more",
		"tcss=2026-11-30":                "tcss: the new deadline 2026-11-30 is not later than the present one, 2026-12-22",
		"7=2027-01-31":                   "7: the order has no deadline to move",
		"cwp-zzzz=2027-01-31":            "cwp-zzzz: there is no such order; there are cwp-aaaa, tcss",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			r, err := future.ParseRenewal(text, read)
			if err == nil {
				err = future.Check(s, []future.Renewal{r})
			}
			switch {
			case want == "" && err != nil:
				t.Error(err)
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
	r, err := future.ParseRenewal("cwp-aaaa=2027-01-31@2026-11-27", read)
	want := future.Renewal{ID: "cwp-aaaa", Deadline: time.Date(2027, 1, 31, 23, 59, 59, 0, zone), At: time.Date(2026, 11, 27, 0, 0, 0, 0, zone)}
	if diff := cmp.Diff(want, r); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func FuzzParseRenewal(f *testing.F) {
	for _, seed := range []string{"cwp-aaaa=2027-01-31", "tcss=2027-01-31@2026-12-01", "=", "a=b@c", "cwp-aaaa=9999-12-31"} {
		f.Add(seed)
	}
	s := account(ultimate(3, license.RenewalOff))
	f.Fuzz(func(t *testing.T, text string) {
		r, err := future.ParseRenewal(text, read)
		if err != nil {
			return
		}
		if r.ID == "" || r.At.Before(read) {
			t.Errorf("%q became %+v", text, r)
		}
		if future.Check(s, []future.Renewal{r}) == nil {
			if then := future.At(s, r.At, []future.Renewal{r}).Orders.List[0]; *then.OrderStatus != license.OrderNormal {
				t.Errorf("%q was accepted, and the order is %d", text, *then.OrderStatus)
			}
		}
	})
}
