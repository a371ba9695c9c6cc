package forecast_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"licensewatch/forecast"
)

// history is a made-up use of licenses: as it was, and as it went on.
type history struct {
	past   []forecast.Point
	future []float64 // the next 365 days
	isFlat bool      // nothing makes it grow or shrink
	slope  float64
}

var firstDay = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// makeHistory makes one by chance: of 60 to 365 days, with noise that has a memory, with or
// without a weekly rhythm, steps, wild days, days that are missing, and a trend.
func makeHistory(r *rand.Rand) history {
	const ahead = 365
	days := 60 + r.IntN(306)
	level := math.Exp(math.Log(30) + r.Float64()*math.Log(100)) // 30 to 3,000
	h := history{isFlat: r.IntN(2) == 0}
	if !h.isFlat {
		h.slope = level * (.0015 + .006*r.Float64()) // 4 to 22 % in 30 days
		if r.IntN(5) == 0 {
			h.slope = -h.slope / 4
		}
	}
	noise := level * (.003 + .02*r.Float64())
	memory := []float64{0, .3, .6, .85}[r.IntN(4)]
	week := 0.0
	if r.IntN(2) == 0 {
		week = level * (.02 + .08*r.Float64())
	}
	var steps []int
	for range r.IntN(3) {
		steps = append(steps, r.IntN(days))
	}
	if r.IntN(12) == 0 { // one that nobody can know of
		steps = append(steps, days+r.IntN(90))
	}
	rest, value := 0.0, level
	for i := range days + ahead {
		day := firstDay.AddDate(0, 0, i)
		if slices.Contains(steps, i) {
			value += level * (.1 + .3*r.Float64()) * float64(1-2*r.IntN(2))
		}
		value += h.slope
		rest = memory*rest + noise*math.Sqrt(1-memory*memory)*r.NormFloat64()
		use := value + rest
		if weekday := day.Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			use -= week
		}
		if r.IntN(60) == 0 {
			use += 8 * noise * r.NormFloat64() // a wild day
		}
		use = max(0, math.Round(use))
		switch {
		case i >= days:
			h.future = append(h.future, use)
		case i+1 == days || r.IntN(15) > 0:
			h.past = append(h.past, forecast.Point{Day: day, Value: use})
		}
	}
	return h
}

// figures are what a back-test finds.
type figures struct {
	held, asked     map[int]int // by horizon
	flat, noDate    int
	growing, missed int
	off             []float64 // days by which the day of run-out was off
}

func (f *figures) add(h history, r *rand.Rand) {
	result, ok := forecast.Use(h.past, math.Inf(1))
	if !ok {
		return
	}
	for _, horizon := range forecast.Horizons {
		f.asked[horizon]++
		if e, truth := result.At(horizon), h.future[horizon-1]; truth >= math.Floor(e.Low) && truth <= math.Ceil(e.High) {
			f.held[horizon]++
		}
	}
	if h.isFlat {
		f.flat++
		limited, _ := forecast.Use(h.past, result.Last*(1.02+.3*r.Float64()))
		if limited.RunsOut.IsZero() {
			f.noDate++
		}
		return
	}
	f.addRunOut(h)
}

// addRunOut asks for the day on which a growing use reaches what it is 30 days later.
func (f *figures) addRunOut(h history) {
	if h.slope <= 0 {
		return
	}
	const ahead = 30
	limit := median(h.future[ahead-4 : ahead+3])
	last := h.past[len(h.past)-1]
	if limit < last.Value+10*h.slope { // it has lost a part meanwhile
		return
	}
	f.growing++
	result, _ := forecast.Use(h.past, limit)
	if result.RunsOut.IsZero() {
		f.missed++
		return
	}
	f.off = append(f.off, math.Abs(result.RunsOut.Sub(last.Day).Hours()/24-ahead))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func backTest(histories int, seed uint64) *figures {
	f := &figures{held: map[int]int{}, asked: map[int]int{}}
	r := rand.New(rand.NewPCG(seed, 13))
	for range histories {
		f.add(makeHistory(r), r)
	}
	return f
}

// TestBackTest: what docs/forecast.md promises, on histories that are made up. With PROVE it
// makes twenty times as many.
func TestBackTest(t *testing.T) {
	t.Parallel()
	histories, seed, slack := 400, uint64(7), 3.0 // percent, for there are few
	if text := os.Getenv("PROVE"); text != "" {
		n, _ := strconv.ParseUint(text, 10, 64)
		histories, seed, slack = 8000, n, 0
	}
	f := backTest(histories, seed)
	for _, horizon := range forecast.Horizons {
		percent := 100 * float64(f.held[horizon]) / float64(f.asked[horizon])
		report(t, "in %d days the band holds %.1f %% of %d", horizon, percent, f.asked[horizon])
		if percent < 75-slack || percent > 85+slack {
			t.Errorf("in %d days the band holds %.1f %%, 75 to 85 are promised", horizon, percent)
		}
	}
	percent := 100 * float64(f.noDate) / float64(f.flat)
	report(t, "of %d histories without a trend %.1f %% have no day of run-out", f.flat, percent)
	if percent < 95-slack {
		t.Errorf("%.1f %% of those without a trend have no day of run-out, 95 are promised", percent)
	}
	off := median(f.off)
	report(t, "of %d growing ones %d have a day, off by %.0f days in the middle, at 30 days", f.growing, len(f.off), off)
	if off > 7 {
		t.Errorf("the day of run-out is off by %.0f days, 7 are promised", off)
	}
	if f.missed*3 > f.growing {
		t.Errorf("%d of %d growing histories have no day", f.missed, f.growing)
	}
}

func report(t *testing.T, format string, args ...any) {
	t.Helper()
	t.Log("proof: " + fmt.Sprintf(format, args...))
}

// TestSteady: day after day, that licenses run out is not said and taken back. It is said where
// the day lies within 60 days, and taken back where the same pace would take more than 120.
func TestSteady(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 13)) //nolint:gosec // made-up histories
	histories, told, again := 60, 0, 0
	if os.Getenv("PROVE") != "" {
		histories = 300
	}
	for range histories {
		h := makeHistory(r)
		points := h.past
		last := points[len(points)-1]
		limit := max(last.Value*1.15, last.Value+5)
		isTold, times := false, 0
		for i, use := range h.future[:90] {
			if use >= limit { // all are in use, which another rule says
				break
			}
			points = append(points, forecast.Point{Day: last.Day.AddDate(0, 0, i+1), Value: use})
			f, ok := forecast.Use(points[max(0, len(points)-90):], limit) // as many days as a ledger has
			if !ok {
				continue
			}
			within := func(day time.Time, days int) bool {
				return !day.IsZero() && !day.After(points[len(points)-1].Day.AddDate(0, 0, days))
			}
			if was := isTold; !was && within(f.RunsOut, 60) {
				isTold = true
				times++
			} else if was && !within(f.MayRunOut, 120) {
				isTold = false
			}
		}
		told, again = told+min(1, times), again+max(0, times-1)
	}
	t.Logf("of %d histories %d were told, and %d times again", histories, told, again)
	if told < histories/4 || again > told/8 {
		t.Errorf("of %d histories %d were told, and %d times again", histories, told, again)
	}
}

func BenchmarkUse(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 13)) //nolint:gosec // made-up histories
	h := makeHistory(r)
	for len(h.past) < 90 {
		h = makeHistory(r)
	}
	points := h.past[len(h.past)-90:]
	for b.Loop() {
		forecast.Use(points, 1e6)
	}
}
