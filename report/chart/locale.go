package chart

import (
	"strconv"
	"strings"
	"time"
)

// Locale is how a language writes numbers and dates.
type Locale string

// The locales.
const (
	English Locale = "en"
	Chinese Locale = "zh"
)

// Number writes a whole number, in groups of three digits.
func (l Locale) Number(n int64) string {
	text := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	var groups []string
	for len(text) > 3 {
		groups = append([]string{text[len(text)-3:]}, groups...)
		text = text[:len(text)-3]
	}
	return sign + strings.Join(append([]string{text}, groups...), ",")
}

// Day writes a day: "Nov 22, 2026", "2026年11月22日".
func (l Locale) Day(t time.Time) string {
	if l == Chinese {
		return t.Format("2006年1月2日")
	}
	return t.Format("Jan 2, 2006")
}

// ShortDay writes a day without its year.
func (l Locale) ShortDay(t time.Time) string {
	if l == Chinese {
		return t.Format("1月2日")
	}
	return t.Format("Jan 2")
}

// Month writes a month: "Jan 2027", "2027年1月".
func (l Locale) Month(t time.Time) string {
	if l == Chinese {
		return t.Format("2006年1月")
	}
	return t.Format("Jan 2006")
}

// monthTick writes a month at an axis: the year only where it begins, or at the first tick.
func (l Locale) monthTick(t time.Time, withYear bool) string {
	switch {
	case withYear:
		return l.Month(t)
	case l == Chinese:
		return t.Format("1月")
	default:
		return t.Format("Jan")
	}
}
