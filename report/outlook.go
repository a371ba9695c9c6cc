package report

import (
	"slices"
	"time"

	"licensewatch/forecast"
)

// Outlook is what is to be expected of the use of licenses, of all or of an edition.
type Outlook struct {
	Valid, Used Metric
	Licenses    int64 // that are valid at the last day
	forecast.Result
}

// outlookMetrics are what is looked ahead at.
var outlookMetrics = []Outlook{{Valid: Valid, Used: Used}, {Valid: UltimateValid, Used: UltimateUsed},
	{Valid: ProValid, Used: ProUsed},
	{Valid: LightweightValid, Used: LightweightUsed}}

// outlookOf looks ahead from the days; a day that not all accounts tell is none.
func outlookOf(days []Day) []Outlook {
	var all []Outlook
	for _, o := range outlookMetrics {
		var points []forecast.Point
		isKnown := false
		for i := range days {
			used, valid := days[i].Metrics[o.Used], days[i].Metrics[o.Valid]
			if used.IsWhole() {
				points = append(points, forecast.Point{Day: days[i].Day, Value: float64(used.Sum)})
			}
			if valid.IsWhole() {
				o.Licenses, isKnown = valid.Sum, true
			}
		}
		if !isKnown || o.Licenses == 0 {
			continue
		}
		var ok bool
		if o.Result, ok = forecast.Use(points, float64(o.Licenses)); ok {
			all = append(all, o)
		}
	}
	return all
}

// changeDays is how far back the table of changes looks.
const changeDays = 30

func (w wording) metric(m Metric) string {
	switch m {
	case Valid, Used:
		return w.s("all licenses", "全部授权")
	case UltimateValid, UltimateUsed:
		return w.s("Ultimate", "旗舰版")
	case ProValid, ProUsed:
		return w.s("Pro", "专业版")
	default:
		return w.s("Lightweight", "轻量版")
	}
}

func (r *Report) outlookTable(w wording) *Table {
	return w.table("forecast", "Forecast of use", "用量预测", len(r.Outlook), func(c *cells, i int) {
		o := &r.Outlook[i]
		c.text("licenses", "Licenses", "授权", w.metric(o.Used))
		c.count("valid", "Valid", "有效", &o.Licenses)
		c.decimal("used", "In use", "已用", o.Last)
		for _, days := range forecast.Horizons {
			n, expected := plain(float64(days)), o.At(days)
			c.decimal("in_"+n, "In "+n+" days", n+" 天后", expected.Middle)
			c.decimal("in_"+n+"_low", "from", "下限", expected.Low)
			c.decimal("in_"+n+"_high", "to", "上限", expected.High)
		}
		c.day("runs_out", "All in use by", "预计用完日期", o.RunsOut).toneLast("warning")
		c.text("trend", "Trend", "趋势", w.trend(o))
	})
}

// trend says in words where the use goes.
func (w wording) trend(o *Outlook) string {
	month := int64(o.Slope*30 + sign(o.Slope)*.5)
	switch {
	case !o.HasTrend:
		return w.s("no trend", "无明显趋势")
	case month > 0:
		return w.s("+"+plain(float64(month))+" in 30 days", "每 30 天增加 "+plain(float64(month)))
	default:
		return w.s(plain(float64(month))+" in 30 days", "每 30 天减少 "+plain(float64(-month)))
	}
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

// change is a metric on the last day, and on the one 30 days before it.
type change struct {
	what        string
	before, now *Day
	was, is     int64
}

// changes are those of every metric that both days tell.
func (r *Report) changes(w wording) []change {
	var all []change
	for _, m := range dayMetrics {
		now, before := r.lastWhole(m.metric, time.Time{}), (*Day)(nil)
		if now != nil {
			before = r.lastWhole(m.metric, now.Day.AddDate(0, 0, -changeDays))
		}
		if before == nil || before.Metrics[m.metric].Of != now.Metrics[m.metric].Of {
			continue
		}
		was, is := before.Metrics[m.metric].Sum, now.Metrics[m.metric].Sum
		if was != 0 || is != 0 {
			all = append(all, change{w.s(m.en, m.zh), before, now, was, is})
		}
	}
	return all
}

func (r *Report) changesTable(w wording) *Table {
	all := r.changes(w)
	return w.table("changes", "Compared with 30 days before", "与 30 天前相比", len(all), func(c *cells, i int) {
		change := &all[i]
		c.text("what", "What", "项目", change.what)
		c.count("before", "30 days before", "30 天前", &change.was)
		c.count("now", "Now", "现在", &change.is)
		c.number("change", "Change", "变化", int(change.is-change.was))
		c.day("day_before", "Day", "日期", change.before.Day).keepToFiles()
		c.day("day_now", "Today", "当前日期", change.now.Day).keepToFiles()
	})
}

// lastWhole is the last day, up to another one, of which all accounts tell the metric.
func (r *Report) lastWhole(m Metric, upTo time.Time) *Day {
	for i := range slices.Backward(r.Days) {
		d := &r.Days[i]
		if d.Metrics[m].IsWhole() && (upTo.IsZero() || !d.Day.After(upTo)) {
			return d
		}
	}
	return nil
}
