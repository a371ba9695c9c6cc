package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
)

// localizedText renders {{ expression }} in both languages.
func localizedText(t *testing.T, expression string, s license.Snapshot, now time.Time) license.Text {
	t.Helper()
	file := ruleFile(true, "true")
	file = strings.Replace(file, "title: it", "title: "+yamlQuote("{{ "+expression+" }}"), 1)
	return load(t, file).Evaluate(s, now)[0].Title
}

func TestTextFunctions(t *testing.T) {
	t.Parallel()
	tests := []struct{ expression, en, zh string }{
		{"days(0)", "today", "今天"},
		{"days(1)", "tomorrow", "明天"},
		{"days(2)", "in 2 days", "2 天后"},
		{"days(-1)", "yesterday", "昨天"},
		{"days(-4)", "4 days ago", "4 天前"},
		{"days(tcss.DaysLeft - 300)", "today", "今天"},
		{"days(tcss.CoresCnt)", "unknown", "未知"},
		{`date("2026-12-04 00:00:00")`, "Dec 4 00:00", "12月4日 00:00"}, // the day before is the last
		{`date("2026-12-04 00:00:01")`, "Dec 4", "12月4日"},
		{`date("2026-12-04 23:59:59")`, "Dec 4", "12月4日"},
		{`date("2026-11-22 23:59:59")`, "Nov 22 23:59", "11月22日 23:59"},
		{`date("2027-12-04")`, "Dec 4, 2027 00:00", "2027年12月4日 00:00"},
		{`date("2025-12-31T23:59:59Z")`, "Jan 1", "1月1日"}, // in the zone of the report
		{`date("some day")`, "some day", "some day"},
		{`date("0000-00-00 00:00:00")`, "0000-00-00 00:00:00", "0000-00-00 00:00:00"},
		{`date("")`, "unknown", "未知"},
		{"date(tcss.BeginTime)", "unknown", "未知"},
		{"edition(0)", "pay-as-you-go Pro", "按量计费专业版"},
		{"edition(1)", "Pro", "专业版"},
		{"edition(order.LicenseType)", "Ultimate", "旗舰版"},
		{"edition(3)", "Lightweight", "轻量版"},
		{"edition(6)", "Pro (Cloud Security Center)", "专业版（云安全中心）"},
		{"edition(7)", "Ultimate (Cloud Security Center)", "旗舰版（云安全中心）"},
		{"edition(9)", "type 9", "类型 9"},
		{"edition(tcss.CoresCnt)", "unknown", "未知"},
		{"renewal(0)", "not set", "未设置"},
		{"renewal(1)", "on", "已开启"},
		{"renewal(2)", "off", "已关闭"},
		{"renewal(194)", "unknown (194)", "未知（194）"},
		{"state(0)", "never bought", "未购买"},
		{"state(1)", "trial over", "试用已结束"},
		{"state(2)", "trial", "试用中"},
		{"state(tcss.State)", "Pro edition", "专业版"},
		{"state(4)", "expired", "已到期"},
		{"state(5)", "state 5", "状态 5"},
		{`when("2026-11-22 23:59:59")`, "today at 23:59", "今天 23:59"},
		{`when("2026-11-22 00:00:00")`, "today at 00:00", "今天 00:00"},
		{`when("2026-11-23 00:00:00")`, "tomorrow at 00:00", "明天 00:00"},
		{`when("2026-11-23 10:00:00")`, "tomorrow", "明天"},
		{`when("2026-12-04 00:00:00")`, "in 12 days", "12 天后"},
		{`when("2026-11-21 23:59:59")`, "yesterday", "昨天"},
		{`when("2026-11-19 00:00:00")`, "3 days ago", "3 天前"},
		{`when("some day")`, "some day", "some day"},
		{`when("")`, "unknown", "未知"},
		{"when(tcss.BeginTime)", "unknown", "未知"},
		{"source(0)", "paid", "付费"},
		{"source(1)", "trial", "试用"},
		{"source(2)", "gift", "赠送"},
		{"source(3)", "tryout", "体验"},
		{"source(4)", "gift with an SSL certificate", "购买 SSL 证书赠送"},
		{"source(5)", "gift with a CVM", "购买 CVM 赠送"},
		{"source(6)", "source 6", "来源 6"},
		{"name()", "cwp-bbbb (web)", "cwp-bbbb（web）"},
		{`"of " + name()`, "of cwp-bbbb (web)", "of cwp-bbbb（web）"},
		{"percent(cwp.UsedPercent)", "31%", "31%"}, // of 31.5
		{"percent(99.7)", "99%", "99%"},
		{"percent(100)", "100%", "100%"},
		{"percent(250.4)", "250%", "250%"},
		{"upper(days(0))", "TODAY", "今天"},
		{`"ends " + date(tcss.BeginTime)`, "unknown", "未知"},
	}
	s := healthy()
	s.PurchaseState.CoresCnt, s.PurchaseState.BeginTime = nil, nil
	for _, test := range tests {
		if got := localizedText(t, test.expression, s, now); got != (license.Text{En: test.en, Zh: test.zh}) {
			t.Errorf("%s: %+v, want %q, %q", test.expression, got, test.en, test.zh)
		}
	}
}

