package page

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/report"
)

// planPart is the renewal plan on a page.
type planPart struct{ *page }

// content is a table by month with sums, and the commands.
func (p *planPart) content() markup {
	t, ok := p.tables["renewal"]
	if !ok {
		return ""
	}
	const most = 40
	plan := p.monthSums(t) + p.table(shown{key: "renewal", most: most, skip: []string{"month"}}) +
		note(p.s("“Renew” is what is in use on machines that run, or was in use before an order ended. “Renew by” is the last working day before the end, or before an order that is over is destroyed, 30 days after it; holidays are not known.",
			"“建议续费”为运行中主机实际占用的授权数，已到期的订单按到期前的用量；“最迟办理日”为到期前（已到期的，为到期 30 天后销毁前）最后一个周一至周五，未考虑节假日。"))
	if p.hasEstimate() {
		plan += note(p.s("Amounts are estimates by the price list that was given: of the licenses to renew, for each order's own term. Not in them: orders that renew themselves, and accounts that could not be read.", "金额按所提供的价格表估算，仅供参考：按建议续费数和各订单原有期限计算，不含自动续费的订单和未读到的账号。"))
	}
	return plan + p.commands()
}

func (p *planPart) hasEstimate() bool {
	for i := range p.Plan {
		if p.Plan[i].Estimate != nil {
			return true
		}
	}
	return false
}

// sums are what a month adds up to.
type sums struct {
	month             string
	orders            int
	held, suggested   float64
	unknown, unpriced int // orders
	money             map[string]float64
	currencies        []string
}

func (s *sums) add(o *report.PlannedOrder) {
	s.orders++
	if o.Estimate == nil {
		s.unpriced++
	} else {
		if _, known := s.money[o.Currency]; !known {
			s.currencies = append(s.currencies, o.Currency)
		}
		s.money[o.Currency] += *o.Estimate
	}
	switch {
	case o.Edition == report.Containers: // it has cores, which are no licenses
		return
	case o.Suggested == nil:
		s.unknown++
	default:
		s.suggested += float64(*o.Suggested)
	}
	if o.Licenses != nil {
		s.held += float64(*o.Licenses)
	}
}

// monthSums is the table of months.
func (p *planPart) monthSums(t *report.Table) markup {
	var all []*sums
	total := &sums{month: p.s("Total", "合计"), money: map[string]float64{}}
	for i := range p.Plan {
		o, month := &p.Plan[i], t.Row(i)[0].Text
		if len(all) == 0 || all[len(all)-1].month != month {
			all = append(all, &sums{month: month, money: map[string]float64{}})
		}
		s := all[len(all)-1]
		s.add(o)
		total.add(o)
	}
	if len(all) > 1 {
		all = append(all, total)
	}
	heads := []string{p.s("Month", "月份"), p.s("Orders", "订单"), p.s("Licenses held", "现有授权"), p.s("To renew", "建议续费")}
	if p.hasEstimate() {
		heads = append(heads, p.s("Estimate", "估算金额"))
	}
	var rows markup
	for _, s := range all {
		suggested := p.number(s.suggested)
		if s.unknown > 0 {
			suggested += fmt.Sprintf(p.s("; of %s not known", "；另有 %s 个订单未知"), p.countOf(s.unknown, "order", "orders"))
		}
		texts := []string{s.month, p.number(float64(s.orders)), p.number(s.held), suggested, p.money(s)}
		var cells markup
		for i, head := range heads {
			cells += element("td", classed(numberClass(i > 0))+attribute("data-label", head), textOf(texts[i]))
		}
		rows += element("tr", "", cells)
	}
	var titles markup
	for i, head := range heads {
		titles += textElement("th", numberClass(i > 0), head)
	}
	return tableOf("months", titles, rows)
}

// money is what a month costs, by currency.
func (p *planPart) money(s *sums) string {
	var parts []string
	for _, currency := range s.currencies {
		parts = append(parts, strings.TrimSpace(currency+" "+p.number(s.money[currency])))
	}
	if s.unpriced > 0 {
		parts = append(parts, fmt.Sprintf(p.s("%d without a price", "另有 %d 个订单未计价"), s.unpriced))
	}
	return strings.Join(parts, p.s(", ", "，"))
}

// commands are what renews, to be copied.
func (p *planPart) commands() markup {
	const most = 20
	var items markup
	shown := 0
	var consoles []string
	for i := range p.Plan {
		o := &p.Plan[i]
		if !slices.Contains(consoles, o.Console()) {
			consoles = append(consoles, o.Console())
		}
		if command := o.Command(); command != "" && shown < most {
			shown++
			items += textElement("pre", "", "# "+p.oneLine(o.Account+" "+o.Name)+"\n"+command)
		}
	}
	var links markup
	for _, address := range consoles {
		links += element("a", attribute("href", address)+attribute("rel", "noopener noreferrer"), textOf(address)) + " "
	}
	commands := element("p", classed("note"), textOf(p.s("In the console: ", "控制台："))+links)
	if items != "" {
		commands += element("details", "", textElement("summary", "", p.s("Command lines for renewals (China site)", "续费命令（中国站）"))+
			note(p.s("licensewatch never runs them. SUB_PRODUCT_CODE is the code of the edition's product in your bill; UNIQUE_TEXT is one of your own for each renewal.",
				"licensewatch 不会执行这些命令。SUB_PRODUCT_CODE 为账单中该版本的子产品编码，UNIQUE_TEXT 为每次续费自拟的唯一标识。"))+items)
	}
	return commands
}

// oneLine is a text without line ends, for a comment of a shell.
func (p *planPart) oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, text)
}
