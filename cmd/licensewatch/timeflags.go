package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/explanation"
)

// longestSpan bounds what is counted, in days: a hundred years.
const longestSpan = 36500

// shiftTime is the time that lies so many hours, days or weeks from another one, as
// "12h", "3d" or "2w" says; before it with a negative sign. False when the text
// is nothing of that kind.
func shiftTime(from time.Time, text string, sign int) (time.Time, bool) {
	if text == "" {
		return from, false
	}
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || n <= 0 || n > longestSpan || strings.HasPrefix(text, "+") {
		return from, false
	}
	switch text[len(text)-1] {
	case 'h':
		return from.Add(time.Duration(sign*n) * time.Hour), true
	case 'd':
		return from.AddDate(0, 0, sign*n), true
	case 'w':
		return from.AddDate(0, 0, sign*7*n), true
	default:
		return from, false
	}
}

// inZone writes an instant with the zone it is written in.
func inZone(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02 15:04") + " (" + zone.String() + ")"
}

// parseTime reads the time that a flag gives.
func parseTime(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, fmt.Errorf("%s %q is no time with its zone: write it as 2026-11-22T09:07:00+08:00", flag, text)
	}
	return t, nil
}

// parseDay reads the day that a flag gives, which begins in the zone.
func parseDay(flag, text, example string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, fmt.Errorf("%s %q is no date: write it like %s", flag, text, example)
	}
	return t, nil
}

// formatTime is a time for people, without its zone.
func formatTime(t time.Time) string { return t.Format("2006-01-02 15:04") }

// formatZonedTime is a time for people, with its zone.
func formatZonedTime(t time.Time) string { return formatTime(t) + " (" + explanation.ZoneOf(t) + ")" }

// addDayFlags gives a command the flags --from and --to.
func addDayFlags(command *cobra.Command, from, to *string) {
	command.Flags().StringVar(from, "from", "", "only records from this `DAY` on, in UTC")
	command.Flags().StringVar(to, "to", "", "only records up to this `DAY`, in UTC")
}

// parseDays reads the days of --from and --to, in UTC; zero where they are not given.
func parseDays(fromText, toText string) (from, to time.Time, err error) {
	const example = "2026-11-28, a day in UTC"
	if fromText != "" {
		from, err = parseDay("--from", fromText, example, time.UTC)
	}
	if toText != "" && err == nil {
		to, err = parseDay("--to", toText, example, time.UTC)
	}
	if err == nil && !from.IsZero() && !to.IsZero() && to.Before(from) {
		err = fmt.Errorf("--from %s comes after --to %s", fromText, toText)
	}
	return from, to, err
}
