package handler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/rules"
)

// The accounts of these tests live through 400 days of hourly alerts and daily
// digests, and what every message says is held against what is true. The model of
// how an order lives is the test's own: it ends to the second, is isolated with
// its licenses unbound, and is destroyed 30 days later.

// yearStart is the first moment of the 400 days.
var yearStart = time.Date(2026, time.January, 5, 0, 37, 0, 0, chinaTime)

var chinaTime = time.FixedZone("UTC+8", 8*60*60)

// yearHours are the default hours.
var yearHours = license.Hours{Windows: []license.HoursWindow{{Days: [7]bool{true, true, true, true, true, true, true}, From: 9 * 60, To: 21 * 60}}}

// yearOrder is an order of a made-up account.
type yearOrder struct {
	id       string
	edition  int64
	licenses int64
	used     int64
	ends     time.Time
	renewal  int64

	isolated, destroyed bool
}

// yearAccount is a made-up account.
type yearAccount struct {
	orders []*yearOrder
	spare  int64 // licenses in use on pay as you go
	state  int64 // of container security
	ends   time.Time
	renews int64

	changed bool // something other than the clock has changed since the last reading
}

// year is how a made-up account is watched.
type year struct {
	t       *testing.T
	account *yearAccount
	days    int
	events  map[int]func(*yearAccount) // by day, at noon
	down    func(day int, channel string) bool

	ledger *life.Ledger
	now    time.Time
	runs   int
	alerts int
	calls  map[string]map[string]bool // by channel: the dates on which people were called
	told   map[string]bool            // dates on which an order's key was in a message of slack
}

// live makes the orders end that end, and everything renew that renews.
func (a *yearAccount) live(now time.Time) {
	for _, o := range a.orders {
		switch {
		case o.destroyed:
		case o.isolated && now.Sub(o.ends) >= 30*24*time.Hour:
			o.destroyed, a.changed = true, true
		case o.isolated || now.Before(o.ends):
		case o.renewal == license.RenewalOn:
			o.ends, a.changed = o.ends.AddDate(1, 0, 0), true
		default:
			o.isolated, a.changed = true, true
		}
	}
	for ; a.state == license.StatePro && a.renews == license.RenewalOn && !now.Before(a.ends); a.changed = true {
		a.ends = a.ends.AddDate(1, 0, 0)
	}
	if a.state == license.StateTrial && !now.Before(a.ends) {
		a.state, a.changed = license.StateTrialOver, true
	}
	if a.state == license.StatePro && now.Sub(a.ends) >= 5*24*time.Hour {
		a.state, a.changed = license.StateExpired, true
	}
}

// read is what the cloud answers.
func (a *yearAccount) read(now time.Time) license.Snapshot {
	s := license.Snapshot{
		Account: "100000000001", Site: license.SiteCN, ReadAt: now,
		Wanted:   []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState},
		Overview: &license.Overview{}, Orders: &license.Orders{}, PurchaseState: &license.PurchaseState{},
	}
	valid, used, near, expired, dead := a.spare, a.spare, int64(0), int64(0), int64(0)
	for i, o := range a.orders {
		status, use := int64(license.OrderNormal), o.used
		switch {
		case o.destroyed:
			status, use = license.OrderDestroyed, 0
			dead++
		case o.isolated:
			status, use = license.OrderIsolated, 0
			expired += o.licenses
		default:
			valid += o.licenses
			if o.ends.Sub(now) < 15*24*time.Hour { // the service counts what renews itself, too
				near += o.licenses
			}
		}
		used += use
		id, deadline, kind := int64(i+1), o.ends.Format(time.DateTime), o.edition
		s.Orders.List = append(s.Orders.List, license.Order{
			LicenseId: &id, ResourceId: &o.id, LicenseType: &kind, LicenseCnt: &o.licenses, UsedLicenseCnt: &use, OrderStatus: &status,
			Deadline: &deadline, AutoRenewFlag: new(o.renewal), SourceType: new(int64(0)), LicenseStatus: new(int64(1)), Alias: new(""),
		})
	}
	s.Orders.TotalCount = int64(len(s.Orders.List))
	*s.Overview = license.Overview{
		LicenseCnt: new(valid + expired), NotExpiredLicenseCnt: &valid, UsedLicenseCnt: &used, AvailableLicenseCnt: new(valid - used),
		NearExpiryLicenseCnt: &near, ExpireLicenseCnt: &expired, DestroyOrderNum: &dead, AutoRepurchaseSwitch: new(false), AutoRepurchaseRenewSwitch: new(false),
		ProtectType: new("FLAGSHIP_PREPAY"),
	}
	state, ends := a.state, a.ends.Format(time.DateTime)
	cores := int64(64)
	if state != license.StatePro && state != license.StateTrial {
		cores = 0
	}
	*s.PurchaseState = license.PurchaseState{
		State: &state, ExpirationTime: &ends, AutomaticRenewal: new(a.renews), AllCoresCnt: new(int64(64)), CoresCnt: &cores,
		UndefendCoresCnt: new(64 - cores), AuthorizedCoresCnt: new(int64(64)),
	}
	return s
}

