package scene

import (
	"time"

	"licensewatch/license"
)

// Ago is a time some days before now.
func Ago(days int) time.Time { return Now.AddDate(0, 0, -days) }

// NextDay is the beginning of the day that many days from now.
func NextDay(days int) time.Time {
	return time.Date(Now.Year(), Now.Month(), Now.Day()+days, 0, 0, 0, 0, Now.Location())
}

// Told gives a finding a story.
func Told(f license.Finding, story license.Story) license.Finding {
	f.Story = &story
	return f
}

// Holding is an acknowledgement that holds through a day.
func Holding(rule, subject string) *license.Ack {
	return &license.Ack{
		Rule: rule, Subject: subject, Until: time.Date(2026, 12, 16, 0, 0, 0, 0, Now.Location()),
		Reason: "renewal ordered, waiting for finance", By: "oncall@ops-host", At: Ago(2), Severity: license.Warning,
	}
}

// AlertWorse is the next threshold of an order that ends.
func AlertWorse(language license.Language) license.Report {
	r := Alert(language)
	r.Firing[0] = Told(r.Firing[0], license.Story{
		Change: license.ChangeWorse, Since: Ago(27), WasDaysLeft: Ptr(int64(7)), WasSeverity: license.Warning,
		NextAt: NextDay(2),
	})
	return r
}

// AlertSeveral is one of each change.
func AlertSeveral(language license.Language) license.Report {
	r := AlertWorse(language)
	moved := Expiring(Order("cwp-bbbb", license.LicenseTypeUltimate, 40, 33, "2026-12-12", license.RenewalOff))
	r.Firing = []license.Finding{
		Told(trialOver(), license.Story{
			Change: license.ChangeWorse, Since: Ago(15),
			WasTitle: license.Text{En: "Container Security trial ends tomorrow", Zh: "容器安全试用将于明天结束"},
		}),
		r.Firing[0],
		Told(Expired(), license.Story{
			Change: license.ChangeWorse, Since: Ago(3), WasSeverity: license.Warning, Ack: &license.Ack{
				Rule: "cwp-expired", Until: NextDay(24), Reason: "will be bought with the next budget",
				By: "oncall@ops-host", Over: true,
			},
		}),
		Told(moved, license.Story{Change: license.ChangeDue, Since: Ago(40), WasDeadline: NextDay(2)}),
		Told(nearExpiry(), license.Story{Change: license.ChangeDue, Since: Ago(7), NextAt: NextDay(7)}),
		Told(topUpNotRenewing(), license.Story{Change: license.ChangeNew, Since: Now}),
	}
	return r
}

// OnlyNews is an alert in which nothing fires.
func OnlyNews(language license.Language) license.Report {
	r := AllWell(language)
	r.Mode, r.Export = license.ModeAlert, license.Export{Status: license.ExportOff}
	return r
}

// TrialResolved is a trial that is over no more.
func TrialResolved() license.Resolved {
	return license.Resolved{
		Key: "tcss-trial-over", Source: license.SourcePurchaseState, Title: trialOver().Title, Over: trialOver().Over,
		Severity: license.Critical, Since: Ago(4), At: Now,
	}
}

// OrderResolved is an order's finding that is over: the order was renewed, or is
// no longer there.
func OrderResolved(id string, gone bool) license.Resolved {
	f := Expiring(Order(id, license.LicenseTypeUltimate, 40, 33, "2026-11-25", license.RenewalOff))
	return license.Resolved{
		Key: f.Key(), Source: license.SourceOrders, Title: f.Title, Over: f.Over, Severity: license.Critical,
		Gone: gone, Since: Ago(27), At: Now,
	}
}

// Resolved is an alert that says only that a trial is over no more; of the end of something else
// people heard by another finding.
func Resolved(language license.Language) license.Report {
	r := OnlyNews(language)
	r.Resolved = []license.Resolved{TrialResolved()}
	r.Superseded = []license.Resolved{{Key: "cwp-near-expiry", Severity: license.Warning, At: Now, Title: license.Text{
		En: "2 CWPP licenses expire within 15 days", Zh: "2 个主机安全授权将在 15 天内到期"}}}
	return r
}

