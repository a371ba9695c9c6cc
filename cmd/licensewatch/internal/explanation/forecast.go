package explanation

import (
	"fmt"
	"slices"
	"time"

	"licensewatch/license"
)

const (
	// farthest is how many days ahead are looked at.
	farthest = 366
	// mostJudged bounds the work of that: days times orders.
	mostJudged = 20_000
	// nearest is how many days are looked at whatever the work.
	nearest = 7
)

// lookAhead judges the snapshot as it will be on the coming days if nothing but
// the date changes, and says when each finding first fires and is critical: at
// the beginning of a day, or now. Rules that read other sources than those that
// were asked about are left out, to be quick.
func (w *explainer) lookAhead() map[string]Ahead {
	s, now := w.Snapshot, w.Now
	if w.Rule != "" {
		sources := w.sourcesOf(w.Rule)
		s.Wanted = slices.DeleteFunc(slices.Clone(s.Wanted), func(source license.Source) bool {
			return !slices.Contains(sources, source)
		})
	}
	days := farthest
	if s.Orders != nil {
		days = max(nearest, min(farthest, mostJudged/max(1, len(s.Orders.List))))
	}
	if s.Previous != nil { // a change is not a matter of the date, but what is remembered of an end is
		s.Previous = &license.Snapshot{Lapses: s.Previous.Lapses}
	}
	ahead := map[string]Ahead{}
	year, month, day := now.Date()
	for i := range days + 1 {
		at := time.Date(year, month, day+i, 0, 0, 0, 0, now.Location())
		if i == 0 {
			at = now
		}
		for _, f := range w.Set.Judge(s, at, w.Language) {
			if a, known := ahead[f.Key()]; f.State == license.Firing || !known {
				ahead[f.Key()] = a.withFinding(f, at, days)
			}
		}
	}
	return ahead
}

// sourcesOf are what a rule reads, and those by which it may be covered. The rules
// of covered_by make no circle.
func (w *explainer) sourcesOf(id string) []license.Source {
	var all []license.Source
	for _, d := range w.Rules {
		if d.ID != id {
			continue
		}
		all = append(all, d.Sources...)
		for _, other := range d.CoveredBy {
			all = append(all, w.sourcesOf(other)...)
		}
	}
	return all
}

// withFinding adds what a finding is at a time.
func (a Ahead) withFinding(f license.Finding, at time.Time, days int) Ahead {
	a.Days = days
	if f.State != license.Firing {
		return a
	}
	if a.FiresAt == nil {
		a.FiresAt, a.Left = &at, f.DaysLeft
	}
	if a.CriticalAt == nil && f.Severity == license.Critical {
		a.CriticalAt = &at
	}
	return a
}

// aheadText says what comes if nothing but the date changes.
func aheadText(f Finding) string {
	a := f.Ahead
	switch {
	case a == nil:
		return ""
	case f.State != Firing && a.FiresAt == nil:
		return fmt.Sprintf("does not fire in the next %d days if nothing but the date changes", a.Days)
	case f.State != Firing && a.Left != nil:
		return fmt.Sprintf("fires from %s on (%s) if nothing but the date changes", a.FiresAt.Format(time.DateOnly),
			daysLeft(*a.Left))
	case f.State != Firing:
		return fmt.Sprintf("fires from %s on if nothing but the date changes", a.FiresAt.Format(time.DateOnly))
	case a.CriticalAt != nil && f.Severity != license.Critical:
		return "becomes critical on " + a.CriticalAt.Format(time.DateOnly)
	default:
		return ""
	}
}