// lapsed says whether something has lapsed that nothing has taken over.
func (a *yearAccount) lapsed(now time.Time) bool {
	for _, o := range a.orders {
		if o.used > 0 && o.isolated && (!o.destroyed || now.Sub(o.ends) < 36*24*time.Hour) {
			return true
		}
	}
	return a.state == license.StateExpired || a.state == license.StateTrialOver
}

// run lives through the days.
func (y *year) run() {
	y.t.Helper()
	y.ledger = life.New()
	y.calls = map[string]map[string]bool{"slack": {}, "wecom": {}}
	y.told = map[string]bool{}
	for day := range y.days {
		date := yearStart.AddDate(0, 0, day)
		for hour := range 24 {
			y.now = date.Add(time.Duration(hour) * time.Hour)
			if hour == 9 {
				alert := y.now
				y.now = alert.Add(-30 * time.Minute) // 09:07
				y.tick(day, license.ModeDigest)
				y.now = alert
			}
			if event := y.events[day]; event != nil && hour == 12 {
				event(y.account)
				y.account.changed = true
			}
			y.tick(day, license.ModeAlert)
		}
	}
}

// tick is one run of the function.
func (y *year) tick(day int, mode license.Mode) {
	a := y.account
	a.live(y.now)
	read := a.read(y.now)
	s := read.After(y.ledger.PreviousReading(), y.now)
	y.runs++
	d := handler.Decision{
		ID: fmt.Sprintf("%06d", y.runs), Slot: fmt.Sprint(y.runs), Now: y.now, Mode: mode, Language: license.English, Hours: yearHours,
		Channels: []string{"slack", "wecom"}, Snapshot: s, Rules: rules.Default(), Findings: rules.Default().Evaluate(s, y.now, license.English),
		Export: license.Export{Status: license.ExportOff},
	}
	messages := d.Decide(y.ledger).Messages
	called := map[string]bool{}
	for _, m := range messages {
		y.check(m, mode)
		for _, channel := range m.Channels {
			if m.Report.Mention && called[channel] {
				y.t.Errorf("%s: %s is called twice at once", y.now.Format("Jan 2 15:04"), channel)
			}
			called[channel] = called[channel] || m.Report.Mention
		}
		for _, channel := range m.Channels {
			if y.down != nil && y.down(day, channel) {
				y.ledger.Refuse(m.ID, channel, y.now, life.RefusedForNow)
				break // the next would fail as well
			}
			y.ledger.Accept(m.ID, channel, y.now, life.Rest{})
			if m.Report.Mention {
				y.calls[channel][y.now.Format(time.DateOnly)] = true
			}
		}
	}
	a.changed = false
}

