package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/report"
)

var now = time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)

// order is an order of Ultimate licenses that ends on a day without renewing itself.
func order(id, end string, change func(*license.Order)) license.Order {
	o := license.Order{ResourceId: &id, LicenseId: new(int64(len(id))), LicenseType: new(int64(license.LicenseTypeUltimate)),
		LicenseCnt: new(int64(40)), UsedLicenseCnt: new(int64(33)), OrderStatus: new(int64(license.OrderNormal)),
		AutoRenewFlag: new(int64(license.RenewalOff)), SourceType: new(int64(license.SourceTypePaid)), BuyTime: new("2025-12-05 00:00:00"), Deadline: &end}
	if change != nil {
		change(&o)
	}
	return o
}

// reportOf is the report of one reading.
func reportOf(t *testing.T, s license.Snapshot) *report.Report {
	t.Helper()
	s.Account, s.ReadAt = "100000000001", now
	if s.Site == "" {
		s.Site = license.SiteCN
	}
	b := report.NewBuilder(report.Options{Now: now, From: now.AddDate(0, 0, -9), To: now, Until: now.AddDate(1, 0, 0)})
	g := report.NewGatherer(s.Account, "")
	g.AddReading(report.Reading{Record: "record", Snapshot: s})
	if err := b.Add(g); err != nil {
		t.Fatal(err)
	}
	return b.Report()
}

