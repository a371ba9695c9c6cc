package chart

import (
	"math"
	"time"
)

// scale brings values to places.
type scale struct{ from, to, low, high float64 }

func (s scale) at(v float64) float64 {
	if s.to == s.from {
		return s.low
	}
	return s.low + (v-s.from)/(s.to-s.from)*(s.high-s.low)
}

// timeScale brings times to places.
type timeScale struct {
	from, to  time.Time
	low, high float64
}

func (s timeScale) at(t time.Time) float64 {
	span := s.to.Sub(s.from).Seconds()
	if span <= 0 {
		return s.low
	}
	return s.low + t.Sub(s.from).Seconds()/span*(s.high-s.low)
}

// clip is at, within the scale.
func (s timeScale) clip(t time.Time) float64 { return min(max(s.at(t), s.low), s.high) }

// numberTicks are round numbers from 0 to the first that is not below most; whole ones.
func numberTicks(most float64, about int) []float64 {
	most = max(most, 1)
	step := math.Pow(10, math.Floor(math.Log10(most/float64(about))))
	for _, factor := range []float64{1, 2, 5, 10} {
		if most/(step*factor) <= float64(about) {
			step *= factor
			break
		}
	}
	step = max(1, math.Round(step))
	var ticks []float64
	for v := 0.0; ; v += step {
		ticks = append(ticks, v)
		if v >= most {
			return ticks
		}
	}
}

// monthTicks are the beginnings of months, so far apart that about so many fit.
func monthTicks(from, to time.Time, most int) []time.Time {
	year, month, _ := from.Date()
	first := time.Date(year, month, 1, 0, 0, 0, 0, from.Location())
	if first.Before(from) {
		first = first.AddDate(0, 1, 0)
	}
	for _, step := range []int{1, 2, 3, 6, 12, 24, 60} {
		var ticks []time.Time
		for t := first; !t.After(to); t = t.AddDate(0, 1, 0) {
			if step == 1 || (int(t.Month())-1+12*(t.Year()%100))%step == 0 {
				ticks = append(ticks, t)
			}
		}
		if len(ticks) <= most {
			return ticks
		}
	}
	return nil
}

// dayTicks are days, so far apart that about so many fit, for less than three months.
func dayTicks(from, to time.Time, most int) []time.Time {
	days := int(to.Sub(from).Hours()/24) + 1
	step := max(1, (days+most-1)/most)
	for _, round := range []int{1, 2, 7, 14, 28} {
		if step <= round {
			step = round
			break
		}
	}
	var ticks []time.Time
	for t := from; !t.After(to); t = t.AddDate(0, 0, step) {
		ticks = append(ticks, t)
	}
	return ticks
}
