package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/license"
)

// withStory is a digest in which a plain finding fires that has the story.
func withStory(title string, daysLeft *int64, story license.Story) func(*license.Report) {
	return func(r *license.Report) {
		f := scene.Told(finding(license.Critical, title), story)
		f.DaysLeft = daysLeft
		r.Firing = []license.Finding{f, finding(license.Info, "x")}
	}
}

// TestChangeWording: what became of a finding, beside its severity.
func TestChangeWording(t *testing.T) {
	t.Parallel()
	story := func(change license.Change, days int) license.Story {
		return license.Story{Change: change, Since: scene.Ago(days)}
	}
	with := func(s license.Story, set func(*license.Story)) license.Story {
		set(&s)
		return s
	}
	worse := story(license.ChangeWorse, 0)
	checkWording(t, map[string]wording{
		"new":              {withStory("T", nil, story(license.ChangeNew, 0)), "1. T — critical · new\n", "1. T · 严重 · 新\n"},
		"new to this chat": {withStory("T", nil, story(license.ChangeNew, 5)), "— critical · new to this chat · for 5 days\n", "严重 · 首次通知本群 · 已持续 5 天\n"},
		"first day":        {withStory("T", nil, story(license.ChangeOngoing, 0)), "1. T — critical\n", "1. T · 严重\n"},
		"second day":       {withStory("T", nil, license.Story{Change: license.ChangeOngoing, Since: time.Date(2026, 11, 21, 15, 59, 0, 0, time.UTC)}), "critical · for 1 day\n", "严重 · 已持续 1 天\n"},
		"midnight there":   {withStory("T", nil, license.Story{Change: license.ChangeOngoing, Since: time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)}), "1. T — critical\n", "1. T · 严重\n"},
		"a clock was off":  {withStory("T", nil, story(license.ChangeOngoing, -3)), "1. T — critical\n", "1. T · 严重\n"},
		"ended since then": {func(r *license.Report) {
			withStory("T", nil, story(license.ChangeOngoing, 30))(r)
			r.Firing[0].Deadline, r.Firing[0].Detail = scene.NextDay(-4), license.Text{En: "ended Nov 18", Zh: "11月18日 到期"}
		}, "critical · for 4 days\n", "严重 · 已持续 4 天\n"},
		"due": {withStory("T", nil, story(license.ChangeDue, 7)), "critical · reminder · for 7 days\n", "严重 · 再次提醒 · 已持续 7 天\n"},
		"moved": {withStory("T", nil, with(story(license.ChangeDue, 0), func(s *license.Story) { s.WasDeadline = scene.NextDay(12) })),
			"critical · reminder, end was Dec 4 00:00\n", "严重 · 再次提醒，原到期时间 12月4日 00:00\n"},
		"worse":    {withStory("T", nil, worse), "critical · got worse\n", "严重 · 已升级\n"},
		"severity": {withStory("T", nil, with(worse, func(s *license.Story) { s.WasSeverity = license.Warning })), "critical · got worse: was warning\n", "严重 · 已升级：原为警告\n"},
		"fewer days": {withStory("Ends in 3 days", scene.Ptr(int64(3)), with(worse, func(s *license.Story) { s.WasDaysLeft = scene.Ptr(int64(7)) })),
			"critical · was 7 when last told\n", "严重 · 上次通知时还有 7 天\n"},
		"fewer days, not in title": {withStory("It ends", scene.Ptr(int64(3)), with(worse, func(s *license.Story) { s.WasDaysLeft = scene.Ptr(int64(7)) })),
			"critical · 7 days were left when last told\n", "严重 · 上次通知时还有 7 天\n"},
		"fewer days, now over": {withStory("Ended 1 day ago", scene.Ptr(int64(-1)), with(worse, func(s *license.Story) { s.WasDaysLeft = scene.Ptr(int64(1)) })),
			"critical · 1 day was left when last told\n", "严重 · 上次通知时还有 1 天\n"},
		"not fewer days": {withStory("Ends in 9 days", scene.Ptr(int64(9)), with(worse, func(s *license.Story) { s.WasDaysLeft = scene.Ptr(int64(2)) })), "critical · got worse\n", "严重 · 已升级\n"},
		"both": {withStory("Ends in 3 days", scene.Ptr(int64(3)), with(worse, func(s *license.Story) { s.WasDaysLeft, s.WasSeverity = scene.Ptr(int64(7)), license.Warning })),
			"critical · got worse: was warning with 7 days left\n", "严重 · 已升级：原为警告，剩余 7 天\n"},
		"took over": {withStory("T", nil, with(worse, func(s *license.Story) {
			s.WasTitle, s.WasSeverity = license.Text{En: "Trial ends", Zh: "试用将结束"}, license.Warning
		})), "critical · got worse: was “Trial ends”\n", "严重 · 已升级：原为“试用将结束”\n"},
		"event": {func(r *license.Report) {
			f := scene.Told(scene.RenewalSwitchedOff(), license.Story{Change: license.ChangeOngoing, Since: scene.Ago(3)})
			r.Firing = []license.Finding{f}
		}, "warning · seen Nov 19, 09:07 · what to do", "警告 · 11月19日 09:07 发现 · 去处理"},
	})
}

