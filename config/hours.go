package config

import (
	"regexp"
	"strings"
	"time"

	"licensewatch/license"
)

// hoursForm is how LICENSEWATCH_HOURS is written.
const hoursForm = "write always, or times like 09:00-21:00 or Mon-Fri 09:00-18:00, comma separated"

// minutesPerDay is how many minutes one has.
const minutesPerDay = 24 * 60

// weekdays are the names of the days, by time.Weekday.
var weekdays = []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

// readHours reads the times at which people act; a mistake leaves the default.
func readHours(f *settingMistakes, v variable) license.Hours {
	parsed, problem := parseHours(readList(f, v))
	if problem != "" {
		f.addMistake(v, "%s; %s", problem, hoursForm)
		parsed, _ = parseHours([]string{v.fallback})
	}
	return parsed
}

// ParseHours reads hours as LICENSEWATCH_HOURS has them. problem says what is wrong and what
// to write; it repeats nothing that may be a secret.
func ParseHours(text string) (h license.Hours, problem string) {
	h, problem = parseHours(splitList(text))
	if problem != "" {
		problem += "; " + hoursForm
	}
	return h, problem
}

// parseHours reads a list of windows; problem says what is wrong with it.
func parseHours(items []string) (h license.Hours, problem string) {
	if len(items) == 1 && strings.EqualFold(items[0], "always") {
		return license.Hours{}, ""
	}
	var windows []license.HoursWindow
	for _, item := range items {
		w, problem := parseWindow(tidySpelling(item))
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

// tidySpelling gives one spelling to what means the same.
func tidySpelling(text string) string {
	text = strings.NewReplacer("–", "-", "—", "-", "~", "-", "～", "-", "：", ":").Replace(text)
	for strings.Contains(text, " -") || strings.Contains(text, "- ") {
		text = strings.NewReplacer(" -", "-", "- ", "-").Replace(text)
	}
	return text
}

// parseWindow reads a span of time with days before it, or without.
func parseWindow(text string) (w license.HoursWindow, problem string) {
	words := strings.Fields(text)
	if first, _, _ := strings.Cut(words[len(words)-1], "-"); len(words) == 1 && weekdayNamed(first) >= 0 {
		return w, quotePart(text) + " has no time: each has one of its own, as in Mon 09:00-18:00, Wed 09:00-18:00"
	}
	switch len(words) {
	case 1:
		w.Days = [7]bool{true, true, true, true, true, true, true}
	case 2:
		if _, _, noSpan := parseSpan(words[0]); noSpan == "" {
			return w, quotePart(words[0]) + " has something behind it: days stand before the time, and the zone is that of LICENSEWATCH_TIMEZONE"
		}
		if w.Days, problem = parseDays(words[0]); problem != "" {
			return w, problem
		}
	default:
		return w, quotePart(text) + " is more than days and a time"
	}
	w.From, w.To, problem = parseSpan(words[len(words)-1])
	return w, problem
}

// parseSpan reads 09:00-18:00.
func parseSpan(text string) (from, to int, problem string) {
	first, last, isSpan := strings.Cut(text, "-")
	from, fromOK := parseMinutes(first)
	to, toOK := parseMinutes(last)
	switch {
	case !isSpan && fromOK:
		return 0, 0, quotePart(text) + " has no end"
	case !isSpan:
		return 0, 0, quotePart(text) + " is no span of time"
	case !fromOK || !toOK:
		if fromOK {
			first = last
		}
		return 0, 0, quotePart(first) + " is no time of a 24-hour clock with its minutes"
	case from == minutesPerDay:
		return 0, 0, quotePart(text) + " begins at the end of a day: it begins at 00:00"
	case from == to:
		return 0, 0, quotePart(text) + " begins and ends at the same time: a whole day is 00:00-24:00"
	case to == 0:
		to = minutesPerDay
	}
	return from, to, ""
}

// parseDays reads Mon, or Mon-Fri, which may go over the end of the week.
func parseDays(text string) (days [7]bool, problem string) {
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, to := weekdayNamed(first), weekdayNamed(last)
	if from < 0 || to < 0 {
		if from >= 0 {
			first = last
		}
		return days, quotePart(first) + " is no day of the week, which are " + strings.Join(weekdays[1:], ", ") +
			" and " + weekdays[0]
	}
	for d := from; ; d = (d + 1) % 7 {
		days[d] = true
		if d == to {
			return days, ""
		}
	}
}

// quotePart repeats a part of the hours. What does not look like one may be a secret
// that went into the wrong variable.
func quotePart(text string) string {
	const longest = 32
	// one or two words, and times behind them
	like := regexp.MustCompile(`^(\pL{1,9}([- ]|$)){0,2}(\d{1,2}(:\d{1,2})?([ap]m)?(-|$)){0,2}$`)
	if len(text) <= longest && like.MatchString(text) {
		return `"` + text + `"`
	}
	return "the value"
}

// weekdayNamed is the day with the name, short or in full; -1 when there is none.
func weekdayNamed(name string) int {
	for d, short := range weekdays {
		if strings.EqualFold(name, short) || strings.EqualFold(name, time.Weekday(d).String()) {
			return d
		}
	}
	return -1
}

// parseMinutes reads a time of the clock, 00:00 to 24:00.
func parseMinutes(text string) (int, bool) {
	if text == "24:00" {
		return minutesPerDay, true
	}
	t, err := time.Parse("15:04", text)
	return t.Hour()*60 + t.Minute(), err == nil
}
