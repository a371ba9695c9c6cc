// Package forecast says how many licenses will be in use, from how many were on each day, and
// on which day they run out. Where the past shows no trend there is no such day.
//
// The method, which docs/forecast.md explains and has back-tested figures of:
//
//  1. the weekly rhythm is taken out: the median of each weekday's distance from its week
//  2. steps are taken out: a jump that stays, such as a fleet that was switched off
//  3. the slope is the median of the slopes between all pairs of days (Theil–Sen)
//  4. it is a trend where it stands out of the noise, both halves agree, and it matters
//  5. the band is of the noise, of how well the slope is known, and of steps to come
package forecast

import (
	"math"
	"slices"
	"time"
)

// Point is the value of a day. Days need not be complete.
type Point struct {
	Day   time.Time
	Value float64
}

// Horizons are after how many days people ask.
var Horizons = []int{30, 60, 90}

// furthest is how many days are looked ahead for a band, and longest how many for the day on
// which licenses run out.
const (
	furthest = 90
	longest  = 365
)

// Bounds of the history.
const (
	longBy  = 180 // days that count
	twoWeek = 14
)

// Fewest is how many days with a value there must be.
const Fewest = 21

// Range is what is expected on a day: four of five times it lies from Low to High.
type Range struct {
	Day               time.Time
	Low, Middle, High float64
}

// Result is a forecast.
type Result struct {
	Last     float64 // the last value
	Slope    float64 // licenses a day; 0 without a trend
	HasTrend bool
	// RunsOut is the first day on which all licenses are in use, at this pace; zero where
	// there is no trend, or not within a year.
	RunsOut time.Time
	Days    []Range // the next 90 days

	// Pace is the median slope, whether or not it is a trend, and PaceError how well it is known:
	// its standard error. MayRunOut is when all licenses are in use at that pace; zero where it
	// does not grow, or not within a year.
	Pace, PaceError float64
	MayRunOut       time.Time
}

// At is what is expected after so many days, at most 90.
func (r *Result) At(days int) Range { return r.Days[min(days, len(r.Days))-1] }

// Use forecasts the use of licenses, of which there are limit. The points are in the order of
// their days. It is false for fewer than three weeks of days.
func Use(points []Point, limit float64) (Result, bool) {
	if n := len(points); n > 0 {
		first := points[n-1].Day.AddDate(0, 0, -longBy)
		points = slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return p.Day.Before(first) })
	}
	if len(points) < Fewest {
		return Result{}, false
	}
	s := newSeries(points)
	s.removeWeek()
	s.removeSteps()
	s.fit()
	result := Result{Last: points[len(points)-1].Value, HasTrend: s.hasTrend, Pace: s.slope, PaceError: s.seSlope}
	if s.hasTrend {
		result.Slope = s.slope
	}
	last := points[len(points)-1].Day
	for h := 1; h <= furthest; h++ {
		result.Days = append(result.Days, s.expect(last.AddDate(0, 0, h), h))
	}
	if s.slope > 0 {
		result.MayRunOut = s.runsOut(last, limit)
	}
	if s.hasTrend {
		result.RunsOut = result.MayRunOut
	}
	return result, true
}

// series is a history on its way: x are days before the last one, negative, y the values.
type series struct {
	x, y     []float64
	weekday  []int
	week     [7]float64 // the rhythm
	jumps    []float64  // the steps that were taken out
	level    float64    // at the last day
	slope    float64
	seSlope  float64
	spread   float64 // of what is left
	memory   float64 // how much of a day's distance is left on the next one
	lastRest float64
	hasTrend bool
}

func newSeries(points []Point) *series {
	s := &series{}
	last := points[len(points)-1].Day
	for _, p := range points {
		s.x = append(s.x, math.Round(p.Day.Sub(last).Hours()/24))
		s.y = append(s.y, p.Value)
		s.weekday = append(s.weekday, int(p.Day.Weekday()))
	}
	return s
}

// removeWeek takes the weekly rhythm out, where three weeks or more show one.
func (s *series) removeWeek() {
	var distances [7][]float64
	for i := range s.y {
		var near []float64
		for j := max(0, i-3); j < len(s.y) && j <= i+3; j++ {
			if math.Abs(s.x[j]-s.x[i]) <= 3 {
				near = append(near, s.y[j])
			}
		}
		if len(near) >= 5 {
			distances[s.weekday[i]] = append(distances[s.weekday[i]], s.y[i]-mean(near))
		}
	}
	var week [7]float64
	for d := range week {
		if len(distances[d]) < 3 {
			return
		}
		week[d] = median(distances[d])
	}
	center := mean(week[:])
	for d := range week {
		week[d] -= center
	}
	before := spreadOf(differences(s.y))
	without := make([]float64, len(s.y))
	for i := range s.y {
		without[i] = s.y[i] - week[s.weekday[i]]
	}
	if spreadOf(differences(without)) < .85*before || before == 0 && slices.Max(week[:]) > 0 {
		s.week, s.y = week, without
	}
}

