package chart

import "time"

// CalendarDay is what a day is.
type CalendarDay struct {
	Day   time.Time
	Class string
	Mark  bool   // with a cross, so that no colour is needed to see it
	Title string // in words
}

// Calendar is a picture of days, a week a column, Monday first.
type Calendar struct {
	Frame

	Days     []CalendarDay // one after the other, without a gap
	Weekdays [7]string     // Monday first; short
	Legend   []LegendEntry
}

// Draw draws the picture.
func (c *Calendar) Draw() string {
	var d drawing
	top := d.legend(&c.Frame, c.Legend) + 20
	if len(c.Days) == 0 {
		return d.finish(&c.Frame, top)
	}
	const left = 34.0
	weeks := (weekday(c.Days[0].Day)+len(c.Days)-1)/7 + 1
	cell := min(18, (float64(c.Width)-left-4)/float64(weeks))
	for i := 0; i < 7; i += 2 {
		d.text(left-6, top+cell*(float64(i)+.5)+4, "end", "small", c.Weekdays[i])
	}
	lastLabel := -100.0
	for i, day := range c.Days {
		place := weekday(c.Days[0].Day) + i
		x, y := left+cell*float64(place/7), top+cell*float64(place%7)
		size := cell - max(1, cell*.15)
		d.rect(x, y, size, size, day.Class, day.Title)
		if day.Mark {
			a, b := size*.25, size*.75
			d.element("path", "", "class", "mark", "d", "M"+number(x+a)+" "+number(y+a)+"L"+number(x+b)+" "+number(y+b)+
				"M"+
				number(x+b)+" "+number(y+a)+"L"+number(x+a)+" "+number(y+b))
		}
		if label := c.Locale.monthTick(day.Day, i == 0 || day.Day.Month() == time.January); (day.Day.Day() == 1 ||
			i == 0) && x-lastLabel > 52 {
			d.text(x, top-6, "start", "small", label)
			lastLabel = x
		}
	}
	return d.finish(&c.Frame, top+cell*7+4)
}

// weekday is the day of the week: 0 is Monday.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }
