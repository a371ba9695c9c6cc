package message_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/license"
)

// wording is a change to a digest of an account that lacks nothing, and what
// the message then holds.
type wording struct {
	change func(*license.Report)
	en, zh string
}

func checkWording(t *testing.T, tests map[string]wording) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				r := scene.AllWell(language)
				test.change(&r)
				if got := page(t, r); !strings.Contains(got, want) {
					t.Errorf("lacks %q:\n%s", want, got)
				}
			}
		})
	}
}

// TestDeadlineWording: a finding says when it ends, unless it did.
func TestDeadlineWording(t *testing.T) {
	t.Parallel()
	one := func(change func(*license.Finding)) func(*license.Report) {
		return func(r *license.Report) {
			f := finding(license.Warning, "It ends")
			change(&f)
			r.Firing = []license.Finding{f}
		}
	}
	ends := func(days int, detail string) func(*license.Report) {
		return one(func(f *license.Finding) {
			f.Deadline, f.Detail = scene.Now.AddDate(0, 0, days), license.Text{En: detail, Zh: detail}
		})
	}
	checkWording(t, map[string]wording{
		"ends":         {ends(12, "Seats"), "Seats · ends Dec 4, 12 days left\nwarning\n", "Seats · 到期时间 12月4日，还有 12 天\n警告\n"},
		"tomorrow":     {ends(1, "Seats"), "Seats · ends Nov 23, 1 day left\nwarning\n", "Seats · 到期时间 11月23日，还有 1 天\n警告\n"},
		"today":        {ends(0, "Seats"), "Seats · ended today at 09:07\nwarning\n", "Seats · 已于今天 09:07 到期\n警告\n"},
		"yesterday":    {ends(-1, "Seats"), "Seats · ended Nov 21, 1 day ago\nwarning\n", "Seats · 已于 11月21日到期，已过 1 天\n警告\n"},
		"next year":    {ends(100, "Seats"), "Seats · ends Mar 2, 2027, 100 days left\nwarning\n", "Seats · 到期时间 2027年3月2日，还有 100 天\n警告\n"},
		"days told":    {ends(12, "in 12 days"), "in 12 days · ends Dec 4\nwarning\n", "in 12 days · 到期时间 12月4日\n警告\n"},
		"days past":    {ends(-12, "12 days over"), "12 days over · ended Nov 10\nwarning\n", "12 days over · 已于 11月10日到期\n警告\n"},
		"other number": {ends(12, "112 or cwp-12"), "112 or cwp-12 · ends Dec 4, 12 days left\nwarning\n", "112 or cwp-12 · 到期时间 12月4日，还有 12 天\n警告\n"},
		"date told":    {ends(12, "until 2026-12-04"), "until 2026-12-04\nwarning\n", "until 2026-12-04\n警告\n"},
		"no detail":    {one(func(*license.Finding) {}), "+8)\n\nwarning\n", "+8）\n\n警告\n"},
		"runbook":      {one(func(f *license.Finding) { f.Runbook = scene.CwpConsole }), "warning · what to do <" + scene.CwpConsole + ">", "警告 · 去处理 <" + scene.CwpConsole + ">"},
	})
}

// TestPurchaseStateWording: the state of Container Security in words.
func TestPurchaseStateWording(t *testing.T) {
	t.Parallel()
	state := func(change func(*license.PurchaseState)) func(*license.Report) {
		return func(r *license.Report) {
			r.Firing = []license.Finding{finding(license.Info, "x")}
			change(r.Snapshot.PurchaseState)
		}
	}
	checkWording(t, map[string]wording{
		"never bought": {state(func(p *license.PurchaseState) { p.State = scene.Ptr(int64(0)) }), "Container Security (TCSS): never bought\n", "容器安全：从未购买\n"},
		"trial over":   {state(func(p *license.PurchaseState) { p.State = scene.Ptr(int64(1)) }), "Container Security (TCSS): trial over or refused, can only be bought\n", "容器安全：试用已结束或未通过，只能购买\n"},
		"trial": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime = scene.Ptr(int64(2)), scene.Ptr("2026-11-22 23:59:59")
		}), "trial until Nov 22 23:59 (today), 68 cores protected\n", "试用有效至 11月22日 23:59（今天），已防护 68 核\n"},
		"expired": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime, p.SubState = scene.Ptr(int64(4)), scene.Ptr("2026-11-18"), scene.Ptr("ISOLATE")
		}), "Pro edition expired on Nov 18 00:00 (4 days ago), isolated\n", "专业版已到期（11月18日 00:00，已过 4 天），已隔离\n"},
		"destroyed": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime, p.SubState = scene.Ptr(int64(4)), nil, scene.Ptr("DESTROED")
		}), "Pro edition expired, destroyed\n", "专业版已到期，已销毁\n"},
		"destroyed, in English": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime, p.SubState = scene.Ptr(int64(4)), nil, scene.Ptr("TERMINATED")
		}), "Pro edition expired, destroyed\n", "专业版已到期，已销毁\n"},
		"destroyed, spelt right": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime, p.SubState = scene.Ptr(int64(4)), nil, scene.Ptr("DESTROYED")
		}), "Pro edition expired, destroyed\n", "专业版已到期，已销毁\n"},
		"odd substate": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime, p.SubState = scene.Ptr(int64(4)), nil, scene.Ptr("NEW<")
		}), "Pro edition expired, unknown value NEW<\n", "专业版已到期，未知值 NEW<\n"},
		"substate of a running plan": {state(func(p *license.PurchaseState) { p.SubState = scene.Ptr("PAUSED") }), "(300 days left), SubState PAUSED, renews itself", "（还有 300 天），SubState 为 PAUSED，自动续费"},
		"contradiction":              {state(func(p *license.PurchaseState) { p.SubState = scene.Ptr("TERMINATED") }), "(TCSS): not known (State 3, SubState TERMINATED)\n", "容器安全：状态未知（State 3，SubState TERMINATED）\n"},
		"over":                       {state(func(p *license.PurchaseState) { p.ExpirationTime = scene.Ptr("2026-11-12 10:00:00") }), "(TCSS): Pro edition ended Nov 12 (10 days ago), should have renewed itself, 68", "容器安全：专业版已于 11月12日到期（已过 10 天），本应自动续费，已防护"},
		"over today": {state(func(p *license.PurchaseState) {
			p.State, p.ExpirationTime = scene.Ptr(int64(2)), scene.Ptr("2026-11-22")
		}), "trial ended Nov 22 00:00 (today), 68", "试用已于 11月22日 00:00 到期（今天），已防护"},
		"odd state":       {state(func(p *license.PurchaseState) { p.State = scene.Ptr(int64(9)) }), "Container Security (TCSS): unknown value 9\n", "容器安全：未知值 9\n"},
		"no state":        {state(func(p *license.PurchaseState) { p.State = nil }), "Container Security (TCSS): state n/a\n", "容器安全：状态未知\n"},
		"renewal off":     {state(func(p *license.PurchaseState) { p.AutomaticRenewal = scene.Ptr(int64(2)) }), ", auto-renewal off, ", "，自动续费已关闭，"},
		"renewal not set": {state(func(p *license.PurchaseState) { p.AutomaticRenewal = scene.Ptr(int64(0)) }), ", auto-renewal not set, ", "，未设置自动续费，"},
		"renewal 194":     {state(func(p *license.PurchaseState) { p.AutomaticRenewal = scene.Ptr(int64(194)) }), ", auto-renewal: unknown value 194, ", "，自动续费为未知值 194，"},
		"renewal null":    {state(func(p *license.PurchaseState) { p.AutomaticRenewal = nil }), ", auto-renewal n/a, ", "，自动续费情况未知，"},
		"bad date":        {state(func(p *license.PurchaseState) { p.ExpirationTime = scene.Ptr("xx") }), "Pro edition, end date not readable (“xx”), ", "专业版，到期时间无法识别（“xx”），"},
		"no date":         {state(func(p *license.PurchaseState) { p.ExpirationTime = nil }), "Pro edition, end date n/a, ", "专业版，到期时间未知，"},
		"no cores":        {state(func(p *license.PurchaseState) { p.CoresCnt = nil }), "renews itself, cores n/a\n", "自动续费，核数未知\n"},
		"unprotected":     {state(func(p *license.PurchaseState) { p.UndefendCoresCnt = scene.Ptr(int64(4)) }), "68 cores protected, 4 unprotected\n", "已防护 68 核，未防护 4 核\n"},
	})
}

// TestOverviewWording: the counts and the orders that end next.
func TestOverviewWording(t *testing.T) {
	t.Parallel()
	overview := func(change func(*license.Report)) func(*license.Report) {
		return func(r *license.Report) {
			r.Firing = []license.Finding{finding(license.Info, "x")}
			change(r)
		}
	}
	checkWording(t, map[string]wording{
		"counts null": {overview(func(r *license.Report) { r.Snapshot.Overview = &license.Overview{UsedLicenseCnt: scene.Ptr(int64(7))} }),
			"Cloud Workload Protection Platform (CWPP): 7 of n/a licenses in use, n/a end within 15 days, n/a expired\n", "主机安全：已用 7 / 未知，15 天内到期 未知 个，已过期 未知 个\n"},
		"nearly all": {overview(func(r *license.Report) {
			r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = scene.Ptr(int64(999)), scene.Ptr(int64(1000))
		}),
			"999 of 1,000 licenses in use (99%)", "已用 999 / 1,000（99%）"},
		"all": {overview(func(r *license.Report) { r.Snapshot.Overview.UsedLicenseCnt = scene.Ptr(int64(317)) }), "317 of 317 licenses in use (100%)", "已用 317 / 317（100%）"},
		"next orders": {overview(func(r *license.Report) {
			past, gone, apart, odd := scene.Order("past", 1, 1, 1, "2026-11-21", 2), scene.Order("gone", 1, 1, 1, "2026-11-30", 2), scene.Order("apart", 1, 1, 1, "2026-11-01", 2), scene.Order("odd", 12, 5, 5, "2026-11-23", 0)
			gone.OrderStatus, apart.OrderStatus = scene.Ptr(int64(license.OrderDestroyed)), scene.Ptr(int64(license.OrderIsolated))
			soon := scene.Order("soon", 7, 40, 33, "2026-11-22", 1)
			soon.Deadline = scene.Ptr("2026-11-22 23:59:59")
			r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, past, gone, apart, odd, soon)
		}), "Ending next: Nov 21 00:00 (ended 1 day ago) past 1 Pro · Nov 22 23:59 (today) soon 40 Ultimate (Cloud Security Center), renews itself · Nov 23 00:00 (1 day) odd 5 type 12\n",
			"最近到期：11月21日 00:00（已到期 1 天）past 专业版 1 个 · 11月22日 23:59（今天）soon 旗舰版（云安全中心） 40 个，自动续费 · 11月23日 00:00（1 天后）odd 类型 12 5 个\n"},
		"ended and not renewed": {overview(func(r *license.Report) {
			r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, scene.Order("today", 3, 5, 5, "2026-11-22", 1))
		}), "Ending next: Nov 22 00:00 (ended today) today 5 Lightweight, should have renewed itself · Mar 1", "最近到期：11月22日 00:00（今天已到期）today 轻量版 5 个，本应自动续费 · 2027"},
		"orders without a name": {overview(func(r *license.Report) {
			r.Snapshot.Orders.List = []license.Order{{Deadline: scene.Ptr("2026-12-04 10:00:00")}, {LicenseId: scene.Ptr(int64(7)), Deadline: scene.Ptr("2026-12-05 10:00:00")}}
		}), "Ending next: Dec 4 (12 days) n/a n/a · Dec 5 (13 days) 7 n/a\n", "最近到期：12月4日（12 天后）未知 未知 · 12月5日（13 天后）7 未知\n"},
		"add-ons": {overview(func(r *license.Report) {
			o := r.Snapshot.Overview
			o.AISecurityVersionLicenseCnt, o.AvailableAISecurityLicenseCnt, o.ApplicationAvailableLicenseCnt = scene.Ptr(int64(20)), scene.Ptr(int64(5)), scene.Ptr(int64(30))
		}), "0 expired, 20 of AI Protection (5 available), 30 with application protection (RASP) available\n", "已过期 0 个，AI 防护 20 个（可用 5 个），应用防护（RASP）可用 30 个\n"},
		"no add-ons": {overview(func(r *license.Report) {
			o := r.Snapshot.Overview
			o.AISecurityVersionLicenseCnt, o.AvailableAISecurityLicenseCnt, o.ApplicationAvailableLicenseCnt = scene.Ptr(int64(0)), scene.Ptr(int64(0)), scene.Ptr(int64(0))
		}), "0 expired\n", "已过期 0 个\n"},
	})
}

// TestUnreadWording: why a source could not be read, and what to do.
func TestUnreadWording(t *testing.T) {
	t.Parallel()
	failure := func(f license.Failure) func(*license.Report) {
		return func(r *license.Report) {
			r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourcePurchaseState: &f}
		}
	}
	checkWording(t, map[string]wording{
		"denied":              {failure(license.Failure{Kind: license.FailureDenied, Service: "tcss", Action: "DescribePurchaseStateInfo", Code: "UnauthorizedOperation", RequestID: "6ef6"}), "Container Security could not be read: UnauthorizedOperation · DescribePurchaseStateInfo · request 6ef6\n→ Allow tcss:DescribePurchaseStateInfo for the execution role.\n", "容器安全读取失败：UnauthorizedOperation · DescribePurchaseStateInfo · 请求 6ef6\n→ 请为运行角色授予 tcss:DescribePurchaseStateInfo 权限\n"},
		"credentials":         {failure(license.Failure{Kind: license.FailureCredentials, Code: "NoCredentials"}), "→ The keys are missing or not accepted", "→ 密钥缺失或无效"},
		"clock, weeks ahead":  {failure(license.Failure{Kind: license.FailureClock, Code: "x", ClockSkew: 1814461 * time.Second}), "→ The clock is 21 days ahead: set it right.\n", "→ 本机时钟快 21 天，请校准\n"},
		"clock, hours behind": {failure(license.Failure{Kind: license.FailureClock, Code: "x", ClockSkew: -8 * time.Hour}), "→ The clock is 8 hours behind: set it right.\n", "→ 本机时钟慢 8 小时，请校准\n"},
		"clock":               {failure(license.Failure{Kind: license.FailureClock, Code: "x", ClockSkew: -421500 * time.Millisecond}), "→ The clock is off by 421 s: set it right.\n", "→ 本机时钟偏差 421 秒，请校准\n"},
		"clock, not measured": {failure(license.Failure{Kind: license.FailureClock, Code: "x"}), "→ The time of the request was refused", "→ 请求时间未被接受"},
		"role":                {failure(license.Failure{Kind: license.FailureRole, Code: "x"}), "open its console once and authorize it", "打开一次容器安全控制台完成授权"},
		"no code":             {failure(license.Failure{Kind: license.FailureServer, HTTPStatus: 502}), "could not be read: HTTP 502\n", "读取失败：HTTP 502\n"},
		"nothing":             {failure(license.Failure{Kind: license.FailureNetwork}), "could not be read: network\n", "读取失败：network\n"},
		"a new kind":          {failure(license.Failure{Kind: "new", Code: "x"}), "could not be read: x\n\n", "读取失败：x\n\n"},
		"the same for two": {func(r *license.Report) {
			r.Snapshot.Failures = map[license.Source]*license.Failure{
				license.SourceOverview: scene.Unreadable(license.FailureCredentials, "cwp", "A"), license.SourceOrders: scene.Unreadable(license.FailureCredentials, "cwp", "B"),
			}
		}, "(overview) could not be read: Code.credentials · A\nCWPP (orders) could not be read: Code.credentials · B\n→ ", "主机安全概览读取失败：Code.credentials · A\n主机安全订单读取失败：Code.credentials · B\n→ "},
	})
}

// TestUnjudgedWording: which rules could not be judged.
func TestUnjudgedWording(t *testing.T) {
	t.Parallel()
	checkWording(t, map[string]wording{
		"one rule": {func(r *license.Report) {
			r.Unknown = []license.Finding{{Rule: "a", Missing: []string{"tcss.CoresCnt"}}}
		}, "1 rule could not be judged: a (tcss.CoresCnt not known)\n", "未能判断的规则（1 条）：a（tcss.CoresCnt 未知）\n"},
		"its orders": {func(r *license.Report) {
			r.Unknown = []license.Finding{{Rule: "a", Subject: "x", Missing: []string{"order.DaysLeft"}}, {Rule: "a", Subject: "y", Missing: []string{"order.DaysLeft"}}}
		}, "1 rule could not be judged: a (2 orders, order.DaysLeft not known)\n", "未能判断的规则（1 条）：a（2 个订单，order.DaysLeft 未知）\n"},
		"unread orders explain": {func(r *license.Report) {
			r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourceOrders: scene.Unreadable(license.FailureTimeout, "cwp", "x")}
			r.Unknown = []license.Finding{{Rule: "a", Missing: []string{"order.DaysLeft"}}, {Rule: "b", Missing: []string{"cwp.orders"}}, {Rule: "c", Missing: []string{"cwp.ExpireLicenseCnt"}}}
		}, "3 rules could not be judged: c (cwp.ExpireLicenseCnt not known)\n", "未能判断的规则（3 条）：c（cwp.ExpireLicenseCnt 未知）\n"},
		"unread overview explains": {func(r *license.Report) {
			r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourceOverview: scene.Unreadable(license.FailureTimeout, "cwp", "x")}
			r.Unknown = []license.Finding{{Rule: "a", Missing: []string{"cwp.overview"}}, {Rule: "b", Missing: []string{"cwp.ExpireLicenseCnt"}}}
		}, "2 rules could not be judged\n", "未能判断的规则：2 条\n"},
	})
}

