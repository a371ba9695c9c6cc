package chart

import (
	"math"
	"time"
)

// Bar is something that lasts and ends.
type Bar struct {
	Label    string
	Note     string    // behind the bar's end
	From, To time.Time // From may be zero: not known
	Size     int64     // makes its height; 0: not known
	Class    string
	Title    string // all of it in words
}

// TimeLine is a picture of what ends when, a bar for each.
type TimeLine struct {
	Frame

	From, To time.Time
	Today    time.Time
	TodayIs  string // the word for it
	Bars     []Bar
	Legend   []LegendEntry
}

// heights of a bar.
const (
	thinnest = 5.0
	thickest = 20.0
)

// Draw draws the picture.
func (t *TimeLine) Draw() string {
	var d drawing
	gutter, right := 190.0, 110.0 // for the labels, and for the notes
	if t.isNarrow() {
		gutter, right = 4, 8
	}
	x := timeScale{t.From, t.To, gutter, float64(t.Width) - right}
	top := d.legend(&t.Frame, t.Legend) + 22
	most := int64(1)
	for _, b := range t.Bars {
		most = max(most, b.Size)
	}
	y, tops := top+6, make([]float64, len(t.Bars))
	for i := range t.Bars {
		tops[i] = y
		if t.isNarrow() {
			y += 16
		}
		y += max(barHeight(t.Bars[i].Size, most), 12) + 7
	}
	d.timeAxis(&t.Frame, x, top, y)
	for i := range t.Bars {
		d.bar(t, x, tops[i], gutter, barHeight(t.Bars[i].Size, most), &t.Bars[i])
	}
	d.line(x.clip(t.Today), top-4, x.clip(t.Today), y, "today")
	d.text(x.clip(t.Today)+4, y+12, "start", "small", t.TodayIs)
	return d.finish(&t.Frame, y+18)
}

// barHeight grows with the root of the size, so that a small one beside a large one is seen.
func barHeight(size, most int64) float64 {
	if size <= 0 {
		return thinnest
	}
	return thinnest + (thickest-thinnest)*math.Sqrt(float64(size)/float64(most))
}

// timeAxis draws the months above, with lines down to the bottom.
func (d *drawing) timeAxis(f *Frame, x timeScale, top, bottom float64) {
	most := 13
	if f.isNarrow() {
		most = 5
	}
	free := 0.0 // where the next label may begin
	for i, tick := range monthTicks(x.from, x.to, most) {
		at := x.at(tick)
		d.line(at, top, at, bottom, "grid")
		label := f.Locale.monthTick(tick, i == 0 || tick.Month() == time.January)
		if at+2 >= free && at+2+textWidth(label) <= float64(f.Width) {
			d.text(at+2, top-4, "start", "small", label)
			free = at + textWidth(label) + 8
		}
	}
}

func (d *drawing) bar(t *TimeLine, x timeScale, top, gutter, height float64, b *Bar) {
	row := max(height, 12)
	if t.isNarrow() {
		d.text(gutter, top+11, "start", "", cut(b.Label, float64(t.Width)-10-textWidth(b.Note)-12))
		d.text(float64(t.Width)-6, top+11, "end", "small", b.Note)
		top += 16
	} else {
		d.text(gutter-8, top+row/2+4, "end", "", cut(b.Label, gutter-12))
	}
	from := x.low
	if !b.From.IsZero() {
		from = x.clip(b.From)
	}
	to := x.clip(b.To)
	d.rect(from, top+(row-height)/2, max(2, to-from), height, b.Class, b.Title)
	if t.isNarrow() || b.Note == "" {
		return
	}
	d.text(to+5, top+row/2+4, "start", "small", b.Note)
}
