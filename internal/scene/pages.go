package scene

import (
	"time"

	"licensewatch/license"
)

// Page is the message of a report for people, with a link.
func Page(language license.Language) license.Report {
	r := pageQuiet(language)
	no, renews, forty := false, true, int64(40)
	r.Page.Sentence = license.Text{En: "1 critical thing needs somebody now, first: `cwp-aaaa` ends in 3 days. 1 record does not verify, and their values are left out.",
		Zh: "有 1 项严重问题需要立即处理，首要：`cwp-aaaa` 3 天后到期。1 条记录未通过校验，其数值未采用。"}
	r.Page.Worst, r.Page.Accounts, r.Page.Read, r.Page.Broken, r.Page.MoreEnd = license.Critical, 40, 38, 1, 5
	r.Page.Ends = []license.PageEnd{
		{Account: "pay-prod", Order: "cwp-aaaa", Deadline: r.At.AddDate(0, 0, 3), Licenses: &forty, Renews: &no},
		{Account: "data <b>", Order: "cwp-bbbb", Deadline: r.At.AddDate(0, 0, 40), Renews: &renews},
		{Account: "edge", Order: "tcss", Deadline: r.At.AddDate(0, 2, 0)},
	}
	r.Page.Link = license.NewSignedURL("https://evidence-1250000000.cos.ap-guangzhou.myqcloud.com/lw/fleet/2026/11/22/010700Z-4f13b5/report/licensewatch-report.html?q-signature=00")
	return r
}

// pageQuiet is one of an account where nothing is wrong, without a link.
func pageQuiet(language license.Language) license.Report {
	r := AllWell(language)
	r.Mode, r.Export = license.ModeReport, license.Export{Status: license.ExportOff}
	r.Snapshot = license.Snapshot{Account: r.Snapshot.Account, Site: r.Snapshot.Site, ReadAt: r.Snapshot.ReadAt}
	day := r.At.UTC().Truncate(24 * time.Hour)
	file := license.PageFile{Name: "report/licensewatch-report.html", Size: 123_456, SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
	r.Page = &license.Page{Sentence: license.Text{En: "Nothing needs anybody.", Zh: "一切正常，没有需要处理的事项。"},
		From: day.AddDate(0, 0, -89), To: day, Until: r.At.AddDate(1, 0, 0), Accounts: 1, Read: 1, HasHistory: true, Records: 90,
		Record: "100000000001/2026/11/22/010700Z-4f13b5",
		Files:  map[license.Language]license.PageFile{license.English: file, license.Chinese: file}}
	return r
}

// pageLeftOut is one for which there was too little time, and that is not sealed.
func pageLeftOut(language license.Language) license.Report {
	r := Page(language)
	r.Page.LeftOut, r.Page.From = r.Page.From.AddDate(0, 0, 30), r.Page.From.AddDate(0, 0, 30)
	r.Page.Record, r.Page.NotSealed, r.Page.Waits, r.Page.Link = "", "AccessDenied", true, license.SignedURL{}
	r.Page.Follows, r.Page.Ends, r.Page.MoreEnd = true, nil, 0
	return r
}
