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

// usageByDay is how many licenses were in use, by day; oldest first.
type usageByDay []dailyUsage

// with has how many licenses are in use now, where that was read.
func (all usageByDay) with(now time.Time, s license.Snapshot) usageByDay {
	if !s.Has(license.SourceOverview) || s.Overview.UsedLicenseCnt == nil {
		return all
	}
	today := now.Format(time.DateOnly)
	i := len(all)
	for i > 0 && all[i-1].Day >= today { // a clock may have gone back
		i--
	}
	if i == len(all) || all[i].Day != today {
		all = slices.Insert(all, i, dailyUsage{Day: today})
	}
	all[i].Used = *s.Overview.UsedLicenseCnt
	return all[max(0, len(all)-maxUsage):]
}

// shownAt is Ledger.Usage.
func (all usageByDay) shownAt(now time.Time) []license.DailyUsage {
	byDay := make(map[string]int64, len(all))
	for _, u := range all {
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

// sound is what can be counted with, in its order.
func (all usageByDay) sound() (sound usageByDay) {
	last := ""
	for _, u := range all[max(0, len(all)-maxUsage):] {
		if len(u.Day) == len(time.DateOnly) && u.Day > last {
			sound, last = append(sound, u), u.Day
		}
	}
	return sound
}
