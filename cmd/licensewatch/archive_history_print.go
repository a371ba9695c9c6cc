package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/terminal"
)

// printCSV writes the days as lines of comma separated values.
func printCSV(c console, days []daysReading, fields []string) error {
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	_ = w.Write(append([]string{"day", "record"}, fields...)) // a buffer takes all
	for _, day := range days {
		line := []string{day.Day, day.Record}
		for _, field := range fields {
			value := terminal.Safe(day.text(field, ""))
			if _, err := strconv.ParseFloat(value, 64); err != nil &&
				strings.ContainsAny(value[:min(1, len(value))], "=+-@") {
				value = "'" + value // a table would take it for a formula
			}
			line = append(line, value)
		}
		_ = w.Write(line)
	}
	w.Flush()
	c.print("%s", terminal.Lines(strings.Split(text.String(), "\n")))
	return w.Error()
}

// printDays writes the days as a table, with gaps, and the course of numbers below it. broken are
// days with a record that cannot be read.
func printDays(c console, s style, days []daysReading, broken map[string]bool, fields []string) {
	heads := []terminal.Styled{terminal.Sprintf("%-10s", "day")}
	for _, field := range fields {
		heads = append(heads, terminal.Sprintf("%12s", field))
	}
	c.print("%s\n", s.paint(ansiBold, string(terminal.Join(heads, "  "))))
	for i, day := range days {
		if i > 0 {
			printGap(c, s, days[i-1].Day, day.Day, broken)
		}
		line := []terminal.Styled{terminal.Sprintf("%-10s", day.Day)}
		for _, field := range fields {
			line = append(line, terminal.Sprintf("%*s", max(12, len(field)), day.text(field, "–")))
		}
		c.print("%s\n", terminal.Join(line, "  "))
	}
	if width := widthOf(c.out); width > 0 {
		for _, field := range fields {
			if line := courseOf(days, field, width); line != "" {
				c.print("%s\n", line)
			}
		}
	}
}

// printGap says which days between two have no record, or one that cannot be read.
func printGap(c console, s style, before, after string, broken map[string]bool) {
	first, err := time.Parse(time.DateOnly, before)
	last, otherErr := time.Parse(time.DateOnly, after)
	if err != nil || otherErr != nil {
		return
	}
	first, last = first.AddDate(0, 0, 1), last.AddDate(0, 0, -1)
	for from := first; !from.After(last); {
		to, isBroken := from, broken[dayText(from)]
		for !to.Equal(last) && broken[dayText(to.AddDate(0, 0, 1))] == isBroken {
			to = to.AddDate(0, 0, 1)
		}
		what := "no record "
		if isBroken {
			what = "a record that does not verify "
		}
		c.print("%s\n", s.paint(ansiDim, what+gapText(archive.Gap{From: dayText(from), To: dayText(to)})))
		from = to.AddDate(0, 0, 1)
	}
}

// courseOf is a line of bars, a day each, with the least and the greatest value; empty for
// what are no numbers. Days without a value are gaps.
func courseOf(days []daysReading, field string, width int) string {
	const bars = "▁▂▃▄▅▆▇"
	room := max(7, width-len(field)-40)
	values := map[string]float64{}
	least, greatest := math.Inf(1), math.Inf(-1)
	for _, day := range days {
		if value, err := strconv.ParseFloat(string(day.Values[field]), 64); err == nil && !math.IsInf(value, 0) {
			values[day.Day] = value
			least, greatest = min(least, value), max(greatest, value)
		}
	}
	if len(values) == 0 {
		return ""
	}
	last, err := time.Parse(time.DateOnly, days[len(days)-1].Day)
	if err != nil {
		return ""
	}
	first, _ := time.Parse(time.DateOnly, days[0].Day) // a day that is too early is not shown
	var line strings.Builder
	for day := later(first, last.AddDate(0, 0, 1-room)); !day.After(last); day = day.AddDate(0, 0, 1) {
		value, ok := values[dayText(day)]
		if !ok {
			line.WriteByte(' ')
			continue
		}
		level := 3.0 // of what never changes
		if greatest > least {
			level = 6 * (value - least) / (greatest - least)
		}
		line.WriteRune([]rune(bars)[int(level)])
	}
	return fmt.Sprintf("%s  %s  %s to %s", field, line.String(), numberText(least), numberText(greatest))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func numberText(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }
