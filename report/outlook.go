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
	t := Table{Key: "forecast", Title: w.s("Forecast of use", "用量预测"), Columns: []Column{
		{Key: "licenses", Title: w.s("Licenses", "授权")},
		{Key: "valid", Title: w.s("Valid", "有效"), Kind: KindNumber},
		{Key: "used", Title: w.s("In use", "已用"), Kind: KindNumber},
	}}
	for _, days := range forecast.Horizons {
		n := plain(float64(days))
		t.Columns = append(t.Columns, Column{Key: "in_" + n, Title: w.s("In "+n+" days", n+" 天后"), Kind: KindNumber},
			Column{Key: "in_" + n + "_low", Title: w.s("from", "下限"), Kind: KindNumber},
			Column{Key: "in_" + n + "_high", Title: w.s("to", "上限"), Kind: KindNumber})
	}
	t.Columns = append(t.Columns, Column{Key: "runs_out", Title: w.s("All in use by", "预计用完日期"), Kind: KindDay},
		Column{Key: "trend", Title: w.s("Trend", "趋势")})
	var rows [][]Cell
	for i := range r.Outlook {
		o := &r.Outlook[i]
		row := []Cell{text(w.metric(o.Used)), {Known: true, Number: float64(o.Licenses)}, {Known: true, Number: o.Last}}
		for _, days := range forecast.Horizons {
			e := o.At(days)
			row = append(row, Cell{Known: true, Number: e.Middle}, Cell{Known: true, Number: e.Low},
				Cell{Known: true, Number: e.High})
		}
		runsOut := at(o.RunsOut)
		runsOut.Tone = "warning"
		rows = append(rows, append(row, runsOut, text(w.trend(o))))
	}
	return t.with(rows)
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

// changesTable compares the last day with the one 30 days before it.
func (r *Report) changesTable(w wording) Table {
	t := Table{Key: "changes", Title: w.s("Compared with 30 days before", "与 30 天前相比"), Columns: []Column{
		{Key: "what", Title: w.s("What", "项目")},
		{Key: "before", Title: w.s("30 days before", "30 天前"), Kind: KindNumber},
		{Key: "now", Title: w.s("Now", "现在"), Kind: KindNumber},
		{Key: "change", Title: w.s("Change", "变化"), Kind: KindNumber},
		{Key: "day_before", Title: w.s("Day", "日期"), Kind: KindDay, IsMinor: true},
		{Key: "day_now", Title: w.s("Today", "当前日期"), Kind: KindDay, IsMinor: true},
	}}
	var rows [][]Cell
	for _, m := range dayMetrics {
		now, before := r.lastWhole(m.metric, time.Time{}), (*Day)(nil)
		if now != nil {
			before = r.lastWhole(m.metric, now.Day.AddDate(0, 0, -changeDays))
		}
		if before == nil || before.Metrics[m.metric].Of != now.Metrics[m.metric].Of {
			continue
		}
		was, is := before.Metrics[m.metric].Sum, now.Metrics[m.metric].Sum
		if was == 0 && is == 0 {
			continue
		}
		rows = append(rows, []Cell{text(w.s(m.en, m.zh)), {Known: true, Number: float64(was)},
			{Known: true, Number: float64(is)},
			{Known: true, Number: float64(is - was)}, at(before.Day), at(now.Day)})
	}
	return t.with(rows)
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
