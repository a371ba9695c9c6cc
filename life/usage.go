package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

const (
	// maxUsage is of how many days the use of licenses is remembered.
	maxUsage = 90
	// shownUsage is how many days of it a report has.
	shownUsage = 30
)

// dailyUsage is how many licenses were in use on a day, as it was read last.
type dailyUsage struct {
	Day  string `json:"day"` // 2026-11-22, in the zone of the run
	Used int64  `json:"used"`
}

// enterUsage remembers how many licenses are in use, where that was read.
func (l *Ledger) enterUsage(now time.Time, s license.Snapshot) {
	if !s.Has(license.SourceOverview) || s.Overview.UsedLicenseCnt == nil {
		return
	}
	b, today := &l.stored, now.Format(time.DateOnly)
	i := len(b.Usage)
	for i > 0 && b.Usage[i-1].Day >= today { // a clock may have gone back
		i--
	}
	if i == len(b.Usage) || b.Usage[i].Day != today {
		b.Usage = slices.Insert(b.Usage, i, dailyUsage{Day: today})
	}
	b.Usage[i].Used = *s.Overview.UsedLicenseCnt
	b.Usage = b.Usage[max(0, len(b.Usage)-maxUsage):]
}

// tidyUsage is what can be counted with, in its order.
func tidyUsage(all []dailyUsage) (sound []dailyUsage) {
	last := ""
	for _, u := range all[max(0, len(all)-maxUsage):] {
		if len(u.Day) == len(time.DateOnly) && u.Day > last {
			sound, last = append(sound, u), u.Day
		}
	}
	return sound
}

// Usage is how many licenses were in use on each of the last 30 days, today's last; nil for
// a day without a reading. It begins with the first day that has one.
func (l *Ledger) Usage(now time.Time) []license.DailyUsage {
	byDay := make(map[string]int64, len(l.stored.Usage))
	for _, u := range l.stored.Usage {
		byDay[u.Day] = u.Used
	}
	year, month, date := now.Date()
	var days []license.DailyUsage
	for i := shownUsage - 1; i >= 0; i-- {
		day := license.DailyUsage{Day: time.Date(year, month, date-i, 12, 0, 0, 0, now.Location())}
		if used, ok := byDay[day.Day.Format(time.DateOnly)]; ok {
			day.Used = &used
		}
		if day.Used != nil || len(days) > 0 {
			days = append(days, day)
		}
	}
	return days
}