// ResolvedSeveral is one that says so of several findings.
func ResolvedSeveral(language license.Language) license.Report {
	r := OnlyNews(language)
	r.Resolved = []license.Resolved{OrderResolved("cwp-eeee", true), TrialResolved(), OrderResolved("cwp-bbbb", false)}
	return r
}

func resolvedGone(language license.Language) license.Report {
	r := OnlyNews(language)
	r.Resolved = []license.Resolved{OrderResolved("cwp-aaaa", true)}
	return r
}

func resolvedDestroyed(language license.Language) license.Report {
	r := resolvedGone(language)
	r.Resolved[0].Destroyed = true
	return r
}

// DigestWithStories is a digest that knows what it has said.
func DigestWithStories(language license.Language) license.Report {
	r := EverythingWrong(language)
	r.Snapshot.Site, r.Mention, r.Notices = license.SiteCN, false, nil
	r.Snapshot.Orders.List = r.Snapshot.Orders.List[:4] // hhhh and iiii are gone
	o := r.Snapshot.Overview
	o.UsedLicenseCnt, o.NotExpiredLicenseCnt, o.ExpireLicenseCnt = Ptr(int64(133)), Ptr(int64(357)), Ptr(int64(0))
	waiting := r.Firing[4]
	r.Firing = []license.Finding{
		Told(trialOver(), license.Story{Change: license.ChangeOngoing, Since: Ago(3)}),
		Told(RenewalSwitchedOff(), license.Story{Change: license.ChangeOngoing, Since: Now.Add(-19 * time.Hour)}),
		Told(topUpNotRenewing(), license.Story{Change: license.ChangeNew, Since: Now}),
		Told(waiting, license.Story{Change: license.ChangeOngoing, Since: Ago(17),
			Ack: Holding(waiting.Rule, waiting.Subject)}),
	}
	r.Resolved = []license.Resolved{
		{Key: "cwp-seats-nearly-used", Source: license.SourceOverview,
			Title: license.Text{En: "CWPP licenses are nearly used up: 307 of 317 (97%)",
				Zh: "主机安全授权即将用完：已用 307 / 317（97%）"}, Severity: license.Warning, Since: Ago(9), At: Ago(1)},
		OrderResolved("cwp-hhhh", true),
	}
	r.Acks = []license.Ack{*Holding(waiting.Rule, waiting.Subject), {
		Rule: "tcss-renewal-not-set", Until: time.Date(2027, 1, 31, 18, 0, 0, 0, Now.Location()),
		Reason: "renewed by contract, not by the console", By: "oncall@ops-host",
	}}
	return r
}

// RenewalSwitchedOff is an event, as the default rules word it.
func RenewalSwitchedOff() license.Finding {
	return license.Finding{
		Rule: "cwp-order-renewal-switched-off", Subject: "cwp-cccc", State: license.Firing, Severity: license.Warning,
		Event: true, EventID: "1>2", Runbook: RenewalConsole,
		Title: license.Text{En: "Auto-renewal of order cwp-cccc was switched off", Zh: "订单 cwp-cccc 的自动续费被关闭"},
		Detail: license.Text{En: "277 Pro licenses, 67 in use; ends Jun 30, 2027 00:00.",
			Zh: "277 个专业版授权，已用 67 个；到期时间 2027年6月30日 00:00。"},
	}
}

// Events is what an alert says about things that happened.
func Events(language license.Language) license.Report {
	r := OnlyNews(language)
	dropped := license.Finding{
		Rule: "cwp-seats-dropped", State: license.Firing, Severity: license.Warning, Event: true, EventID: "417>317",
		Runbook: CwpConsole,
		Title:   license.Text{En: "CWPP licenses dropped from 417 to 317", Zh: "主机安全授权由 417 个减少到 317 个"},
		Detail:  license.Text{En: "100 of them are in use.", Zh: "其中已用 100 个。"},
	}
	r.Firing = []license.Finding{
		Told(RenewalSwitchedOff(), license.Story{Change: license.ChangeNew, Since: Now}),
		Told(dropped, license.Story{Change: license.ChangeNew, Since: Now.Add(-3 * time.Hour)}),
	}
	return r
}

func event(language license.Language) license.Report {
	r := Events(language)
	r.Firing = r.Firing[:1]
	return r
}