// check holds a message against what is true.
func (y *year) check(m life.Message, mode license.Mode) {
	at := y.now.Format("Jan 2 15:04")
	headline := message.Headline(m.Report)
	if !m.Owed && m.Mode == license.ModeAlert {
		y.alerts++
		if !yearHours.Contains(y.now) && !y.account.changed {
			y.t.Errorf("%s: an alert by the calendar outside the hours: %s", at, headline)
		}
	}
	if m.Mode == license.ModeDigest && mode == license.ModeDigest && !m.Owed {
		if y.account.lapsed(y.now) && strings.HasPrefix(headline, "🟢") {
			y.t.Errorf("%s: green while something has lapsed: %s", at, headline)
		}
	}
	facts := map[string]string{}
	fact := func(name, text string) {
		if earlier, twice := facts[name]; twice {
			y.t.Errorf("%s: a fact twice in one message: %s, and %s", at, earlier, text)
		}
		facts[name] = text
	}
	for _, f := range m.Report.Firing {
		fact(factOf(f.Rule, f.Subject), f.Title.En)
		if f.Rule == "cwp-order-expiring" { // which tells that it does not renew
			fact("renewal of "+f.Subject, f.Title.En)
		}
	}
	for _, r := range m.Report.Resolved {
		rule, subject, _ := strings.Cut(r.Key, "/")
		fact(factOf(rule, subject), "over: "+r.Title.En)
	}
}

// factOf is what a rule speaks of: an order, the end of container security, the
// end of licenses as such.
func factOf(rule, subject string) string {
	switch {
	case rule == "cwp-order-will-not-renew" || rule == "cwp-order-renewal-switched-off":
		return "renewal of " + subject
	case subject != "":
		return "order " + subject
	case slices.Contains([]string{"cwp-expired", "cwp-near-expiry"}, rule):
		return "ends of licenses"
	case slices.Contains([]string{"cwp-seats-nearly-used"}, rule), strings.HasPrefix(rule, "tcss-cores"):
		return rule
	case strings.HasPrefix(rule, "tcss-"):
		return "container security"
	default:
		return rule
	}
}

// wantCalls fails unless people were called on every one of the days.
func (y *year) wantCalls(channel, what string, days ...time.Time) {
	y.t.Helper()
	for _, day := range days {
		if date := day.Format(time.DateOnly); !y.calls[channel][date] {
			y.t.Errorf("%s was not called on %s, %s", channel, date, what)
		}
	}
}

// lastDays are those before an end on which people are to be called, and that of
// the end itself.
func lastDays(end time.Time) []time.Time {
	return []time.Time{end.AddDate(0, 0, -3), end.AddDate(0, 0, -1), end}
}

func (y *year) date(day int, clock string) time.Time {
	at, err := time.ParseInLocation("15:04:05", clock, chinaTime)
	if err != nil {
		y.t.Fatal(err)
	}
	return time.Date(yearStart.Year(), yearStart.Month(), yearStart.Day()+day, at.Hour(), at.Minute(), at.Second(), 0, chinaTime)
}

// quietAccount is one on which everything renews itself.
func quietAccount(y *year) *yearAccount {
	return &yearAccount{
		spare: 5, state: license.StatePro, ends: y.date(200, "00:00:00"), renews: license.RenewalOn,
		orders: []*yearOrder{
			{id: "cwp-aaaa", edition: 2, licenses: 40, used: 20, ends: y.date(60, "10:15:00"), renewal: license.RenewalOn},
			{id: "cwp-bbbb", edition: 1, licenses: 100, used: 50, ends: y.date(150, "23:59:59"), renewal: license.RenewalOn},
			{id: "cwp-cccc", edition: 2, licenses: 10, used: 1, ends: y.date(300, "00:00:00"), renewal: license.RenewalOn},
		},
	}
}

// yearDays is 400, unless there is no time for it: the race detector makes a
// minute many, and there is one goroutine.
func yearDays(t *testing.T) int {
	if testing.Short() || raced {
		t.Skip("400 days of hourly runs: go test -run TestYear ./handler, without -race and -short")
	}
	return 400
}

func TestYearOfSelfRenewal(t *testing.T) {
	t.Parallel()
	y := &year{t: t, days: yearDays(t)}
	y.account = quietAccount(y)
	y.run()
	if y.alerts != 0 {
		t.Errorf("%d alerts about an account that renews itself", y.alerts)
	}
	if n := len(y.calls["slack"]); n != 0 {
		t.Errorf("people were called on %d days", n)
	}
}

