package page

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"licensewatch/license"
	"licensewatch/report"
)

// addParts adds the parts in their order.
func (p *page) addParts() {
	p.add("needs", p.s("What needs action", "需要处理的事项"), p.needs())
	p.add("unread", p.s("Accounts that could not be read", "未能读取的账号"), p.unreadAccounts())
	p.add("deadlines", p.s("Deadlines", "到期时间"), p.deadlinePicture(),
		p.table(shown{key: "deadlines", most: 40, keep: p.isAhead}))
	p.add("history", p.s("Licenses and machines over time", "授权与主机变化趋势"), p.historyPictures(),
		p.table(shown{key: "forecast", most: 10}),
		p.runOutNote(), p.changes())
	p.add("coverage", p.s("Coverage", "防护覆盖"), p.coverageNote(), p.table(shown{key: "coverage", most: 30}),
		p.accountsTable())
	p.add("renewal", p.s("Renewal plan", "续费计划"), (&planPart{p}).content(), p.unused())
	p.add("gap", p.s("Protection gap if nothing is renewed", "若到期订单均未续费的防护缺口"), p.gapPicture(), p.gapNote())
	p.add("evidence", p.s("Evidence", "证据"), p.evidencePicture(), p.problems(), p.chains())
	p.add("said", p.s("Notifications sent", "通知记录"), p.saidNote(), p.said())
}

// sentence says in one sentence what is wrong, or that nothing is as far as is known.
func (p *page) sentence() string {
	s := p.Summary
	var parts []string
	switch {
	case s.Critical > 0:
		parts = append(parts, fmt.Sprintf(p.s("%s action now, first: %s", "有 %s 项严重问题需要立即处理，最紧急的是：%s"),
			p.things(s.Critical, "critical thing needs", "critical things need"), p.worst()))
	case s.Warning > 0:
		parts = append(parts, fmt.Sprintf(p.s("Nothing is critical; of %s the first: %s", "没有严重问题，有 %s 项警告，最紧急的是：%s"),
			p.things(s.Warning, "warning", "warnings"), p.worst()))
	case s.Read == s.Accounts && s.Unknown == 0:
		parts = append(parts, p.s("Nothing needs action", "一切正常，没有需要处理的事项"))
	default:
		parts = append(parts, p.s("Nothing that is known needs action", "已知范围内没有需要处理的事项"))
	}
	if missing := s.Accounts - s.Read; missing > 0 {
		parts = append(parts, fmt.Sprintf(p.s("%s of %s could not be read completely or recently", "%s 个账号（共 %s 个）数据读取不完整或已过时"),
			p.locale().Number(int64(missing)), p.locale().Number(int64(s.Accounts))+p.s(" accounts", "")))
	}
	if s.Broken > 0 {
		parts = append(parts, fmt.Sprintf(p.s("%s not verify, and their values are left out", "%s 条记录未通过校验，其数值未采用"),
			p.things(s.Broken, "record does", "records do")))
	}
	return strings.Join(parts, p.s(". ", "。")) + p.s(".", "。")
}

// things is a number of things; Chinese has one form.
func (p *page) things(n int, one, many string) string {
	text := p.locale().Number(int64(n))
	switch {
	case p.language == license.Chinese:
		return text
	case n == 1:
		return text + " " + one
	default:
		return text + " " + many
	}
}

// worst is the title of the first finding.
func (p *page) worst() string {
	if len(p.Needs) == 0 {
		return ""
	}
	n := &p.Needs[0]
	title := n.Title.In(p.language)
	if p.Summary.Accounts > 1 {
		title += p.s(" (", "（") + n.Account + p.s(")", "）")
	}
	return title
}

func (p *page) facts() g.Node {
	var items []g.Node
	for _, fact := range p.factTexts() {
		items = append(items, h.Li(g.Text(fact)))
	}
	return h.Ul(h.Class("facts"), g.Group(items))
}

// factTexts are what the report is about.
func (p *page) factTexts() []string {
	var facts []string
	add := func(fact string) { facts = append(facts, fact) }
	_, offset := p.Now.Zone()
	zone := fmt.Sprintf("UTC%+d", offset/3600)
	add(p.s("as of ", "数据截至 ") + p.Now.Format("2006-01-02 15:04") + p.s(" (", "（") + zone + p.s(")", "）"))
	if p.HasHistory {
		add(fmt.Sprintf(p.s("looks back from %s to %s", "统计期间：%s 至 %s"), p.From.Format(time.DateOnly),
			p.To.Format(time.DateOnly)))
	} else {
		add(p.s("without history", "无历史记录"))
	}
	for _, note := range p.Notes {
		add(note.In(p.language))
	}
	add(p.s("looks ahead to ", "预测至 ") + p.Until.Format(time.DateOnly))
	if len(p.Accounts) == 1 {
		add(p.s("account ", "账号 ") + p.Accounts[0].Label())
	} else {
		add(p.things(len(p.Accounts), "account", "accounts") + p.s("", " 个账号"))
	}
	return facts
}

