package deployment

import (
	"slices"
	"time"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// noticeable is how long no timer fires before that is worth a word. One that
// fires every other hour is none.
const noticeable = 2 * time.Hour

// Silence is a part of some days of the week in which no timer fires.
type Silence struct {
	Days     [7]bool // by time.Weekday: the days on which it begins
	From, To time.Time
}

// String is "on Sat and Sun from 09:00 to 21:00".
func (s Silence) String() string {
	const clock = "15:04"
	from, to := s.From.Format(clock), s.To.Format(clock)
	if s.To.Sub(s.From) >= day {
		return "from " + s.From.Format("Mon "+clock) + " to " + s.To.Format("Mon "+clock)
	}
	var names []string
	for _, d := range []time.Weekday{1, 2, 3, 4, 5, 6, 0} {
		if s.Days[d] {
			names = append(names, d.String()[:3])
		}
	}
	if len(names) == len(s.Days) {
		return "every day from " + from + " to " + to
	}
	return "on " + suggest.List(names, "and") + " from " + from + " to " + to
}

const day = 24 * time.Hour

// looksLike says whether another silence differs in its day of the week only.
func (s Silence) looksLike(other Silence) bool {
	const clock = "15:04"
	return s.To.Sub(s.From) < day && other.To.Sub(other.From) < day &&
		s.From.Format(clock) == other.From.Format(clock) && s.To.Format(clock) == other.To.Format(clock) ||
		s.String() == other.String()
}

// Silences are the parts of the hours, more than two hours long or a whole span
// of them, in which none of the timers fires: in the week from a time on, and in
// one half a year later, when clocks may be set otherwise. Hours that are always
// are looked at as a whole week. The hours are read in the zone of the time.
func Silences(timers []Timer, hours license.Hours, from time.Time) []Silence {
	year, month, day := from.Date()
	var found []Silence
	for _, week := range []int{0, 26} {
		first := time.Date(year, month, day+7*week, 0, 0, 0, 0, from.Location())
		for _, s := range hourSpans(hours, first) {
			found = addSilences(found, timers, s, first.AddDate(0, 0, 7))
		}
	}
	return found
}

// span is a time in which timers are to fire.
type span struct {
	from, to time.Time
	open     bool // it only goes on before and behind
}

// hourSpans are those of the hours that begin in the week from a midnight on, one where
// they meet.
func hourSpans(hours license.Hours, first time.Time) []span {
	end := func(from time.Time) time.Time {
		for hours.Contains(from) && from.Sub(first) < 8*day {
			from = from.Add(time.Minute)
		}
		return from
	}
	last := first.AddDate(0, 0, 7)
	if hours.Always() || end(first).After(last) {
		return []span{{first, first.AddDate(0, 0, 14), true}}
	}
	from := hours.Next(first)
	if hours.Contains(first.Add(-time.Minute)) { // it began the day before, and does so again at the week's end
		from = hours.Next(end(first))
	}
	var all []span
	for from.Before(last) {
		to := end(from)
		all = append(all, span{from: from, to: to})
		from = hours.Next(to)
	}
	return all
}

// addSilences adds the silences of a span to those that were found, of those that begin
// in the week.
func addSilences(found []Silence, timers []Timer, s span, week time.Time) []Silence {
	fired, isFirst := s.from, true
	for at := s.from; at.Before(s.to) && fired.Before(week); at = fired.Truncate(time.Minute).Add(time.Minute) {
		if next := earliestFiring(timers, fired.Add(noticeable/4)); !isFirst && !next.IsZero() &&
			next.Sub(fired) <= noticeable && next.Before(s.to) {
			fired = next // whatever fires in between
			continue
		}
		next := earliestFiring(timers, at)
		isLast := next.IsZero() || !next.Before(s.to)
		if isLast {
			next = s.to
		}
		if next.Sub(fired) > noticeable && !(s.open && isFirst) || isFirst && isLast {
			found = addSilence(found, fired, next)
		}
		fired, isFirst = next, false
	}
	return found
}

// earliestFiring is when the first of the timers fires, from a time on; zero when none
// does.
func earliestFiring(timers []Timer, from time.Time) time.Time {
	var first time.Time
	for _, t := range timers {
		next := t.Schedule.Next(from.Add(-time.Second))
		if !next.IsZero() && (first.IsZero() || next.Before(first)) {
			first = next.In(from.Location())
		}
	}
	return first
}

// addSilence puts a silence to those of the same time of day.
func addSilence(found []Silence, from, to time.Time) []Silence {
	s := Silence{From: from, To: to}
	i := slices.IndexFunc(found, s.looksLike)
	if i < 0 {
		found = append(found, s)
		i = len(found) - 1
	}
	found[i].Days[from.Weekday()] = true
	return found
}
