package page

import (
	"cmp"
	"fmt"

	"licensewatch/report"
)

// needsPart are the findings on a page.
type needsPart struct{ *page }

// content are the findings as cards: they are read, not compared.
func (p *needsPart) content() markup {
	const most = 25
	var cards markup
	shown := min(most, len(p.Needs))
	for i := range shown {
		cards += p.need(i)
	}
	if shown == 0 {
		return ""
	}
	var more markup
	if left := len(p.Needs) + p.MoreNeeds - shown; left > 0 {
		more = note(fmt.Sprintf(p.s("%s more are left out here; --xlsx and --csv have the worst %s (findings).",
			"此处另有 %s 项未列出；--xlsx 与 --csv（findings）列有最严重的 %s 项。"), p.locale().Number(int64(left)),
			p.locale().Number(int64(len(p.Needs)))))
	}
	return p.acksNote() + element("ul", classed("needs"), cards) + more
}

// acksNote says how many are acknowledged, or that it is not known.
func (p *needsPart) acksNote() markup {
	acked := 0
	for i := range p.Needs {
		if p.Needs[i].Ack != nil {
			acked++
		}
	}
	switch {
	case !p.KnowsAcks:
		return note(p.s("Who has acknowledged what is not known here: it stands in the function's memory (LICENSEWATCH_STATE_URL).",
			"本报告未读取确认记录（保存在 LICENSEWATCH_STATE_URL 中），因此不显示哪些事项已确认。"))
	case acked == 0:
		return note(p.s("Nobody has acknowledged any of these.", "以下事项均未被确认。"))
	default:
		return note(fmt.Sprintf(p.s("Of these %s acknowledged; what is stands last.", "其中 %s 项已确认，排在最后。"),
			p.countOf(acked, "is", "are")))
	}
}

func (p *needsPart) need(i int) markup {
	n := &p.Needs[i]
	t := p.tables["findings"]
	row := t.Row(i)
	cell := func(key string) *report.Cell { return &row[t.Place(key)] }
	fact := func(label, value string) markup {
		if value == "" {
			return ""
		}
		return element("span", "", textElement("b", "", label)+textOf(" "+value))
	}
	since := p.valueText(report.KindTime, cell("since"))
	if n.IsOlder && p.HasHistory {
		since += p.s(" or earlier", " 或更早")
	}
	told := cell("told").Text
	if n.Told != nil {
		told += p.s(" on ", "，") + p.valueText(report.KindTime, cell("told_at"))
	}
	facts := fact(p.s("Owner", "负责人"), cmp.Or(n.Owner, p.s("none named", "未标注"))) +
		fact(p.s("Since", "开始于"), since) + fact(p.s("Told", "已通知"), told) +
		fact(p.s("Acknowledged", "已确认"), cell("acknowledged").Text) + fact(p.s("Record", "记录"), shortRecord(n.Record))
	what := element("p", classed("what"), textElement("span", "badge "+string(n.Severity), cell("severity").Text)+p.needTitle(n))
	if detail := n.Detail.In(p.language); detail != "" {
		what += textElement("p", "", detail)
	}
	return element("li", classed(string(n.Severity)), what+element("p", classed("facts"), facts))
}

// needTitle is a finding's title, with the account before it where there are several: orders of many
// accounts have the same names.
func (p *needsPart) needTitle(n *report.Need) markup {
	title := n.Title.In(p.language)
	if len(p.Accounts) == 1 {
		return textOf(" " + title)
	}
	return " " + textElement("span", "whose", n.Account+p.s(": ", "：")) + textOf(title)
}