// Outage has lasted for two days.
var Outage = license.SourceChange{Source: license.SourcePurchaseState,
	Since: time.Date(2026, 11, 20, 9, 37, 0, 0, Now.Location()), Runs: 3}

// StillUnreadable is a digest that still cannot read a source.
func StillUnreadable(language license.Language) license.Report {
	r := SourceDown(language)
	r.Mode, r.Unknown, r.Export = license.ModeAlert, nil, license.Export{Status: license.ExportOff}
	r.SourceChanges = []license.SourceChange{Outage}
	return r
}

// SourceBack is a digest that can read a source again.
func SourceBack(language license.Language) license.Report {
	r := OnlyNews(language)
	back := Outage
	back.Readable, back.At, back.Runs = true, Now, 48
	r.SourceChanges = []license.SourceChange{back}
	return r
}

// NoMemory is an alert of a run whose store failed: it says everything.
func NoMemory(language license.Language) license.Report {
	r := Alert(language)
	r.Notices = []license.Notice{{Code: license.NoticeNoMemory, Args: []string{"AccessDenied"}}}
	return r
}

// threeWillNotRenew is a digest of an account in which nothing ends soon, and
// three orders will.
func threeWillNotRenew(language license.Language) license.Report {
	r := AllWell(language)
	orders := []license.Order{
		Order("cwp-1111", license.LicenseTypePro, 200, 150, "2027-03-05", license.RenewalOff),
		Order("cwp-2222", license.LicenseTypePro, 80, 60, "2027-06-30", license.RenewalNotSet),
		Order("cwp-3333", license.LicenseTypePro, 40, 40, "2027-04-10", license.RenewalOff),
	}
	for i, o := range orders {
		f := willNotRenew(o)
		f.Owner = []string{"payments", "web", "payments"}[i]
		r.Firing = append(r.Firing, Told(f, license.Story{Change: license.ChangeOngoing, Since: Ago(31)}))
	}
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, orders...)
	r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = Ptr(int64(350)), Ptr(int64(637))
	return r
}

