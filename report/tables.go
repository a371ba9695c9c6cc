package report

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// Tables are the Report as tables: what they say is all that any form of it says.
func (r *Report) Tables(l license.Language) []*Table {
	return slices.DeleteFunc(r.allTables(wording{l}), func(t *Table) bool { return t.Len == 0 })
}

// TableKeys are the keys of all tables that a report may have.
func TableKeys() []string {
	var keys []string
	for _, t := range new(Report).allTables(wording{}) {
		keys = append(keys, t.Key)
	}
	return keys
}

// allTables are also those without rows.
func (r *Report) allTables(w wording) []*Table {
	return []*Table{r.accountsTable(w), r.needsTable(w), deadlinesTable(r, w), r.daysTable(w), r.outlookTable(w),
		r.changesTable(w), coverageTable(r, w), planTable(r, w), unusedTable(r, w), r.gapTable(w),
		evidenceTable(&r.Evidence, w), missingTable(&r.Evidence, w), chainsTable(&r.Evidence, w),
		defectsTable(&r.Evidence, w), r.saidByDayTable(w), r.saidTable(w)}
}

func (r *Report) accountsTable(w wording) *Table {
	return w.table("accounts", "Accounts", "账号", len(r.Accounts), func(c *cells, i int) {
		a := &r.Accounts[i]
		metric := func(key, en, zh string, m Metric) { c.count(key, en, zh, a.Values.Get(m)).summed() }
		worst, findings := w.severity(a.Worst), decimal(float64(a.Findings))
		if a.Findings == 0 && a.Status != StatusRead { // there may be more in what was not read
			worst, findings = toned(w.s("not known", "未知"), "warning"), Cell{}
		}
		c.text("account", "Account", "账号", a.Label())
		c.cell("status", "Read", "读取", KindText, w.status(a.Status))
		c.time("read_at", "As of", "数据时间", a.ReadAt)
		c.cell("worst", "Worst", "最高级别", KindText, worst)
		c.cell("findings", "Findings", "待处理", KindNumber, findings).summed()
		c.number("unknown", "Not judged", "无法判断", a.Unknown).summed().keepToFiles()
		metric("valid", "Valid licenses", "有效授权", Valid)
		metric("used", "In use", "已用", Used)
		metric("machines", "Machines", "主机", Machines)
		c.count("licensed_machines", "Licensed", "有授权", protectedOf(&a.Values)).summed()
		metric("basic_machines", "Basic only", "仅基础版", BasicMachines)
		metric("unprotected", "Not protected", "未防护", Unprotected)
		c.text("failures", "Not read", "失败项目及原因", w.unread(a.Unread))
		c.text("failure_codes", "Codes", "错误码", unreadCodes(a.Unread)).keepToFiles()
		c.text("record", "Record", "记录", a.Record)
	})
}

func (r *Report) needsTable(w wording) *Table {
	return w.table("findings", "What needs action", "需要处理", len(r.Needs), func(c *cells, i int) {
		n := &r.Needs[i]
		older, told, toldAt := "", "", time.Time{}
		if n.IsOlder {
			older = w.s("or earlier", "或更早")
		}
		if n.Told != nil {
			toldAt = n.Told.At
		}
		switch {
		case !r.HasHistory:
		case n.Told == nil:
			told = w.s("nobody, as far as records say", "记录中无通知")
		default:
			told = strings.Join(n.Told.Channels, w.s(", ", "、"))
		}
		c.cell("severity", "Severity", "级别", KindText, w.severity(n.Severity))
		c.text("account", "Account", "账号", n.Account)
		c.text("what", "What", "事项", n.Title.In(w.language))
		c.text("detail", "Detail", "说明", n.Detail.In(w.language))
		c.text("owner", "Owner", "负责人", n.Owner)
		c.time("since", "Since", "开始时间", n.Since)
		c.text("since_is_older", "Or earlier", "或更早", older).keepToFiles()
		c.time("told_at", "Told", "通知时间", toldAt)
		c.text("told", "Told to", "通知对象", told)
		c.text("acknowledged", "Acknowledged", "确认情况", w.ack(n.Ack, r.Now.Location()))
		c.text("rule", "Rule", "规则", n.Rule).keepToFiles()
		c.text("subject", "Order", "订单", n.Subject).keepToFiles()
		c.text("record", "Record", "记录", n.Record)
	})
}

