package message_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/license"
)

// TestDoubtWording: what was read and cannot be judged is the headline, in words.
func TestDoubtWording(t *testing.T) {
	t.Parallel()
	orders := func(orders ...license.Order) func(*license.Report) {
		return func(r *license.Report) { r.Snapshot.Orders.List = append(r.Snapshot.Orders.List, orders...) }
	}
	changed := func(id string, change func(*license.Order)) license.Order {
		o := scene.Order(id, license.LicenseTypePro, 40, 33, "2027-03-05", license.RenewalOn)
		change(&o)
		return o
	}
	status := func(o *license.Order) { o.OrderStatus = scene.Ptr(int64(9)) }
	source := func(o *license.Order) { o.SourceType = scene.Ptr(int64(6)) }
	ends := func(text *string, change func(*license.Order)) func(*license.Order) {
		return func(o *license.Order) {
			o.Deadline = text
			change(o)
		}
	}
	stays := func(*license.Order) {}
	asked := func(change func(*license.Report), findings ...license.Finding) func(*license.Report) {
		return func(r *license.Report) {
			change(r)
			r.Unknown = findings
		}
	}
	fires := func(change func(*license.Report), f license.Finding) func(*license.Report) {
		return func(r *license.Report) {
			change(r)
			r.Firing = []license.Finding{f}
		}
	}
	plan := func(change func(*license.PurchaseState)) func(*license.Report) {
		return func(r *license.Report) { change(r.Snapshot.PurchaseState) }
	}
	overuse := func(r *license.Report) {
		r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt = scene.Ptr(int64(50)), scene.Ptr(int64(0))
	}
	counted := func(all, most int64) func(*license.Report) {
		return func(r *license.Report) {
			r.Snapshot.Wanted = []license.Source{license.SourceOverview, license.SourceOrders, license.SourceMachines, license.SourcePurchaseState}
			r.Snapshot.Machines = &license.Machines{MachineCnt: scene.Ptr(all), FlagshipMachineCnt: scene.Ptr(most)}
		}
	}
	missing := func(subject string, fields ...string) license.Finding {
		return license.Finding{Rule: "x", Subject: subject, Missing: fields}
	}
	checkWording(t, map[string]wording{
		"a value that a rule asks for": {asked(orders(changed("a", status)), missing("a", "order.OrderStatus")),
			"🟠 Order a cannot be judged: its status is 9, which is not documented\n", "🟠 订单 a 无法判断：状态为 9，官方文档没有这个值\n"},
		"of one of several orders of a name": {asked(orders(changed("a", status)), missing("a#7", "order.OrderStatus")),
			"🟠 Order a cannot be judged: its status is 9, which is not documented\n", "🟠 订单 a 无法判断：状态为 9，官方文档没有这个值\n"},
		"and something else": {asked(orders(changed("a", status)), missing("b", "order.OrderStatus")),
			"🟠 Order a: its status is 9, which is not documented; 1 check could not be made\n", "🟠 订单 a 的状态为 9，官方文档没有这个值；另有 1 项检查无法判断\n"},
		"a value that no rule asks for": {orders(changed("a", source)), "🟠 Order a: its source is 6, which is not documented\n", "🟠 订单 a 的来源为 6，官方文档没有这个值\n"},
		"in the list": {orders(changed("a", source)), "\nOrder source 6 is not documented (a)\n→ Look it up in the console <" + scene.CwpConsole + ">.\n",
			"\n订单来源 6 不在官方文档中（a）\n→ 请在控制台 <" + scene.CwpConsole + ">核实\n"},
		"several orders": {orders(changed("a", source), changed("b", source)), "🟠 2 orders: their source is 6, which is not documented\n", "🟠 2 个订单的来源为 6，官方文档没有这个值\n"},
		"several values": {orders(changed("a", source), changed("b", status), changed("c", status)), "🟠 Order a: its source is 6, which is not documented; 1 more value cannot be judged\n",
			"🟠 订单 a 的来源为 6，官方文档没有这个值；另有 1 处数据无法判断\n"},
		"all of them": {orders(changed("a", source), changed("b", status), changed("c", status)), "Order source 6 is not documented (a)\nOrder status 9 is not documented (b, c)\n",
			"订单来源 6 不在官方文档中（a）\n订单状态 9 不在官方文档中（b、c）\n"},
		"of a destroyed order": {orders(changed("a", ends(scene.Ptr("xx"), func(o *license.Order) {
			o.OrderStatus, o.SourceType = scene.Ptr(int64(license.OrderDestroyed)), scene.Ptr(int64(6))
		}))),
			"🟢 All", "🟢 安全"},
		"of the whole": {func(r *license.Report) { r.Snapshot.Overview.ProtectType = scene.Ptr("GOLD") }, "🟠 CWPP: its protection type is \"GOLD\", which is not documented\n",
			"🟠 主机安全的防护类型为 \"GOLD\"，官方文档没有这个值\n"},
		"of Container Security": {plan(func(p *license.PurchaseState) { p.AutomaticRenewal = scene.Ptr(int64(7)) }), "\nContainer Security: auto-renewal 7 is not documented\n→ Look it up in the console <" + scene.TcssConsole + ">.\n",
			"\n容器安全：自动续费 7 不在官方文档中\n"},
		"behind a finding":     {fires(orders(changed("a", status)), finding(license.Warning, "It ends")), "🟠 It ends; the status of order a is not documented\n", "🟠 It ends；订单 a 的状态不在官方文档中\n"},
		"a bad end behind one": {fires(orders(changed("a", ends(scene.Ptr("xx"), stays))), finding(license.Warning, "It ends")), "🟠 It ends; the end of order a cannot be read\n", "🟠 It ends；订单 a 的到期时间无法识别\n"},
		"no end behind one":    {fires(orders(changed("a", ends(nil, stays))), finding(license.Warning, "It ends")), "🟠 It ends; no end is known of order a\n", "🟠 It ends；订单 a 没有到期时间\n"},
		"contradiction behind one": {fires(plan(func(p *license.PurchaseState) { p.SubState = scene.Ptr("TERMINATED") }), finding(license.Critical, "It is over")),
			"🔴 It is over; State and SubState of Container Security contradict each other\n", "🔴 It is over；容器安全的 State 与 SubState 相互矛盾\n"},
		"an odd sub-state behind one": {fires(plan(func(p *license.PurchaseState) {
			p.State, p.SubState = scene.Ptr(int64(license.StateExpired)), scene.Ptr("FROZEN")
		}), finding(license.Critical, "It is over")),
			"🔴 It is over; the sub-state of Container Security is not documented\n", "🔴 It is over；容器安全的子状态不在官方文档中\n"},
		"expired before its end": {plan(func(p *license.PurchaseState) { p.State = scene.Ptr(int64(license.StateExpired)) }),
			"Pro edition expired, although its end is given as Sep 18, 2027 00:00 (300 days left)", "专业版已到期，但到期时间为 2027年9月18日 00:00（还有 300 天）"},
		"several behind one":   {fires(orders(changed("a", status), changed("b", source)), finding(license.Critical, "It is over")), "🔴 It is over; 2 values cannot be judged\n", "🔴 It is over；2 处数据无法判断\n"},
		"before what is info":  {fires(orders(changed("a", status)), finding(license.Info, "It is so")), "🟠 Order a: its status is 9, which is not documented\n", "🟠 订单 a 的状态为 9，官方文档没有这个值\n"},
		"a bad end":            {orders(changed("a", ends(scene.Ptr("xx"), stays))), "🟠 Order a cannot be judged: its end date “xx” is no date\n", "🟠 订单 a 无法判断：到期时间“xx”不是日期\n"},
		"a bad end, listed":    {orders(changed("a", ends(scene.Ptr("0000-00-00 00:00:00"), stays))), "\nEnd date not readable: “0000-00-00 00:00:00” (a)\n", "\n到期时间无法识别：“0000-00-00 00:00:00”（a）\n"},
		"no end":               {orders(changed("a", ends(scene.Ptr(""), stays)), changed("b", ends(nil, stays))), "🟠 2 orders cannot be judged: they have no end date\n", "🟠 2 个订单无法判断：没有到期时间\n"},
		"no end, listed":       {orders(changed("a", ends(nil, stays))), "\nNo end date: a\n", "\n没有到期时间：a\n"},
		"which a rule asks":    {asked(orders(changed("a", ends(scene.Ptr("xx"), stays))), missing("a", "order.Ended", "order.DaysLeft")), "is no date\nAccount", "不是日期\n账号"},
		"of an isolated order": {orders(changed("a", ends(scene.Ptr("xx"), func(o *license.Order) { o.OrderStatus = scene.Ptr(int64(license.OrderIsolated)) }))), "🟢 All", "🟢 安全"},
		"of pay as you go":     {orders(changed("a", ends(scene.Ptr("0000-00-00 00:00:00"), func(o *license.Order) { o.LicenseType = scene.Ptr(int64(0)) }))), "🟢 All", "🟢 安全"},
		"no end of a plan":     {plan(func(p *license.PurchaseState) { p.ExpirationTime = nil }), "🟠 Container Security cannot be judged: it has no end date\n", "🟠 容器安全无法判断：没有到期时间\n"},
		"a bad end of a plan":  {plan(func(p *license.PurchaseState) { p.ExpirationTime = scene.Ptr("xx") }), "🟠 Container Security cannot be judged: its end date “xx” is no date\n", "🟠 容器安全无法判断：到期时间“xx”不是日期\n"},
		"overuse":              {overuse, "🟠 CWPP counts contradict each other: 50 of 0 licenses are in use\n", "🟠 主机安全的数字相互矛盾：已用 50 个授权，有效的只有 0 个\n"},
		"too many machines":    {counted(3, 1200), "🟠 CWPP counts contradict each other: 1,200 machines by their protection, and 3 in all\n", "🟠 主机安全的数字相互矛盾：按防护情况合计 1,200 台，主机总数却只有 3 台\n"},
		"which are listed":     {counted(3, 4), "\nCWPP: 4 machines by their protection, but only 3 in all\n", "\n主机安全：按防护情况合计 4 台，主机总数却只有 3 台\n"},
		"beside a finding":     {fires(counted(3, 4), finding(license.Warning, "It ends")), "🟠 It ends; the counts of machines contradict each other\n", "🟠 It ends；主机数相互矛盾\n"},
		"by several editions": {func(r *license.Report) {
			counted(9, 5)(r)
			r.Snapshot.Machines.BaseMachineCnt, r.Snapshot.Machines.NotProtectMachineCnt = scene.Ptr(int64(5)), scene.Ptr(int64(9))
		}, ": 10 machines by their protection, and 9 in all\n", "：按防护情况合计 10 台，主机总数却只有 9 台\n"},
		"more than a number holds": {func(r *license.Report) {
			counted(math.MaxInt64, math.MaxInt64)(r)
			r.Snapshot.Machines.BaseMachineCnt = scene.Ptr(int64(1))
		}, "🟠 CWPP counts contradict each other", "🟠 主机安全的数字相互矛盾"},
		"not protected beside editions": {func(r *license.Report) {
			counted(1204, 1204)(r)
			r.Snapshot.Machines.NotProtectMachineCnt = scene.Ptr(int64(12))
		}, "🟢 All", "🟢 安全"},
		"as many as there are": {counted(4, 4), "🟢 All", "🟢 安全"},
		"that a finding tells": {fires(overuse, finding(license.Warning, "More in use than valid: 50 of 0")), "🟡 More in use than valid: 50 of 0\n", "🟡 More in use than valid: 50 of 0\n"},
		"contradiction": {plan(func(p *license.PurchaseState) { p.SubState = scene.Ptr("TERMINATED") }), "🟠 Container Security cannot be judged: State 3 and SubState TERMINATED contradict each other\n",
			"🟠 容器安全无法判断：State 3 与 SubState TERMINATED 相互矛盾\n"},
	})
}

// TestNotGreenBesideAcknowledged: what somebody knows of is neither headline nor
// colour, nor is all well.
func TestNotGreenBesideAcknowledged(t *testing.T) {
	t.Parallel()
	acked := scene.Told(finding(license.Critical, "It is over"), license.Story{Change: license.ChangeOngoing, Since: scene.Ago(3), Ack: scene.Holding("rule", "")})
	fires := func(change func(*license.Report), findings ...license.Finding) func(*license.Report) {
		return func(r *license.Report) {
			r.Firing = findings
			change(r)
		}
	}
	checkWording(t, map[string]wording{
		"alone": {fires(func(*license.Report) {}, acked), "🔵 All is in order except 1 acknowledged finding\n", "🔵 除已确认的 1 项外，一切正常\n"},
		"listed once": {fires(func(r *license.Report) { r.Acks = []license.Ack{*scene.Holding("rule", "")} }, acked),
			"\n\nAcknowledged\nIt is over — critical · until Dec 15, by oncall@ops-host: renewal ordered, waiting for finance\n\nLicense",
			"\n\n已确认\nIt is over · 严重 · oncall@ops-host 确认至 12月15日：renewal ordered, waiting for finance\n\n授权"},
		"beside another": {fires(func(*license.Report) {}, finding(license.Warning, "It ends"), acked), "🟡 It ends\n", "🟡 It ends\n"},
		"beside an outage": {fires(func(r *license.Report) {
			r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourcePurchaseState: scene.Unreadable(license.FailureTimeout, "tcss", "Action")}
		}, acked), "🟠 Container Security is unknown\n", "🟠 容器安全状态未知\n"},
		"beside a rule": {fires(func(r *license.Report) { r.Unknown = []license.Finding{{Rule: "x"}} }, acked), "🟠 1 check could not be made\n", "🟠 有 1 项检查未能完成\n"},
	})
}

// TestGroupWording: many findings of a rule are one.
func TestGroupWording(t *testing.T) {
	t.Parallel()
	many := func(n int, change func(int, *license.Finding), before ...license.Finding) func(*license.Report) {
		return func(r *license.Report) {
			r.Firing = before
			for i := range n {
				f := scene.Expiring(scene.Order(fmt.Sprintf("o%d", i), license.LicenseTypeUltimate, 40, 33, "2026-12-12", license.RenewalOff))
				change(i, &f)
				r.Firing = append(r.Firing, f)
			}
		}
	}
	stays := func(int, *license.Finding) {}
	changes := func(changes ...license.Change) func(int, *license.Finding) {
		return func(i int, f *license.Finding) {
			f.Story = &license.Story{Change: changes[i%len(changes)], Since: scene.Ago(2)}
		}
	}
	over := finding(license.Critical, "It is over")
	checkWording(t, map[string]wording{
		"five are five": {many(5, stays), "🟡 Order o0 ends in 20 days, and 4 more need attention\n", "🟡 订单 o0 将于 20 天后到期，另有 4 项待处理\n"},
		"six are one":   {many(6, stays), "🟡 6 orders end within 30 days and are not set to renew\n", "🟡 6 个订单 30 天内到期且未设置自动续费\n"},
		"totals": {many(6, stays), "\n240 licenses, 198 in use · Dec 12\namong them: o0 Dec 12 (40, 33 in use) · o1 Dec 12 (40, 33) · o2 Dec 12 (40, 33) · and 3 more\nwarning · ",
			"\n240 个授权，已用 198 个 · 12月12日\n其中：o0 12月12日（40 个，已用 33）、o1 12月12日（40，33）、o2 12月12日（40，33），另有 3 个\n警告 · "},
		"other severities": {many(8, func(i int, f *license.Finding) {
			f.Severity = []license.Severity{license.Critical, license.Warning}[i/4]
		}), "🔴 Order o0 ends in 20 days, and 7 more", "🔴 订单 o0 将于 20 天后到期，另有 7 项"},
		"no words of a rule": {many(6, func(_ int, f *license.Finding) { f.Group = license.Text{} }), "🟡 Order o0 ends in 20 days, and 5 like it\n", "🟡 订单 o0 将于 20 天后到期，同类另有 5 项\n"},
		"some are not known": {many(6, func(i int, f *license.Finding) { f.Machines = []*int64{scene.Ptr(int64(9)), nil}[i%2] }), "\n240 licenses, at least 27 in use · ", "\n240 个授权，至少已用 27 个 · "},
		"nothing is known":   {many(6, func(_ int, f *license.Finding) { f.Machines, f.Licenses = nil, nil }), "\nDec 12\namong them: o0 Dec 12 · o1", "\n12月12日\n其中：o0 12月12日、o1"},
		"over": {many(6, func(_ int, f *license.Finding) { f.Deadline = scene.Ago(4) }), "\n240 licenses, 198 machines · Nov 18\namong them: o0 Nov 18 (40, 33 were in use) · o1 Nov 18 (40, 33)",
			"\n240 个授权，198 台主机 · 11月18日\n其中：o0 11月18日（40 个，此前已用 33）"},
		"owners": {many(6, func(i int, f *license.Finding) { f.Owner = []string{"web", "db"}[i%2] }), "and 3 more · owner: web, db\n", "另有 3 个 · 负责人：web、db\n"},
		"two that are info": {many(2, func(_ int, f *license.Finding) { f.Severity = license.Info }),
			"🔵 All protected; 2 orders end within 30 days and are not set to renew (80 licenses), the next on Dec 12 00:00\n", "🔵 防护均在有效期内；2 个订单 30 天内到期且未设置自动续费（共 80 个授权，最早 12月12日 00:00 到期）\n"},
		"one that is info": {many(1, func(_ int, f *license.Finding) { f.Severity = license.Info }),
			"🔵 All protected; order o0 ends in 20 days (40 licenses, ends Dec 12 00:00)\n", "🔵 防护均在有效期内；订单 o0 将于 20 天后到期（40 个授权，12月12日 00:00 到期）\n"},
		"info about the past": {many(2, func(_ int, f *license.Finding) { f.Severity, f.Deadline = license.Info, scene.Ago(4) }), "🔵 2 orders end within", "🔵 2 个订单 30"},
		"among others":        {many(7, stays, over), "🔴 It is over, and 1 more needs attention\n", "🔴 It is over，另有 1 项待处理\n"},
		"as a row": {many(7, stays, over), "\n2. 7 orders end within 30 days and are not set to renew — warning · 280 licenses, 231 in use · Dec 12 · what to do <" + scene.RenewalConsole + ">\n   among them: o0",
			"\n2. 7 个订单 30 天内到期且未设置自动续费 · 警告 · 280 个授权，已用 231 个 · 12月12日 · 去处理 <" + scene.RenewalConsole + ">\n   其中：o0"},
		"all are new":   {many(6, changes(license.ChangeNew)), "\nwarning · new · what", "\n警告 · 新 · 去"},
		"some are":      {many(6, changes(license.ChangeNew, license.ChangeWorse, license.ChangeOngoing)), "\nwarning · 2 new, 2 got worse · what", "\n警告 · 2 项新增，2 项已升级 · 去"},
		"some reminded": {many(6, changes(license.ChangeDue, license.ChangeOngoing)), "\nwarning · 3 reminders · what", "\n警告 · 3 项再次提醒 · 去"},
		"silenced by its rule": {func(r *license.Report) {
			many(6, changes(license.ChangeNew))(r)
			r.Mode = license.ModeAlert
		}, "To silence: licensewatch ack cwp-order-expiring --until 2w --reason …\n", "暂停提醒：licensewatch ack cwp-order-expiring --until 2w --reason …\n"},
	})
}

