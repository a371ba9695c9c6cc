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

// course is an account on which things happen, judged by the built-in rules, and
// what one chat is told of it.
type course struct {
	t      *testing.T
	ledger *life.Ledger
	now    time.Time
	hours  license.Hours
	seen   license.Snapshot // what the next run reads
	runs   int
}

// newCourse begins at 09:37, with an account on which all is well.
func newCourse(t *testing.T) *course {
	t.Helper()
	c := &course{t: t, ledger: life.New(), now: time.Date(2026, time.November, 23, 9, 37, 0, 0, chinaTime), hours: yearHours}
	c.seen = license.Snapshot{
		Account: "100000000001", Site: license.SiteCN, Wanted: []license.Source{license.SourceOverview, license.SourceOrders},
		Overview: &license.Overview{
			LicenseCnt: new(int64(300)), NotExpiredLicenseCnt: new(int64(300)), UsedLicenseCnt: new(int64(150)), AvailableLicenseCnt: new(int64(150)),
			NearExpiryLicenseCnt: new(int64(0)), ExpireLicenseCnt: new(int64(0)), DestroyOrderNum: new(int64(0)),
			AutoRepurchaseSwitch: new(false), AutoRepurchaseRenewSwitch: new(false), ProtectType: new("FLAGSHIP_PREPAY"),
		},
	}
	c.list(c.order("cwp-aaaa", license.OrderNormal, license.RenewalOn, c.now.AddDate(0, 6, 0)))
	return c
}

// order is one of 200 licenses, 100 of them in use.
func (c *course) order(id string, status, renewal int64, ends time.Time) license.Order {
	used := int64(100)
	if status != license.OrderNormal {
		used = 0
	}
	deadline := ends.Format(time.DateTime)
	return license.Order{
		LicenseId: new(int64(len(id)) + int64(id[len(id)-1])), ResourceId: &id, LicenseType: new(int64(license.LicenseTypeUltimate)),
		LicenseStatus: new(int64(1)), LicenseCnt: new(int64(200)), UsedLicenseCnt: &used, OrderStatus: &status, Deadline: &deadline,
		AutoRenewFlag: &renewal, SourceType: new(int64(0)), Alias: new(""),
	}
}

// list is a complete list of orders from now on.
func (c *course) list(orders ...license.Order) {
	c.seen.Orders = &license.Orders{List: orders, TotalCount: int64(len(orders))}
}

// run is one run; it returns what the chat was told, a line for each thing.
func (c *course) run(mode license.Mode) []string {
	c.t.Helper()
	c.runs++
	s := c.seen
	s.ReadAt = c.now
	overview, orders := *s.Overview, *s.Orders
	s.Overview, s.Orders = &overview, &orders
	s = s.After(c.ledger.PreviousReading(), c.now)
	d := handler.Decision{
		ID: fmt.Sprintf("%06d", c.runs), Slot: fmt.Sprint(c.runs), Now: c.now, Mode: mode, Language: license.English, Hours: c.hours,
		Channels: []string{"slack"}, Snapshot: s, Rules: rules.Default(), Findings: rules.Default().Evaluate(s, c.now, license.English),
		Export: license.Export{Status: license.ExportOff},
	}
	messages := d.Decide(c.ledger).Messages
	var told []string
	for _, m := range messages {
		for _, f := range m.Report.Firing {
			told = append(told, strings.Join([]string{string(f.Story.Change), f.Key(), string(f.Severity)}, " "))
		}
		for _, r := range m.Report.Resolved {
			told = append(told, "resolved "+r.Key)
		}
		if m.Report.Unjudged > 0 {
			told = append(told, "unjudged: "+message.Headline(m.Report))
		}
		if m.Report.Mention {
			told = append(told, "call")
		}
		c.ledger.Accept(m.ID, "slack", c.now, life.Rest{})
	}
	return told
}

func (c *course) alert() []string {
	c.t.Helper()
	return c.run(license.ModeAlert)
}

func (c *course) want(what string, got []string, want ...string) {
	c.t.Helper()
	if !slices.Equal(got, want) {
		c.t.Errorf("%s, %s: told %q, want %q", c.now.Format("Jan 2 15:04"), what, got, want)
	}
}

