package notify_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/license"
)

// withStory is a digest in which a plain finding fires that has the story.
func withStory(title string, daysLeft *int64, story license.Story) func(*license.Report) {
	return func(r *license.Report) {
		f := told(finding(license.Critical, title), story)
		f.DaysLeft = daysLeft
		r.Firing = []license.Finding{f, finding(license.Info, "x")}
	}
}

// TestChangeWording: what became of a finding, beside its severity.
func TestChangeWording(t *testing.T) {
	t.Parallel()
	story := func(change license.Change, days int) license.Story {
		return license.Story{Change: change, Since: ago(days)}
	}
	with := func(s license.Story, set func(*license.Story)) license.Story {
		set(&s)
		return s
	}
	worse := story(license.ChangeWorse, 0)
	checkWording(t, map[string]wording{
		"new":              {withStory("T", nil, story(license.ChangeNew, 0)), "1. T — critical · new\n", "1. T · 严重 · 新\n"},
		"new to this chat": {withStory("T", nil, story(license.ChangeNew, 5)), "— critical · first told here · day 6\n", "严重 · 首次通知本群 · 第 6 天\n"},
		"first day":        {withStory("T", nil, story(license.ChangeOngoing, 0)), "1. T — critical\n", "1. T · 严重\n"},
		"second day":       {withStory("T", nil, license.Story{Change: license.ChangeOngoing, Since: time.Date(2026, 11, 21, 15, 59, 0, 0, time.UTC)}), "critical · day 2\n", "严重 · 第 2 天\n"},
		"midnight there":   {withStory("T", nil, license.Story{Change: license.ChangeOngoing, Since: time.Date(2026, 11, 21, 16, 0, 0, 0, time.UTC)}), "1. T — critical\n", "1. T · 严重\n"},
		"a clock was off":  {withStory("T", nil, story(license.ChangeOngoing, -3)), "1. T — critical\n", "1. T · 严重\n"},
		"due":              {withStory("T", nil, story(license.ChangeDue, 7)), "critical · reminder · day 8\n", "严重 · 再次提醒 · 第 8 天\n"},
		"moved": {withStory("T", nil, with(story(license.ChangeDue, 0), func(s *license.Story) { s.WasDeadline = nextDay(12) })),
			"critical · reminder, end date was Dec 4\n", "严重 · 再次提醒，到期日原为 12月4日\n"},
		"worse":    {withStory("T", nil, worse), "critical · got worse\n", "严重 · 已恶化\n"},
		"severity": {withStory("T", nil, with(worse, func(s *license.Story) { s.WasSeverity = license.Warning })), "critical · got worse: was warning\n", "严重 · 已恶化：原为警告\n"},
		"rung": {withStory("Ends in 3 days", ptr(int64(3)), with(worse, func(s *license.Story) { s.WasDaysLeft = ptr(int64(7)) })),
			"critical · was 7 at the last reminder\n", "严重 · 上次提醒时还有 7 天\n"},
		"rung, not in title": {withStory("It ends", ptr(int64(3)), with(worse, func(s *license.Story) { s.WasDaysLeft = ptr(int64(7)) })),
			"critical · 7 days left at the last reminder\n", "严重 · 上次提醒时还有 7 天\n"},
		"rung, now over": {withStory("Ended 1 day ago", ptr(int64(-1)), with(worse, func(s *license.Story) { s.WasDaysLeft = ptr(int64(1)) })),
			"critical · 1 day left at the last reminder\n", "严重 · 上次提醒时还有 1 天\n"},
		"not fewer days": {withStory("Ends in 9 days", ptr(int64(9)), with(worse, func(s *license.Story) { s.WasDaysLeft = ptr(int64(2)) })), "critical · got worse\n", "严重 · 已恶化\n"},
		"both": {withStory("Ends in 3 days", ptr(int64(3)), with(worse, func(s *license.Story) { s.WasDaysLeft, s.WasSeverity = ptr(int64(7)), license.Warning })),
			"critical · got worse: was warning at 7 days\n", "严重 · 已恶化：原为警告，还有 7 天\n"},
		"took over": {withStory("T", nil, with(worse, func(s *license.Story) {
			s.WasTitle, s.WasSeverity = license.Text{En: "Trial ends", Zh: "试用将结束"}, license.Warning
		})), "critical · got worse: was “Trial ends”\n", "严重 · 已恶化：原为“试用将结束”\n"},
		"event": {func(r *license.Report) {
			f := told(renewalSwitchedOff(), license.Story{Change: license.ChangeOngoing, Since: ago(3)})
			r.Firing = []license.Finding{f}
		}, "warning · seen Nov 19, 09:07 · what to do", "警告 · 11月19日 09:07 发现 · 去处理"},
	})
}

// TestAckWording: who has taken care of a finding, to the day as it was written.
func TestAckWording(t *testing.T) {
	t.Parallel()
	acked := func(over bool) func(*license.Report) {
		ack := *holding("rule", "")
		ack.Over, ack.Until = over, time.Date(2026, 12, 15, 23, 59, 0, 0, time.FixedZone("", -11*3600))
		return withStory("T", nil, license.Story{Change: license.ChangeOngoing, Since: now, Ack: &ack})
	}
	listed := func(n int) func(*license.Report) {
		return func(r *license.Report) {
			for range n {
				r.Acks = append(r.Acks, *holding("rule", "cwp-aaaa"))
			}
		}
	}
	checkWording(t, map[string]wording{
		"headline": {acked(false), "🔴 T (acknowledged)\n", "🔴 T（已确认）\n"},
		"holds": {acked(false), "\n   acknowledged by oncall@ops-host until Dec 15: renewal ordered, waiting for finance\n",
			"\n   已由 oncall@ops-host 确认，至 12月15日：renewal ordered, waiting for finance\n"},
		"ended":    {acked(true), "\n   got worse, so no longer acknowledged (by oncall@ops-host until Dec 15: ", "\n   情况恶化，此前的确认已失效（oncall@ops-host，至 12月15日："},
		"list":     {listed(1), "\n\nAcknowledged\nrule/cwp-aaaa until Dec 15, by oncall@ops-host: renewal", "\n\n已确认\nrule/cwp-aaaa 至 12月15日，oncall@ops-host：renewal"},
		"the rest": {listed(7), "\n… and 3 more: licensewatch ack --list\n", "\n…… 另有 3 项： licensewatch ack --list\n"},
	})
}