// TestWatchWording: times without a run, and what nobody watches any more.
func TestWatchWording(t *testing.T) {
	t.Parallel()
	gap := func(days int) func(*license.Report) {
		return func(r *license.Report) { r.Gaps = []license.Gap{{From: scene.Ago(days), To: scene.Now}} }
	}
	gone := func(all ...license.Unwatched) func(*license.Report) {
		return func(r *license.Report) { r.Unwatched = all }
	}
	checkWording(t, map[string]wording{
		"days":  {gap(4), "🟢 All security licenses are in order\nNo run between Nov 18 and Nov 22: nothing was watched in between.\n", "\n11月18日至 11月22日之间没有运行，期间未做监控\n"},
		"hours": {gap(1), "No run between Nov 21, 09:07 and Nov 22, 09:07: ", "11月21日 09:07 至 11月22日 09:07 之间"},
		"source": {gone(license.Unwatched{Source: license.SourceOrders}), "🔵 All security licenses are in order\nAccount 100000000001 · China site · Nov 22, 09:07 (UTC+8)\n\nNo longer watched: CWPP (orders)\n",
			"\n\n不再监控：主机安全订单\n"},
		"rule": {gone(license.Unwatched{Rule: "x", Title: license.Text{En: "T"}, Count: 3}), "No longer watched: rule x (it last said “T”, and 2 more)\n", "不再监控：规则 x（最后一次通知为“T”，另有 2 项）\n"},
		"bare": {gone(license.Unwatched{Rule: "x"}), "No longer watched: rule x\n", "不再监控：规则 x\n"},
		"alert": {func(r *license.Report) {
			gone(license.Unwatched{Rule: "x"}, license.Unwatched{Rule: "y"})(r)
			r.Mode = license.ModeAlert
		}, "🔵 No longer watched: rule x, and 1 more\nNo longer watched: rule x\nNo longer watched: rule y\n", "🔵 不再监控：规则 x，另有 1 项\n不再监控：规则 x\n不再监控：规则 y\n"},
	})
}