// An order bears its name, with what the customer calls it; else its number.
func TestName(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]license.Order{
		"cwp-a|cwp-a":    {ResourceId: new("cwp-a"), LicenseId: new(int64(7)), Alias: new("")},
		"7 (web)|7（web）": {ResourceId: new(""), LicenseId: new(int64(7)), Alias: new("web")},
		"unknown|未知":     {Alias: new("web")},
		"7 (" + strings.Repeat("网", 72) + ")|7（" + strings.Repeat("网", 72) + "）":   {LicenseId: new(int64(7)), Alias: new(strings.Repeat("网", 72))},
		"7 (" + strings.Repeat("a", 71) + "…)|7（" + strings.Repeat("a", 71) + "…）": {LicenseId: new(int64(7)), Alias: new(strings.Repeat("a", 73))},
	} {
		s := healthy()
		s.Orders.List = []license.Order{o}
		if got := localizedText(t, "name()", s, now); got.En+"|"+got.Zh != want {
			t.Errorf("%+v, want %s", got, want)
		}
	}
}

// In Chinese a blank stands between characters and what an expression writes in Latin
// letters or digits, and nowhere else.
func TestBlanksInChinese(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`订单{{ name() }}将于{{ days(3) }}到期`:            "订单 cwp-bbbb（web）将于 3 天后到期",
		`订单 {{ name() }} 将于 {{ days(0) }} 到期`:        "订单 cwp-bbbb（web）将于今天到期",
		`已用 {{ tcss.ImageCnt }} 个（ {{ "是" }} ）`:      "已用未知个（是）",
		`{{ "是" }}{{ 3 }}{{ "个" }}`:                  "是 3 个",
		`{{ order.LicenseCnt }} / {{ 3 }}`:           "40 / 3",
		`订单 {{ "a b" }}-{{ name() }}：{{ "（是）" }} 到期`: "订单 a b-cwp-bbbb（web）：（是）到期",
	} {
		file := strings.Replace(ruleFile(true, "true"), "title: it", "title: {zh: "+yamlQuote(text)+"}", 1)
		s := healthy()
		s.PurchaseState.ImageCnt = nil
		if got := load(t, file).Evaluate(s, now)[0].Title.Zh; got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestPrintedValues(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Overview.LicenseCnt, s.Overview.ExpireLicenseCnt = new(int64(1234567)), nil
	s.Orders.List[0].ResourceId, s.Orders.List[0].Alias = nil, new("a\n{{ b }} <c>")
	tests := []struct{ expression, en, zh string }{
		{"cwp.LicenseCnt", "1234567", "1234567"},
		{"-cwp.LicenseCnt", "-1234567", "-1234567"},
		{"cwp.UsedPercent", "31.5", "31.5"},
		{"cwp.UsedPercent > 31", "yes", "是"},
		{"cwp.AutoOpenStatus && false", "no", "否"},
		{"1.96", "2", "2"},
		{"1e21", "1000000000000000000000", "1000000000000000000000"},
		{"cwp.ExpireLicenseCnt", "unknown", "未知"},
		{"cwp.ExpireLicenseCnt > 0 ? 1 : 2", "unknown", "未知"},
		{"cwp.ExpireLicenseCnt ?? \"none\"", "none", "none"},
		{"order.ResourceId ?? order.LicenseId", "7", "7"},
		{"order.Alias", "a\n{{ b }} <c>", "a\n{{ b }} <c>"},
		{"order.Tags", `{"team":"ops"}`, `{"team":"ops"}`},
		{"cwp.LicenseCnt / cwp.DestroyOrderNum", "unknown", "未知"},
		{"\"}}\" + '}}' + `}}`", "}}}}}}", "}}}}}}"},
	}
	for _, test := range tests {
		if got := localizedText(t, test.expression, s, now); got != (license.Text{En: test.en, Zh: test.zh}) {
			t.Errorf("%s: %+v, want %q, %q", test.expression, got, test.en, test.zh)
		}
	}
}

// What a text reads does not decide whether its rule fires.
func TestTextsReadSourcesThatFailed(t *testing.T) {
	t.Parallel()
	got := localizedText(t, `tcss.State ?? "none"`, failing(healthy(), license.SourcePurchaseState), now)
	if got != (license.Text{En: "unknown", Zh: "未知"}) {
		t.Errorf("%+v, want unknown in both languages", got)
	}
}

// Every field of the API can be read, under its own name.
func TestEveryFieldCanBeRead(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`
		cwp.LicenseCnt cwp.AvailableLicenseCnt cwp.AvailableProVersionLicenseCnt cwp.AvailableFlagshipVersionLicenseCnt
		cwp.NearExpiryLicenseCnt cwp.ExpireLicenseCnt cwp.AutoOpenStatus cwp.ProtectType cwp.IsOpenStatusHistory cwp.UsedLicenseCnt
		cwp.NotExpiredLicenseCnt cwp.FlagshipVersionLicenseCnt cwp.ProVersionLicenseCnt cwp.CwpVersionLicenseCnt
		cwp.AvailableLHLicenseCnt cwp.AutoRepurchaseSwitch cwp.AutoRepurchaseRenewSwitch cwp.DestroyOrderNum
		cwp.RepurchaseRenewSwitch cwp.AutoBindRaspSwitch cwp.AutoOpenRaspSwitch cwp.AutoDowngradeSwitch
		cwp.AvailableAISecurityLicenseCnt cwp.AISecurityVersionLicenseCnt cwp.ApplicationAvailableLicenseCnt cwp.UsedPercent
		tcss.State tcss.SubState tcss.AllCoresCnt tcss.CoresCnt tcss.UndefendCoresCnt tcss.AuthorizedCoresCnt
		tcss.GivenAuthorizedCoresCnt tcss.TrialCoresCnt tcss.CurrentFlexibleCoresCnt tcss.FlexibleCoresLimit tcss.NoContainerCoresCnt
		tcss.DefendClusterCoresCnt tcss.DefendHostCoresCnt tcss.DefendPolicy tcss.InquireKey tcss.ImageCnt tcss.AuthorizedImageCnt
		tcss.PurchasedAuthorizedCnt tcss.GivenAuthorizedCnt tcss.BeginTime tcss.ExpirationTime tcss.AutomaticRenewal tcss.DaysLeft
		order.LicenseId order.LicenseType order.LicenseStatus order.LicenseCnt order.UsedLicenseCnt order.OrderStatus order.Deadline
		order.ResourceId order.AutoRenewFlag order.ProjectId order.TaskId order.BuyTime order.SourceType order.Alias order.Tags
		order.FreezeNum order.DaysLeft order.UsedPercent order.Ended order.Machines order.LapsedUse order.TakenOver
		order.DestroyedDaysAgo order.Listed tcss.Ended cwp.OrdersComplete cwp.ListedOrderCnt cwp.ExpiredByOrders cwp.DestroyedByOrders
		cwp.NearExpiryByOrders cwp.NearExpiryRenewing cwp.LapsedLicenseCnt cwp.FullestUsed cwp.FullestCnt cwp.FullestType`) {
		for _, name := range []string{name, "previous." + name} {
			when := fmt.Sprintf("%s == nil || %s != nil", name, name)
			f := load(t, ruleFile(true, when)).Evaluate(compared(healthy()), now)[0]
			if f.State != license.Firing || f.Evidence[0].Values[0].Field != name {
				t.Errorf("%s: %s %v", name, summary(f), f.Evidence)
			}
		}
	}
}
