package report

import (
	"strings"
	"time"

	"licensewatch/license"
)

// Tables are the Report as tables: what they say is all that any form of it says.
func (r *Report) Tables(l license.Language) []Table {
	w := wording{l}
	all := []Table{r.accountsTable(w), r.needsTable(w), deadlinesTable(r, w), r.daysTable(w), r.outlookTable(w),
		r.changesTable(w), coverageTable(r, w), planTable(r, w), unusedTable(r, w), r.gapTable(w),
		evidenceTable(&r.Evidence, w), missingTable(&r.Evidence, w), chainsTable(&r.Evidence, w),
		problemsTable(&r.Evidence, w), r.saidByDayTable(w), r.saidTable(w)}
	var tables []Table
	for _, t := range all {
		if t.Len > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}

func (r *Report) accountsTable(w wording) Table {
	of := func(i int) *Account { return &r.Accounts[i] }
	metric := func(key, en, zh string, m Metric) *Column {
		return w.counts(key, en, zh, func(i int) *int64 { return of(i).Values.Get(m) }).summed()
	}
	// mayHaveMore: nothing is found in it, and not all of it was read.
	mayHaveMore := func(a *Account) bool { return a.Findings == 0 && a.Status != StatusRead }
	return Table{"accounts", w.s("Accounts", "账号"), len(r.Accounts), []*Column{
		w.texts("account", "Account", "账号", func(i int) string { return of(i).Label() }),
		w.cells("status", "Read", "读取", KindText, func(i int) Cell { return w.status(of(i).Status) }),
		w.times("read_at", "As of", "数据时间", func(i int) time.Time { return of(i).ReadAt }),
		w.cells("worst", "Worst", "最高级别", KindText, func(i int) Cell {
			if mayHaveMore(of(i)) {
				return toned(w.s("not known", "未知"), "warning")
			}
			return w.severity(of(i).Worst)
		}),
		w.cells("findings", "Findings", "待处理", KindNumber, func(i int) Cell {
			if mayHaveMore(of(i)) {
				return Cell{}
			}
			return number(of(i).Findings)
		}).summed(),
		w.numbers("unknown", "Not judged", "无法判断", func(i int) int { return of(i).Unknown }).summed().minor(),
		metric("valid", "Valid licenses", "有效授权", Valid),
		metric("used", "In use", "已用", Used),
		metric("machines", "Machines", "主机", Machines),
		w.counts("licensed_machines", "Licensed", "有授权",
			func(i int) *int64 { return protectedOf(&of(i).Values) }).summed(),
		metric("basic_machines", "Basic only", "仅基础版", BasicMachines),
		metric("unprotected", "Not protected", "未防护", Unprotected),
		w.texts("failures", "Not read", "失败项目及原因", func(i int) string { return w.unread(of(i).Unread) }),
		w.texts("failure_codes", "Codes", "错误码", func(i int) string { return unreadCodes(of(i).Unread) }).minor(),
		w.texts("record", "Record", "记录", func(i int) string { return of(i).Record }),
	}}
}

func (r *Report) needsTable(w wording) Table {
	of := func(i int) *Need { return &r.Needs[i] }
	return Table{"findings", w.s("What needs action", "需要处理"), len(r.Needs), []*Column{
		w.cells("severity", "Severity", "级别", KindText, func(i int) Cell { return w.severity(of(i).Severity) }),
		w.texts("account", "Account", "账号", func(i int) string { return of(i).Account }),
		w.texts("what", "What", "事项", func(i int) string { return of(i).Title.In(w.language) }),
		w.texts("detail", "Detail", "说明", func(i int) string { return of(i).Detail.In(w.language) }),
		w.texts("owner", "Owner", "负责人", func(i int) string { return of(i).Owner }),
		w.times("since", "Since", "开始时间", func(i int) time.Time { return of(i).Since }),
		w.texts("since_is_older", "Or earlier", "或更早", func(i int) string {
			if of(i).IsOlder {
				return w.s("or earlier", "或更早")
			}
			return ""
		}).minor(),
		w.times("told_at", "Told", "通知时间", func(i int) time.Time {
			if of(i).Told == nil {
				return time.Time{}
			}
			return of(i).Told.At
		}),
		w.texts("told", "Told to", "通知对象", func(i int) string {
			switch told := of(i).Told; {
			case !r.HasHistory:
				return ""
			case told == nil:
				return w.s("nobody, as far as records say", "记录中无通知")
			default:
				return strings.Join(told.Channels, w.s(", ", "、"))
			}
		}),
		w.texts("acknowledged", "Acknowledged", "确认情况",
			func(i int) string { return w.ack(of(i).Ack, r.Now.Location()) }),
		w.texts("rule", "Rule", "规则", func(i int) string { return of(i).Rule }).minor(),
		w.texts("subject", "Order", "订单", func(i int) string { return of(i).Subject }).minor(),
		w.texts("record", "Record", "记录", func(i int) string { return of(i).Record }),
	}}
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
func (r *Report) daysTable(w wording) Table {
	// most is the metric of the day that most accounts tell.
	most := func(i int) (most Total) {
		for _, m := range dayMetrics {
			if is := r.Days[i].Metrics[m.metric]; is.Of > most.Of {
				most = is
			}
		}
		return most
	}
	columns := []*Column{w.days("day", "Day", "日期", func(i int) time.Time { return r.Days[i].Day })}
	for _, m := range dayMetrics {
		columns = append(columns, w.counts(m.key, m.en, m.zh, func(i int) *int64 {
			if is := &r.Days[i].Metrics[m.metric]; is.IsWhole() {
				return &is.Sum
			}
			return nil
		}))
	}
	return Table{"days", w.s("Licenses and machines by day", "授权与主机（按日）"), len(r.Days), append(columns,
		w.numbers("accounts", "Accounts read", "已读账号", func(i int) int { return most(i).Known }),
		w.numbers("of_accounts", "Of accounts", "账号总数", func(i int) int { return most(i).Of }),
		w.texts("record", "Record", "记录", func(i int) string { return r.Days[i].Record }))}
}

func (r *Report) gapTable(w wording) Table {
	of := func(i int) *GapDay { return &r.Gap[i] }
	return Table{"gap", w.s("Protection gap if nothing is renewed", "未开启自动续费的订单若不续费的防护缺口"), len(r.Gap), []*Column{
		w.days("day", "Day", "日期", func(i int) time.Time { return of(i).Day }),
		w.counts("uncovered", "Machines that have lost their edition", "降为基础版的主机",
			func(i int) *int64 { return &of(i).Lost }),
		w.numbers("orders", "Orders that end", "当日到期订单", func(i int) int { return of(i).Orders }).summed(),
	}}
}

// saidByDayTable is there where the table of what was said has a row for each account.
func (r *Report) saidByDayTable(w wording) Table {
	of := func(i int) *SaidSum { return &r.SaidByDay[i] }
	t := Table{Key: "said-by-day", Title: w.s("Notifications sent by day", "通知记录（按日）"), Columns: []*Column{
		w.days("day", "Day", "日期", func(i int) time.Time { return of(i).Day }),
		w.texts("channel", "Channel", "渠道", func(i int) string { return of(i).Channel }),
		w.texts("mode", "Kind", "类型", func(i int) string { return w.mode(of(i).Mode) }),
		w.numbers("accounts", "Accounts", "涉及账号", func(i int) int { return of(i).Accounts }),
		w.numbers("accepted", "Accepted", "已接收", func(i int) int { return of(i).Accepted }).summed(),
		w.numbers("refused", "Refused", "被拒绝", func(i int) int { return of(i).Refused }).summed(),
		w.numbers("no_answer", "No answer", "无响应", func(i int) int { return of(i).NoAnswer }).summed(),
		w.texts("code", "Code", "错误码", func(i int) string { return of(i).Code }),
		w.texts("record", "Record", "记录", func(i int) string { return of(i).Record }),
	}}
	if len(r.Accounts) > 1 || len(r.SaidByDay) < len(r.Said) {
		t.Len = len(r.SaidByDay)
	}
	return t
}

func (r *Report) saidTable(w wording) Table {
	of := func(i int) *SaidDay { return &r.Said[i] }
	return Table{"said", w.s("Notifications sent", "通知记录"), len(r.Said), []*Column{
		w.days("day", "Day", "日期", func(i int) time.Time { return of(i).Day }),
		w.texts("account", "Account", "账号", func(i int) string { return of(i).Account }),
		w.texts("channel", "Channel", "渠道", func(i int) string { return of(i).Channel }),
		w.texts("mode", "Kind", "类型", func(i int) string { return w.mode(of(i).Mode) }),
		w.numbers("accepted", "Accepted", "已接收", func(i int) int { return of(i).Accepted }).summed(),
		w.numbers("refused", "Refused", "被拒绝", func(i int) int { return of(i).Refused }).summed(),
		w.numbers("no_answer", "No answer", "无响应", func(i int) int { return of(i).NoAnswer }).summed(),
		w.texts("code", "Code", "错误码", func(i int) string { return of(i).Code }),
		w.texts("record", "Record", "记录", func(i int) string { return of(i).Record }),
	}}
}