func TestYearOfLateRenewals(t *testing.T) {
	t.Parallel()
	y := &year{t: t, days: yearDays(t)}
	y.account = quietAccount(y)
	first, second, third := y.account.orders[0], y.account.orders[1], y.account.orders[2]
	for _, o := range y.account.orders {
		o.renewal = license.RenewalOff
	}
	third.used = 0 // nobody uses it
	ends := []time.Time{first.ends, second.ends}
	y.events = map[int]func(*yearAccount){
		61:  func(*yearAccount) { first.ends, first.isolated = first.ends.AddDate(1, 0, 0), false },    // a day late
		160: func(*yearAccount) { second.ends, second.isolated = second.ends.AddDate(1, 0, 0), false }, // ten days late
	}
	y.run()
	y.wantCalls("slack", "the first order", lastDays(ends[0])...)
	y.wantCalls("wecom", "the second order", lastDays(ends[1])...)
	for n := 1; n <= 7; n++ { // 23:59:59: the lapse is seen the day after
		y.wantCalls("slack", "the second order has lapsed", ends[1].AddDate(0, 0, n))
	}
	if y.calls["slack"][third.ends.AddDate(0, 0, -3).Format(time.DateOnly)] {
		t.Error("people were called about an order that nobody uses")
	}
}

func TestYearOfTrial(t *testing.T) {
	t.Parallel()
	y := &year{t: t, days: yearDays(t)}
	y.account = quietAccount(y)
	end := y.date(30, "12:00:00")
	y.account.state, y.account.ends, y.account.renews = license.StateTrial, end, license.RenewalNotSet
	y.events = map[int]func(*yearAccount){120: func(a *yearAccount) {
		a.state, a.ends, a.renews = license.StatePro, y.date(485, "12:00:00"), license.RenewalOn
	}}
	y.run()
	y.wantCalls("slack", "the trial", lastDays(end)...)
	for n := 1; n <= 6; n++ {
		y.wantCalls("wecom", "the trial is over", end.AddDate(0, 0, n))
	}
	weeks := 0
	for n := 8; n < 85; n++ {
		if y.calls["slack"][end.AddDate(0, 0, n).Format(time.DateOnly)] {
			weeks++
		}
	}
	if weeks < 10 || weeks > 12 {
		t.Errorf("called on %d days of 11 weeks after the first, want weekly", weeks)
	}
}

func TestYearWithChatDown(t *testing.T) {
	t.Parallel()
	y := &year{t: t, days: yearDays(t)}
	y.account = quietAccount(y)
	order := y.account.orders[0]
	order.renewal = license.RenewalOff
	end := order.ends
	y.down = func(day int, channel string) bool { return channel == "wecom" && day >= 55 && day < 62 }
	y.run()
	y.wantCalls("slack", "the order", lastDays(end)...)
	back := y.date(62, "10:00:00")
	y.wantCalls("wecom", "the chat is back", back)
}

func TestYearOfSwitches(t *testing.T) {
	t.Parallel()
	y := &year{t: t, days: yearDays(t)}
	y.account = quietAccount(y)
	biggest := y.account.orders[1]
	y.events = map[int]func(*yearAccount){
		20:  func(*yearAccount) { biggest.renewal = license.RenewalOff },
		90:  func(*yearAccount) { biggest.renewal = license.RenewalOn },
		140: func(*yearAccount) { biggest.renewal = license.RenewalOff }, // ten days before the end
		145: func(*yearAccount) { biggest.renewal = license.RenewalOn },
		170: func(a *yearAccount) { a.renews = license.RenewalOff },
		190: func(a *yearAccount) { a.renews = license.RenewalOn },
	}
	y.run()
	if n := len(y.calls["slack"]); n != 0 {
		t.Errorf("people were called on %d days: %v", n, y.calls["slack"])
	}
	if y.alerts < 4 || y.alerts > 8 {
		t.Errorf("%d alerts about six switches", y.alerts)
	}
}

func TestYearOfManyOrders(t *testing.T) {
	t.Parallel()
	y := &year{t: t, days: min(yearDays(t), 45)}
	y.account = quietAccount(y)
	y.account.orders = nil
	for i := range 260 {
		y.account.orders = append(y.account.orders, &yearOrder{
			id: fmt.Sprintf("cwp-%04d", i), edition: 2, licenses: 40, used: 31, ends: y.date(35, "10:00:00"), renewal: license.RenewalOff,
		})
	}
	y.run()
	y.wantCalls("slack", "the orders", lastDays(y.account.orders[0].ends)...)
	if y.alerts > 12 {
		t.Errorf("%d alerts about what is one event", y.alerts)
	}
}