// TestExportWording: what became of the export.
func TestExportWording(t *testing.T) {
	t.Parallel()
	export := func(e license.Export) func(*license.Report) {
		return func(r *license.Report) { r.Export = e }
	}
	checkWording(t, map[string]wording{
		"link":         {export(license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL("https://a.example/x")}), "License details: download <https://a.example/x> (the link expires soon)\n", "授权明细已导出：下载 <https://a.example/x>（链接很快失效）\n"},
		"not shared":   {export(license.Export{Status: license.ExportFinished, TaskID: 7}), "License details: export 7 finished\n", "授权明细：导出任务 7 已完成\n"},
		"withheld":     {export(license.Export{Status: license.ExportFinished, TaskID: 7, Withheld: "evil.example"}), "License details: export 7 finished, link withheld (host evil.example)\n", "授权明细：导出任务 7 已完成，链接未展示（主机 evil.example）\n"},
		"unsafe":       {export(license.Export{Status: license.ExportFinished, TaskID: 7, Link: license.NewSignedURL("http://a.example/")}), "export 7 finished, link withheld (not safe to post)\n", "导出任务 7 已完成，链接不宜展示，已略去\n"},
		"pending":      {export(license.Export{Status: license.ExportPending, TaskID: 9007199254740993}), "License details: export 9007199254740993 still running, no file yet\n", "授权明细：导出任务 9007199254740993 仍在进行，本次未等到文件\n"},
		"skipped":      {export(license.Export{Status: license.ExportSkipped}), "License details: not exported, too little time left\n", "授权明细：剩余时间不足，未导出\n"},
		"refused":      {export(license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: scene.Unreadable(license.FailureDenied, "cwp", "ExportTasks")}), "License details: export failed, Code.denied · ExportTasks\n→ Allow cwp:ExportTasks for the execution role.\n", "授权明细：导出失败，Code.denied · ExportTasks\n→ 请为运行角色授予 cwp:ExportTasks 权限\n"},
		"no export":    {export(license.Export{Status: license.ExportFailed, Problem: license.ExportNothing, Failure: scene.Unreadable(license.FailureRequest, "cwp", "ExportTasks")}), "License details: nothing to export\nAccount", "授权明细：没有可导出的内容\n账号"},
		"no task":      {export(license.Export{Status: license.ExportFailed, Problem: license.ExportNoTask}), "export failed, no task id was given\n", "导出失败，应答中没有任务编号\n"},
		"ambiguous":    {export(license.Export{Status: license.ExportFailed, Problem: license.ExportAmbiguous}), "unknown whether the export started\n", "不确定导出是否已开始\n"},
		"export error": {export(license.Export{Status: license.ExportFailed, TaskID: 7, Problem: license.ExportError}), "License details: export 7 failed, the API gives no reason\n", "授权明细：导出任务 7 失败，接口未说明原因\n"},
		"no file":      {export(license.Export{Status: license.ExportFailed, TaskID: 7, Problem: license.ExportNoLink}), "export 7 finished without a file\n", "导出任务 7 已结束，但没有文件\n"},
	})
}

// TestNoticesWording: remarks on the run.
func TestNoticesWording(t *testing.T) {
	t.Parallel()
	checkWording(t, map[string]wording{
		"orders missing": {func(r *license.Report) { r.Snapshot.Orders.Incomplete, r.Snapshot.Orders.TotalCount = true, 260 }, "The order list is incomplete: 3 of 260 read; the others are not judged.\n", "订单列表不完整：共 260 个，读到 3 个，其余未判断\n"},
		"settings": {func(r *license.Report) {
			r.Notices = []license.Notice{{Code: license.NoticeUnknownSetting, Args: []string{"LICENSEWATCH_A", ""}}, {Code: license.NoticeUnknownSetting, Args: []string{"LICENSEWATCH_B", "LICENSEWATCH_C"}}}
		}, "No such settings: LICENSEWATCH_A, LICENSEWATCH_B (did you mean LICENSEWATCH_C?)\n", "没有这样的设置：LICENSEWATCH_A、LICENSEWATCH_B（是否应为 LICENSEWATCH_C？）\n"},
		"a new notice": {func(r *license.Report) { r.Notices = []license.Notice{{Code: "new", Args: []string{"a", "b"}}} }, "new: a, b\n", "new：a、b\n"},
	})
}

// TestContextWording: whose licenses, and when.
func TestContextWording(t *testing.T) {
	t.Parallel()
	checkWording(t, map[string]wording{
		"international": {func(r *license.Report) { r.Snapshot.Site, r.Snapshot.Account = license.SiteIntl, "" }, "\nInternational site · Nov 22, 09:07 (UTC+8) · a1b2c3\n", "\n国际站 · 11月22日 09:07（UTC+8） · a1b2c3\n"},
		"half an hour":  {func(r *license.Report) { r.At = scene.Now.In(time.FixedZone("", 5*3600+1800)) }, "Nov 22, 06:37 (UTC+5:30)", "11月22日 06:37（UTC+5:30）"},
		"west":          {func(r *license.Report) { r.At = scene.Now.In(time.FixedZone("", -3*3600)) }, "Nov 21, 22:07 (UTC-3)", "11月21日 22:07（UTC-3）"},
		"UTC":           {func(r *license.Report) { r.At = scene.Now.UTC() }, "Nov 22, 01:07 (UTC)", "11月22日 01:07（UTC）"},
	})
}