func (c *course) wait(d time.Duration) *course {
	c.now = c.now.Add(d)
	return c
}

// TestUseAtTheThreshold: 270 and 269 of 300 in use by turns are one alert.
func TestUseAtTheThreshold(t *testing.T) {
	t.Parallel()
	c := newCourse(t)
	c.want("all is well", c.alert())
	alerts := 0
	for n := range 24 {
		c.seen.Overview.UsedLicenseCnt = new(270 - int64(n%2))
		if len(c.wait(time.Hour).alert()) > 0 {
			alerts++
		}
	}
	if alerts != 1 {
		t.Errorf("%d alerts", alerts)
	}
}

// TestValuesNobodyKnows: what was told, and cannot be judged any more, is not silent.
func TestValuesNobodyKnows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(o *license.Order)
		want   string
	}{
		"undocumented": {func(o *license.Order) { o.OrderStatus = new(int64(9)) }, "🟠 Order cwp-bbbb cannot be judged: its status is 9, which is not documented"},
		"no end":       {func(o *license.Order) { o.Deadline = nil }, "🟠 Order cwp-bbbb cannot be judged: it has no end date"},
		"missing":      {func(o *license.Order) { o.AutoRenewFlag = nil }, "🟠 1 check could not be made"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCourse(t)
			stays := c.order("cwp-aaaa", license.OrderNormal, license.RenewalOn, c.now.AddDate(0, 6, 0))
			o := c.order("cwp-bbbb", license.OrderNormal, license.RenewalOff, c.now.AddDate(0, 0, 5))
			c.list(stays, o)
			c.want("new", c.alert(), "new cwp-order-expiring/cwp-bbbb warning")
			test.change(&o)
			c.list(stays, o)
			for range 2 {
				c.want("it may pass", c.wait(time.Hour).alert())
			}
			c.want("three times", c.wait(time.Hour).alert(), "unjudged: "+test.want)
			c.want("said", c.wait(time.Hour).alert())
			c.want("the next day", c.wait(23*time.Hour).alert(), "unjudged: "+test.want)
		})
	}
}

// TestOrderMissingByTurns is told as what it is, once.
func TestOrderMissingByTurns(t *testing.T) {
	t.Parallel()
	c := newCourse(t)
	stays := c.order("cwp-aaaa", license.OrderNormal, license.RenewalOn, c.now.AddDate(0, 6, 0))
	comes := c.order("cwp-bbbb", license.OrderNormal, license.RenewalOff, c.now.AddDate(0, 0, 20))
	c.list(stays, comes)
	c.want("new", c.alert(), "new cwp-order-expiring/cwp-bbbb warning")
	for range 24 {
		c.list(stays)
		c.want("missing", c.wait(time.Hour).alert())
		c.list(stays, comes)
		c.want("there", c.wait(time.Hour).alert())
	}
}

// TestMoreHasExpired, or is about to, is told at once.
func TestMoreHasExpired(t *testing.T) {
	t.Parallel()
	c := newCourse(t)
	c.alert()
	c.seen.Overview.ExpireLicenseCnt = new(int64(1))
	c.want("one", c.wait(time.Hour).alert(), "new cwp-expired critical", "call")
	c.seen.Overview.ExpireLicenseCnt = new(int64(100))
	c.want("a hundred", c.wait(time.Hour).alert(), "worse cwp-expired critical", "call")
	c.want("as many", c.wait(time.Hour).alert())
	c.now = time.Date(2026, time.November, 24, 2, 37, 0, 0, chinaTime)
	c.seen.Overview.ExpireLicenseCnt = new(int64(101))
	c.want("one more, at night", c.alert(), "worse cwp-expired critical", "call")

	c = newCourse(t)
	c.alert()
	c.seen.Overview.NearExpiryLicenseCnt = new(int64(3))
	c.want("three", c.wait(time.Hour).alert(), "new cwp-near-expiry warning")
	c.seen.Overview.NearExpiryLicenseCnt = new(int64(250))
	c.want("many", c.wait(time.Hour).alert(), "worse cwp-near-expiry warning")
	c.want("as many", c.wait(time.Hour).alert())
}

