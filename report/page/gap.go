package page

import (
	"fmt"

	"licensewatch/report"
	"licensewatch/report/chart"
)

// gapPart is which machines lose their edition if nothing is renewed, on a page.
type gapPart struct{ *page }

// content is the picture, what it shows in words, and what it does not show.
func (p *gapPart) content() markup { return p.gapPicture() + p.gapNote() + p.overNote() }

// gapPicture is how many machines lose their edition by which day.
func (p *gapPart) gapPicture() markup {
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

func (p *gapPart) gapNote() markup {
	if len(p.Gap) == 0 {
		return ""
	}
	return note(p.gapText())
}

// overNote says what is not in the picture: what has ended, for its licenses are in use no more, as
// simulate counts them as well; and what does not tell how many are in use.
func (p *gapPart) overNote() markup {
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
func (p *gapPart) gapText() string {
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
