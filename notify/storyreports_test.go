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

// holding is an acknowledgement as the command makes it: until is a day in UTC.
func holding(rule, subject string) *license.Ack {
	return &license.Ack{
		Rule: rule, Subject: subject, Until: time.Date(2026, 12, 15, 0, 0, 0, 0, time.UTC),
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
			WasTitle: license.Text{En: "Container Security trial ends in 1 day", Zh: "容器安全试用 1 天后结束"},
		}),
		r.Firing[0],
		told(expired(), license.Story{
			Change: license.ChangeWorse, Since: ago(3), WasSeverity: license.Warning, Ack: &license.Ack{
				Rule: "cwp-expired", Until: nextDay(23), Reason: "will be bought with the next budget", By: "oncall@ops-host", Over: true,
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
		Key: "tcss-trial-over", Source: license.SourcePurchaseState, Title: trialOver().Title,
		Severity: license.Critical, Since: ago(4), At: now,
	}
}

// orderResolved is an order's finding that is over: the order was renewed, or is
// no longer there.
func orderResolved(id string, gone bool) license.Resolved {
	f := expiring(order(id, license.LicenseTypeUltimate, 40, 33, "2026-11-25", license.RenewalOff))
	return license.Resolved{
		Key: f.Key(), Source: license.SourceOrders, Title: f.Title, Severity: license.Critical, Gone: gone, Since: ago(27), At: now,
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
	waiting := r.Firing[4]
	r.Firing = []license.Finding{
		told(trialOver(), license.Story{Change: license.ChangeOngoing, Since: ago(3)}),
		told(waiting, license.Story{Change: license.ChangeOngoing, Since: ago(17), Ack: holding(waiting.Rule, waiting.Subject)}),
		told(renewalSwitchedOff(), license.Story{Change: license.ChangeOngoing, Since: now.Add(-19 * time.Hour)}),
		told(nearExpiry(), license.Story{Change: license.ChangeNew, Since: now}),
	}
	r.Resolved = []license.Resolved{
		{Key: "cwp-seats-nearly-used", Source: license.SourceOverview, Title: license.Text{En: "97% of host security seats are in use", Zh: "主机安全授权已用 97%"}, Severity: license.Warning, Since: ago(9), At: ago(1)},
		orderResolved("cwp-hhhh", true),
	}
	r.Acks = []license.Ack{*holding(waiting.Rule, waiting.Subject), {
		Rule: "tcss-renewal-not-set", Until: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC), Reason: "renewed by contract, not by the console", By: "oncall@ops-host",
	}}
	return r
}

// renewalSwitchedOff is an event, as the default rules word it.
func renewalSwitchedOff() license.Finding {
	return license.Finding{
		Rule: "cwp-order-renewal-switched-off", Subject: "cwp-cccc", State: license.Firing, Severity: license.Warning, Event: true, EventID: "1>2", Runbook: cwpConsole,
		Title:  license.Text{En: "Auto-renewal of order cwp-cccc was switched off", Zh: "订单 cwp-cccc 的自动续费被关闭"},
		Detail: license.Text{En: "277 Pro seats, 67 in use; ends Jun 30, 2027.", Zh: "277 个专业版授权，已用 67；2027年6月30日到期。"},
	}
}

// events is what an alert says about things that happened.
func events(language license.Language) license.Report {
	r := onlyNews(language)
	dropped := license.Finding{
		Rule: "cwp-seats-dropped", State: license.Firing, Severity: license.Warning, Event: true, EventID: "417>317", Runbook: cwpConsole,
		Title:  license.Text{En: "Host security seats dropped from 417 to 317", Zh: "主机安全授权由 417 个减少到 317 个"},
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