// removeSteps takes out the largest jump that stays, one after the other; what was before is
// moved to where it would have been.
func (s *series) removeSteps() {
	const most = 6
	for range most {
		at, jump := s.largestStep()
		if at < 0 {
			return
		}
		for i := range at {
			s.y[i] += jump
		}
		s.jumps = append(s.jumps, jump)
	}
}

// largestStep finds the place of the largest step; -1 where nothing is one.
func (s *series) largestStep() (at int, jump float64) {
	const window = 7
	noise := spreadOf(differences(s.y)) / math.Sqrt2
	level := math.Abs(median(s.y))
	at = -1
	best := 0.0
	for i := window; i+window <= len(s.y); i++ {
		least := max(5*noise, .03*level, 2)
		sudden := median(s.y[i:i+3]) - median(s.y[i-3:i])
		if math.Abs(sudden) <= max(.7*least, best) {
			continue
		}
		before, after := s.y[i-window:i], s.y[i:i+window]
		rise := theilSen(s.x[i-window:i], before)/2 + theilSen(s.x[i:i+window], after)/2
		middle := (s.x[i+window/2] - s.x[i-window/2-1])
		size := median(after) - median(before) - rise*middle
		if math.Abs(size) > least && size*sudden > 0 {
			best, at, jump = math.Abs(sudden), i, sudden
		}
	}
	return at, jump
}

// fit finds the slope, the level, what is left, and whether there is a trend.
func (s *series) fit() {
	n := len(s.x)
	s.slope = theilSen(s.x, s.y)
	rest := make([]float64, n)
	for i := range s.x {
		rest[i] = s.y[i] - s.slope*s.x[i]
	}
	s.level = median(rest)
	for i := range rest {
		rest[i] -= s.level
	}
	s.spread = max(spreadOf(rest), .6*deviation(rest))
	s.memory = min(.97, max(0, correlation(rest)))
	effective := max(2, float64(n)*(1-s.memory)/(1+s.memory))
	span := s.x[n-1] - s.x[0]
	s.seSlope = max(s.spread, .3) * math.Sqrt(12/effective) / span
	s.lastRest = mean(rest[max(0, n-3):])
	const half = 2
	early, late := theilSen(s.x[:n/half], s.y[:n/half]), theilSen(s.x[n/half:], s.y[n/half:])
	agree := early*s.slope > 0 && late*s.slope > 0 && math.Abs(late) > .35*math.Abs(s.slope)
	matters := math.Abs(s.slope)*30 > max(1, .01*math.Abs(s.level))
	s.hasTrend = agree && matters && math.Abs(s.slope) > significance*s.seSlope
	if !s.hasTrend {
		recent := s.y[max(0, n-twoWeek*2):]
		s.level = median(recent)
		s.lastRest = mean(s.y[max(0, n-3):]) - s.level
	}
}

// Calibrated by the back-test.
const (
	significance = 3.6  // how far a slope stands out of what is known of it
	narrowest    = .5   // licenses
	quantile     = 1.08 // of the normal distribution 1.28: the spread counts wild days as well
)

// expect is what is expected h days after the last one.
func (s *series) expect(day time.Time, h int) Range {
	ahead := float64(h)
	middle := s.level + s.lastRest*math.Pow(s.memory, ahead) + s.week[int(day.Weekday())]
	if s.hasTrend {
		middle += s.slope * ahead
	}
	fades := math.Pow(s.memory, 2*ahead)
	variance := s.spread*s.spread*(1-.8*fades) + sq(s.seSlope*ahead)*slopeWeight
	for _, jump := range s.jumps {
		variance += jump * jump * stepWeight * ahead / (s.x[len(s.x)-1] - s.x[0])
	}
	width := max(narrowest, quantile*math.Sqrt(variance))
	return Range{day, max(0, middle-width), max(0, middle), middle + width}
}

const (
	slopeWeight = 1.4
	stepWeight  = .1
)

// runsOut is the first day on which the middle reaches the limit; zero for none within a year.
// The weekly rhythm does not count.
func (s *series) runsOut(last time.Time, limit float64) time.Time {
	if s.level >= limit {
		return last
	}
	days := math.Ceil((limit - s.level) / s.slope)
	if days > longest {
		return time.Time{}
	}
	return last.AddDate(0, 0, int(days))
}
