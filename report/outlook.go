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

func (r *Report) outlookTable(w wording) Table {
	of := func(i int) *Outlook { return &r.Outlook[i] }
	columns := []*Column{
		w.texts("licenses", "Licenses", "授权", func(i int) string { return w.metric(of(i).Used) }),
		w.counts("valid", "Valid", "有效", func(i int) *int64 { return &of(i).Licenses }),
		w.cells("used", "In use", "已用", KindNumber, func(i int) Cell { return decimal(of(i).Last) }),
	}
	for _, days := range forecast.Horizons {
		n := plain(float64(days))
		expected := func(key, en, zh string, of func(e forecast.Range) float64) {
			columns = append(columns, w.cells("in_"+n+key, en, zh, KindNumber, func(i int) Cell {
				return decimal(of(r.Outlook[i].At(days)))
			}))
		}
		expected("", "In "+n+" days", n+" 天后", func(e forecast.Range) float64 { return e.Middle })
		expected("_low", "from", "下限", func(e forecast.Range) float64 { return e.Low })
		expected("_high", "to", "上限", func(e forecast.Range) float64 { return e.High })
	}
	return Table{"forecast", w.s("Forecast of use", "用量预测"), len(r.Outlook), append(columns,
		w.cells("runs_out", "All in use by", "预计用完日期", KindDay, func(i int) Cell {
			cell := at(of(i).RunsOut)
			cell.Tone = "warning"
			return cell
		}),
		w.texts("trend", "Trend", "趋势", func(i int) string { return w.trend(of(i)) }))}
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

func (r *Report) changesTable(w wording) Table {
	all := r.changes(w)
	return Table{"changes", w.s("Compared with 30 days before", "与 30 天前相比"), len(all), []*Column{
		w.texts("what", "What", "项目", func(i int) string { return all[i].what }),
		w.counts("before", "30 days before", "30 天前", func(i int) *int64 { return &all[i].was }),
		w.counts("now", "Now", "现在", func(i int) *int64 { return &all[i].is }),
		w.numbers("change", "Change", "变化", func(i int) int { return int(all[i].is - all[i].was) }),
		w.days("day_before", "Day", "日期", func(i int) time.Time { return all[i].before.Day }).minor(),
		w.days("day_now", "Today", "当前日期", func(i int) time.Time { return all[i].now.Day }).minor(),
	}}
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