// figures are the first numbers.
func (p *page) figures() g.Node {
	s := p.Summary
	l := p.locale()
	figure := func(label, value, below string) g.Node {
		return h.Div(h.Class("figure"), h.Dt(g.Text(label)), h.Dd(h.B(g.Text(value)), h.Span(g.Text(below))))
	}
	of := func(n, all int64) string { return fmt.Sprintf(p.s("%s of %s", "%s / %s"), l.Number(n), l.Number(all)) }
	known := func(t report.Total) string {
		if t.Known < t.Of {
			return fmt.Sprintf(p.s("known of %d of %d accounts", "仅含 %d / %d 个账号"), t.Known, t.Of)
		}
		return ""
	}
	nodes := []g.Node{figure(p.s("Accounts read", "已读账号"), of(int64(s.Read), int64(s.Accounts)), "")}
	if s.Machines.Known > 0 {
		nodes = append(nodes, figure(p.s("Machines with a license", "有授权的主机"), of(s.Protected.Sum, s.Machines.Sum),
			known(s.Machines)))
	}
	if s.Valid.Known > 0 {
		nodes = append(nodes, figure(p.s("Licenses in use", "已用授权"), of(s.Used.Sum, s.Valid.Sum), known(s.Valid)))
	}
	if o := s.Next; o != nil {
		left := fmt.Sprintf(p.s("%s, in %d days", "%s，%d 天后"), p.cellOf("renewal", o), o.DaysLeft(p.Now))
		if p.Summary.Accounts > 1 {
			left += p.s(", account ", "，账号 ") + o.Account
		}
		nodes = append(nodes, figure(p.s("Next order to end", "下一个到期"), o.End.In(p.Now.Location()).Format("2006-01-02 15:04"),
			p.cellOf("order", o)+" · "+left))
	}
	if len(p.Orders) > 0 {
		nodes = append(nodes, p.quarterFigure(figure))
	}
	return h.Dl(h.Class("figures"), g.Group(nodes))
}

// quarterFigure says whether all is renewed until the end of the next quarter.
func (p *page) quarterFigure(figure func(label, value, below string) g.Node) g.Node {
	end, before, within, machines := p.quarter()
	label := p.s("Until the end of next quarter, ", "至下季度末 ") + end.Format(time.DateOnly)
	unknown := ""
	if missing := p.Summary.Accounts - p.Summary.Read; missing > 0 {
		unknown = fmt.Sprintf(p.s("; %s not fully known", "；%s 个账号情况不完整"), p.things(missing, "account is", "accounts are"))
	}
	switch {
	case before+within > 0:
		return figure(label, p.s("not safe: ", "有风险：")+p.things(before+within, "order ends", "orders end")+
			p.s("", " 个订单将到期"), fmt.Sprintf(p.s("%d before it begins, %d in it; not renewed, %s machines fall back to Basic",
			"其中下季度开始前 %d 个，季度内 %d 个；不续费将有 %s 台主机降为基础版"), before, within, p.locale().Number(machines))+unknown)
	case unknown != "":
		return figure(label, p.s("not known", "未知"), p.s("no order that is known ends", "已知订单均不会到期")+unknown)
	default:
		return figure(label, p.s("safe", "安全"), p.s("no order ends without renewal", "没有不续费的到期订单"))
	}
}

// quarter is what ends without renewal before the next quarter begins, and within it, and how
// many machines fall back by its end.
func (p *page) quarter() (end time.Time, before, within int, machines int64) {
	year, month, _ := p.Now.Date()
	const months = 3
	next := time.Month((int(month)-1)/months*months + 1 + months)
	begin := time.Date(year, next, 1, 0, 0, 0, 0, p.Now.Location()).Add(-time.Second)
	end = time.Date(year, next+months, 1, 0, 0, 0, 0, p.Now.Location()).Add(-time.Second)
	for i := range p.Orders {
		switch {
		case p.Orders[i].Ends(begin):
			before++
		case p.Orders[i].Ends(end):
			within++
		}
	}
	for _, d := range p.Gap {
		if !d.Day.After(end) {
			machines = d.Lost
		}
	}
	return end, before, within, machines
}