// TestAckWording: who has taken care of a finding, and until when.
func TestAckWording(t *testing.T) {
	t.Parallel()
	acked := func(change func(*license.Story)) func(*license.Report) {
		story := license.Story{Change: license.ChangeOngoing, Since: scene.Now, Ack: scene.Holding("rule", "")}
		change(&story)
		return withStory("T", nil, story)
	}
	listed := func(n int, until time.Time) func(*license.Report) {
		return func(r *license.Report) {
			for i := range n {
				ack := *scene.Holding("rule", fmt.Sprint("cwp-", i))
				ack.Until = until
				r.Acks = append(r.Acks, ack)
			}
		}
	}
	until := scene.NextDay(24)
	checkWording(t, map[string]wording{
		"no headline": {acked(func(*license.Story) {}), "🔵 x\n", "🔵 x\n"},
		"holds": {acked(func(*license.Story) {}), "\n\nAcknowledged\nT — critical · until Dec 15, by oncall@ops-host: renewal ordered, waiting for finance\n",
			"\n\n已确认\nT · 严重 · oncall@ops-host 确认至 12月15日：renewal ordered, waiting for finance\n"},
		"got worse": {acked(func(s *license.Story) { s.Ack.Over = true }), "\n   got worse, so no longer acknowledged (by oncall@ops-host until Dec 15: ", "\n   情况已升级，此前的确认失效（oncall@ops-host 确认至 12月15日："},
		"ended":     {acked(func(s *license.Story) { s.Ack.Ended = true }), "\n   was acknowledged by oncall@ops-host until Dec 15: renewal", "\n   此前由 oncall@ops-host 确认至 12月15日：renewal"},
		"ended now": {acked(func(s *license.Story) { s.Ack.Ended, s.Change = true, license.ChangeDue }), "1. T — critical · acknowledgement ended\n", "1. T · 严重 · 确认已到期\n"},
		"of its rule, before it began": {acked(func(s *license.Story) { s.FirstOfAckedRule, s.Change = true, license.ChangeNew }), "1. T — critical · new\n   its rule is acknowledged by oncall@ops-host until Dec 15 (renewal ordered, waiting for finance); this one began later and is told once\n",
			"\n   该规则已由 oncall@ops-host 确认至 12月15日（renewal ordered, waiting for finance）；此项在确认之后出现，仅通知这一次\n"},
		"several of one rule": {func(r *license.Report) {
			for i := range 3 {
				f := scene.Told(finding(license.Warning, "T"), license.Story{Change: license.ChangeOngoing, Since: scene.Now, Ack: scene.Holding("rule", "")})
				f.Subject = fmt.Sprint(i)
				r.Firing = append(r.Firing, f)
			}
		}, "🔵 All is in order except 3 acknowledged findings\n", "\n已确认\nrule（3 项） · 警告 · oncall@ops-host 确认至"},
		"list":      {listed(1, until), "\n\nAcknowledged\nrule/cwp-0 until Dec 15, by oncall@ops-host: renewal", "\n\n已确认\nrule/cwp-0 · oncall@ops-host 确认至 12月15日：renewal"},
		"an hour":   {listed(1, until.Add(-8*time.Hour)), "until Dec 15, 16:00, by", "确认至 12月15日 16:00："},
		"next year": {listed(1, until.AddDate(0, 1, 0).Add(time.Hour)), "until Jan 16, 2027 01:00, by", "确认至 2027年1月16日 01:00："},
		"the rest":  {listed(7, until), "\n… and 3 more: licensewatch ack --list\n", "\n…… 另有 3 项：licensewatch ack --list\n"},
	})
}

