package page

import (
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
