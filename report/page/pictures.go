package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/report"
	"licensewatch/report/chart"
)

// The widths in which each picture is drawn: for a desktop and paper, and for a phone.
const (
	wide   = 920
	narrow = 340
)

// picture draws for both widths; the page shows the one that fits.
func (p *page) picture(id, title, description string, draw func(chart.Frame) string) markup {
	frame := chart.Frame{ID: id, Title: title, Description: description, Width: wide, Locale: p.locale()}
	small := frame
	small.ID, small.Width = id+"-s", narrow
	return element("div", classed("picture"), element("div", classed("wide"), markup(draw(frame)))+
		element("div", classed("narrow"), markup(draw(small))))
}

// class is the colour of an order.
func class(o *report.Order) string {
	switch {
	case o.IsOver():
		return "purple"
	case o.Renewal == report.RenewsItself:
		return "blue"
	case o.Renewal == report.NotRenewed:
		return "red"
	default:
		return "grey"
	}
}

func (p *page) renewalLegend() []chart.LegendEntry {
	return []chart.LegendEntry{{Class: "red", Text: p.s("✕ not renewed", "✕ 不续费")},
		{Class: "blue", Text: p.s("↻ renews itself", "↻ 自动续费")},
		{Class: "grey", Text: p.s("? not known", "? 未知")}, {Class: "purple", Text: p.s("! isolated", "! 已隔离")}}
}

var marks = map[string]string{"red": "✕", "blue": "↻", "grey": "?", "purple": "!"}

// mostBars is how many orders have a bar each.
const mostBars = 40

