package explanation

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"licensewatch/forecast"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/rules"
)

// UseForecast is what a rule about the run-out of licenses looks at: the use of each day, and what
// is to be expected of it, of all licenses or of an edition.
type UseForecast struct {
	Licenses string    `json:"licenses"` // "all", or the edition
	Used     int64     `json:"used"`     // now
	Valid    int64     `json:"valid"`
	Days     []UsedDay `json:"days"` // with a reading
	// In are the days on which the use is expected to lie between Low and High, four of five times.
	In []ExpectedUse `json:"expected,omitempty"`
	// PerDay is the pace, with its standard error.
	PerDay      float64 `json:"per_day"`
	PerDayError float64 `json:"per_day_error"`
	IsTrend     bool    `json:"is_trend"`
	RunsOut     string  `json:"runs_out,omitempty"` // the day; empty: there is none
	Why         string  `json:"why"`                // there is such a day, or none
}

// UsedDay is how many licenses were in use on a day.
type UsedDay struct {
	Day  string  `json:"day"`
	Used float64 `json:"used"`
}

// ExpectedUse is what is expected after some days.
type ExpectedUse struct {
	Days   int     `json:"in_days"`
	Low    float64 `json:"low"`
	Middle float64 `json:"middle"`
	High   float64 `json:"high"`
}

// explainForecast explains the forecast to a rule that reads it; nil to others, and without a
// memory.
func (w *explainer) explainForecast(d rules.Description) []UseForecast {
	if w.Ledger == nil || !strings.Contains(d.When.Text, "cwp.RunOut") {
		return nil
	}
	var all []UseForecast
	for _, f := range handler.ForecastUse(w.Ledger, &w.Snapshot, w.Now) {
		all = append(all, explainUse(f))
	}
	return all
}

func explainUse(f handler.UseForecast) UseForecast {
	r := &f.Result
	u := UseForecast{Licenses: "all", Used: f.Used, Valid: f.Valid, Days: []UsedDay{}, PerDay: toHundredths(r.Pace),
		PerDayError: toHundredths(r.PaceError), IsTrend: r.HasTrend, Why: whyRunOut(f)}
	if f.LicenseType != nil {
		u.Licenses = map[int64]string{license.LicenseTypePro: "Pro", license.LicenseTypeUltimate: "Ultimate",
			license.LicenseTypeLightweight: "Lightweight"}[*f.LicenseType]
	}
	for _, p := range f.Days {
		u.Days = append(u.Days, UsedDay{p.Day.Format(time.DateOnly), p.Value})
	}
	if !r.RunsOut.IsZero() {
		u.RunsOut = r.RunsOut.Format(time.DateOnly)
	}
	for _, days := range forecast.Horizons {
		if f.IsKnown {
			e := r.At(days)
			u.In = append(u.In, ExpectedUse{days, math.Round(e.Low), math.Round(e.Middle), math.Round(e.High)})
		}
	}
	return u
}

// whyRunOut is why there is a day of run-out, or none.
func whyRunOut(f handler.UseForecast) string {
	r := &f.Result
	pace := strconv.FormatFloat(toHundredths(r.Pace), 'f', -1, 64) + " a day, give or take " +
		strconv.FormatFloat(toHundredths(r.PaceError), 'f', -1, 64)
	switch {
	case f.Valid == 0:
		return "there is none to use"
	case !f.IsKnown:
		has := " have"
		if len(f.Days) == 1 {
			has = " has"
		}
		return "no day of run-out: " + daysText(len(f.Days)) + has + " a reading, and " +
			strconv.Itoa(forecast.Fewest) + " are the least"
	case !r.HasTrend:
		return "no day of run-out: the past shows no trend (" + pace + ")"
	case r.Slope <= 0:
		return "no day of run-out: fewer and fewer are in use (" + pace + ")"
	case r.RunsOut.IsZero():
		return "no day of run-out within a year (" + pace + ")"
	default:
		return "all are in use on " + r.RunsOut.Format(time.DateOnly) + " at this pace (" + pace + ")"
	}
}

func toHundredths(v float64) float64 { return math.Round(100*v) / 100 }

// shownDays is how many days of a course fit on a line.
const shownDays = 60

// writeForecast writes the course of the use, and what is expected of it.
func (p pageWriter) writeForecast(all []UseForecast) {
	for _, u := range all {
		what := u.Licenses + " licenses"
		if len(all) == 1 && u.Licenses != "all" {
			what = "all licenses, which are " + u.Licenses
		}
		p.writeLine("\n  forecast of %s: %s of %s in use", what, strconv.FormatInt(u.Used, 10),
			strconv.FormatInt(u.Valid, 10))
		if n := len(u.Days); n > 0 {
			shown := u.Days[max(0, n-shownDays):]
			p.writeLine("    %s  %s, from %s on %s to %s on %s", barsOf(shown), daysText(len(shown)),
				number(shown[0].Used), shown[0].Day,
				number(shown[len(shown)-1].Used), shown[len(shown)-1].Day)
		}
		var expected []string
		for _, e := range u.In {
			expected = append(expected, fmt.Sprintf("in %d days %s (%s to %s)", e.Days, number(e.Middle), number(e.Low),
				number(e.High)))
		}
		if len(expected) > 0 {
			p.writeLine("    %s", strings.Join(expected, ", ")+"; four of five times within")
		}
		p.writeLine("    %s", u.Why)
	}
	if len(all) > 0 {
		p.writeLine("    %s", withTone(Faint, "the median slope between all pairs of days, without weekly rhythm and steps: docs/forecast.md"))
	}
}

func number(v float64) string { return strconv.FormatFloat(math.Round(v), 'f', 0, 64) }

func daysText(n int) string {
	if n == 1 {
		return "1 day"
	}
	return strconv.Itoa(n) + " days"
}

// barsOf draws the days with a reading, one behind the other.
func barsOf(days []UsedDay) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	low, high := days[0].Used, days[0].Used
	for _, d := range days {
		low, high = min(low, d.Used), max(high, d.Used)
	}
	var b strings.Builder
	for _, d := range days {
		i := len(bars)/2 - 1
		if high > low {
			i = int((d.Used-low)/(high-low)*float64(len(bars)-1) + .5)
		}
		b.WriteRune(bars[i])
	}
	return b.String()
}