// TestLateAndUnchangedWording: the headline says when it was written, and since when
// it is the same.
func TestLateAndUnchangedWording(t *testing.T) {
	t.Parallel()
	sent := func(after time.Duration) func(*license.Report) {
		return func(r *license.Report) { r.Sent = scene.Now.Add(after) }
	}
	unchanged := func(findings ...license.Finding) func(*license.Report) {
		return func(r *license.Report) { r.Unchanged, r.Firing = scene.Ago(2), findings }
	}
	warning := finding(license.Warning, "Order x ends")
	checkWording(t, map[string]wording{
		"late":           {sent(4 * 24 * time.Hour), "🟢 All security licenses are in order (written Nov 22, delivered now)\n", "🟢 安全授权一切正常（11月22日写成，现补发）\n"},
		"late today":     {sent(8 * time.Hour), "(written Nov 22, 09:07, delivered now)\n", "（11月22日 09:07 写成，现补发）\n"},
		"unchanged":      {unchanged(warning), "🟡 Unchanged since Nov 20: order x ends\n", "🟡 自 11月20日以来无变化：Order x ends\n"},
		"a name stays":   {unchanged(finding(license.Warning, "Container Security ends")), "🟡 Unchanged since Nov 20: Container Security ends\n", "Container"},
		"nothing is new": {unchanged(), "🟢 Unchanged since Nov 20: all security licenses are in order\n", "🟢 自 11月20日以来无变化：安全授权一切正常\n"},
		"short": {func(r *license.Report) {
			unchanged(warning)(r)
			r.Acks = []license.Ack{*scene.Holding("a", "")}
		}, "(UTC+8)\n\nwarning\n\nAcknowledged: 1, see licensewatch ack --list\n\nLicense details", "（UTC+8）\n\n警告\n\n已确认：1 项，见 licensewatch ack --list\n\n授权明细"},
		"an alert is not": {func(r *license.Report) { r.Mode, r.Unchanged = license.ModeAlert, scene.Ago(2) }, "🟢 All", "🟢 安全"},
	})
}