// deadlinePicture is the time line of the next twelve months.
func (p *page) deadlinePicture() markup {
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
func (p *page) monthPicture(title string, orders []*report.Order) markup {
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

// line is a series of a metric; false where there are no two days to draw.
func (p *page) line(m report.Metric, class string, steps bool) (chart.Series, bool) {
	s, known := chart.Series{Class: class, Steps: steps}, 0
	for i := range p.Days {
		t := p.Days[i].Metrics[m]
		s.Points = append(s.Points, chart.Point{Day: p.Days[i].Day, Value: float64(t.Sum), Known: t.IsWhole()})
		if t.IsWhole() {
			known++
		}
	}
	return s, known > 1
}

// historyPictures are licenses and machines by day.
func (p *page) historyPictures() markup {
	if len(p.Days) < 2 {
		return ""
	}
	licenses := p.lines([]named{{report.Valid, "line blue", p.s("valid licenses", "有效授权"), true},
		{report.Used, "line red", p.s("in use", "已用"), false}})
	machines := p.lines([]named{{report.Machines, "line blue", p.s("all machines", "全部主机"), false},
		{report.UltimateMachines, "line green", p.s("Ultimate", "旗舰版"), false},
		{report.ProMachines, "line red", p.s("Pro", "专业版"), false},
		{report.BasicMachines, "line grey", p.s("Basic", "基础版"), false},
		{report.Unprotected, "line purple", p.s("not protected", "未防护"), false}})
	var pictures markup
	if licenses != nil {
		if len(p.Outlook) > 0 && p.Outlook[0].Used == report.Used {
			p.addBand(licenses)
		}
		pictures += p.historyPicture("licenses", p.s("Licenses by day", "授权（按日）"), licenses)
	}
	if machines != nil {
		pictures += p.historyPicture("machines", p.s("Machines by day", "主机（按日）"), machines)
	}
	if pictures == "" {
		return ""
	}
	return pictures + note(p.gapDays())
}

type named struct {
	metric report.Metric
	class  string
	text   string
	steps  bool
}

func (p *page) lines(all []named) *chart.Lines {
	l := &chart.Lines{From: p.Days[0].Day, To: p.Days[len(p.Days)-1].Day}
	for _, n := range all {
		if s, ok := p.line(n.metric, n.class, n.steps); ok {
			l.Series = append(l.Series, s)
			l.Legend = append(l.Legend, chart.LegendEntry{Class: n.class, Text: n.text})
		}
	}
	if len(l.Series) == 0 {
		return nil
	}
	return l
}

// addBand adds what is expected of the use.
func (p *page) addBand(l *chart.Lines) {
	o := &p.Outlook[0]
	var band chart.Band
	for _, r := range o.Days {
		band.Ranges = append(band.Ranges, chart.Range{Day: r.Day, Low: r.Low, High: r.High})
	}
	l.Bands = append(l.Bands, band)
	l.Today, l.TodayIs = l.To, p.s("last record", "最新记录")
	l.To = o.Days[len(o.Days)-1].Day
	l.Legend = append(l.Legend, chart.LegendEntry{Class: "band", Text: p.s("forecast of use (80 %)", "用量预测（80%）")})
}

func (p *page) historyPicture(id, title string, l *chart.Lines) markup {
	parts := []string{title}
	for i, s := range l.Series {
		for _, point := range slices.Backward(s.Points) {
			if point.Known {
				parts = append(parts, l.Legend[i].Text+" "+p.number(point.Value))
				break
			}
		}
	}
	return p.picture(id, title, strings.Join(parts, p.s("; ", "；"))+p.s(" at the last record.", "（最新记录）。"),
		func(f chart.Frame) string {
			drawn := *l
			drawn.Frame = f
			return drawn.Draw()
		})
}

// gapDays says on how many days not all is known.
func (p *page) gapDays() string {
	missing := 0
	for i := range p.Days {
		if !p.Days[i].Metrics[report.Used].IsWhole() {
			missing++
		}
	}
	never := ""
	if told := p.Days[len(p.Days)-1].Metrics[report.Used].Of; told < len(p.Accounts) {
		never = fmt.Sprintf(p.s(" The sums are of %d of %d accounts; the others never told their use.",
			"合计只含 %d / %d 个账号，其余账号从未读到用量。"), told, len(p.Accounts))
	}
	if missing == 0 && never == "" {
		return p.s("Every day has a record of every account.", "每天均有全部账号的记录。")
	}
	return fmt.Sprintf(p.s("On %d of %d days not every account was read: these are gaps, not lines.",
		"%d 天（共 %d 天）未读到全部账号，图中留空，不作连线。"),
		missing, len(p.Days)) + never
}

// gapPicture is how many machines lose their edition by which day.
func (p *page) gapPicture() markup {
	if len(p.Gap) == 0 {
		return ""
	}
	s := chart.Series{Class: "line red", Fill: "band", Steps: true}
	for _, d := range p.Gap {
		s.Points = append(s.Points, chart.Point{Day: d.Day, Value: float64(d.Lost), Known: true})
	}
	title := p.s("Machines that have lost their edition, by day", "失去付费防护的主机（按日）")
	return p.picture("gapchart", title, p.gapText(), func(f chart.Frame) string {
		l := chart.Lines{Frame: f, From: p.Gap[0].Day, To: p.Gap[len(p.Gap)-1].Day, Series: []chart.Series{s},
			Legend: []chart.LegendEntry{{Class: "line red", Text: title}}}
		return l.Draw()
	})
}

func (p *page) gapNote() markup {
	if len(p.Gap) == 0 {
		return ""
	}
	return note(p.gapText())
}

// overNote says what is not in the picture: what has ended, for its licenses are in use no more, as
// simulate counts them as well; and what does not tell how many are in use.
func (p *page) overNote() markup {
	over, unknown := 0, 0
	for i := range p.Orders {
		switch o := &p.Orders[i]; {
		case o.Edition == report.Containers:
		case o.IsOver():
			over++
		case o.InUse == nil && o.Ends(p.Until):
			unknown++
		}
	}
	var notes markup
	if over > 0 {
		notes += note(fmt.Sprintf(p.s("Not counted here: %s already; machines that hung on such an order are on Basic, or have another license.",
			"未计入已到期的 %s 个订单：其授权已失效，原绑定的主机已降为基础版，或已改用其他授权。"), p.countOf(over, "order has ended", "orders have ended")))
	}
	if unknown > 0 {
		notes += note(fmt.Sprintf(p.s("Not counted here: %s, and it is not known how many licenses are in use.",
			"未计入已用数未知的 %s 个将到期订单。"), p.countOf(unknown, "order ends", "orders end")))
	}
	return notes
}

// gapText says when how many machines lose their edition.
func (p *page) gapText() string {
	last := p.Gap[len(p.Gap)-1]
	if last.Lost == 0 {
		return p.s("No license of the orders that end is in use, as far as is known.", "就已知情况，将到期订单的授权均未使用。")
	}
	text := ""
	for _, d := range p.Gap {
		if d.Lost > 0 {
			text = fmt.Sprintf(p.s("The first lose it on %s (%s).", "最早 %s 起，%s 台主机降为基础版。"), p.locale().Day(d.Day),
				p.number(float64(d.Lost)))
			break
		}
	}
	for _, days := range []int{30, 90} {
		if days < len(p.Gap) {
			text += fmt.Sprintf(p.s(" %s after %d days,", "%[2]d 天后 %[1]s 台，"), p.number(float64(p.Gap[days].Lost)),
				days)
		}
	}
	text += fmt.Sprintf(p.s(" by %s %s machines have fallen back to the free Basic edition.", "至 %s 共 %s 台主机降为免费基础版。"),
		p.locale().Day(last.Day),
		p.number(float64(last.Lost)))
	return text
}