// TestPlan: what has to be renewed, how many licenses, until when, and how.
func TestPlan(t *testing.T) {
	t.Parallel()
	const end = "2026-12-07 00:00:00" // a Monday
	idle := func(name, state string) license.BoundMachine {
		return license.BoundMachine{MachineName: &name, AgentStatus: new("ONLINE"), InstanceState: &state}
	}
	for name, test := range map[string]struct {
		order    license.Order
		machines []license.BoundMachine
		want     string // held, idle, suggested, at the latest, whether there is a command
	}{
		"as it is":          {order("cwp-a", end, nil), nil, "40 – 33 2026-12-04 command"},
		"some are idle":     {order("cwp-a", end, nil), []license.BoundMachine{idle("a", "RUNNING"), idle("b", "STOPPED")}, "40 1 32 2026-12-04 command"},
		"one is not known":  {order("cwp-a", end, nil), []license.BoundMachine{idle("a", "RUNNING"), idle("b", "ODD")}, "40 – 33 2026-12-04 command"},
		"a trial":           {order("cwp-a", end, func(o *license.Order) { o.SourceType = new(int64(license.SourceTypeTrial)) }), nil, "40 – 33 2026-12-04 none"},
		"isolated":          {order("cwp-a", end, func(o *license.Order) { o.OrderStatus = new(int64(license.OrderIsolated)) }), nil, "40 – 33 2027-01-05 command"},
		"use not known":     {order("cwp-a", end, func(o *license.Order) { o.UsedLicenseCnt = nil }), nil, "40 – – 2026-12-04 command"},
		"renews itself":     {order("cwp-a", end, func(o *license.Order) { o.AutoRenewFlag = new(int64(license.RenewalOn)) }), nil, ""},
		"renewal not known": {order("cwp-a", end, func(o *license.Order) { o.AutoRenewFlag = new(int64(9)) }), nil, "40 – 33 2026-12-04 command"},
		"pay as you go":     {order("cwp-a", "", func(o *license.Order) { o.LicenseType = new(int64(license.LicenseTypeProPostpay)) }), nil, ""},
		"years ahead":       {order("cwp-a", "2029-01-01 00:00:00", nil), nil, ""},
		"on a Thursday":     {order("cwp-a", "2026-12-10 23:59:59", nil), nil, "40 – 33 2026-12-09 command"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := license.Snapshot{Orders: &license.Orders{List: []license.Order{test.order}}}
			if test.machines != nil {
				s.Bindings = &license.Bindings{List: []license.Binding{{ResourceId: test.order.ResourceId, LicenseId: test.order.LicenseId, Machines: test.machines}}}
			}
			got := ""
			for _, p := range reportOf(t, s).Plan {
				command := "none"
				if p.Command() != "" {
					command = "command"
				}
				got = fmt.Sprint(text(p.Licenses), " ", text(p.Idle), " ", text(p.Suggested), " ", p.Latest.Format(time.DateOnly), " ", command)
			}
			if got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// TestPlanOfAnOrderThatIsOver: its machines are unbound then: as many are to be renewed as were in
// use before, until it is destroyed.
func TestPlanOfAnOrderThatIsOver(t *testing.T) {
	t.Parallel()
	reading := func(daysAgo int, o license.Order) report.Reading {
		return report.Reading{Record: "record", Snapshot: license.Snapshot{Account: "100000000001", Site: license.SiteCN,
			ReadAt: now.AddDate(0, 0, -daysAgo), Orders: &license.Orders{List: []license.Order{o}}}}
	}
	end := now.AddDate(0, 0, -20).Format(time.DateTime)
	over := order("cwp-a", end, func(o *license.Order) {
		o.OrderStatus, o.UsedLicenseCnt = new(int64(license.OrderIsolated)), new(int64(0))
	})
	for name, test := range map[string]struct {
		before []report.Reading
		want   string
	}{
		"it was seen before": {[]report.Reading{reading(30, order("cwp-a", end, nil))}, "33"},
		"it ended before it was isolated": {[]report.Reading{reading(30, order("cwp-a", end, nil)),
			reading(19, order("cwp-a", end, func(o *license.Order) { o.UsedLicenseCnt = new(int64(0)) }))}, "33"},
		"once its use was not told": {[]report.Reading{reading(30, order("cwp-a", end, nil)),
			reading(25, order("cwp-a", end, func(o *license.Order) { o.UsedLicenseCnt = nil }))}, "33"},
		"it never was": {nil, "–"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := report.NewBuilder(report.Options{Now: now, From: now.AddDate(0, 0, -90), To: now, Until: now.AddDate(1, 0, 0)})
			g := report.NewGatherer("100000000001", "")
			for _, r := range append(test.before, reading(0, over)) {
				g.AddReading(r)
			}
			if err := b.Add(g); err != nil {
				t.Fatal(err)
			}
			plan := b.Report().Plan
			if len(plan) != 1 || text(plan[0].Suggested) != test.want {
				t.Fatalf("%+v, want %s", plan, test.want)
			}
			if left := plan[0].Latest.Sub(now).Hours() / 24; left < 5 || left > 10 {
				t.Errorf("renewable for %.1f days, want the working day before the tenth", left)
			}
		})
	}
}

func text(n *int64) string {
	if n == nil {
		return "–"
	}
	return fmt.Sprint(*n)
}

// TestCommand: only the China site's API renews an order, and its id is one word whatever it is.
func TestCommand(t *testing.T) {
	t.Parallel()
	orders := license.Orders{List: []license.Order{order("a'; rm -rf ~ #", "2026-12-07 00:00:00", nil)}}
	command := reportOf(t, license.Snapshot{Orders: &orders}).Plan[0].Command()
	if !strings.Contains(command, ` --InstanceId 'a'\''; rm -rf ~ #' --Period 12 `) || !strings.Contains(command, "--ProductCode p_yunjing") {
		t.Error(command)
	}
	p := reportOf(t, license.Snapshot{Site: license.SiteIntl, Orders: &orders}).Plan[0]
	if p.Command() != "" || p.Console() != "https://console.tencentcloud.com/account/renewal" {
		t.Errorf("%q, %s", p.Command(), p.Console())
	}
}

// TestEstimate: a price of the term is better than one of a month.
func TestEstimate(t *testing.T) {
	t.Parallel()
	orders := license.Orders{List: []license.Order{order("cwp-a", "2026-12-05 00:00:00", nil)}}
	month, year := report.Price{Edition: report.Ultimate, Months: 1, Amount: 10, Currency: "CNY"},
		report.Price{Edition: report.Ultimate, Months: 12, Amount: 100, Currency: "USD"}
	for name, test := range map[string]struct {
		prices []report.Price
		want   string
	}{
		"none": {nil, "none"}, "of the term": {[]report.Price{year}, "3300 USD"}, "of a month": {[]report.Price{month}, "3960 CNY"},
		"both": {[]report.Price{month, year}, "3300 USD"}, "both, turned": {[]report.Price{year, month}, "3300 USD"},
		"of another edition": {[]report.Price{{Edition: report.Pro, Months: 12, Amount: 1, Currency: "CNY"}}, "none"},
		"of another term":    {[]report.Price{{Edition: report.Ultimate, Months: 36, Amount: 1, Currency: "CNY"}}, "none"},
	} {
		r := reportOf(t, license.Snapshot{Orders: &orders})
		r.Estimate(test.prices)
		got := "none"
		if p := r.Plan[0]; p.Estimate != nil {
			got = fmt.Sprint(*p.Estimate, " ", p.Currency)
		}
		if got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// TestUnknownIsNotZero: an account that does not tell a number leaves the sum one of fewer
// accounts, and so does one that tells only the part or only the whole.
func TestUnknownIsNotZero(t *testing.T) {
	t.Parallel()
	b := report.NewBuilder(report.Options{Now: now, From: now, To: now, Until: now.AddDate(1, 0, 0)})
	for i, overview := range []*license.Overview{{NotExpiredLicenseCnt: new(int64(7)), UsedLicenseCnt: new(int64(3))},
		{NotExpiredLicenseCnt: new(int64(90))}, {UsedLicenseCnt: new(int64(80))}, {}, nil} {
		g := report.NewGatherer(fmt.Sprint(i), "")
		s := license.Snapshot{Account: fmt.Sprint(i), ReadAt: now, Overview: overview}
		if overview == nil {
			s.Failures = map[license.Source]*license.Failure{license.SourceOverview: {Code: "Timeout"}}
		}
		g.AddReading(report.Reading{Record: "r", Snapshot: s})
		if err := b.Add(g); err != nil {
			t.Fatal(err)
		}
	}
	r := b.Report()
	if got := r.Summary.Valid; got != (report.Total{Sum: 7, Known: 1, Of: 5}) || got.IsWhole() {
		t.Errorf("valid licenses %+v", got)
	}
	if got := r.Summary.Used; got != (report.Total{Sum: 3, Known: 1, Of: 5}) {
		t.Errorf("licenses in use %+v", got)
	}
	if r.Summary.Read != 4 || r.Accounts[4].Status != report.StatusUnread {
		t.Errorf("%d read, the last is %s", r.Summary.Read, r.Accounts[4].Status)
	}
}
