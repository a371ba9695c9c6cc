package page

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/report"
)

// addParts adds the parts in their order.
func (p *page) addParts() {
	p.add("needs", p.s("What needs action", "需要处理的事项"), (&needsPart{p}).content())
	p.add("unread", p.s("Accounts that could not be read", "未能读取的账号"), p.unreadAccounts())
	p.add("deadlines", p.s("Deadlines", "到期时间"), (&deadlinesPart{p}).content())
	p.add("history", p.s("Licenses and machines over time", "授权与主机变化趋势"), (&historyPart{p}).content())
	p.add("coverage", p.s("Coverage", "防护覆盖"), p.coverageNote()+p.table(shown{key: "coverage", most: 30})+
		p.accountsTable())
	p.add("renewal", p.s("Renewal plan", "续费计划"), (&planPart{p}).content()+p.unused())
	p.add("gap", p.s("Protection gap if nothing is renewed", "未开启自动续费的订单若不续费的防护缺口"), (&gapPart{p}).content())
	p.add("evidence", p.s("Evidence", "证据"), (&evidencePart{p}).content())
	p.add("said", p.s("Notifications sent", "通知记录"), p.saidNote()+p.sentMessages())
}

// countOf is a number of things; Chinese has one form.
func (p *page) countOf(n int, one, many string) string {
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

// cellOf is what the table of deadlines says of an order.
func (p *page) cellOf(column string, o *report.Order) string {
	t := p.tables["deadlines"]
	for i := range p.Orders {
		if &p.Orders[i] == o {
			at := t.Place(column)
			return p.valueText(t.Columns[at].Kind, &t.Row(i)[at])
		}
	}
	return ""
}

// unreadAccounts names the accounts of which not all is known.
func (p *page) unreadAccounts() markup {
	if p.Summary.Read == p.Summary.Accounts {
		return ""
	}
	rows := p.table(shown{key: "accounts", most: 20,
		skip: []string{"worst", "findings", "valid", "used", "machines", "licensed_machines", "basic_machines",
			"unprotected"}, keep: func(row int) bool { return p.Accounts[row].Status != report.StatusRead }})
	return note(p.s("What fires in these accounts is not known, or not all of it; the figures are of what was read.",
		"以下账号的数据缺失或不完整，可能存在未发现的问题；本页数字只统计已读到的部分。")) + rows
}

// subtable is a table with a title of its own.
func (p *page) subtable(key string, most int) markup {
	table := p.table(shown{key: key, most: most})
	if table == "" {
		return ""
	}
	return headed(p.tables[key].Title, table)
}

func (p *page) coverageNote() markup {
	if _, ok := p.tables["coverage"]; !ok {
		return ""
	}
	return note(p.s("These machines fall back to the free Basic edition when their order ends. Their names are read in the last 30 days before the end.",
		"订单到期后，这些主机将降为免费基础版。仅对 30 天内到期的订单列出主机名。"))
}

// accountsTable has the machines by account.
func (p *page) accountsTable() markup {
	table := p.table(shown{key: "accounts", most: 45, skip: []string{"read_at", "failures"}})
	if table == "" {
		return ""
	}
	return headed(p.s("Machines and licenses by account", "各账号的主机与授权"), table)
}

// unused is what can be dropped, or renewed smaller.
func (p *page) unused() markup {
	table := p.subtable("unused", 20)
	if table == "" {
		return ""
	}
	total := p.number(p.tables["unused"].Total("unused"))
	return table + note(fmt.Sprintf(p.s("%s licenses in all.", "合计 %s 个授权。"), total)+p.keepText()) +
		note(p.s("They hang on no machine, or on one that is stopped or gone. An order that renews itself does so with all it holds: reduce it before.",
			"这些授权未绑定主机，或绑定的主机已关机或离线。自动续费按现有数量续费，如需减少请提前调整。"))
}

// keepText says which licenses that hang on nothing are needed soon.
func (p *page) keepText() string {
	var all []string
	for i := range p.Outlook {
		if o := &p.Outlook[i]; !o.RunsOut.IsZero() {
			all = append(all, fmt.Sprintf(p.s("%s by %s", "%s %s"), p.tables["forecast"].Row(i)[0].Text,
				o.RunsOut.Format(time.DateOnly)))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return p.s(" Mind the forecast before you drop any. All in use: ", "减少之前请先看用量预测，预计用完：") +
		strings.Join(all, p.s(", ", "、")) + p.s(".", "。")
}

// sentMessages has the messages by day and channel; those of each account are in the files.
func (p *page) sentMessages() markup {
	const most = 30
	if _, ok := p.tables["said-by-day"]; ok {
		return p.table(shown{key: "said-by-day", most: most})
	}
	return p.table(shown{key: "said", most: most, skip: []string{"account"}})
}

func (p *page) saidNote() markup {
	if len(p.Said) == 0 {
		return ""
	}
	text := p.s("“Accepted” means that the chat's server took the message, not that somebody read it. Who has acknowledged what stands with the findings.",
		"“已接收”指消息平台已接收，不代表有人已读；确认情况见“需要处理的事项”。")
	if p.MoreSaid > 0 {
		text += fmt.Sprintf(p.s(" %s further rows are in no file: choose fewer days or accounts.",
			"另有 %s 行未写入任何文件，请缩小日期或账号范围。"),
			p.locale().Number(int64(p.MoreSaid)))
	}
	return note(text)
}
