package license

import (
	"strings"
	"time"
)

// APIZone is the zone of the API's zone-less times, and of SCF's timers; it knows no
// summer time. No page states it; where
// sibling fields do carry an offset, it is this one.
var APIZone = time.FixedZone("UTC+8", 8*60*60)

// oldestYear is the first year that can be meant: anything before it is one of
// the sentinels the services use for "not set" (year 0, year 1, 1970).
const oldestYear = 2010

// ParseTime reads a time as the API writes it: "2006-01-02 15:04:05" or
// "2006-01-02", both in UTC+8, or RFC 3339. It reports false for everything
// that is no date or stands for "not set": empty, "xx", 0000-00-00, 0001-01-01,
// 1970.
func ParseTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.DateTime, time.RFC3339Nano, time.DateOnly} {
		t, err := time.ParseInLocation(layout, text, APIZone)
		if err == nil {
			return t, t.Year() >= oldestYear
		}
	}
	return time.Time{}, false
}

// DaysLeft counts the calendar days in now's zone from now's date to the
// deadline's date: 0 today, negative once it is over.
func DaysLeft(deadline, now time.Time) int {
	return dayNumber(deadline.In(now.Location())) - dayNumber(now)
}

// dayNumber numbers the calendar days; a day is 24 h only in UTC.
func dayNumber(t time.Time) int {
	year, month, day := t.Date()
	return int(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

// InDays gives a span of hours in hours, and from two days on in days; it is false for less
// than two hours. The sign does not count.
func InDays(d time.Duration) (n int64, isDays, isLong bool) {
	d = d.Abs()
	if d >= 2*24*time.Hour {
		return int64(d.Round(24*time.Hour) / (24 * time.Hour)), true, true
	}
	return int64(d.Round(time.Hour) / time.Hour), false, d >= 2*time.Hour
}
