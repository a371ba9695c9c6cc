package page

import (
	"fmt"
	"time"

	"licensewatch/report"
	"licensewatch/report/chart"
)

// deadlinesPart is what ends, on a page.
type deadlinesPart struct{ *page }

// content is the picture, and a table of what is still listed; what is gone is left to files.
func (p *deadlinesPart) content() markup {
	isListed := func(row int) bool { return p.Orders[row].State != report.StateGone }
	return p.deadlinePicture() + p.table(shown{key: "deadlines", most: 40, keep: isListed}) + p.deadlinesNote()
}

// mostBars is how many orders have a bar each.
const mostBars = 40

// deadlinePicture is the time line of the next twelve months.
func (p *deadlinesPart) deadlinePicture() markup {
	var orders []*report.Order
	until := p.Now.AddDate(1, 0, 0)
	for i := range p.Orders {
		o := &p.Orders[i]
		if !o.End.IsZero() && o.State != report.StateGone && !o.End.Before(p.Now.AddDate(0, -2, 0)) &&
			o.End.Before(until) {
			orders = append(orders, o)
		}
	}
	if len(orders) == 0 {
		return ""
	}
	title := p.s("What ends in the next twelve months", "未来十二个月的到期时间")
	if len(orders) > mostBars {
		return p.monthPicture(title, orders)
	}
	line := chart.TimeLine{From: p.Now.AddDate(0, -1, 0), To: until, Today: p.Now, TodayIs: p.s("today", "今天"),
		Legend: p.renewalLegend()}
	for _, o := range orders {
		bar := chart.Bar{Label: o.Name, From: o.Begin, To: o.End, Class: class(o), Note: marks[class(o)] + " " +
			p.locale().ShortDay(o.End.In(p.Now.Location()))}
		if o.Alias != "" {
			bar.Label = o.Alias
		}
		if o.Edition == report.Containers {
			bar.Label = p.cellOf("edition", o)
		} else if o.Licenses != nil {
			bar.Size = *o.Licenses
			bar.Note += p.s(", ", "，") + p.locale().Number(*o.Licenses)
		}
		bar.Title = o.Account + " " + o.Name + p.s(": ends ", "：到期 ") + p.locale().Day(o.End.In(p.Now.Location())) +
			p.s(", ", "，") + p.cellOf("renewal", o)
		line.Bars = append(line.Bars, bar)
	}
	description := fmt.Sprintf(p.s("%d orders; the first ends on %s. The table below has all of them.",
		"共 %d 个订单，最早于 %s 到期，明细见下表。"),
		len(orders), p.locale().Day(orders[0].End.In(p.Now.Location())))
	return p.picture("timeline", title, description, func(f chart.Frame) string {
		drawn := line
		drawn.Frame = f
		return drawn.Draw()
	})
}

// monthPicture is the time line of very many orders: licenses by the month of their end.
func (p *deadlinesPart) monthPicture(title string, orders []*report.Order) markup {
	classes := []string{"purple", "red", "grey", "blue"}
	byMonth := map[time.Time]map[string]int64{}
	var licenses int64
	month := func(t time.Time) time.Time {
		year, m, _ := t.In(p.Now.Location()).Date()
		return time.Date(year, m, 1, 0, 0, 0, 0, p.Now.Location())
	}
	for _, o := range orders {
		if o.Licenses == nil || o.Edition == report.Containers {
			continue
		}
		m := month(o.End)
		if byMonth[m] == nil {
			byMonth[m] = map[string]int64{}
		}
		byMonth[m][class(o)] += *o.Licenses
		licenses += *o.Licenses
	}
	columns := chart.Columns{Legend: p.renewalLegend()}
	for m := month(orders[0].End); !m.After(p.Now.AddDate(1, 0, 0)); m = m.AddDate(0, 1, 0) {
		column := chart.Column{Month: m, Title: p.locale().Month(m)}
		for _, name := range classes {
			column.Parts = append(column.Parts, chart.Part{Size: byMonth[m][name], Class: name})
		}
		columns.Columns = append(columns.Columns, column)
	}
	description := fmt.Sprintf(p.s("%d orders with %s licenses, grouped by the month of their end.",
		"共 %d 个订单、%s 个授权，按到期月份汇总。"),
		len(orders), p.locale().Number(licenses))
	return p.picture("timeline", title, description, func(f chart.Frame) string {
		drawn := columns
		drawn.Frame = f
		return drawn.Draw()
	}) + note(description)
}

// deadlinesNote explains what is not in the table, and a word of it.
func (p *deadlinesPart) deadlinesNote() markup {
	if len(p.Orders) == 0 {
		return ""
	}
	return note(p.s("Pay-as-you-go licenses have no end and are not in this table. Isolated: the order is over, its machines have lost their edition, and it can be renewed until it is destroyed, an order of CWPP 30 days after its end.",
		"按量计费的授权没有到期时间，不在此表中。“已隔离”指订单已到期、主机已失去付费版本，在销毁之前仍可续费（主机安全订单为到期后 30 天）。"))
}