// cellOf is what the table of deadlines says of an order.
func (p *page) cellOf(column string, o *report.Order) string {
	t := p.tables["deadlines"]
	for i := range p.Orders {
		if &p.Orders[i] == o {
			for j, c := range t.Columns {
				if c.Key == column {
					return p.value(c.Kind, t.Row(i)[j])
				}
			}
		}
	}
	return ""
}

// needs are the findings as cards: they are read, not compared.
func (p *page) needs() g.Node {
	const most = 25
	var cards []g.Node
	for i := range p.Needs {
		if i == most {
			break
		}
		cards = append(cards, p.need(i))
	}
	if len(cards) == 0 {
		return nil
	}
	var more g.Node
	if left := len(p.Needs) + p.MoreNeeds - len(cards); left > 0 {
		more = note(fmt.Sprintf(p.s("%s more are left out here; --xlsx and --csv have the worst %s (findings).",
			"此处另有 %s 项未列出；--xlsx 与 --csv（findings）列有最严重的 %s 项。"), p.locale().Number(int64(left)),
			p.locale().Number(int64(len(p.Needs)))))
	}
	return g.Group{p.acksNote(), h.Ul(h.Class("needs"), g.Group(cards)), more}
}

// acksNote says how many are acknowledged, or that it is not known.
func (p *page) acksNote() g.Node {
	acked := 0
	for i := range p.Needs {
		if p.Needs[i].Ack != nil {
			acked++
		}
	}
	switch {
	case !p.KnowsAcks:
		return note(p.s("Who has acknowledged what is not known here: it stands in the function's memory (LICENSEWATCH_STATE_URL).",
			"确认情况保存在函数的记忆中（LICENSEWATCH_STATE_URL），本报告无法得知。"))
	case acked == 0:
		return note(p.s("Nobody has acknowledged any of these.", "以下事项均未被确认。"))
	default:
		return note(fmt.Sprintf(p.s("%s of these are acknowledged; they stand last.", "其中 %s 项已确认，排在最后。"), p.number(float64(acked))))
	}
}

func (p *page) need(i int) g.Node {
	n := &p.Needs[i]
	row := map[string]report.Cell{}
	t := p.tables["findings"]
	for j, cell := range t.Row(i) {
		row[t.Columns[j].Key] = cell
	}
	fact := func(label, value string) g.Node {
		if value == "" {
			return nil
		}
		return h.Span(h.B(g.Text(label)), g.Text(" "+value))
	}
	since := p.value(report.KindTime, row["since"])
	if n.IsOlder && p.HasHistory {
		since += p.s(" or earlier", " 或更早")
	}
	told := row["told"].Text
	if n.Told != nil {
		told += p.s(" on ", "，") + p.value(report.KindTime, row["told_at"])
	}
	facts := []g.Node{fact(p.s("Owner", "负责人"), cmp.Or(n.Owner, p.s("none named", "未标注"))),
		fact(p.s("Since", "开始于"), since),
		fact(p.s("Told", "已通知"), told), fact(p.s("Acknowledged", "已确认"), row["acknowledged"].Text),
		fact(p.s("Record", "记录"), shortRecord(n.Record))}
	return h.Li(h.Class(string(n.Severity)),
		h.P(h.Class("what"), h.Span(h.Class("badge "+string(n.Severity)), g.Text(row["severity"].Text)),
			p.what(n)),
		g.If(n.Detail.In(p.language) != "", h.P(g.Text(n.Detail.In(p.language)))),
		h.P(h.Class("facts"), g.Group(facts)))
}

// what is a finding's title, with the account before it where there are several: orders of many
// accounts have the same names.
func (p *page) what(n *report.Need) g.Node {
	title := n.Title.In(p.language)
	if len(p.Accounts) == 1 {
		return g.Text(" " + title)
	}
	return g.Group{g.Text(" "), h.Span(h.Class("whose"), g.Text(n.Account+p.s(": ", "："))), g.Text(title)}
}

// unreadAccounts names the accounts of which not all is known.
func (p *page) unreadAccounts() g.Node {
	if p.Summary.Read == p.Summary.Accounts {
		return nil
	}
	rows := p.table(shown{key: "accounts", most: 20,
		skip: []string{"worst", "findings", "valid", "used", "machines", "licensed_machines", "basic_machines",
			"unprotected"}, keep: func(row []report.Cell) bool { return row[1].Tone != "" }})
	return g.Group{note(p.s("What fires in these accounts is not known, or not all of it; the figures are of what was read.",
		"这些账号中有哪些问题尚不清楚或不完整；各项数字仅含已读到的部分。")), rows}
}

