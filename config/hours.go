package config

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/license"
)

// hoursForm is how LICENSEWATCH_HOURS is written.
const hoursForm = "write always, or times like 09:00-21:00 or Mon-Fri 09:00-18:00, comma separated"

// weekdays are the names of the days, by time.Weekday.
var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// hours reads the times at which people act; a mistake leaves the default.
func hours(f *findings, v variable) license.Hours {
	parsed, problem := parseHours(v.value)
	if problem != "" {
		f.problem(v, "%s: %s", problem, hoursForm)
		parsed, _ = parseHours(v.fallback)
	}
	return parsed
}

// parseHours reads a list of windows; problem says what is wrong with it.
func parseHours(text string) (h license.Hours, problem string) {
	if strings.EqualFold(text, "always") {
		return license.Hours{}, ""
	}
	var windows []license.HoursWindow
	for _, item := range splitList(text) {
		w, problem := parseWindow(item)
		if problem != "" {
			return license.Hours{}, problem
		}
		windows = append(windows, w)
	}
	if len(windows) == 0 {
		return license.Hours{}, "it names no hours"
	}
	return license.Hours{Windows: windows}, ""
}

func parseWindow(text string) (w license.HoursWindow, problem string) {
	words := strings.Fields(strings.NewReplacer("–", "-", "—", "-", "：", ":").Replace(text))
	switch len(words) {
	case 1:
		w.Days = [7]bool{true, true, true, true, true, true, true}
	case 2:
		if w.Days, problem = parseDays(words[0]); problem != "" {
			return w, problem
		}
	default:
		return w, quote(text) + " is neither a time nor days and a time"
	}
	from, to, found := strings.Cut(words[len(words)-1], "-")
	var fromOK, toOK bool
	w.From, fromOK = minutes(from)
	w.To, toOK = minutes(to)
	switch {
	case !found || !fromOK || !toOK || w.From == 24*60 || w.To == 0 && from == to:
		return w, quote(words[len(words)-1]) + " is no span of time"
	case w.From == w.To:
		return w, quote(words[len(words)-1]) + " begins and ends at the same time"
	case w.To == 0:
		w.To = 24 * 60
	}
	return w, ""
}

// parseDays reads Mon, or Mon-Fri, which may go over the end of the week.
func parseDays(text string) (days [7]bool, problem string) {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, to := weekday(first), weekday(last)
	if from < 0 || to < 0 {
		return days, fmt.Sprintf("%s is no day of the week (%s)", quote(text), strings.Join(weekdays[1:], ", ")+", "+weekdays[0])
	}
	for day := from; ; day = (day + 1) % 7 {
		days[day] = true
		if day == to {
			return days, ""
		}
	}
}

// weekday is the day with the name, short or in full; -1 when there is none.
func weekday(name string) int {
	for day, short := range weekdays {
		if strings.EqualFold(name, short) || strings.EqualFold(name, time.Weekday(day).String()) {
			return day
		}
	}
	return -1
}

// minutes reads a time of the clock, 00:00 to 24:00.
func minutes(text string) (int, bool) {
	if text == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}
