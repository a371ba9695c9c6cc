package cron

import "time"

// Next is the first time after the given one at which the timer fires, in
// UTC+8; the zero time when it never fires again.
func (s Schedule) Next(after time.Time) time.Time {
	from := after.In(zone).Truncate(time.Second).Add(time.Second)
	if first := time.Date(s.year.least, time.January, 1, 0, 0, 0, 0, zone); from.Before(first) {
		from = first
	}
	last := s.year.least + len(s.year.allowed) - 1
	for day := midnight(from); day.Year() <= last; day = s.nextLikelyDay(day) {
		if !s.firesOn(day) {
			continue
		}
		if t, ok := s.onDay(day, from); ok {
			return t
		}
	}
	return time.Time{}
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
}

// nextLikelyDay is the next day that is worth a look.
func (s Schedule) nextLikelyDay(day time.Time) time.Time {
	switch {
	case !s.year.allows(day.Year()):
		return time.Date(day.Year()+1, time.January, 1, 0, 0, 0, 0, zone)
	case !s.month.allows(int(day.Month())):
		return time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, zone)
	default:
		return day.AddDate(0, 0, 1)
	}
}

// firesOn says whether the timer fires on a day at all. Where day of month and
// day of week both name days, either is enough.
func (s Schedule) firesOn(day time.Time) bool {
	ofMonth, ofWeek := s.day.allows(day.Day()), s.weekday.allows(int(day.Weekday()))
	either := ofMonth && ofWeek
	if s.namesBothDays() {
		either = ofMonth || ofWeek
	}
	return either && s.month.allows(int(day.Month())) && s.year.allows(day.Year())
}

func (s Schedule) namesBothDays() bool { return !s.day.any && !s.weekday.any }

// onDay is the first time on a day that is not before from.
func (s Schedule) onDay(day, from time.Time) (time.Time, bool) {
	for hour := range 24 {
		if !s.hour.allows(hour) || day.Add(time.Duration(hour+1)*time.Hour-time.Second).Before(from) {
			continue
		}
		for minute := range 60 {
			if !s.minute.allows(minute) {
				continue
			}
			for second := range 60 {
				t := time.Date(day.Year(), day.Month(), day.Day(), hour, minute, second, 0, zone)
				if s.second.allows(second) && !t.Before(from) {
					return t, true
				}
			}
		}
	}
	return time.Time{}, false
}