// TestSilenceWording: the command that silences, wherever it can be pasted.
func TestSilenceWording(t *testing.T) {
	t.Parallel()
	alerting := func(keys ...string) func(*license.Report) {
		return func(r *license.Report) {
			r.Mode = license.ModeAlert
			for _, key := range keys {
				f := scene.Told(finding(license.Warning, "T"), license.Story{Change: license.ChangeNew, Since: scene.Now, NextAt: scene.Now.Add(6 * time.Hour)})
				f.Rule, f.Subject, _ = strings.Cut(key, "/")
				r.Firing = append(r.Firing, f)
			}
		}
	}
	checkWording(t, map[string]wording{
		"one": {alerting("rule/cwp-a#2"), "\nNext reminder: Nov 22, 15:07.\nTo silence: licensewatch ack rule/cwp-a#2 --until 2w --reason …\n",
			"\n下次提醒：11月22日 15:07。\n暂停提醒：licensewatch ack rule/cwp-a#2 --until 2w --reason …\n"},
		"two": {alerting("a", "b/c"), "To silence: licensewatch ack RULE --until 2w --reason … with RULE one of a, b/c\n",
			"暂停提醒：licensewatch ack RULE --until 2w --reason …，其中 RULE 为 a、b/c\n"},
	})
	for _, key := range []string{"rule/$(id)", "rule/a b", "rule/a;b", "-rule", "rule/`id`", "rule/中"} {
		r := scene.AllWell(license.English)
		if alerting(key)(&r); strings.Contains(page(t, r), "licensewatch ack") {
			t.Errorf("%q is to be pasted into a shell", key)
		}
	}
	for name, report := range map[string]func(license.Language) license.Report{"no store": scene.Alert, "digest": scene.DigestWithStories, "events": scene.Events} {
		if strings.Contains(page(t, report(license.English)), "--until") {
			t.Errorf("%s: tells how to silence", name)
		}
	}
}