// TestSilenceWording: the command that silences, wherever it can be pasted.
func TestSilenceWording(t *testing.T) {
	t.Parallel()
	alerting := func(keys ...string) func(*license.Report) {
		return func(r *license.Report) {
			r.Mode = license.ModeAlert
			for _, key := range keys {
				f := told(finding(license.Warning, "T"), license.Story{Change: license.ChangeNew, Since: now, NextAt: now.Add(6 * time.Hour)})
				f.Rule, f.Subject, _ = strings.Cut(key, "/")
				r.Firing = append(r.Firing, f)
			}
		}
	}
	checkWording(t, map[string]wording{
		"one": {alerting("rule/cwp-a#2"), "\nNext reminder: Nov 22, 15:07.\nTo silence: licensewatch ack rule/cwp-a#2 --until … --reason …\n",
			"\n下次提醒：11月22日 15:07。\n如需静默： licensewatch ack rule/cwp-a#2 --until … --reason …\n"},
		"two": {alerting("a", "b/c"), "To silence: licensewatch ack RULE --until … --reason … with RULE one of a, b/c\n",
			"如需静默： licensewatch ack RULE --until … --reason … ，其中 RULE 为 a、b/c\n"},
	})
	for _, key := range []string{"rule/$(id)", "rule/a b", "rule/a;b", "-rule", "rule/`id`", "rule/中"} {
		r := allWell(license.English)
		if alerting(key)(&r); strings.Contains(page(t, r), "licensewatch ack") {
			t.Errorf("%q is to be pasted into a shell", key)
		}
	}
	for name, scene := range map[string]func(license.Language) license.Report{"no store": alert, "digest": digestWithStories, "events": events} {
		if strings.Contains(page(t, scene(license.English)), "--until") {
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
			r.Snapshot.Failures[s] = unreadable(license.FailureTimeout, "cwp", "Action")
			change := outage
			change.Source = s
			r.SourceChanges = append(r.SourceChanges, change)
		}
	}
	over := func(r *license.Report) { r.Resolved = []license.Resolved{trialResolved()} }
	tests := map[string]struct {
		change func(*license.Report)
		en, zh string
	}{
		"resolved, another unread": {func(r *license.Report) {
			over(r)
			r.Snapshot.Failures = map[license.Source]*license.Failure{license.SourceOrders: unreadable(license.FailureTimeout, "cwp", "Action")}
		}, "🟠 Resolved: Container Security trial is over (Pro edition until Sep 18, 2027); Cloud Workload Protection (orders) is unknown",
			"🟠 已恢复：容器安全试用已结束（专业版有效至 2027年9月18日）；主机安全订单状态未知"},
		"resolved, orders incomplete": {func(r *license.Report) { over(r); r.Snapshot.Orders.Incomplete = true },
			"🟠 Resolved: Container Security trial is over (Pro edition until Sep 18, 2027)", "🟠 已恢复：容器安全试用已结束（专业版有效至 2027年9月18日）"},
		"resolved, state not known": {func(r *license.Report) { over(r); r.Resolved[0].Source = "" },
			"🟢 Resolved: Container Security trial is over", "🟢 已恢复：容器安全试用已结束"},
		"resolved beside a finding": {func(r *license.Report) { over(r); r.Firing = []license.Finding{finding(license.Warning, "It ends")} },
			"🟡 It ends", "🟡 It ends"},
		"resolved, still unread": {func(r *license.Report) { over(r); unread(r, license.SourceOrders) },
			"🟠 Cloud Workload Protection (orders) has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 主机安全订单 自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"one product": {func(r *license.Report) { unread(r, license.SourceOrders, license.SourceOverview) },
			"🟠 Cloud Workload Protection is still unreadable", "🟠 主机安全仍无法读取"},
		"all": {func(r *license.Report) { unread(r, bothProducts...) },
			"🟠 Cloud Workload Protection and Container Security are still unreadable", "🟠 主机安全、容器安全仍无法读取"},
		"unread, though the snapshot has it": {func(r *license.Report) { r.SourceChanges = []license.SourceChange{outage} },
			"🟠 Container Security has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 容器安全 自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"info beside unread": {func(r *license.Report) {
			unread(r, license.SourcePurchaseState)
			r.Firing = []license.Finding{finding(license.Info, "It is so")}
		}, "🟠 It is so; Container Security is unknown", "🟠 It is so；容器安全状态未知"},
		"read again, another not": {func(r *license.Report) {
			unread(r, license.SourceOrders)
			r.SourceChanges = append(r.SourceChanges, license.SourceChange{Source: license.SourcePurchaseState, Readable: true, Since: ago(2), At: now, Runs: 4})
		}, "🟠 Cloud Workload Protection (orders) has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 主机安全订单 自 11月20日 09:37 起一直无法读取（连续 3 次）"},
		"read again, unread anew": {func(r *license.Report) {
			back := outage
			back.Readable = true
			r.SourceChanges = []license.SourceChange{outage, back}
		}, "🟠 Container Security has been unreadable since Nov 20, 09:37 (3 runs)", "🟠 容器安全 自 11月20日 09:37 起一直无法读取（连续 3 次）"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				r := onlyNews(language)
				test.change(&r)
				got := page(t, r)
				if headline, _, _ := strings.Cut(got, "\n"); headline != want {
					t.Errorf("got %q, want %q", headline, want)
				}
				if strings.Contains(got, "the rest is fine") || strings.Contains(got, "其余正常") {
					t.Errorf("claims that all else is well:\n%s", got)
				}
				if len(r.Resolved) > 0 && !strings.Contains(got, r.Resolved[0].Title.In(language)) {
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
				r.Resolved = append(r.Resolved, trialResolved())
			}
		}
	}
	checkWording(t, map[string]wording{
		"resolved": {resolved(1), "🟢 All security licenses are in order\nResolved since the last report\nContainer Security trial is over (Pro edition until Sep 18, 2027)\n",
			"🟢 安全授权一切正常\n上次报告以来已恢复\n容器安全试用已结束（专业版有效至 2027年9月18日）\n"},
		"many": {resolved(9), "\n… and 5 more resolved\n", "\n…… 另有 5 项已恢复\n"},
		"beside what fires": {func(r *license.Report) {
			*r = alertWorse(r.Language)
			r.Resolved = resolvedSeveral(r.Language).Resolved[:2]
		},
			"\n\nResolved: Container Security trial is over (Pro edition until Sep 18, 2027)\nNo longer listed: Order cwp-eeee ends in 3 days\n",
			"\n\n已恢复：容器安全试用已结束（专业版有效至 2027年9月18日）\n已不在列表中：订单 cwp-eeee 3 天后到期\n"},
		"a renewed order": {func(r *license.Report) { r.Resolved = []license.Resolved{orderResolved("cwp-bbbb", false)} },
			"Order cwp-bbbb ends in 3 days (now ends Mar 1, 2027, renews itself)\n", "订单 cwp-bbbb 3 天后到期（现为 2027年3月1日到期，自动续费）\n"},
		"unread for long": {func(r *license.Report) { *r = stillUnreadable(r.Language); r.Mode = license.ModeDigest },
			"Container Security has been unreadable since Nov 20, 09:37 (3 runs): AuthFailure", "容器安全 自 11月20日 09:37 起一直无法读取（连续 3 次）： AuthFailure"},
		"unread the first time": {func(r *license.Report) {
			*r = stillUnreadable(r.Language)
			r.Mode, r.SourceChanges[0].Runs = license.ModeDigest, 1
		},
			"Container Security could not be read: AuthFailure", "容器安全 读取失败： AuthFailure"},
		"read again": {func(r *license.Report) { *r = sourceBack(r.Language); r.Mode = license.ModeDigest },
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
		"no memory":     {notice(license.NoticeNoMemory, "DiskFull"), "Running without memory: DiskFull; messages may be repeated.\n", "本次运行没有记忆： DiskFull ，消息可能重复\n"},
		"in words":      {notice(license.NoticeNoMemory, "", "no space left"), "Running without memory: no space left; messages", "本次运行没有记忆： no space left ，消息"},
		"no reason":     {notice(license.NoticeNoMemory), "Running without memory; messages may be repeated.\n", "本次运行没有记忆，消息可能重复\n"},
		"corrupt":       {notice(license.NoticeStateCorrupt, "ledger.corrupt-1"), "acknowledgements are lost. The old state is kept as ledger.corrupt-1.\n", "此前的确认已丢失；原状态保留为 ledger.corrupt-1\n"},
		"corrupt, gone": {notice(license.NoticeStateCorrupt), "acknowledgements are lost.\n", "此前的确认已丢失\n"},
		"one dropped":   {notice(license.NoticeDropped, "1"), "1 older message for this chat was given up.\n", "发往本群的 1 条较早消息未能送达，已放弃\n"},
		"some dropped":  {notice(license.NoticeDropped, "10"), "10 older messages for this chat were given up.\n", "发往本群的 10 条较早消息未能送达，已放弃\n"},
	})
}
