package handler

import (
	"time"

	"licensewatch/forecast"
	"licensewatch/license"
	"licensewatch/life"
)

// UseForecast is what is to be expected of the use of licenses, of all or of an edition.
type UseForecast struct {
	LicenseType *int64           // of the edition; nil: all licenses together
	Used, Valid int64            // now
	Days        []forecast.Point // with a value
	IsKnown     bool             // there are days enough for Result
	Result      forecast.Result
}

// ForecastUse looks ahead from the days that the ledger has and from what was read now: of all
// licenses, and of each edition where there are several. There is none where it was not read how
// many licenses are in use, and are valid.
func ForecastUse(ledger *life.Ledger, s *license.Snapshot, now time.Time) []UseForecast {
	if ledger == nil || !s.Has(license.SourceOverview) || s.Overview.UsedLicenseCnt == nil ||
		s.Overview.NotExpiredLicenseCnt == nil {
		return nil
	}
	days := ledger.UseByDay(now, s)
	all := UseForecast{Used: *s.Overview.UsedLicenseCnt, Valid: *s.Overview.NotExpiredLicenseCnt}
	for _, d := range days {
		all.Days = append(all.Days, forecast.Point{Day: d.Day, Value: float64(d.All)})
	}
	forecasts := []UseForecast{all}
	editions := s.EditionUse()
	if len(editions) == 1 && editions[0].Used == all.Used && editions[0].Valid == all.Valid {
		forecasts[0].LicenseType, editions = &editions[0].LicenseType, nil
	}
	for _, e := range editions {
		f := UseForecast{LicenseType: new(e.LicenseType), Used: e.Used, Valid: e.Valid}
		for _, d := range days {
			if used, ok := d.ByEdition[e.LicenseType]; ok {
				f.Days = append(f.Days, forecast.Point{Day: d.Day, Value: float64(used)})
			}
		}
		forecasts = append(forecasts, f)
	}
	for i := range forecasts {
		if f := &forecasts[i]; f.Valid > 0 {
			f.Result, f.IsKnown = forecast.Use(f.Days, float64(f.Valid))
		}
	}
	return forecasts
}

// RunOut is what of it comes first: of those that run out the soonest; where none does, of those
// that might. nil where nothing can be said.
func RunOut(forecasts []UseForecast) *license.RunOut {
	var first *license.RunOut
	for i := range forecasts {
		f := &forecasts[i]
		if !f.IsKnown {
			continue
		}
		o := &license.RunOut{LicenseType: f.LicenseType, Used: f.Used, Valid: f.Valid, Day: f.Result.RunsOut,
			MayBe: f.Result.MayRunOut}
		if first == nil || isSooner(o.Day, first.Day) || o.Day.Equal(first.Day) && isSooner(o.MayBe, first.MayBe) {
			first = o
		}
	}
	return first
}

// isSooner says whether a day comes before another one; the zero time never comes.
func isSooner(a, b time.Time) bool { return !a.IsZero() && (b.IsZero() || a.Before(b)) }

// SetRunOut gives a reading when licenses run out. A forecast goes by the calendar, and not by
// what has happened since the reading before: it counts for that as well.
func SetRunOut(s *license.Snapshot, o *license.RunOut) {
	s.RunOut = o
	if s.Previous != nil {
		s.Previous.RunOut = o
	}
}