// TestNewsHeadline: an alert without a finding says what it is about, and claims
// nothing about what it leaves out.
func TestNewsHeadline(t *testing.T) {
	t.Parallel()
	unread := func(r *license.Report, sources ...license.Source) {
		r.Snapshot.Failures = map[license.Source]*license.Failure{}
		for _, s := range sources {
			r.Snapshot.Failures[s] = scene.Unreadable(license.FailureTimeout, "cwp", "Action")
			change := scene.Outage
			change.Source = s
			r.SourceChanges = append(r.SourceChanges, change)
		}
	}
	over := func(r *license.Report) { r.Resolved = []license.Resolved{scene.TrialResolved()} }
	tests := map[string]struct {
		change func(*license.Report)
		en, zh string
	}{
		"resolved, another unread": {func(r *license.Report) {
			over(r)
			r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourceOrders: scene.Unreadable(license.FailureTimeout, "cwp", "Action")}
		}, "🟠 Resolved: Container Security protects again (Pro edition until Sep 18, 2027 00:00); CWPP (orders) is unknown",
			"🟠 已恢复：容器安全已恢复防护（专业版有效至 2027年9月18日 00:00）；主机安全订单状态未知"},
		"resolved, orders incomplete": {func(r *license.Report) { over(r); r.Snapshot.Orders.Incomplete = true },
			"🟠 Resolved: Container Security protects again (Pro edition until Sep 18, 2027 00:00)", "🟠 已恢复：容器安全已恢复防护（专业版有效至 2027年9月18日 00:00）"},
		"resolved, state not known": {func(r *license.Report) { over(r); r.Resolved[0].Source = "" },
			"🟢 Resolved: Container Security protects again", "🟢 已恢复：容器安全已恢复防护"},
		"resolved beside a finding": {func(r *license.Report) { over(r); r.Firing = []license.Finding{finding(license.Warning, "It ends")} },
			"🟡 It ends", "🟡 It ends"},
		"cannot be judged": {func(r *license.Report) { r.Unjudged, r.Unknown = 3, []license.Finding{{Rule: "x"}} },
			"🟠 1 check could not be made", "🟠 有 1 项检查未能完成"},
		"resolved beside what is good to know": {func(r *license.Report) { over(r); r.Firing = []license.Finding{finding(license.Info, "It is so")} },
			"🔵 Resolved: Container Security protects again (Pro edition until Sep 18, 2027 00:00)", "🔵 已恢复：容器安全已恢复防护（专业版有效至 2027年9月18日 00:00）"},
		"no longer watched, beside what is good to know": {func(r *license.Report) {
			r.Unwatched = []license.Unwatched{{Source: license.SourceOrders}}
			r.Firing = []license.Finding{finding(license.Info, "It is so")}
		}, "🔵 No longer watched: CWPP (orders)", "🔵 不再监控：主机安全订单"},
		"resolved, still unread": {func(r *license.Report) { over(r); unread(r, license.SourceOrders) },
			"🟠 CWPP (orders) has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 主机安全订单自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"one product": {func(r *license.Report) { unread(r, license.SourceOrders, license.SourceOverview) },
			"🟠 CWPP is still unreadable", "🟠 主机安全仍无法读取"},
		"all": {func(r *license.Report) { unread(r, scene.BothProducts...) },
			"🟠 CWPP and Container Security are still unreadable", "🟠 主机安全、容器安全仍无法读取"},
		"unread, though the snapshot has it": {func(r *license.Report) { r.SourceChanges = []license.SourceChange{scene.Outage} },
			"🟠 Container Security has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 容器安全自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"incomplete": {func(r *license.Report) {
			r.Snapshot.Orders.Incomplete = true
			r.SourceChanges = []license.SourceChange{{Source: license.SourceOrders, Since: scene.Outage.Since, Runs: 3, Partly: true}}
		}, "🟠 CWPP (orders) has been incomplete since Nov 20, 09:37 (3 runs)", "🟠 主机安全订单自 11月20日 09:37 起一直读取不全（连续 3 次）"},
		"incomplete beside unread": {func(r *license.Report) {
			r.Snapshot.Orders.Incomplete = true
			unread(r, license.SourcePurchaseState)
			r.SourceChanges = append(r.SourceChanges, license.SourceChange{Source: license.SourceOrders, Since: scene.Outage.Since, Runs: 3, Partly: true})
		}, "🟠 Container Security has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 容器安全自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"info beside unread": {func(r *license.Report) {
			unread(r, license.SourcePurchaseState)
			r.Firing = []license.Finding{finding(license.Info, "It is so")}
		}, "🟠 It is so; Container Security is unknown", "🟠 It is so；容器安全状态未知"},
		"read again, another not": {func(r *license.Report) {
			unread(r, license.SourceOrders)
			r.SourceChanges = append(r.SourceChanges, license.SourceChange{Source: license.SourcePurchaseState, Readable: true, Since: scene.Ago(2), At: scene.Now, Runs: 4})
		}, "🟠 CWPP (orders) has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 主机安全订单自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"read again, unread anew": {func(r *license.Report) {
			back := scene.Outage
			back.Readable = true
			r.SourceChanges = []license.SourceChange{scene.Outage, back}
		}, "🟠 Container Security has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 容器安全自 11月20日 09:37 起一直无法读取（连续 3 次）"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				r := scene.OnlyNews(language)
				test.change(&r)
				got := page(t, r)
				if headline, _, _ := strings.Cut(got, "\n"); headline != want {
					t.Errorf("got %q, want %q", headline, want)
				}
				if strings.Contains(got, "the rest is fine") || strings.Contains(got, "其余正常") {
					t.Errorf("claims that all else is well:\n%s", got)
				}
				if len(r.Resolved) > 0 && !strings.Contains(got, r.Resolved[0].Over.In(language)) {
					t.Errorf("what is over is not told:\n%s", got)
				}
			}
		})
	}
}

