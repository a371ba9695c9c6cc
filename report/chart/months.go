package chart

import "time"

// Column is a month, with its parts one upon the other.
type Column struct {
	Month time.Time
	Parts []Part
	Title string
}

// Part is a part of a column.
type Part struct {
	Size  int64
	Class string
}

// Columns is a picture of amounts by month.
type Columns struct {
	Frame

	Columns []Column
	Legend  []LegendEntry
}

// Draw draws the picture.
func (c *Columns) Draw() string {
	var d drawing
	const height = 190.0
	top := d.legend(&c.Frame, c.Legend) + 10
	most := int64(1)
	for _, column := range c.Columns {
		sum := int64(0)
		for _, p := range column.Parts {
			sum += p.Size
		}
		most = max(most, sum)
	}
	ticks := numberTicks(float64(most), 4)
	y := scale{0, ticks[len(ticks)-1], top + height, top + 6}
	left := d.numberAxis(&c.Frame, y, ticks)
	step := (float64(c.Width) - left - 6) / float64(max(1, len(c.Columns)))
	every := max(1, int((textWidth(c.Locale.monthTick(time.Time{}, false))+16)/step+0.999))
	for i, column := range c.Columns {
		x, sum := left+step*float64(i), int64(0)
		for _, p := range column.Parts {
			below := y.at(float64(sum))
			sum += p.Size
			if p.Size > 0 {
				d.rect(x+step*.15, y.at(float64(sum)), step*.7, below-y.at(float64(sum)), p.Class, column.Title)
			}
		}
		if i%every == 0 {
			d.text(x+step/2, top+height+15, "middle", "small", c.Locale.monthTick(column.Month, false))
			if i == 0 || column.Month.Month() <= time.Month(every) {
				d.text(x+step/2, top+height+29, "middle", "small", column.Month.Format("2006"))
			}
		}
	}
	return d.finish(&c.Frame, top+height+36)
}

// numberAxis draws an axis to the left, and gives where it ends.
func (d *drawing) numberAxis(f *Frame, y scale, ticks []float64) float64 {
	left := 0.0
	for _, tick := range ticks {
		left = max(left, textWidth(f.Locale.Number(int64(tick))))
	}
	left += 8
	for _, tick := range ticks {
		d.line(left, y.at(tick), float64(f.Width)-4, y.at(tick), "grid")
		d.text(left-5, y.at(tick)+4, "end", "small", f.Locale.Number(int64(tick)))
	}
	return left
}
