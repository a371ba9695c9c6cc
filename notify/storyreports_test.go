package notify_test

import (
	"time"

	"licensewatch/license"
)

// ago is a time some days before now.
func ago(days int) time.Time { return now.AddDate(0, 0, -days) }

// nextDay is the beginning of the day that many days from now.
func nextDay(days int) time.Time {
	return time.Date(now.Year(), now.Month(), now.Day()+days, 0, 0, 0, 0, now.Location())
}

// told gives a finding a story.
func told(f license.Finding, story license.Story) license.Finding {
	f.Story = &story
	return f
}

// holding is an acknowledgement that holds through a day.
func holding(rule, subject string) *license.Ack {
	return &license.Ack{
		Rule: rule, Subject: subject, Until: time.Date(2026, 12, 16, 0, 0, 0, 0, now.Location()),
		Reason: "renewal ordered, waiting for finance", By: "oncall@ops-host", At: ago(2), Severity: license.Warning,
	}
}

// alertWorse is the next rung of an order that ends.
func alertWorse(language license.Language) license.Report {
	r := alert(language)
	r.Firing[0] = told(r.Firing[0], license.Story{
		Change: license.ChangeWorse, Since: ago(27), WasDaysLeft: ptr(int64(7)), WasSeverity: license.Warning, NextAt: nextDay(2),
	})
	return r
}

// alertSeveral is one of each change.
func alertSeveral(language license.Language) license.Report {
	r := alertWorse(language)
	moved := expiring(order("cwp-bbbb", license.LicenseTypeUltimate, 40, 33, "2026-12-12", license.RenewalOff))
	r.Firing = []license.Finding{
		told(trialOver(), license.Story{
			Change: license.ChangeWorse, Since: ago(15),
			WasTitle: license.Text{En: "Container Security trial ends tomorrow", Zh: "容器安全试用将于明天结束"},
		}),
		r.Firing[0],
		told(expired(), license.Story{
			Change: license.ChangeWorse, Since: ago(3), WasSeverity: license.Warning, Ack: &license.Ack{
				Rule: "cwp-expired", Until: nextDay(24), Reason: "will be bought with the next budget", By: "oncall@ops-host", Over: true,
			},
		}),
		told(moved, license.Story{Change: license.ChangeDue, Since: ago(40), WasDeadline: nextDay(2)}),
		told(nearExpiry(), license.Story{Change: license.ChangeDue, Since: ago(7), NextAt: nextDay(7)}),
		told(topUpNotRenewing(), license.Story{Change: license.ChangeNew, Since: now}),
	}
	return r
}

// onlyNews is an alert in which nothing fires.
func onlyNews(language license.Language) license.Report {
	r := allWell(language)
	r.Mode, r.Export = license.ModeAlert, license.Export{Status: license.ExportOff}
	return r
}

func trialResolved() license.Resolved {
	return license.Resolved{
		Key: "tcss-trial-over", Source: license.SourcePurchaseState, Title: trialOver().Title, Over: trialOver().Over,
		Severity: license.Critical, Since: ago(4), At: now,
	}
}

// orderResolved is an order's finding that is over: the order was renewed, or is
// no longer there.
func orderResolved(id string, gone bool) license.Resolved {
	f := expiring(order(id, license.LicenseTypeUltimate, 40, 33, "2026-11-25", license.RenewalOff))
	return license.Resolved{
		Key: f.Key(), Source: license.SourceOrders, Title: f.Title, Over: f.Over, Severity: license.Critical, Gone: gone, Since: ago(27), At: now,
	}
}

func resolved(language license.Language) license.Report {
	r := onlyNews(language)
	r.Resolved = []license.Resolved{trialResolved()}
	return r
}

func resolvedSeveral(language license.Language) license.Report {
	r := onlyNews(language)
	r.Resolved = []license.Resolved{orderResolved("cwp-eeee", true), trialResolved(), orderResolved("cwp-bbbb", false)}
	return r
}

func resolvedGone(language license.Language) license.Report {
	r := onlyNews(language)
	r.Resolved = []license.Resolved{orderResolved("cwp-aaaa", true)}
	return r
}

func resolvedDestroyed(language license.Language) license.Report {
	r := resolvedGone(language)
	r.Resolved[0].Destroyed = true
	return r
}