// isAhead says whether a row of the deadlines matters: what is gone has a table of its own.
func (p *page) isAhead(row []report.Cell) bool {
	return row[9].Text != p.s("gone", "已销毁或已移除")
}

func (p *page) runOutNote() g.Node {
	if len(p.Outlook) == 0 {
		return nil
	}
	return note(p.s("Four of five times the use lies between “from” and “to”. There is a day of run-out only where the trend is real.",
		"实际用量有八成可能落在“下限”与“上限”之间；只有趋势确实存在时才给出用完日期。"))
}

// changes compares with 30 days before, or says that there is nothing to compare with.
func (p *page) changes() g.Node {
	if node := p.subtable("changes", 14); node != nil {
		return node
	}
	if len(p.Days) == 0 || !p.HasHistory {
		return nil
	}
	if p.Now.Sub(p.Days[0].Day) > 31*24*time.Hour {
		return note(p.s("What changed in 30 days cannot be said: there are no two such days on which all accounts were read.",
			"无法与 30 天前相比：没有相隔 30 天且全部账号均已读取的两天。"))
	}
	return note(fmt.Sprintf(p.s("What changed in 30 days cannot be said: the records begin on %s.",
		"无法与 30 天前相比：记录始于 %s。"), p.Days[0].Day.Format(time.DateOnly)))
}

// subtable is a table with a title of its own.
func (p *page) subtable(key string, most int) g.Node {
	node := p.table(shown{key: key, most: most})
	if node == nil {
		return nil
	}
	return g.Group{h.H3(g.Text(p.tables[key].Title)), node}
}

func (p *page) coverageNote() g.Node {
	if _, ok := p.tables["coverage"]; !ok {
		return nil
	}
	return note(p.s("These machines fall back to the free Basic edition when their order ends. Their names are read in the last 30 days before the end.",
		"订单到期后，这些主机将降为免费基础版。仅对 30 天内到期的订单列出主机名。"))
}

// accountsTable has the machines by account.
func (p *page) accountsTable() g.Node {
	node := p.table(shown{key: "accounts", most: 45, skip: []string{"read_at", "failures"}})
	if node == nil {
		return nil
	}
	return g.Group{h.H3(g.Text(p.s("Machines and licenses by account", "各账号的主机与授权"))), node}
}

// unused is what can be dropped, or renewed smaller.
func (p *page) unused() g.Node {
	node := p.subtable("unused", 20)
	if node == nil {
		return nil
	}
	return g.Group{node, note(p.s("They hang on no machine, or on one that is stopped or gone. An order that renews itself does so with all it holds: reduce it before.",
		"这些授权未绑定主机，或绑定的主机已停机、已下线。自动续费按现有数量续费，如需减少请提前调整。"))}
}

func (p *page) problems() g.Node {
	node := p.subtable("problems", 20)
	if node == nil {
		return nil
	}
	return g.Group{node, note(p.s("Nothing that stands in these records is used in this report.", "本报告未采用这些记录中的任何内容。"))}
}

// chains say how the records are verified.
func (p *page) chains() g.Node {
	if len(p.Evidence.Chains) == 0 {
		return nil
	}
	return g.Group{h.H3(g.Text(p.s("Heads of the chains", "各账号最新存档"))), p.table(shown{key: "chains", most: 45}),
		note(p.s("Whoever knows the hash of the newest manifest can prove all records before it. To verify: licensewatch archive verify --anchor HASH, "+
			"or verify.sh and verify.py of docs/evidence.md, which do without licensewatch.",
			"另行保存最新校验值，即可验证此前全部记录未被改动。校验方法：licensewatch archive verify --anchor 校验值，或使用 docs/evidence.zh-CN.md 中的 verify.sh、verify.py，无需本程序。"))}
}

// said has the messages by day and channel; those of each account are in the files.
func (p *page) said() g.Node {
	const most = 30
	if _, ok := p.tables["said-by-day"]; ok {
		return p.table(shown{key: "said-by-day", most: most})
	}
	return p.table(shown{key: "said", most: most, skip: []string{"account"}})
}

func (p *page) saidNote() g.Node {
	if len(p.Said) == 0 {
		return nil
	}
	text := p.s("“Accepted” means that the chat's server took the message, not that somebody read it. Who has acknowledged what stands with the findings.",
		"“已接收”指聊天服务器已接收，并不代表有人阅读；谁确认了什么，见各事项。")
	if p.MoreSaid > 0 {
		text += fmt.Sprintf(p.s(" %s further rows are in no file: choose fewer days or accounts.",
			"另有 %s 行未写入任何文件，请缩小日期或账号范围。"),
			p.locale().Number(int64(p.MoreSaid)))
	}
	return note(text)
}