// TestCallsOfAnOrder: at 3, 1 and 0 days, when it lapses, daily for a week after that,
// and then weekly; also where a digest comes first.
func TestCallsOfAnOrder(t *testing.T) {
	t.Parallel()
	for _, digests := range []bool{false, true} {
		c := newCourse(t)
		end := time.Date(2026, time.November, 28, 15, 0, 0, 0, chinaTime)
		var called []string
		for c.now.Before(end.AddDate(0, 0, 26)) {
			status := int64(license.OrderNormal)
			if !c.now.Before(end) {
				status = license.OrderIsolated
				c.seen.Overview.UsedLicenseCnt, c.seen.Overview.ExpireLicenseCnt, c.seen.Overview.NotExpiredLicenseCnt = new(int64(50)), new(int64(200)), new(int64(100))
			}
			c.list(c.order("cwp-aaaa", status, license.RenewalOff, end))
			mode := license.ModeAlert
			if digests && c.now.Hour() == 9 {
				mode = license.ModeDigest
			}
			if slices.Contains(c.run(mode), "call") {
				called = append(called, c.now.Format("01-02 15"))
			}
			c.wait(time.Hour)
		}
		want := []string{"11-25 09", "11-27 09", "11-28 09", "11-28 15"}
		if digests {
			want = append(want, "11-29 09", "11-30 09", "12-01 09", "12-02 09", "12-03 09", "12-04 09", "12-05 09", "12-12 09", "12-19 09")
		} else {
			want = append(want, "11-29 15", "11-30 15", "12-01 15", "12-02 15", "12-03 15", "12-04 15", "12-11 15", "12-18 15")
		}
		if !slices.Equal(called, want) {
			t.Errorf("digests %t: called at\n%q, want\n%q", digests, called, want)
		}
	}
}

// TestAcknowledgedAcrossAThreshold: a week of silence in which 7 days are reached, and
// then its end, once, within the hours.
func TestAcknowledgedAcrossAThreshold(t *testing.T) {
	t.Parallel()
	c := newCourse(t)
	end := c.now.AddDate(0, 0, 12)
	c.list(c.order("cwp-aaaa", license.OrderNormal, license.RenewalOff, end))
	c.want("new", c.alert(), "new cwp-order-expiring/cwp-aaaa warning")
	ack := license.Ack{Rule: "cwp-order-expiring", Subject: "cwp-aaaa", Until: c.now.AddDate(0, 0, 7), Reason: "ordered", By: "oncall"}
	if err := c.ledger.Acknowledge(ack, c.now); err != nil {
		t.Fatal(err)
	}
	told := map[string][]string{}
	for range 12 * 24 {
		if lines := c.wait(time.Hour).alert(); len(lines) > 0 {
			told[c.now.Format("01-02 15:04")] = lines
		}
		if c.now.After(end.Add(-4 * 24 * time.Hour)) {
			break
		}
	}
	if len(told) != 1 || !slices.Equal(told["11-30 09:37"], []string{"worse cwp-order-expiring/cwp-aaaa warning"}) {
		t.Errorf("told %q", told)
	}
}