// digestWithStories is a digest that knows what it has said.
func digestWithStories(language license.Language) license.Report {
	r := everythingWrong(language)
	r.Snapshot.Site, r.Mention, r.Notices = license.SiteCN, false, nil
	r.Snapshot.Orders.List = r.Snapshot.Orders.List[:4] // hhhh and iiii are gone
	r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt, r.Snapshot.Overview.ExpireLicenseCnt = ptr(int64(133)), ptr(int64(357)), ptr(int64(0))
	waiting := r.Firing[4]
	r.Firing = []license.Finding{
		told(trialOver(), license.Story{Change: license.ChangeOngoing, Since: ago(3)}),
		told(renewalSwitchedOff(), license.Story{Change: license.ChangeOngoing, Since: now.Add(-19 * time.Hour)}),
		told(topUpNotRenewing(), license.Story{Change: license.ChangeNew, Since: now}),
		told(waiting, license.Story{Change: license.ChangeOngoing, Since: ago(17), Ack: holding(waiting.Rule, waiting.Subject)}),
	}
	r.Resolved = []license.Resolved{
		{Key: "cwp-seats-nearly-used", Source: license.SourceOverview, Title: license.Text{En: "CWPP licenses are nearly used up: 307 of 317 (97%)", Zh: "主机安全授权即将用完：已用 307 / 317（97%）"}, Severity: license.Warning, Since: ago(9), At: ago(1)},
		orderResolved("cwp-hhhh", true),
	}
	r.Acks = []license.Ack{*holding(waiting.Rule, waiting.Subject), {
		Rule: "tcss-renewal-not-set", Until: time.Date(2027, 1, 31, 18, 0, 0, 0, now.Location()), Reason: "renewed by contract, not by the console", By: "oncall@ops-host",
	}}
	return r
}

// renewalSwitchedOff is an event, as the default rules word it.
func renewalSwitchedOff() license.Finding {
	return license.Finding{
		Rule: "cwp-order-renewal-switched-off", Subject: "cwp-cccc", State: license.Firing, Severity: license.Warning, Event: true, EventID: "1>2", Runbook: renewalConsole,
		Title:  license.Text{En: "Auto-renewal of order cwp-cccc was switched off", Zh: "订单 cwp-cccc 的自动续费被关闭"},
		Detail: license.Text{En: "277 Pro licenses, 67 in use; ends Jun 30, 2027 00:00.", Zh: "277 个专业版授权，已用 67 个；到期时间 2027年6月30日 00:00。"},
	}
}

// events is what an alert says about things that happened.
func events(language license.Language) license.Report {
	r := onlyNews(language)
	dropped := license.Finding{
		Rule: "cwp-seats-dropped", State: license.Firing, Severity: license.Warning, Event: true, EventID: "417>317", Runbook: cwpConsole,
		Title:  license.Text{En: "CWPP licenses dropped from 417 to 317", Zh: "主机安全授权由 417 个减少到 317 个"},
		Detail: license.Text{En: "100 of them are in use.", Zh: "其中已用 100 个。"},
	}
	r.Firing = []license.Finding{
		told(renewalSwitchedOff(), license.Story{Change: license.ChangeNew, Since: now}),
		told(dropped, license.Story{Change: license.ChangeNew, Since: now.Add(-3 * time.Hour)}),
	}
	return r
}

func event(language license.Language) license.Report {
	r := events(language)
	r.Firing = r.Firing[:1]
	return r
}

// unreadable since two days ago.
var outage = license.SourceChange{Source: license.SourcePurchaseState, Since: time.Date(2026, 11, 20, 9, 37, 0, 0, now.Location()), Runs: 3}

func stillUnreadable(language license.Language) license.Report {
	r := sourceDown(language)
	r.Mode, r.Unknown, r.Export = license.ModeAlert, nil, license.Export{Status: license.ExportOff}
	r.SourceChanges = []license.SourceChange{outage}
	return r
}

func sourceBack(language license.Language) license.Report {
	r := onlyNews(language)
	back := outage
	back.Readable, back.At, back.Runs = true, now, 48
	r.SourceChanges = []license.SourceChange{back}
	return r
}

// noMemory is an alert of a run whose store failed: it says everything.
func noMemory(language license.Language) license.Report {
	r := alert(language)
	r.Notices = []license.Notice{{Code: license.NoticeNoMemory, Args: []string{"AccessDenied"}}}
	return r
}

// threeWillNotRenew is a digest of an account in which nothing ends soon, and
// three orders will.
func threeWillNotRenew(language license.Language) license.Report {
	r := allWell(language)
	orders := []license.Order{
		order("cwp-1111", license.LicenseTypePro, 200, 150, "2027-03-05", license.RenewalOff),
		order("cwp-2222", license.LicenseTypePro, 80, 60, "2027-06-30", license.RenewalNotSet),
		order("cwp-3333", license.LicenseTypePro, 40, 40, "2027-04-10", license.RenewalOff),
	}
	for i, o := range orders {
		f := willNotRenew(o)
		f.Owner = []string{"payments", "web", "payments"}[i]
		r.Firing = append(r.Firing, told(f, license.Story{Change: license.ChangeOngoing, Since: ago(31)}))
	}
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, orders...)
	r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = ptr(int64(350)), ptr(int64(637))
	return r
}

