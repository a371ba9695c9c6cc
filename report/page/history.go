package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/report"
	"licensewatch/report/chart"
)

// historyPart is how licenses and machines changed, on a page.
type historyPart struct{ *page }

// content are the pictures, what is expected, and what has changed in a month.
func (p *historyPart) content() markup {
	return p.historyPictures() + p.table(shown{key: "forecast", most: 10}) + p.runOutNote() + p.changes()
}

// line is a series of a metric; false where there are no two days to draw.
func (p *historyPart) line(m report.Metric, class string, steps bool) (chart.Series, bool) {
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
func (p *historyPart) historyPictures() markup {
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
		pictures += p.drawLines("licenses", p.s("Licenses by day", "授权（按日）"), licenses)
	}
	if machines != nil {
		pictures += p.drawLines("machines", p.s("Machines by day", "主机（按日）"), machines)
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

func (p *historyPart) lines(all []named) *chart.Lines {
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
func (p *historyPart) addBand(l *chart.Lines) {
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

// drawLines draws lines, with what they are at the last record.
func (p *historyPart) drawLines(id, title string, l *chart.Lines) markup {
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
func (p *historyPart) gapDays() string {
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

func (p *historyPart) runOutNote() markup {
	if len(p.Outlook) == 0 {
		return ""
	}
	return note(p.s("Four of five times the use lies between “from” and “to”. There is a day of run-out only where the trend is real; it takes what is valid now to be renewed.",
		"实际用量约有 80% 的概率落在“下限”与“上限”之间；只有趋势确实存在时才给出用完日期，并假定目前有效的授权都会续费。"))
}

// changes compares with 30 days before, or says that there is nothing to compare with.
func (p *historyPart) changes() markup {
	if table := p.subtable("changes", 14); table != "" {
		return table
	}
	if len(p.Days) == 0 || !p.HasHistory {
		return ""
	}
	if p.Now.Sub(p.Days[0].Day) > 31*24*time.Hour {
		return note(p.s("What changed in 30 days cannot be said: there are no two such days on which all accounts were read.",
			"无法与 30 天前相比：没有相隔 30 天且全部账号均已读取的两天。"))
	}
	return note(fmt.Sprintf(p.s("What changed in 30 days cannot be said: the records begin on %s.",
		"无法与 30 天前相比：记录始于 %s。"), p.Days[0].Day.Format(time.DateOnly)))
}