// TestLapsedOrderVanishes: what is no longer listed protects nothing again. It is told as
// destroyed after two complete lists, for a week, unless its licenses are in use elsewhere.
func TestLapsedOrderVanishes(t *testing.T) {
	t.Parallel()
	stays := func(c *course) license.Order {
		return c.order("cwp-aaaa", license.OrderNormal, license.RenewalOn, c.now.AddDate(0, 6, 0))
	}
	for name, last := range map[string]func(c *course) license.Order{
		"isolated": func(c *course) license.Order {
			return c.order("cwp-bbbb", license.OrderIsolated, license.RenewalOff, c.now.Add(-time.Hour))
		},
		"destroyed": func(c *course) license.Order {
			return c.order("cwp-bbbb", license.OrderDestroyed, license.RenewalOff, c.now.Add(-time.Hour))
		},
		"ended": func(c *course) license.Order {
			return c.order("cwp-bbbb", license.OrderNormal, license.RenewalOff, c.now.Add(-time.Hour))
		},
		"ended and missing at once": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCourse(t)
			c.seen.Overview.UsedLicenseCnt = new(int64(200))
			c.list(stays(c), c.order("cwp-bbbb", license.OrderNormal, license.RenewalOff, c.now.Add(23*time.Hour)))
			c.run(license.ModeDigest)
			c.seen.Overview.UsedLicenseCnt = new(int64(100))
			if c.wait(24 * time.Hour); last != nil {
				c.list(stays(c), last(c))
				c.run(license.ModeDigest)
				c.wait(24 * time.Hour)
			}
			c.list(stays(c))
			for day := range 8 {
				told := c.run(license.ModeDigest)
				is := func(rule string) bool {
					return slices.ContainsFunc(told, func(line string) bool { return strings.HasSuffix(line, rule+"/cwp-bbbb critical") })
				}
				if early := day == 0 && (is("cwp-order-isolated") || is("cwp-order-ended")); !early && !is("cwp-order-destroyed") && day < 6 {
					t.Errorf("day %d without it: told %q", day, told)
				}
				c.wait(24 * time.Hour)
			}
			for range 60 {
				c.want("long gone", c.wait(24*time.Hour).run(license.ModeDigest))
			}
			if orders := c.ledger.Previous().Orders.List; len(orders) != 1 {
				t.Errorf("%d orders are kept", len(orders))
			}
		})
	}

	c := newCourse(t)
	c.seen.Overview.UsedLicenseCnt = new(int64(200))
	c.list(stays(c), c.order("cwp-bbbb", license.OrderNormal, license.RenewalOff, c.now.Add(23*time.Hour)))
	c.run(license.ModeDigest)
	c.seen.Overview.UsedLicenseCnt = new(int64(100))
	c.list(stays(c), c.order("cwp-bbbb", license.OrderIsolated, license.RenewalOff, c.now.Add(23*time.Hour)))
	c.wait(24 * time.Hour).run(license.ModeDigest)
	heir := stays(c)
	heir.UsedLicenseCnt, c.seen.Overview.UsedLicenseCnt = new(int64(200)), new(int64(200))
	c.list(heir)
	for range 3 {
		for _, line := range c.wait(24 * time.Hour).run(license.ModeDigest) {
			if strings.HasSuffix(line, "critical") {
				t.Errorf("taken over, and told %q", line)
			}
		}
	}

	unused := c.order("cwp-cccc", license.OrderNormal, license.RenewalOff, c.now.Add(23*time.Hour))
	unused.UsedLicenseCnt = new(int64(0))
	c.list(heir, unused)
	c.run(license.ModeDigest)
	c.wait(24 * time.Hour).run(license.ModeDigest)
	c.list(heir)
	c.wait(24 * time.Hour).run(license.ModeDigest)
	c.want("nobody used it", c.wait(24*time.Hour).run(license.ModeDigest), "resolved cwp-order-ended/cwp-cccc")
}

// explainedCourse has counts that orders explain, and told.
func explainedCourse(t *testing.T) *course {
	t.Helper()
	c := newCourse(t)
	c.seen.Overview.UsedLicenseCnt = new(int64(100))
	isolated := c.order("cwp-bbbb", license.OrderIsolated, license.RenewalOff, c.now.AddDate(0, 0, -3))
	old := c.order("cwp-cccc", license.OrderDestroyed, license.RenewalOff, c.now.AddDate(0, -3, 0))
	stays := c.seen.Orders.List[0]
	ends := c.order("cwp-dddd", license.OrderNormal, license.RenewalOff, c.now.AddDate(0, 0, 12))
	c.list(stays, isolated, old, ends)
	c.seen.Overview.ExpireLicenseCnt, c.seen.Overview.NearExpiryLicenseCnt = new(int64(400)), new(int64(200))
	c.want("new", c.alert(), "new cwp-order-isolated/cwp-bbbb critical", "new cwp-order-expiring/cwp-dddd warning", "call")
	return c
}

