package page

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/report"
)

// summary is what a page says first: the sentence, what it is about, and the figures.
type summary struct{ *page }

// sentence says in one sentence what is wrong, or that nothing is as far as is known.
func (p *summary) sentence() string {
	s := p.Summary
	var parts []string
	switch {
	case s.Critical > 0:
		parts = append(parts, fmt.Sprintf(p.s("%s action now, first: %s", "有 %s 项严重问题需要立即处理，最紧急的是：%s"),
			p.countOf(s.Critical, "critical thing needs", "critical things need"), p.worst()))
	case s.Warning > 0:
		parts = append(parts, fmt.Sprintf(p.s("Nothing is critical; of %s the first: %s", "没有严重问题，有 %s 项警告，最紧急的是：%s"),
			p.countOf(s.Warning, "warning", "warnings"), p.worst()))
	case s.Read == s.Accounts && s.Unknown == 0 && s.Acknowledged > 0:
		parts = append(parts, p.s("Nothing more needs action", "没有其他需要处理的事项"))
	case s.Read == s.Accounts && s.Unknown == 0:
		parts = append(parts, p.s("Nothing needs action", "一切正常，没有需要处理的事项"))
	default:
		parts = append(parts, p.s("Nothing that is known needs action", "已知范围内没有需要处理的事项"))
	}
	if s.Acknowledged > 0 {
		parts = append(parts, p.countOf(s.Acknowledged, "finding is acknowledged", "findings are acknowledged")+p.s("", " 项已确认"))
	}
	if missing := s.Accounts - s.Read; missing > 0 {
		parts = append(parts, fmt.Sprintf(p.s("%s of %s could not be read completely or recently", "%s 个账号（共 %s 个）数据读取不完整或已过时"),
			p.locale().Number(int64(missing)), p.locale().Number(int64(s.Accounts))+p.s(" accounts", "")))
	}
	if s.Broken > 0 {
		parts = append(parts, fmt.Sprintf(p.s("%s not verify, and their values are left out", "%s 条记录未通过校验，其数值未采用"),
			p.countOf(s.Broken, "record does", "records do")))
	}
	return strings.Join(parts, p.s(". ", "。")) + p.s(".", "。")
}

// worst is the title of the first finding.
func (p *summary) worst() string {
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

func (p *summary) facts() markup {
	var items markup
	for _, fact := range p.factTexts() {
		items += textElement("li", "", fact)
	}
	return element("ul", classed("facts"), items)
}

// factTexts are what the report is about.
func (p *summary) factTexts() []string {
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
		add(p.countOf(len(p.Accounts), "account", "accounts") + p.s("", " 个账号"))
	}
	return facts
}

// figures are the first numbers.
func (p *summary) figures() markup {
	s := p.Summary
	l := p.locale()
	of := func(n, all int64) string { return fmt.Sprintf(p.s("%s of %s", "%s / %s"), l.Number(n), l.Number(all)) }
	known := func(t report.Total) string {
		if t.Known < t.Of {
			return fmt.Sprintf(p.s("known of %d of %d accounts", "仅含 %d / %d 个账号"), t.Known, t.Of)
		}
		return ""
	}
	figures := figure(p.s("Accounts read", "已读账号"), of(int64(s.Read), int64(s.Accounts)), "")
	if s.Machines.Known > 0 {
		figures += figure(p.s("Machines with a license", "有授权的主机"), of(s.Protected.Sum, s.Machines.Sum),
			known(s.Machines))
	}
	if s.Valid.Known > 0 {
		figures += figure(p.s("Licenses in use", "已用授权"), of(s.Used.Sum, s.Valid.Sum), known(s.Valid))
	}
	if o := s.Next; o != nil {
		left := fmt.Sprintf(p.s("%s, in %d days", "%s，%d 天后"), p.cellOf("renewal", o), o.DaysLeft(p.Now))
		if p.Summary.Accounts > 1 {
			left += p.s(", account ", "，账号 ") + o.Account
		}
		figures += figure(p.s("Next order to end", "最近到期"), o.End.In(p.Now.Location()).Format("2006-01-02 15:04"),
			p.cellOf("order", o)+" · "+left)
	}
	if len(p.Orders) > 0 {
		figures += p.quarterFigure()
	}
	return element("dl", classed("figures"), figures)
}

// figure is a number with its name above it and a word below.
func figure(label, value, below string) markup {
	return element("div", classed("figure"), textElement("dt", "", label)+
		element("dd", "", textElement("b", "", value)+textElement("span", "", below)))
}

// quarterFigure says whether all is renewed until the end of the next quarter.
func (p *summary) quarterFigure() markup {
	end, before, within, unclear, machines := p.quarter()
	label := p.s("Until the end of next quarter, ", "至下季度末 ") + end.Format(time.DateOnly)
	unknown := ""
	if unclear > 0 {
		unknown = fmt.Sprintf(p.s("; of %s it is not known", "；另有 %s 个订单未知"), p.countOf(unclear, "order", "orders"))
	}
	if missing := p.Summary.Accounts - p.Summary.Read; missing > 0 {
		unknown += fmt.Sprintf(p.s("; %s not fully known", "；%s 个账号情况不完整"), p.countOf(missing, "account is", "accounts are"))
	}
	switch {
	case before+within > 0:
		return figure(label, p.s("not safe: ", "有风险：")+p.countOf(before+within, "order ends", "orders end")+
			p.s("", " 个订单将到期"), fmt.Sprintf(p.s("%d before it begins, %d in it; not renewed, %s machines fall back to Basic",
			"其中下季度开始前 %d 个，季度内 %d 个；不续费将有 %s 台主机降为基础版"), before, within, p.locale().Number(machines))+unknown)
	case unknown != "":
		return figure(label, p.s("not known", "未知"), p.s("no order that is known ends", "已知订单均不会到期")+unknown)
	default:
		return figure(label, p.s("safe", "安全"), p.s("no order ends without renewal", "没有不续费的到期订单"))
	}
}

// quarter is what ends without renewal before the next quarter begins, and within it, of how
// many orders it is not known, and how many machines fall back by its end.
func (p *summary) quarter() (end time.Time, before, within, unclear int, machines int64) {
	year, month, _ := p.Now.Date()
	const months = 3
	next := time.Month((int(month)-1)/months*months + 1 + months)
	begin := time.Date(year, next, 1, 0, 0, 0, 0, p.Now.Location()).Add(-time.Second)
	end = time.Date(year, next+months, 1, 0, 0, 0, 0, p.Now.Location()).Add(-time.Second)
	for i := range p.Orders {
		switch o := &p.Orders[i]; {
		case o.MayEnd(end):
			unclear++
		case o.Ends(begin):
			before++
			machines += o.Losing()
		case o.Ends(end):
			within++
			machines += o.Losing()
		}
	}
	return end, before, within, unclear, machines
}