// TestDigestNews: what a digest says of what is over and of the sources.
func TestDigestNews(t *testing.T) {
	t.Parallel()
	resolved := func(n int) func(*license.Report) {
		return func(r *license.Report) {
			for range n {
				r.Resolved = append(r.Resolved, scene.TrialResolved())
			}
		}
	}
	checkWording(t, map[string]wording{
		"resolved": {resolved(1), "🟢 All security licenses are in order\nResolved since the last report\nContainer Security protects again (Pro edition until Sep 18, 2027 00:00)\n",
			"🟢 安全授权一切正常\n上次报告以来已恢复\n容器安全已恢复防护（专业版有效至 2027年9月18日 00:00）\n"},
		"many": {resolved(9), "\n… and 5 more resolved\n", "\n…… 另有 5 项已恢复\n"},
		"beside what fires": {func(r *license.Report) {
			*r = scene.AlertWorse(r.Language)
			r.Resolved = scene.ResolvedSeveral(r.Language).Resolved[:2]
		},
			"\n\nResolved: Container Security protects again (Pro edition until Sep 18, 2027 00:00)\nNo longer listed: “Order cwp-eeee ends in 3 days” (Oct 26 – Nov 22)\n",
			"\n\n已恢复：容器安全已恢复防护（专业版有效至 2027年9月18日 00:00）\n已不在列表中：“订单 cwp-eeee 将于 3 天后到期”（10月26日–11月22日）\n"},
		"a renewed order": {func(r *license.Report) { r.Resolved = []license.Resolved{scene.OrderResolved("cwp-bbbb", false)} },
			"Order cwp-bbbb was renewed, or renews itself now (now ends Mar 1, 2027 00:00, renews itself)\n", "订单 cwp-bbbb 已续费，或已开启自动续费（现到期时间 2027年3月1日 00:00，自动续费）\n"},
		"a renewed order among namesakes": {func(r *license.Report) {
			r.Resolved = []license.Resolved{scene.OrderResolved("cwp-bbbb#9", false)}
			namesake := func(id int64, end string) license.Order {
				o := scene.Order("cwp-bbbb", license.LicenseTypeUltimate, 40, 33, end, license.RenewalOff)
				o.LicenseId = &id
				return o
			}
			r.Snapshot.Orders.List = []license.Order{namesake(2, "2026-12-18"), namesake(9, "2027-12-18")}
		}, "(now ends Dec 18, 2027 00:00)\n", "（现到期时间 2027年12月18日 00:00）\n"},
		"unread for long": {func(r *license.Report) { *r = scene.StillUnreadable(r.Language); r.Mode = license.ModeDigest },
			"Container Security has been unreadable since Nov 20, 09:37 (3 runs): AuthFailure", "容器安全自 11月20日 09:37 起一直无法读取（连续 3 次）：AuthFailure"},
		"unread the first time": {func(r *license.Report) {
			*r = scene.StillUnreadable(r.Language)
			r.Mode, r.SourceChanges[0].Runs = license.ModeDigest, 1
		},
			"Container Security could not be read: AuthFailure", "容器安全读取失败：AuthFailure"},
		"without words of the rule": {func(r *license.Report) {
			r.Resolved = []license.Resolved{{Key: "cwp-expired", Title: scene.Expired().Title, Severity: license.Critical, Since: scene.Ago(4), At: scene.Now}}
		}, "\n“10 CWPP licenses have expired” (Nov 18 – Nov 22)\n", "\n“主机安全有 10 个授权已过期”（11月18日–11月22日）\n"},
		"of one day": {func(r *license.Report) {
			r.Resolved = []license.Resolved{{Key: "cwp-expired", Title: scene.Expired().Title, Severity: license.Critical, Since: scene.Now.Add(-3 * time.Hour), At: scene.Now}}
		}, "\n“10 CWPP licenses have expired” (Nov 22)\n", "\n“主机安全有 10 个授权已过期”（11月22日）\n"},
		"taken over": {func(r *license.Report) {
			over := scene.OrderResolved("cwp-eeee", false)
			over.TakenOver, over.Over = true, license.Text{En: "Order cwp-eeee was destroyed; what it protected is protected again", Zh: "订单 cwp-eeee 已被销毁，其主机已重新获得防护"}
			r.Resolved = []license.Resolved{over}
		}, "\nOrder cwp-eeee was destroyed; what it protected is protected again\n", "\n订单 cwp-eeee 已被销毁，其主机已重新获得防护\n"},
		"taken over, without words of the rule": {func(r *license.Report) {
			over := scene.OrderResolved("cwp-eeee", false)
			over.TakenOver, over.Over = true, license.Text{}
			r.Resolved = []license.Resolved{over}
		}, "\nAs many licenses are in use again as before: “Order cwp-eeee ends in 3 days”\n", "\n已用授权数已恢复：“订单 cwp-eeee 将于 3 天后到期”\n"},
		"read again": {func(r *license.Report) { *r = scene.SourceBack(r.Language); r.Mode = license.ModeDigest },
			"🟢 All security licenses are in order\nContainer Security can be read again. Unreadable from Nov 20, 09:37 to Nov 22, 09:07 (48 runs).\n",
			"🟢 安全授权一切正常\n容器安全已恢复读取：11月20日 09:37 至 11月22日 09:07 无法读取（连续 48 次）。\n"},
	})
}