// unchanged is a digest that says what the digests said for days.
func unchanged(language license.Language) license.Report {
	r := oneWarning(language)
	aaaa := expiring(order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-04", license.RenewalOff))
	r.Snapshot.Orders.List[3].Deadline = ptr("2026-12-04 00:00:00")
	r.Firing = []license.Finding{
		told(aaaa, license.Story{Change: license.ChangeOngoing, Since: ago(18)}),
		told(topUpNotRenewing(), license.Story{Change: license.ChangeOngoing, Since: ago(33)}),
	}
	r.Unchanged = ago(2)
	return r
}

func unchangedWell(language license.Language) license.Report {
	r := allWell(language)
	r.Unchanged = ago(2)
	return r
}

// late is an alert that its channel took only days after it was written.
func late(language license.Language) license.Report {
	r := alertWorse(language)
	r.Sent = now.AddDate(0, 0, 4)
	return r
}

// gapAndUnwatched is a digest after days without a run, and after a rule and a source
// were taken out.
func gapAndUnwatched(language license.Language) license.Report {
	r := oneWarning(language)
	r.Snapshot.Wanted = bothProducts[:2]
	r.Gaps = []license.Gap{{From: ago(4), To: now}}
	r.Unwatched = []license.Unwatched{
		{Rule: "cwp-topup-not-renewing", Title: topUpNotRenewing().Title, Count: 1},
		{Source: license.SourcePurchaseState},
	}
	return r
}

// unwatchedAlert is an alert about nothing but a rule that was taken out.
func unwatchedAlert(language license.Language) license.Report {
	r := onlyNews(language)
	r.Unwatched = []license.Unwatched{{Rule: "cwp-order-expiring", Title: expiring(order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-12-04", license.RenewalOff)).Title, Count: 3}}
	return r
}

// repeated is an alert that got no answer the first time.
func repeated(language license.Language) license.Report {
	r := alert(language)
	r.Repeat = true
	return r
}

// unheard is a digest after an alert that a chat gave no answer to.
func unheard(language license.Language) license.Report {
	r := oneWarning(language)
	r.Unheard = []license.Unheard{{Channel: "wecom", ID: "c43672", At: now.Add(-20 * time.Hour)}}
	return r
}

// undocumented is a digest with an order in a state that nobody documented.
func undocumented(language license.Language) license.Report {
	r := allWell(language)
	o := order("cwp-eeee", license.LicenseTypeUltimate, 100, 100, "2026-11-25", license.RenewalOff)
	o.OrderStatus = ptr(int64(9))
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
	r := allWell(language)
	r.Snapshot.PurchaseState.SubState = ptr(license.SubStateIsolated)
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
	r := onlyNews(language)
	o := order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-11-22", license.RenewalOn)
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	f := renewalFailed(o, license.Text{En: "today at 00:00", Zh: "今天 00:00 "})
	f.Severity, f.Owner = license.Warning, "payments"
	r.Firing = []license.Finding{told(f, license.Story{Change: license.ChangeNew, Since: now, NextAt: now.AddDate(0, 0, 1)})}
	return r
}

// renewalHasFailed is a digest days later.
func renewalHasFailed(language license.Language) license.Report {
	r := allWell(language)
	o := order("cwp-aaaa", license.LicenseTypeUltimate, 40, 33, "2026-11-12", license.RenewalOn)
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	f := renewalFailed(o, license.Text{En: "10 days ago", Zh: " 10 天前"})
	r.Firing = []license.Finding{told(f, license.Story{Change: license.ChangeOngoing, Since: ago(10)})}
	return r
}

// acknowledgedCritical is a digest in which somebody knows of the worst.
func acknowledgedCritical(language license.Language) license.Report {
	r := allWell(language)
	o := order("cwp-iiii", license.LicenseTypePro, 10, 0, "2026-11-18", license.RenewalOff)
	o.OrderStatus = ptr(int64(license.OrderIsolated))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	r.Snapshot.Overview.ExpireLicenseCnt = ptr(int64(10))
	ack := holding("cwp-order-isolated", "cwp-iiii")
	r.Firing = []license.Finding{told(isolated(o), license.Story{Change: license.ChangeOngoing, Since: ago(4), Ack: ack})}
	r.Acks = []license.Ack{*ack}
	return r
}

// ackEnded is an alert about an acknowledgement whose time is over.
func ackEnded(language license.Language) license.Report {
	r := alertWorse(language)
	ack := holding("cwp-order-expiring", "cwp-aaaa")
	ack.Until, ack.Ended = nextDay(0), true
	r.Firing[0].Story = &license.Story{Change: license.ChangeDue, Since: ago(27), NextAt: nextDay(2), Ack: ack}
	return r
}

// isolatedOrder is an alert about an order whose machines have lost its licenses.
func isolatedOrder(language license.Language) license.Report {
	r := onlyNews(language)
	r.Mention = true
	o := order("cwp-iiii", license.LicenseTypePro, 10, 0, "2026-11-18", license.RenewalOff)
	o.OrderStatus = ptr(int64(license.OrderIsolated))
	r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, o)
	r.Firing = []license.Finding{told(isolated(o), license.Story{
		Change: license.ChangeWorse, Since: ago(34), NextAt: nextDay(1), WasSeverity: license.Warning,
		WasTitle: license.Text{En: "Order cwp-iiii ends today at 23:59", Zh: "订单 cwp-iiii 将于今天 23:59 到期"},
	})}
	return r
}