// TestListUnreadForAWhile: what the orders explained is no news to alerts while their list
// cannot be read, and what they did not explain is.
func TestListUnreadForAWhile(t *testing.T) {
	t.Parallel()
	c := explainedCourse(t)
	whole := c.seen.Orders
	for name, orders := range map[string]license.Orders{"unread": {}, "incomplete": {Incomplete: true, TotalCount: 4, List: whole.List[:1]}} {
		c.seen.Orders, c.seen.Failures = &orders, map[license.Source]*license.Failure{}
		if name == "unread" {
			c.seen.Failures[license.SourceOrders] = &license.Failure{Kind: license.FailureServer, Code: "InternalError"}
		}
		for _, line := range c.wait(time.Hour).alert() {
			if !strings.HasPrefix(line, "unread") {
				t.Errorf("%s: told %q", name, line)
			}
		}
		c.seen.Orders, c.seen.Failures = whole, nil
		c.want("read again", c.wait(time.Hour).alert())
	}
	c.seen.Failures = map[license.Source]*license.Failure{license.SourceOrders: {Kind: license.FailureServer, Code: "InternalError"}}
	c.seen.Overview.ExpireLicenseCnt = new(int64(440))
	c.want("more has expired", c.wait(time.Hour).alert(), "new cwp-expired critical", "call")
	told := c.wait(24 * time.Hour).run(license.ModeDigest)
	if !slices.ContainsFunc(told, func(line string) bool { return strings.HasSuffix(line, "cwp-expired critical") }) {
		t.Errorf("the digest says %q", told)
	}
}

// TestDigestWhileListIsUnread: what the orders told is not new in a digest about all of them,
// and what they did not explain is worse.
func TestDigestWhileListIsUnread(t *testing.T) {
	t.Parallel()
	c := explainedCourse(t)
	c.seen.Orders = &license.Orders{}
	c.seen.Failures = map[license.Source]*license.Failure{license.SourceOrders: {Kind: license.FailureServer, Code: "InternalError"}}
	c.want("unread", c.wait(time.Hour).run(license.ModeDigest), "ongoing cwp-expired critical")
	c.want("unread for hours", c.wait(time.Hour).alert())
	c.seen.Overview.ExpireLicenseCnt = new(int64(440))
	c.want("more has expired", c.wait(time.Hour).alert(), "worse cwp-expired critical", "call")
}

// TestContainerSecurityIsDestroyed: worse than isolated, at once; the spellings of
// destroyed are one.
func TestContainerSecurityIsDestroyed(t *testing.T) {
	t.Parallel()
	c := newCourse(t)
	c.seen.Wanted = append(c.seen.Wanted, license.SourcePurchaseState)
	plan := func(sub string) {
		c.seen.PurchaseState = &license.PurchaseState{
			State: new(int64(license.StateExpired)), SubState: &sub, ExpirationTime: new("2026-11-20 00:00:00"), CoresCnt: new(int64(68)),
		}
		c.wait(time.Hour)
	}
	plan("ISOLATE")
	c.want("isolated", c.alert(), "new tcss-expired critical", "call")
	plan("ISOLATE")
	c.want("still isolated", c.alert())
	plan("DESTROED")
	c.want("destroyed", c.alert(), "worse tcss-expired critical", "call")
	for _, sub := range []string{"DESTROYED", "TERMINATED", "DESTROED"} {
		plan(sub)
		c.want(sub, c.alert())
	}
}

// TestOrderMissingFromOneList: one list may be wrong, and no digest is green for it. After
// the second one the order is gone.
func TestOrderMissingFromOneList(t *testing.T) {
	t.Parallel()
	c := newCourse(t)
	stays := c.order("cwp-aaaa", license.OrderNormal, license.RenewalOn, c.now.AddDate(0, 6, 0))
	ends := c.order("cwp-bbbb", license.OrderNormal, license.RenewalOff, c.now.AddDate(0, 0, 20))
	c.list(stays, ends)
	c.want("listed", c.run(license.ModeDigest), "new cwp-order-expiring/cwp-bbbb warning")
	c.list(stays)
	c.want("missing", c.wait(24*time.Hour).run(license.ModeDigest), "ongoing cwp-order-expiring/cwp-bbbb warning")
	c.want("gone", c.wait(24*time.Hour).run(license.ModeDigest), "resolved cwp-order-expiring/cwp-bbbb")
	c.want("long gone", c.wait(24*time.Hour).run(license.ModeDigest))
}