// TestMemoryNotices: what is wrong with the memory, whatever else is noted.
func TestMemoryNotices(t *testing.T) {
	t.Parallel()
	notice := func(code license.NoticeCode, args ...string) func(*license.Report) {
		return func(r *license.Report) {
			for range 5 {
				r.Notices = append(r.Notices, license.Notice{Code: license.NoticeFieldsUnread, Args: []string{"x"}})
			}
			r.Notices = append(r.Notices, license.Notice{Code: code, Args: args})
		}
	}
	checkWording(t, map[string]wording{
		"no memory":     {notice(license.NoticeNoMemory, "DiskFull"), "Running without memory: DiskFull (the disk is full); messages may be repeated.\n", "本次运行未能使用状态存储：DiskFull（磁盘已满），消息可能重复\n"},
		"other code":    {notice(license.NoticeNoMemory, "EntityTooLarge"), "Running without memory: EntityTooLarge; messages", "本次运行未能使用状态存储：EntityTooLarge，消息"},
		"no reason":     {notice(license.NoticeNoMemory), "Running without memory; messages may be repeated.\n", "本次运行未能使用状态存储，消息可能重复\n"},
		"another owner": {notice(license.NoticeOtherOwner, "100000000002", "intl"), "that of another account (Account 100000000002 · International site). Give each", "另一账号的记录（账号 100000000002 · 国际站）。请各用"},
		"another site":  {notice(license.NoticeOtherOwner, "", "cn"), "that of another account (China site). Give each", "另一账号的记录（中国站）。请各用"},
		"an odd owner":  {notice(license.NoticeOtherOwner, "x*y", "us"), "that of another account (Account x*y). Give each", "另一账号的记录（账号 x*y）。请各用"},
		"corrupt":       {notice(license.NoticeStateCorrupt, "ledger.corrupt-1"), "acknowledgements are lost. The old state is kept as ledger.corrupt-1.\n", "此前的确认已丢失；原记录另存为 ledger.corrupt-1\n"},
		"corrupt, gone": {notice(license.NoticeStateCorrupt), "acknowledgements are lost.\n", "此前的确认已丢失\n"},
		"one dropped":   {notice(license.NoticeDropped, "1"), "1 older message for this chat was given up.\n", "发往本群的 1 条较早消息未能送达，已放弃\n"},
		"some dropped":  {notice(license.NoticeDropped, "10"), "10 older messages for this chat were given up.\n", "发往本群的 10 条较早消息未能送达，已放弃\n"},
	})
}