// unchanged is a digest that says what the digests said for days.
func unchanged(language license.Language) license.Report {
	r := OneWarning(language)
	aaaa := Expiring(Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-04", license.RenewalOff))
	r.Snapshot.Orders.List[3].Deadline = Ptr("2026-12-04 00:00:00")
	r.Firing = []license.Finding{
		Told(aaaa, license.Story{Change: license.ChangeOngoing, Since: Ago(18)}),
		Told(topUpNotRenewing(), license.Story{Change: license.ChangeOngoing, Since: Ago(33)}),
	}
	r.Unchanged = Ago(2)
	return r
}

func unchangedWell(language license.Language) license.Report {
	r := AllWell(language)
	r.Unchanged = Ago(2)
	return r
}

// late is an alert that its channel took only days after it was written.
func late(language license.Language) license.Report {
	r := AlertWorse(language)
	r.Sent = Now.AddDate(0, 0, 4)
	return r
}

// gapAndUnwatched is a digest after days without a run, and after a rule and a source
// were taken out.
func gapAndUnwatched(language license.Language) license.Report {
	r := OneWarning(language)
	r.Snapshot.Wanted = BothProducts[:2]
	r.Gaps = []license.Gap{{From: Ago(4), To: Now}}
	r.Unwatched = []license.Unwatched{
		{Rule: "cwp-topup-not-renewing", Title: topUpNotRenewing().Title, Count: 1},
		{Source: license.SourcePurchaseState},
	}
	return r
}

// unwatchedAlert is an alert about nothing but a rule that was taken out.
func unwatchedAlert(language license.Language) license.Report {
	r := OnlyNews(language)
	r.Unwatched = []license.Unwatched{{Rule: "cwp-order-expiring",
		Title: Expiring(Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-04", license.RenewalOff)).Title,
		Count: 3}}
	return r
}

// repeated is an alert that got no answer the first time.
func repeated(language license.Language) license.Report {
	r := Alert(language)
	r.Repeat = true
	return r
}

// unheard is a digest after an alert that a chat gave no answer to.
func unheard(language license.Language) license.Report {
	r := OneWarning(language)
	r.Unheard = []license.Unheard{{Channel: "wecom", ID: "c43672", At: Now.Add(-20 * time.Hour)}}
	return r
}

// undocumented is a digest with an order in a state that nobody documented.
func undocumented(language license.Language) license.Report {
	r := AllWell(language)
	o := Order("cwp-eeee", license.LicenseTypeUltimate, 100, 100, "2026-11-25", license.RenewalOff)
	o.OrderStatus = Ptr(int64(9))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	for _, rule := range []string{"cwp-order-expiring", "cwp-order-ended", "cwp-order-isolated"} {
		r.Unknown = append(r.Unknown, license.Finding{
			Rule: rule, Subject: "cwp-eeee", State: license.Unknown, Missing: []string{"order.OrderStatus"},
			Undocumented: []license.Value{{Field: "order.OrderStatus", Text: "9", Known: true}},
		})
	}
	return r
}

// contradiction is a digest of an account whose Pro edition is said to run and to be
// isolated.
func contradiction(language license.Language) license.Report {
	r := AllWell(language)
	r.Snapshot.PurchaseState.SubState = Ptr(license.SubStateIsolated)
	for _, rule := range []string{"tcss-trial-over", "tcss-expiring", "tcss-expired"} {
		r.Unknown = append(r.Unknown, license.Finding{
			Rule: rule, State: license.Unknown, Missing: []string{"tcss.State"},
			Undocumented: []license.Value{{Field: "tcss.State", Text: "3 (SubState ISOLATE)", Known: true}},
		})
	}
	return r
}

// endedToday is an alert on the day on which an order should have renewed itself.
func endedToday(language license.Language) license.Report {
	r := OnlyNews(language)
	o := Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-11-22", license.RenewalOn)
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	f := renewalFailed(o, license.Text{En: "today at 00:00", Zh: "今天 00:00 "})
	f.Severity, f.Owner = license.Warning, "payments"
	r.Firing = []license.Finding{Told(f, license.Story{Change: license.ChangeNew, Since: Now,
		NextAt: Now.AddDate(0, 0, 1)})}
	return r
}

// renewalHasFailed is a digest days later.
func renewalHasFailed(language license.Language) license.Report {
	r := AllWell(language)
	o := Order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-11-12", license.RenewalOn)
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	f := renewalFailed(o, license.Text{En: "10 days ago", Zh: " 10 天前"})
	r.Firing = []license.Finding{Told(f, license.Story{Change: license.ChangeOngoing, Since: Ago(10)})}
	return r
}

// acknowledgedCritical is a digest in which somebody knows of the worst.
func acknowledgedCritical(language license.Language) license.Report {
	r := AllWell(language)
	o := Order("cwp-iiii", license.LicenseTypePro, 10, 0, "2026-11-18", license.RenewalOff)
	o.OrderStatus = Ptr(int64(license.OrderIsolated))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	r.Snapshot.Overview.ExpireLicenseCnt = Ptr(int64(10))
	ack := Holding("cwp-order-isolated", "cwp-iiii")
	r.Firing = []license.Finding{Told(isolated(o),
		license.Story{Change: license.ChangeOngoing, Since: Ago(4), Ack: ack})}
	r.Acks = []license.Ack{*ack}
	return r
}

// ackEnded is an alert about an acknowledgement whose time is over.
func ackEnded(language license.Language) license.Report {
	r := AlertWorse(language)
	ack := Holding("cwp-order-expiring", "cwp-aaaa")
	ack.Until, ack.Ended = NextDay(0), true
	r.Firing[0].Story = &license.Story{Change: license.ChangeDue, Since: Ago(27), NextAt: NextDay(2), Ack: ack}
	return r
}

// isolatedOrder is an alert about an order whose machines have lost its licenses.
func isolatedOrder(language license.Language) license.Report {
	r := OnlyNews(language)
	r.Mention = true
	o := Order("cwp-iiii", license.LicenseTypePro, 10, 0, "2026-11-18", license.RenewalOff)
	o.OrderStatus = Ptr(int64(license.OrderIsolated))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	r.Firing = []license.Finding{Told(isolated(o), license.Story{
		Change: license.ChangeWorse, Since: Ago(34), NextAt: NextDay(1), WasSeverity: license.Warning,
		WasTitle: license.Text{En: "Order cwp-iiii ends today at 23:59", Zh: "订单 cwp-iiii 将于今天 23:59 到期"},
	})}
	return r
}
