// Package cron reads the timer expressions of SCF: seven fields, second, minute,
// hour, day of month, month, day of week and year, in UTC+8 in every region.
//
// A field is *, a value, a range 9-17, either with a step (*/5, 9-17/2, 1/10:
// from 1 on), or a list of these. Months and weekdays may be names in capitals.
// Where day of month and day of week both name days, either is enough.
//
// SCF documents L, W, # and ? on some of its pages and not on others. They are
// refused here, like everything that SCF may read otherwise than it is meant.
package cron

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/license"
)

// Example is an expression as SCF wants it: every day at 09:07.
const Example = "0 7 9 * * * *"

// zone is the clock of SCF's timers.
var zone = license.APIZone

// Schedule is an expression that was read.
type Schedule struct {
	second, minute, hour, day, month, weekday, year fieldSet
}

// Error is a mistake in an expression.
type Error struct {
	Offset int    // where in the expression it begins, in bytes
	Text   string // what is wrong, and what to write
}

func (e *Error) Error() string { return e.Text }

// Parse reads an expression. Its error is an *Error.
func Parse(expression string) (Schedule, error) {
	words, offsets := splitFields(expression)
	if len(words) != len(kinds) {
		return Schedule{}, &Error{Text: wrongCount(words)}
	}
	var fields [len(kinds)]fieldSet
	for i, k := range kinds {
		f, err := k.parseField(words[i])
		if err != nil {
			err.Offset += offsets[i]
			return Schedule{}, err
		}
		fields[i] = f
	}
	s := Schedule{fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6]}
	if s.Next(time.Time{}).IsZero() {
		return Schedule{}, &Error{Offset: offsets[3], Text: fmt.Sprintf(
			"never fires: no month it names has a day %s in a year it names", words[3])}
	}
	return s, nil
}

// splitFields gives the fields of an expression, and where each begins.
func splitFields(expression string) (words []string, offsets []int) {
	at := 0
	for word := range strings.FieldsSeq(expression) {
		at += strings.Index(expression[at:], word)
		words, offsets = append(words, word), append(offsets, at)
		at += len(word)
	}
	return words, offsets
}

// wrongCount says what to write where there are not seven fields. Five are most
// likely a crontab's, six lack the year.
func wrongCount(words []string) string {
	const wanted = "has %s, SCF wants 7 (second minute hour day month weekday year): write %q"
	count := fmt.Sprintf("%d fields", len(words))
	switch len(words) {
	case 0:
		return fmt.Sprintf("is empty: write 7 fields (second minute hour day month weekday year), for example %q",
			Example)
	case 1:
		count = "1 field"
	case 5:
		count = "5 fields, as a crontab"
		words = append([]string{"0"}, append(words, "*")...)
	case 6:
		words = append(words, "*")
	}
	meant := strings.Join(words, " ")
	if len(words) != len(kinds) || !isValid(meant) {
		meant = Example
	}
	return fmt.Sprintf(wanted, count, meant)
}

func isValid(expression string) bool {
	_, err := Parse(expression)
	return err == nil
}
