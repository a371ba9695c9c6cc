package scene

import (
	"fmt"
	"time"

	"licensewatch/license"
)

// fleetOf makes a report about one account a report about many.
func fleetOf(r license.Report, fleet license.Fleet, of map[string]license.Report) license.Report {
	r.Snapshot, r.Export = license.Snapshot{}, license.Export{Status: license.ExportOff}
	r.Firing, r.Fleet = nil, &fleet
	for i, name := range []string{"支付-生产", "sea-prod", "head office"} {
		for _, f := range of[name].Firing {
			f.Account, f.Uin = name, fmt.Sprint(100000000001+i)
			r.Firing = append(r.Firing, f)
		}
	}
	license.SortFindings(r.Firing)
	return r
}

// fleetDigest is one of many accounts with something of every kind.
func fleetDigest(language license.Language) license.Report {
	used, valid := int64(31_204), int64(38_000)
	denied := &license.Failure{Kind: license.FailureDenied, Code: "UnauthorizedOperation", Service: "sts", Action: "AssumeRole", RequestID: "r1"}
	timeout := &license.Failure{Kind: license.FailureTimeout, Code: "Timeout", Service: "cwp", Action: "DescribeLicenseList"}
	fleet := license.Fleet{
		FleetCount: license.FleetCount{Accounts: 412, Read: 406, Partly: 1, Failed: 3, NotReached: 3, Licensed: 406,
			UsedLicenseCnt: &used, NotExpiredLicenseCnt: &valid},
		NeedAction: 2, Well: 402, Sites: []license.Site{license.SiteCN, license.SiteIntl},
		Unread: []license.UnreadAccount{
			{Account: "lab-1", Source: license.SourceOverview, Failure: denied}, {Account: "lab-1", Source: license.SourceOrders, Failure: denied},
			{Account: "lab-2", Source: license.SourceOrders, Failure: denied, Lasting: license.SourceChange{Since: Now.AddDate(0, 0, -2), Runs: 3}},
			{Account: "old", Source: license.SourceOverview, Failure: timeout}, {Account: "new", Source: license.SourceOrders},
			{Account: "half", Source: license.SourceOrders, Partly: true, Failure: timeout},
		},
		Late: []string{"z-1", "z-2", "z-3"}, Doubtful: []string{"odd"}, Again: []string{"back"}, New: []string{"sea-new (200000000009)"}, Gone: []string{"sold (100000000044)"},
		NotAllowed: []license.UnreadAccount{{Account: "pay-test", Source: license.SourceOrders}},
		LeftOut:    []string{`accounts.yaml:12:3: uin must be the account's number (the console shows it as account ID), digits alone, in quotes`},
	}
	return fleetOf(EverythingWrong(language), fleet, map[string]license.Report{"sea-prod": EverythingWrong(language), "支付-生产": OneWarning(language)})
}

// fleetWell is one of many accounts that are well.
func fleetWell(language license.Language) license.Report {
	used, valid := int64(31_204), int64(38_000)
	return fleetOf(AllWell(language), license.Fleet{FleetCount: license.FleetCount{Accounts: 412, Read: 412, Licensed: 412, UsedLicenseCnt: &used, NotExpiredLicenseCnt: &valid},
		Well: 412, Sites: []license.Site{license.SiteCN}}, nil)
}

// fleetAlert is an alert of two accounts.
func fleetAlert(language license.Language) license.Report {
	r := fleetOf(AlertWorse(language), license.Fleet{FleetCount: license.FleetCount{Accounts: 2, Read: 2}, NeedAction: 2, Sites: []license.Site{license.SiteCN}},
		map[string]license.Report{"支付-生产": AlertWorse(language), "head office": AlertSeveral(language)})
	r.Resolved = []license.Resolved{{Account: "sea-prod", Uin: "100000000003", Key: "cwp-seats-nearly-used", Severity: license.Warning,
		Title: license.Text{En: "CWPP licenses are nearly used up: 96 of 100", Zh: "主机安全授权即将用完：已用 96 / 100"},
		Over:  license.Text{En: "CWPP licenses are no longer nearly used up", Zh: "主机安全授权不再临近用完"}, At: Now.Add(-time.Hour)}}
	return r
}

// fleetUnread is an alert about accounts that cannot be read.
func fleetUnread(language license.Language) license.Report {
	failure := &license.Failure{Kind: license.FailureRole, Code: "InternalError.GetRoleError", Service: "sts", Action: "AssumeRole"}
	fleet := license.Fleet{FleetCount: license.FleetCount{Accounts: 2, Failed: 2}, Sites: []license.Site{license.SiteCN}}
	for _, name := range []string{"lab-1", "lab-2"} {
		fleet.Unread = append(fleet.Unread, license.UnreadAccount{Account: name, Source: license.SourceOrders, Failure: failure,
			Lasting: license.SourceChange{Source: license.SourceOrders, Since: Now.Add(-3 * time.Hour), Runs: 4}})
	}
	r := fleetOf(Alert(language), fleet, nil)
	r.Mention = false
	return r
}

// unreadFinding is what is said of the fleet as a whole of which accounts cannot be read.
func unreadFinding(severity license.Severity, title, detail license.Text) license.Finding {
	return license.Finding{Rule: "fleet-accounts-unread", State: license.Firing, Severity: severity, Title: title, Detail: detail,
		Over: license.Text{En: "No account has been unread for a day, and at least nine in ten can be read", Zh: "没有账号超过一天读取不到，且至少九成账号可正常读取"}}
}

// fleetWhole is a digest of accounts of which many cannot be read, and no other needs somebody.
func fleetWhole(language license.Language) license.Report {
	r := fleetUnread(language)
	unread := r.Fleet.Unread
	r = fleetOf(AllWell(language), license.Fleet{FleetCount: license.FleetCount{Accounts: 9, Read: 7, Failed: 2}, Well: 7,
		Sites: []license.Site{license.SiteCN}, Unread: unread}, nil)
	r.Firing = []license.Finding{unreadFinding(license.Critical,
		license.Text{En: "2 of 9 accounts could not be read", Zh: "9 个账号中有 2 个读取失败"},
		license.Text{En: "Nobody knows meanwhile how the licenses stand there: licensewatch doctor says what to mend.",
			Zh: "在此期间，其授权状况无从得知：运行 licensewatch doctor 可查明需要修正的地方。"})}
	return r
}

// fleetDay is an alert that an account has not been read for a day, and of something in another.
func fleetDay(language license.Language) license.Report {
	r := fleetAlert(language)
	r.Resolved = nil
	f := unreadFinding(license.Warning,
		license.Text{En: "lab-1 has not been read for a day", Zh: "lab-1 已有一天读取不到"},
		license.Text{En: "Nobody knows meanwhile how the licenses stand there: licensewatch doctor says what to mend.",
			Zh: "在此期间，其授权状况无从得知：运行 licensewatch doctor 可查明需要修正的地方。"})
	f.Story = &license.Story{Change: license.ChangeNew, Since: Now}
	r.Firing = append(r.Firing, f)
	license.SortFindings(r.Firing)
	return r
}