// TestOwnerWording: who looks after it, unless the text says so.
func TestOwnerWording(t *testing.T) {
	t.Parallel()
	owned := func(detail string) func(*license.Report) {
		return func(r *license.Report) {
			f := finding(license.Warning, "It ends")
			f.Owner, f.Detail = "payments", license.Text{En: detail, Zh: detail}
			r.Firing = []license.Finding{f}
		}
	}
	checkWording(t, map[string]wording{
		"not said": {owned("Renew it."), "\nRenew it · owner: payments\nwarning\n", "\nRenew it · 负责人：payments\n警告\n"},
		"said":     {owned("Ask payments."), "\nAsk payments.\nwarning\n", "\nAsk payments.\n警告\n"},
	})
}

// TestTodayWording: an end today has its hour, and lies before or behind.
func TestTodayWording(t *testing.T) {
	t.Parallel()
	ends := func(hour int) func(*license.Report) {
		return func(r *license.Report) {
			f := finding(license.Warning, "T")
			f.Deadline = time.Date(2026, 11, 22, hour, 0, 0, 0, scene.Now.Location())
			r.Firing = []license.Finding{f}
		}
	}
	checkWording(t, map[string]wording{
		"still to come": {ends(23), "\nends today at 23:00\n", "\n今天 23:00 到期\n"},
		"over":          {ends(0), "\nended today at 00:00\n", "\n已于今天 00:00 到期\n"},
		"the same number is in another date": {func(r *license.Report) {
			f := finding(license.Warning, "T")
			f.Deadline, f.Detail = scene.NextDay(9), license.Text{En: "Bought Dec 12.", Zh: "购于 11月12日。"}
			r.Firing = []license.Finding{f}
		}, "Bought Dec 12 · ends Dec 1 00:00, 9 days left\n", "购于 11月12日 · 到期时间 12月1日 00:00，还有 9 天\n"},
	})
}
