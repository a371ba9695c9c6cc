package report

import (
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// Kind is what a column holds.
type Kind int

// The kinds.
const (
	KindText Kind = iota
	KindNumber
	KindDay  // a day, without an hour
	KindTime // in the reader's zone, with the hour
	KindMoney
	KindLink
)

// Column is a column of a table.
type Column struct {
	Key   string // for programs: it stays
	Title string // for people
	Kind  Kind
	// Sums: the column can be added up.
	Sums bool
	// IsMinor: a page leaves it out, files have it.
	IsMinor bool
}

// Cell is a value. The zero Cell is one that is not known.
type Cell struct {
	Known  bool
	Text   string
	Number float64
	Time   time.Time
	Tone   string // "critical", "warning", "good" or empty
	// List is what Text lists, where that may be long; Unlisted is how many more there are.
	List     []string
	Unlisted int64
}

// Table is a part of the report, or a part of one, in one language.
type Table struct {
	Key     string // also the name of its file
	Title   string
	Columns []Column
	// Len is how many rows there are, and Row gives one of them: there may be very many, so
	// that none is kept.
	Len int
	Row func(i int) []Cell
}

// Tables are the Report as tables: what they say is all that any form of it says.
func (r *Report) Tables(l license.Language) []Table {
	w := wording{l}
	all := []Table{r.accountsTable(w), r.needsTable(w), r.deadlinesTable(w), r.daysTable(w), r.outlookTable(w),
		r.changesTable(w),
		r.coverageTable(w), r.planTable(w), r.unusedTable(w), r.gapTable(w), r.evidenceTable(w), r.chainsTable(w),
		r.problemsTable(w), r.saidByDayTable(w), r.saidTable(w)}
	var tables []Table
	for _, t := range all {
		if t.Len > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}

// with gives a short table its rows.
func (t Table) with(rows [][]Cell) Table {
	t.Len = len(rows)
	t.Row = func(i int) []Cell { return rows[i] }
	return t
}

func text(s string) Cell { return Cell{Known: true, Text: s} }

func toned(s, tone string) Cell { return Cell{Known: true, Text: s, Tone: tone} }

func number(n int) Cell { return Cell{Known: true, Number: float64(n)} }

func count(n *int64) Cell {
	if n == nil {
		return Cell{}
	}
	return Cell{Known: true, Number: float64(*n)}
}

func at(t time.Time) Cell { return Cell{Known: !t.IsZero(), Time: t} }

// total is a sum; where it is not of all accounts it says so elsewhere.
func total(t Total) Cell {
	if t.Known == 0 {
		return Cell{}
	}
	return Cell{Known: true, Number: float64(t.Sum)}
}

func (r *Report) accountsTable(w wording) Table {
	t := Table{Key: "accounts", Title: w.s("Accounts", "账号"), Columns: []Column{
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "status", Title: w.s("Read", "读取")},
		{Key: "read_at", Title: w.s("As of", "数据时间"), Kind: KindTime},
		{Key: "worst", Title: w.s("Worst", "最高级别")},
		{Key: "findings", Title: w.s("Findings", "待处理"), Kind: KindNumber, Sums: true},
		{Key: "unknown", Title: w.s("Not judged", "无法判断"), Kind: KindNumber, Sums: true, IsMinor: true},
		{Key: "valid", Title: w.s("Valid licenses", "有效授权"), Kind: KindNumber, Sums: true},
		{Key: "used", Title: w.s("In use", "已用"), Kind: KindNumber, Sums: true},
		{Key: "machines", Title: w.s("Machines", "主机"), Kind: KindNumber, Sums: true},
		{Key: "licensed_machines", Title: w.s("Licensed", "有授权"), Kind: KindNumber, Sums: true},
		{Key: "basic_machines", Title: w.s("Basic only", "仅基础版"), Kind: KindNumber, Sums: true},
		{Key: "unprotected", Title: w.s("Not protected", "未防护"), Kind: KindNumber, Sums: true},
		{Key: "failures", Title: w.s("Not read", "失败项目及原因")},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	t.Len = len(r.Accounts)
	t.Row = func(i int) []Cell {
		a := &r.Accounts[i]
		status, tone := w.status(a.Status), ""
		if a.Status != StatusRead {
			tone = "warning"
		}
		v, worst, findings := &a.Values, w.severity(a.Worst), number(a.Findings)
		if a.Findings == 0 && a.Status != StatusRead { // it may have some
			worst, findings = toned(w.s("not known", "未知"), "warning"), Cell{}
		}
		return []Cell{text(a.Label()), toned(status, tone), at(a.ReadAt), worst, findings, number(a.Unknown),
			count(v.Get(Valid)), count(v.Get(Used)), count(v.Get(Machines)), count(protectedOf(v)),
			count(v.Get(BasicMachines)),
			count(v.Get(Unprotected)), text(strings.Join(a.Failures, ", ")), text(a.Record)}
	}
	return t
}

func (r *Report) needsTable(w wording) Table {
	t := Table{Key: "findings", Title: w.s("What needs action", "需要处理"), Columns: []Column{
		{Key: "severity", Title: w.s("Severity", "级别")},
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "what", Title: w.s("What", "事项")},
		{Key: "detail", Title: w.s("Detail", "说明")},
		{Key: "owner", Title: w.s("Owner", "负责人")},
		{Key: "since", Title: w.s("Since", "开始时间"), Kind: KindTime},
		{Key: "since_is_older", Title: w.s("Or earlier", "或更早"), IsMinor: true},
		{Key: "told_at", Title: w.s("Told", "通知时间"), Kind: KindTime},
		{Key: "told", Title: w.s("Told to", "通知对象")},
		{Key: "acknowledged", Title: w.s("Acknowledged", "确认情况")},
		{Key: "rule", Title: w.s("Rule", "规则"), IsMinor: true},
		{Key: "subject", Title: w.s("Order", "订单"), IsMinor: true},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	t.Len = len(r.Needs)
	t.Row = func(i int) []Cell {
		n := &r.Needs[i]
		told, toldAt := w.s("nobody, as far as records say", "记录中无通知"), Cell{}
		if n.Told != nil {
			told, toldAt = strings.Join(n.Told.Channels, w.s(", ", "、")), at(n.Told.At)
		}
		if !r.HasHistory {
			told = ""
		}
		acked := ""
		if n.Ack != nil {
			acked = w.ack(n.Ack, r.Now.Location())
		}
		older := ""
		if n.IsOlder {
			older = w.s("or earlier", "或更早")
		}
		return []Cell{w.severity(n.Severity), text(n.Account), text(n.Title.In(w.language)),
			text(n.Detail.In(w.language)),
			text(n.Owner), at(n.Since), text(older), toldAt, text(told), text(acked), text(n.Rule), text(n.Subject),
			text(n.Record)}
	}
	return t
}

func (r *Report) deadlinesTable(w wording) Table {
	t := Table{Key: "deadlines", Title: w.s("Deadlines", "到期时间"), Columns: []Column{
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "order", Title: w.s("Order", "订单")},
		{Key: "edition", Title: w.s("Edition", "版本")},
		{Key: "licenses", Title: w.s("Licenses", "授权数"), Kind: KindNumber, Sums: true},
		{Key: "used", Title: w.s("In use", "已用"), Kind: KindNumber, Sums: true},
		{Key: "begin", Title: w.s("Bought", "购买时间"), Kind: KindTime, IsMinor: true},
		{Key: "end", Title: w.s("Ends", "到期时间"), Kind: KindTime},
		{Key: "days_left", Title: w.s("Days left", "剩余天数"), Kind: KindNumber},
		{Key: "renewal", Title: w.s("Renewal", "续费")},
		{Key: "state", Title: w.s("State", "状态")},
		{Key: "owner", Title: w.s("Owner", "负责人")},
		{Key: "moves", Title: w.s("End moved", "变更次数"), Kind: KindNumber, IsMinor: true},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	t.Len = len(r.Orders)
	t.Row = func(i int) []Cell {
		o := &r.Orders[i]
		left := Cell{}
		if !o.End.IsZero() {
			left = number(o.DaysLeft(r.Now))
		}
		return []Cell{text(o.Account), text(w.orderName(o)), text(w.edition(o)), count(o.Licenses), count(o.InUse),
			at(o.Begin),
			at(o.End), left, w.renewal(o), text(w.orderState(o.State)), text(o.Owner), number(o.Moves), text(o.Record)}
	}
	return t
}

// dayMetrics are the columns of a day.
var dayMetrics = []struct {
	metric      Metric
	key, en, zh string
}{
	{Valid, "valid", "Valid licenses", "有效授权"}, {Used, "used", "In use", "已用"},
	{Machines, "machines", "Machines", "主机"}, {UltimateMachines, "ultimate_machines", "Ultimate", "旗舰版主机"},
	{ProMachines, "pro_machines", "Pro", "专业版主机"},
	{LightweightMachines, "lightweight_machines", "Lightweight", "轻量版主机"},
	{BasicMachines, "basic_machines", "Basic", "基础版主机"}, {Unprotected, "unprotected", "Not protected", "未防护主机"},
	{UltimateValid, "ultimate_valid", "Ultimate, valid", "旗舰版有效授权"},
	{UltimateUsed, "ultimate_used", "Ultimate, in use", "旗舰版已用"},
	{ProValid, "pro_valid", "Pro, valid", "专业版有效授权"}, {ProUsed, "pro_used", "Pro, in use", "专业版已用"},
	{LightweightValid, "lightweight_valid", "Lightweight, valid", "轻量版有效授权"},
	{LightweightUsed, "lightweight_used", "Lightweight, in use", "轻量版已用"},
}

// DayColumns are the columns of the table of days behind the day.
func DayColumns(l license.Language) []Column {
	w := wording{l}
	columns := make([]Column, 0, len(dayMetrics))
	for _, m := range dayMetrics {
		columns = append(columns, Column{Key: m.key, Title: w.s(m.en, m.zh), Kind: KindNumber})
	}
	return columns
}

// DayCells are the values of one account's day, for DayColumns.
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
	t := Table{Key: "days", Title: w.s("Licenses and machines by day", "授权与主机（按日）"),
		Columns: append([]Column{{Key: "day", Title: w.s("Day", "日期"), Kind: KindDay}}, DayColumns(w.language)...)}
	t.Columns = append(t.Columns, Column{Key: "accounts", Title: w.s("Accounts read", "已读账号"), Kind: KindNumber},
		Column{Key: "of_accounts", Title: w.s("Of accounts", "账号总数"), Kind: KindNumber},
		Column{Key: "record", Title: w.s("Record", "记录")})
	t.Len = len(r.Days)
	t.Row = func(i int) []Cell {
		d := &r.Days[i]
		row := []Cell{at(d.Day)}
		most := Total{}
		for _, m := range dayMetrics {
			is := d.Metrics[m.metric]
			if is.Of > most.Of {
				most = is
			}
			if is.IsWhole() {
				row = append(row, total(is))
			} else {
				row = append(row, Cell{})
			}
		}
		return append(row, number(most.Known), number(most.Of), text(d.Record))
	}
	return t
}

func (r *Report) coverageTable(w wording) Table {
	t := Table{Key: "coverage", Title: w.s("Machines that fall back to Basic", "将失去防护的主机"), Columns: []Column{
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "owner", Title: w.s("Owner", "负责人")},
		{Key: "order", Title: w.s("Order", "订单")},
		{Key: "end", Title: w.s("Ends", "到期时间"), Kind: KindTime},
		{Key: "machines", Title: w.s("Machines", "主机"), Kind: KindNumber, Sums: true},
		{Key: "idle", Title: w.s("Stopped or gone", "已停机或已下线"), Kind: KindNumber},
		{Key: "names", Title: w.s("Which", "主机名")},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	var losing []*PlannedOrder
	for i := range r.Plan {
		p := &r.Plan[i]
		if machines := p.machines(); p.Edition != Containers && (machines == nil || *machines > 0) {
			losing = append(losing, p)
		}
	}
	t.Len = len(losing)
	t.Row = func(i int) []Cell {
		p := losing[i]
		return []Cell{text(p.Account), text(p.Owner), text(w.orderName(p.Order)), at(p.End), count(p.machines()),
			count(p.Idle),
			w.names(p.Order), text(p.Record)}
	}
	return t
}

func (r *Report) planTable(w wording) Table {
	t := Table{Key: "renewal", Title: w.s("Renewal plan", "续费计划"), Columns: []Column{
		{Key: "month", Title: w.s("Month", "月份")},
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "order", Title: w.s("Order", "订单")},
		{Key: "edition", Title: w.s("Edition", "版本")},
		{Key: "held", Title: w.s("Held", "现有"), Kind: KindNumber, Sums: true},
		{Key: "used", Title: w.s("In use", "已用"), Kind: KindNumber, Sums: true},
		{Key: "idle", Title: w.s("Idle", "其中闲置"), Kind: KindNumber, Sums: true},
		{Key: "suggested", Title: w.s("Renew", "建议续费"), Kind: KindNumber, Sums: true},
		{Key: "last_working_day", Title: w.s("Renew by", "最迟办理日"), Kind: KindDay},
		{Key: "end", Title: w.s("Ends", "到期时间"), Kind: KindTime},
		{Key: "owner", Title: w.s("Owner", "负责人")},
		{Key: "estimate", Title: w.s("Estimate", "估算金额"), Kind: KindMoney},
		{Key: "currency", Title: w.s("Currency", "币种"), IsMinor: true},
		{Key: "how", Title: w.s("How", "办理方式")},
		{Key: "console", Title: w.s("Console", "控制台"), Kind: KindLink, IsMinor: true},
		{Key: "command", Title: w.s("Command", "命令"), IsMinor: true},
		{Key: "record", Title: w.s("Record", "记录"), IsMinor: true},
	}}
	t.Len = len(r.Plan)
	t.Row = func(i int) []Cell {
		p := &r.Plan[i]
		estimate := Cell{}
		if p.Estimate != nil {
			estimate = Cell{Known: true, Number: *p.Estimate, Text: p.Currency}
		}
		return []Cell{text(w.month(p.End.In(r.Now.Location()))), text(p.Account), text(w.orderName(p.Order)),
			text(w.edition(p.Order)),
			count(p.Licenses), count(p.InUse), count(p.Idle), count(p.Suggested), at(p.Latest), at(p.End),
			text(p.Owner), estimate, text(p.Currency),
			text(w.how(p)), text(p.Console()), text(p.Command()), text(p.Record)}
	}
	return t
}

// unusedTable are the orders that hold more licenses than hang on machines that run, those that
// renew themselves as well: what can be dropped, or renewed smaller.
func (r *Report) unusedTable(w wording) Table {
	t := Table{Key: "unused", Title: w.s("Licenses that can be dropped", "可减少的授权"), Columns: []Column{
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "order", Title: w.s("Order", "订单")},
		{Key: "edition", Title: w.s("Edition", "版本")},
		{Key: "held", Title: w.s("Held", "现有"), Kind: KindNumber, Sums: true},
		{Key: "used", Title: w.s("In use", "已用"), Kind: KindNumber, Sums: true},
		{Key: "idle", Title: w.s("Idle", "其中闲置"), Kind: KindNumber, Sums: true},
		{Key: "unused", Title: w.s("Can be dropped", "可减少"), Kind: KindNumber, Sums: true},
		{Key: "end", Title: w.s("Ends", "到期时间"), Kind: KindTime},
		{Key: "renewal", Title: w.s("Renewal", "续费")},
		{Key: "owner", Title: w.s("Owner", "负责人")},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	unused := r.unused()
	t.Len = len(unused)
	t.Row = func(i int) []Cell {
		o := unused[i].Order
		return []Cell{text(o.Account), text(w.orderName(o)), text(w.edition(o)), count(o.Licenses), count(o.InUse),
			count(o.idle()), {Known: true, Number: float64(unused[i].licenses)}, at(o.End), w.renewal(o), text(o.Owner),
			text(o.Record)}
	}
	return t
}

func (r *Report) gapTable(w wording) Table {
	t := Table{Key: "gap", Title: w.s("Protection gap if nothing is renewed", "若到期订单均未续费的防护缺口"), Columns: []Column{
		{Key: "day", Title: w.s("Day", "日期"), Kind: KindDay},
		{Key: "uncovered", Title: w.s("Machines that have lost their edition", "降为基础版的主机"), Kind: KindNumber},
		{Key: "orders", Title: w.s("Orders that end", "当日到期订单"), Kind: KindNumber, Sums: true},
	}}
	t.Len = len(r.Gap)
	t.Row = func(i int) []Cell {
		d := &r.Gap[i]
		return []Cell{at(d.Day), {Known: true, Number: float64(d.Lost)}, number(d.Orders)}
	}
	return t
}

func (r *Report) evidenceTable(w wording) Table {
	t := Table{Key: "evidence", Title: w.s("Evidence by day", "证据（按日）"), Columns: []Column{
		{Key: "day", Title: w.s("Day", "日期"), Kind: KindDay},
		{Key: "kind", Title: w.s("What there is", "情况")},
		{Key: "sealed", Title: w.s("Accounts with a sealed record", "有封存记录的账号"), Kind: KindNumber},
		{Key: "broken", Title: w.s("With a broken one", "记录损坏的账号"), Kind: KindNumber},
		{Key: "of", Title: w.s("Of accounts", "账号总数"), Kind: KindNumber},
	}}
	days := r.Evidence.Begun()
	t.Len = len(days)
	t.Row = func(i int) []Cell {
		d := days[i]
		return []Cell{at(d.Day), text(w.evidenceKind(d.Kind())), number(d.Sealed), number(d.Broken), number(d.Of)}
	}
	return t
}

func (r *Report) chainsTable(w wording) Table {
	t := Table{Key: "chains", Title: w.s("Chains of records", "记录链"), Columns: []Column{
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "records", Title: w.s("Sealed records", "封存记录"), Kind: KindNumber, Sums: true},
		{Key: "broken", Title: w.s("Broken", "损坏"), Kind: KindNumber, Sums: true},
		{Key: "gaps", Title: w.s("Days without", "缺失天数"), Kind: KindNumber, Sums: true},
		{Key: "first", Title: w.s("First", "首条"), IsMinor: true},
		{Key: "head", Title: w.s("Head", "最新记录")},
		{Key: "sha256", Title: w.s("Hash of its manifest", "清单校验值")},
	}}
	t.Len = len(r.Evidence.Chains)
	t.Row = func(i int) []Cell {
		c := &r.Evidence.Chains[i]
		return []Cell{text(c.Account), number(c.Records), number(c.Broken), number(c.Gaps), text(c.First), text(c.Head),
			text(c.SHA256)}
	}
	return t
}

func (r *Report) problemsTable(w wording) Table {
	t := Table{Key: "problems", Title: w.s("Records that do not verify", "未通过校验的记录"), Columns: []Column{
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "record", Title: w.s("Record", "记录")},
		{Key: "problem", Title: w.s("What is wrong", "问题")},
	}}
	t.Len = len(r.Evidence.Problems)
	t.Row = func(i int) []Cell {
		p := &r.Evidence.Problems[i]
		return []Cell{text(p.Account), text(p.Record), toned(p.Text, "critical")}
	}
	return t
}

// saidByDayTable is there where the table of what was said has a row for each account.
func (r *Report) saidByDayTable(w wording) Table {
	t := Table{Key: "said-by-day", Title: w.s("Notifications sent by day", "通知记录（按日）"), Columns: []Column{
		{Key: "day", Title: w.s("Day", "日期"), Kind: KindDay},
		{Key: "channel", Title: w.s("Channel", "渠道")},
		{Key: "mode", Title: w.s("Kind", "类型")},
		{Key: "accounts", Title: w.s("Accounts", "涉及账号"), Kind: KindNumber},
		{Key: "accepted", Title: w.s("Accepted", "已接收"), Kind: KindNumber, Sums: true},
		{Key: "refused", Title: w.s("Refused", "被拒绝"), Kind: KindNumber, Sums: true},
		{Key: "no_answer", Title: w.s("No answer", "无应答"), Kind: KindNumber, Sums: true},
		{Key: "code", Title: w.s("Code", "错误码")},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	if len(r.Accounts) > 1 || len(r.SaidByDay) < len(r.Said) {
		t.Len = len(r.SaidByDay)
	}
	t.Row = func(i int) []Cell {
		s := &r.SaidByDay[i]
		return []Cell{at(s.Day), text(s.Channel), text(w.mode(s.Mode)), number(s.Accounts), number(s.Accepted),
			number(s.Refused), number(s.NoAnswer), text(s.Code), text(s.Record)}
	}
	return t
}

func (r *Report) saidTable(w wording) Table {
	t := Table{Key: "said", Title: w.s("Notifications sent", "通知记录"), Columns: []Column{
		{Key: "day", Title: w.s("Day", "日期"), Kind: KindDay},
		{Key: "account", Title: w.s("Account", "账号")},
		{Key: "channel", Title: w.s("Channel", "渠道")},
		{Key: "mode", Title: w.s("Kind", "类型")},
		{Key: "accepted", Title: w.s("Accepted", "已接收"), Kind: KindNumber, Sums: true},
		{Key: "refused", Title: w.s("Refused", "被拒绝"), Kind: KindNumber, Sums: true},
		{Key: "no_answer", Title: w.s("No answer", "未响应"), Kind: KindNumber, Sums: true},
		{Key: "code", Title: w.s("Code", "错误码")},
		{Key: "record", Title: w.s("Record", "记录")},
	}}
	t.Len = len(r.Said)
	t.Row = func(i int) []Cell {
		s := &r.Said[i]
		return []Cell{at(s.Day), text(s.Account), text(s.Channel), text(w.mode(s.Mode)), number(s.Accepted),
			number(s.Refused),
			number(s.NoAnswer), text(s.Code), text(s.Record)}
	}
	return t
}

// plain writes a number as programs read it.
func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Plain is the cell as programs read it; empty where it is not known. Times are in the zone.
func (c Cell) Plain(kind Kind, zone *time.Location) string {
	switch {
	case !c.Known:
		return ""
	case kind == KindNumber:
		return plain(c.Number)
	case kind == KindMoney:
		return strconv.FormatFloat(c.Number, 'f', 2, 64)
	case kind == KindDay:
		return c.Time.Format(time.DateOnly)
	case kind == KindTime:
		return c.Time.In(zone).Format("2006-01-02T15:04:05Z07:00")
	default:
		return c.Text
	}
}
