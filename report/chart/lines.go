package chart

import (
	"slices"
	"strings"
	"time"
)

// Point is a value of a day; one that is not known is a gap.
type Point struct {
	Day   time.Time
	Value float64
	Known bool
}

// Series is a line.
type Series struct {
	Class  string // with "line" in it
	Points []Point
	Steps  bool // a value holds until the next one
	Fill   string
}

// Range is between which values something is expected on a day.
type Range struct {
	Day       time.Time
	Low, High float64
}

// Band is a range by day, drawn as an area.
type Band struct {
	Ranges []Range
}

// Lines is a picture of numbers by day.
type Lines struct {
	Frame

	From, To time.Time
	Today    time.Time // zero: no line
	TodayIs  string
	Series   []Series
	Bands    []Band
	Legend   []LegendEntry
}

// Draw draws the picture.
func (l *Lines) Draw() string {
	var d drawing
	height := 220.0
	if l.isNarrow() {
		height = 190
	}
	top := d.legend(&l.Frame, l.Legend) + 10
	ticks := numberTicks(l.greatest(), 4)
	y := scale{0, ticks[len(ticks)-1], top + height, top + 6}
	left := d.numberAxis(&l.Frame, y, ticks)
	x := timeScale{l.From, l.To, left, float64(l.Width) - 10}
	d.dayAxis(&l.Frame, x, top+height)
	for _, b := range l.Bands {
		d.band(x, y, b)
	}
	for i := range l.Series {
		d.series(x, y, &l.Series[i])
	}
	if !l.Today.IsZero() {
		at := x.clip(l.Today)
		d.line(at, top, at, top+height, "today")
		anchor, shift := "start", 4.0
		if at > float64(l.Width)-60 {
			anchor, shift = "end", -4
		}
		d.text(at+shift, top+10, anchor, "small", l.TodayIs)
	}
	return d.finish(&l.Frame, top+height+22)
}

// greatest is the greatest value.
func (l *Lines) greatest() float64 {
	most := 0.0
	for _, s := range l.Series {
		for _, p := range s.Points {
			if p.Known {
				most = max(most, p.Value)
			}
		}
	}
	for _, b := range l.Bands {
		for _, r := range b.Ranges {
			most = max(most, r.High)
		}
	}
	return most
}

// dayAxis draws days, or months where there are many.
func (d *drawing) dayAxis(f *Frame, x timeScale, bottom float64) {
	most := 12
	if f.isNarrow() {
		most = 5
	}
	ticks, isMonths := dayTicks(x.from, x.to, most), false
	if x.to.Sub(x.from) > 75*24*time.Hour {
		ticks, isMonths = monthTicks(x.from, x.to, most), true
	}
	for i, tick := range ticks {
		at := x.at(tick)
		d.line(at, bottom, at, bottom+4, "grid")
		label := f.Locale.ShortDay(tick)
		if isMonths {
			label = f.Locale.monthTick(tick, i == 0 || tick.Month() == time.January)
		}
		anchor := "middle"
		if at+textWidth(label)/2 > float64(f.Width)-2 {
			anchor = "end"
		}
		d.text(at, bottom+16, anchor, "small", label)
	}
}

// series draws a line, which breaks where a value is not known; a value between two gaps is a
// dot.
func (d *drawing) series(x timeScale, y scale, s *Series) {
	var path strings.Builder
	run := 0
	dot := strings.ReplaceAll(s.Class, "line", "dot")
	end := func(i int) {
		if run == 1 {
			p := s.Points[i-1]
			d.element("circle", "", "class", dot, "cx", x.at(p.Day), "cy", y.at(p.Value), "r", 2.5)
		}
		run = 0
	}
	for i, p := range s.Points {
		if !p.Known {
			end(i)
			continue
		}
		place := number(x.at(p.Day)) + " " + number(y.at(p.Value))
		switch {
		case run == 0:
			path.WriteString("M" + place)
		case s.Points[i-1].Value == p.Value && i+1 < len(s.Points) && s.Points[i+1].Known &&
			s.Points[i+1].Value == p.Value:
			// it goes on as it was
		case s.Steps:
			path.WriteString("H" + number(x.at(p.Day)) + "V" + number(y.at(p.Value)))
		default:
			path.WriteString("L" + place)
		}
		run++
	}
	end(len(s.Points))
	if s.Fill != "" && len(s.Points) > 0 {
		last := s.Points[len(s.Points)-1]
		d.element("path", "", "class", s.Fill, "d", path.String()+"L"+number(x.at(last.Day))+" "+number(y.at(0))+"L"+
			number(x.at(s.Points[0].Day))+" "+number(y.at(0))+"Z")
	}
	if path.Len() > 0 {
		d.element("path", "", "class", s.Class, "d", path.String())
	}
}

func (d *drawing) band(x timeScale, y scale, b Band) {
	if len(b.Ranges) == 0 {
		return
	}
	var path strings.Builder
	for i, r := range b.Ranges {
		command := "L"
		if i == 0 {
			command = "M"
		}
		path.WriteString(command + number(x.at(r.Day)) + " " + number(y.at(r.High)))
	}
	for _, r := range slices.Backward(b.Ranges) {
		path.WriteString("L" + number(x.at(r.Day)) + " " + number(y.at(max(0, r.Low))))
	}
	d.element("path", "", "class", "band", "d", path.String()+"Z")
}