// dayMetrics are the columns of a day.
var dayMetrics = []struct {
	metric      Metric
	key, en, zh string
}{
	{Valid, "valid", "Valid licenses", "有效授权"}, {Used, "used", "In use", "已用"},
	{Machines, "machines", "Machines", "主机"}, {UltimateMachines, "ultimate_machines", "Ultimate machines", "旗舰版主机"},
	{ProMachines, "pro_machines", "Pro machines", "专业版主机"},
	{LightweightMachines, "lightweight_machines", "Lightweight machines", "轻量版主机"},
	{BasicMachines, "basic_machines", "Basic machines", "基础版主机"}, {Unprotected, "unprotected", "Not protected", "未防护主机"},
	{UltimateValid, "ultimate_valid", "Ultimate, valid", "旗舰版有效授权"},
	{UltimateUsed, "ultimate_used", "Ultimate, in use", "旗舰版已用"},
	{ProValid, "pro_valid", "Pro, valid", "专业版有效授权"}, {ProUsed, "pro_used", "Pro, in use", "专业版已用"},
	{LightweightValid, "lightweight_valid", "Lightweight, valid", "轻量版有效授权"},
	{LightweightUsed, "lightweight_used", "Lightweight, in use", "轻量版已用"},
}

// DayKeys are the keys of the columns of the table of days, for DayCells.
func DayKeys() []string {
	keys := make([]string, 0, len(dayMetrics))
	for _, m := range dayMetrics {
		keys = append(keys, m.key)
	}
	return keys
}

// DayCells are the values of one account's day, in the order of DayKeys.
func DayCells(v *Values) []Cell {
	cells := make([]Cell, 0, len(dayMetrics))
	for _, m := range dayMetrics {
		cells = append(cells, count(v.Get(m.metric)))
	}
	return cells
}

// daysTable has a day only where all accounts tell it that ever do: a sum of fewer would look
// like a drop.
func (r *Report) daysTable(w wording) *Table {
	return w.table("days", "Licenses and machines by day", "授权与主机（按日）", len(r.Days), func(c *cells, i int) {
		d := &r.Days[i]
		c.day("day", "Day", "日期", d.Day)
		most := &Total{} // of the metric that most accounts tell
		for _, m := range dayMetrics {
			total, sum := &d.Metrics[m.metric], (*int64)(nil)
			if total.Of > most.Of {
				most = total
			}
			if total.IsWhole() {
				sum = &total.Sum
			}
			c.count(m.key, m.en, m.zh, sum)
		}
		c.number("accounts", "Accounts read", "已读账号", most.Known)
		c.number("of_accounts", "Of accounts", "账号总数", most.Of)
		c.text("record", "Record", "记录", d.Record)
	})
}

func (r *Report) gapTable(w wording) *Table {
	return w.table("gap", "Protection gap if nothing is renewed", "未开启自动续费的订单若不续费的防护缺口", len(r.Gap),
		func(c *cells, i int) {
			d := &r.Gap[i]
			c.day("day", "Day", "日期", d.Day)
			c.count("uncovered", "Machines that have lost their edition", "降为基础版的主机", &d.Lost)
			c.number("orders", "Orders that end", "当日到期订单", d.Orders).summed()
		})
}

// saidByDayTable is there where the table of what was said has a row for each account.
func (r *Report) saidByDayTable(w wording) *Table {
	days := r.SaidByDay
	if len(r.Accounts) <= 1 && len(days) >= len(r.Said) {
		days = nil
	}
	return w.table("said-by-day", "Notifications sent by day", "通知记录（按日）", len(days), func(c *cells, i int) {
		s := &days[i]
		c.day("day", "Day", "日期", s.Day)
		c.text("channel", "Channel", "渠道", s.Channel)
		c.text("mode", "Kind", "类型", w.mode(s.Mode))
		c.number("accounts", "Accounts", "涉及账号", s.Accounts)
		c.answers(s.Accepted, s.Refused, s.NoAnswer, s.Code, s.Record)
	})
}

func (r *Report) saidTable(w wording) *Table {
	return w.table("said", "Notifications sent", "通知记录", len(r.Said), func(c *cells, i int) {
		s := &r.Said[i]
		c.day("day", "Day", "日期", s.Day)
		c.text("account", "Account", "账号", s.Account)
		c.text("channel", "Channel", "渠道", s.Channel)
		c.text("mode", "Kind", "类型", w.mode(s.Mode))
		c.answers(s.Accepted, s.Refused, s.NoAnswer, s.Code, s.Record)
	})
}

// answers are what a channel answered to the messages of a day.
func (c *cells) answers(accepted, refused, noAnswer int, code, record string) {
	c.number("accepted", "Accepted", "已接收", accepted).summed()
	c.number("refused", "Refused", "被拒绝", refused).summed()
	c.number("no_answer", "No answer", "无响应", noAnswer).summed()
	c.text("code", "Code", "错误码", code)
	c.text("record", "Record", "记录", record)
}
