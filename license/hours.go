package license

import "time"

// Hours are the times of the week at which people act: what is only due by the
// calendar is said within them. The zero value is always. Times are those of the
// clock in the zone of the time that is asked about.
type Hours struct {
	Windows []HoursWindow // none: always
}

// HoursWindow is a part of some days of the week. One that ends at or before its
// beginning goes on into the next day.
type HoursWindow struct {
	Days [7]bool // by time.Weekday: the days on which it begins
	From int     // minutes after midnight, 0 to 1439
	To   int     // minutes after midnight, 1 to 1440
}

// Always says whether the hours never end.
func (h Hours) Always() bool { return len(h.Windows) == 0 }

// Contains says whether the time lies within the hours.
func (h Hours) Contains(t time.Time) bool {
	if h.Always() {
		return true
	}
	for _, w := range h.Windows {
		if from, ok := w.lastBegin(t); ok && t.Before(w.endFrom(from)) {
			return true
		}
	}
	return false
}

// Next is the first moment from t on that lies within the hours: t itself when it
// does.
func (h Hours) Next(t time.Time) time.Time {
	if h.Contains(t) {
		return t
	}
	var next time.Time
	for _, w := range h.Windows {
		for day := range 8 {
			from := clockTime(t, day, w.From)
			if w.Days[from.Weekday()] && !from.Before(t) && (next.IsZero() || from.Before(next)) {
				next = from
			}
		}
	}
	return next
}

// Began is when the hours began that t lies within; the zero time when t does
// not lie within them or they are always.
func (h Hours) Began(t time.Time) time.Time {
	var began time.Time
	for _, w := range h.Windows {
		if from, ok := w.lastBegin(t); ok && t.Before(w.endFrom(from)) && (began.IsZero() || from.Before(began)) {
			began = from
		}
	}
	return began
}

// Last are the hours before t, which lies outside of them: when they began, and when
// they ended. Both are zero when t lies within them or they are always.
func (h Hours) Last(t time.Time) (began, ended time.Time) {
	if h.Contains(t) {
		return began, ended
	}
	for _, w := range h.Windows {
		for day := range 9 {
			from := clockTime(t, -day, w.From)
			if to := w.endFrom(from); w.Days[from.Weekday()] && !to.After(t) && to.After(ended) {
				began, ended = from, to
			}
		}
	}
	return began, ended
}

// lastBegin is when the window began last, at or before t, within the last day.
func (w HoursWindow) lastBegin(t time.Time) (time.Time, bool) {
	for _, day := range []int{0, -1} {
		from := clockTime(t, day, w.From)
		if w.Days[from.Weekday()] && !from.After(t) {
			return from, true
		}
	}
	return time.Time{}, false
}

// endFrom is when the window ends that begins at from.
func (w HoursWindow) endFrom(from time.Time) time.Time {
	day := 0
	if w.To <= w.From {
		day = 1
	}
	return clockTime(from, day, w.To)
}

// clockTime is a time of the clock, so many days from t's.
func clockTime(t time.Time, days, minutes int) time.Time {
	year, month, day := t.Date()
	return time.Date(year, month, day+days, 0, minutes, 0, 0, t.Location())
}
