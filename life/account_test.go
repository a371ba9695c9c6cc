package life_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"licensewatch/license"
	"licensewatch/life"
)

// account is the cloud of the property test: what is true about the licenses,
// and how much of that can be read.
type account struct {
	orders map[string]*order
	trial  int // 0: Pro, 1: the trial ends, 2: it is over
	seats  license.Severity
	used   int64 // percent of the licenses
	lost   int64 // licenses that have expired
	failed map[license.Source]bool
	hidden string // the order that an incomplete list leaves out
}

type order struct {
	deadline time.Time
	isolated bool
	renewal  int64
}

var orderIDs = []string{"a", "b"}

func newAccount() *account {
	a := &account{orders: map[string]*order{}, failed: map[license.Source]bool{}, used: 80}
	for i, id := range orderIDs {
		a.orders[id] = &order{deadline: start.AddDate(0, 0, 33-20*i), renewal: license.RenewalNotSet}
	}
	return a
}

// change does something to the account.
func (a *account) change(t *rapid.T, now time.Time) {
	id := rapid.SampledFrom(orderIDs).Draw(t, "order")
	o := a.orders[id]
	what := rapid.SampledFrom([]string{"deadline", "isolate", "renewal", "vanish", "trial", "seats", "used", "lost"}).Draw(t, "change")
	switch {
	case what == "used":
		a.used = rapid.SampledFrom([]int64{80, 87, 88, 89, 90, 91, 94, 95, 99, 100}).Draw(t, "percent")
	case what == "lost":
		a.lost = rapid.SampledFrom([]int64{0, 1, 2, 100}).Draw(t, "licenses")
	case what == "trial":
		a.trial = rapid.IntRange(0, 2).Draw(t, "trial")
	case what == "seats":
		a.seats = rapid.SampledFrom([]license.Severity{"", license.Warning, license.Critical}).Draw(t, "severity")
	case o == nil:
		a.orders[id] = &order{deadline: now.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days"))}
	case what == "deadline":
		o.deadline, o.isolated = now.AddDate(0, 0, rapid.IntRange(-2, 60).Draw(t, "days")), false
	case what == "isolate":
		o.isolated = !o.isolated
	case what == "renewal":
		o.renewal = rapid.Int64Range(0, 2).Draw(t, "renewal")
	case what == "vanish":
		delete(a.orders, id)
	}
}

// outage breaks or mends what can be read.
func (a *account) outage(t *rapid.T) {
	a.hidden = rapid.SampledFrom([]string{"", "", "a", "b"}).Draw(t, "hidden")
	a.failed = map[license.Source]bool{}
	for _, source := range everySource {
		a.failed[source] = rapid.IntRange(0, 2).Draw(t, string(source)) == 0
	}
}

// read takes a snapshot.
func (a *account) read(now time.Time) license.Snapshot {
	var failed []license.Source
	for _, source := range everySource {
		if a.failed[source] {
			failed = append(failed, source)
		}
	}
	s := without(failed...)
	s.ReadAt = now
	if s.Overview != nil {
		s.Overview.UsedLicenseCnt, s.Overview.ExpireLicenseCnt = &a.used, &a.lost
	}
	if s.Orders == nil {
		return s
	}
	for _, id := range orderIDs {
		o := a.orders[id]
		if o == nil {
			continue
		}
		s.Orders.TotalCount++
		if id == a.hidden {
			s.Orders.Incomplete = true
			continue
		}
		deadline, status := o.deadline.Format(time.DateTime), int64(license.OrderNormal)
		if o.isolated {
			status = license.OrderIsolated
		}
		s.Orders.List = append(s.Orders.List, license.Order{ResourceId: &id, Deadline: &deadline, OrderStatus: &status, AutoRenewFlag: &o.renewal})
	}
	return s
}

// ruleIDs are the rules of the account.
var ruleIDs = []string{"expiring", "isolated", "unrenewed", "renewal", "tcss-ending", "tcss-over", "seats", "full", "lost"}

// judge are the rules: they see what was read and nothing else.
func judge(s license.Snapshot, previous life.Previous, a *account, now time.Time) []license.Finding {
	findings := judgeOrders(s, previous, now)
	tcss := []license.Finding{unknown("tcss-ending"), unknown("tcss-over")}
	if s.PurchaseState != nil {
		tcss = []license.Finding{fine("tcss-ending"), fine("tcss-over")}
		if a.trial > 0 {
			tcss[a.trial-1] = firing(tcss[a.trial-1].Rule, []license.Severity{license.Warning, license.Critical}[a.trial-1])
		}
	}
	seats := unknown("seats")
	if s.Overview != nil {
		seats = fine("seats")
		if a.seats != "" {
			seats = firing("seats", a.seats)
			seats.RemindEvery = 7 * day
		}
	}
	findings = append(append(findings, tcss...), seats, judgeUse(s), judgeLost(s))
	cover(findings)
	return findings
}

// judgeUse fires from 90 percent on, until there are less than 88.
func judgeUse(s license.Snapshot) license.Finding {
	if s.Overview == nil {
		return unknown("full")
	}
	full, used := fine("full"), *s.Overview.UsedLicenseCnt
	if used >= 88 {
		full = measured("full", license.Warning, float64(used), 0, 95, 100)
	}
	if used < 90 && used >= 88 {
		full.State, full.Lingers = license.OK, true
	}
	return full
}

// judgeLost fires on every license that has expired; an isolated order tells of one.
func judgeLost(s license.Snapshot) license.Finding {
	if s.Overview == nil {
		return unknown("lost")
	}
	if *s.Overview.ExpireLicenseCnt == 0 {
		return fine("lost")
	}
	lost := measured("lost", license.Critical, float64(*s.Overview.ExpireLicenseCnt), 1)
	if *s.Overview.ExpireLicenseCnt == 1 {
		lost.Covers = []string{"isolated"}
	}
	return lost
}

// cover finds out, as the rules do, of which findings others tell.
func cover(findings []license.Finding) {
	fires := map[string][]license.Finding{}
	for _, f := range findings {
		if f.State == license.Firing {
			fires[f.Rule] = append(fires[f.Rule], f)
		}
	}
	for i, f := range findings {
		for _, rule := range f.Covers {
			for _, other := range fires[rule] {
				if f.State == license.Firing && (f.Subject == "" || f.Subject == other.Subject) {
					findings[i].State, findings[i].CoveredBy = license.Covered, other.Key()
				}
			}
		}
	}
}

func judgeOrders(s license.Snapshot, previous life.Previous, now time.Time) []license.Finding {
	if s.Orders == nil {
		return []license.Finding{unknown("expiring"), unknown("isolated"), unknown("unrenewed"), unknown("renewal")}
	}
	before := map[string]int64{}
	if previous.Orders != nil {
		for _, o := range previous.Orders.List {
			before[*o.ResourceId] = *o.AutoRenewFlag
		}
	}
	var findings []license.Finding
	for _, o := range s.Orders.List {
		id := *o.ResourceId
		deadline, _ := o.DeadlineTime()
		expiring, isolated, renewal := endingAt("expiring/"+id, now, deadline.In(shanghai)), fine("isolated/"+id), fine("renewal/"+id)
		unrenewed := fine("unrenewed/" + id)
		if *expiring.DaysLeft > 30 && *o.OrderStatus == license.OrderNormal && *o.AutoRenewFlag != license.RenewalOn {
			unrenewed = firing("unrenewed/"+id, license.Info)
		}
		if *expiring.DaysLeft > 30 || *o.OrderStatus == license.OrderIsolated {
			expiring = fine("expiring/" + id)
		}
		if *o.OrderStatus == license.OrderIsolated {
			isolated = firing("isolated/"+id, license.Critical)
		}
		renewal.Event = true
		if was, known := before[id]; known && was != *o.AutoRenewFlag {
			severity := license.Warning
			if *o.AutoRenewFlag == license.RenewalOff {
				severity = license.Critical
			}
			renewal = event("renewal/"+id, fmt.Sprint(was, ">", *o.AutoRenewFlag), severity)
			renewal.Covers = []string{"expiring"}
		}
		findings = append(findings, expiring, isolated, unrenewed, renewal)
	}
	return findings
}

// truth are the keys that fire when everything can be read.
func (a *account) truth(now time.Time) map[string]license.Finding {
	whole := *a
	whole.failed, whole.hidden = nil, ""
	fires := map[string]license.Finding{}
	for _, f := range judge(whole.read(now), life.Previous{}, a, now) {
		if f.State == license.Firing {
			fires[f.Key()] = f
		}
	}
	return fires
}
