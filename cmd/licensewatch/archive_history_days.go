package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/report/records"
)

// daysReading is the last reading of a day.
type daysReading struct {
	Day    string                     `json:"day"` // in UTC
	Record string                     `json:"record"`
	ReadAt time.Time                  `json:"read_at"`
	Values map[string]json.RawMessage `json:"values"` // null: not known
}

// mostUnreadable is how many records that cannot be read are named.
const mostUnreadable = 10

// readDays gives the last reading of each day. problems are of records that cannot be read, broken
// are the days of their names.
func readDays(ctx context.Context, c console, store archive.Store, account string, names,
	fields []string) (days []daysReading,
	broken map[string]bool, problems []string, err error) {
	progress := countProgress{console: c}
	defer progress.done()
	days, broken = []daysReading{}, map[string]bool{}
	unreadable := 0
	for i, name := range names {
		progress.show(i, len(names))
		var reading *records.ReadingParts
		record, err := openRecord(ctx, store, account, name)
		if err == nil {
			reading, err = record.readReading(ctx)
		}
		if err := interruptedError(ctx); err != nil {
			return nil, nil, nil, err
		}
		if err != nil {
			broken[strings.ReplaceAll(name[:min(len(name), len(time.DateOnly))], "/", "-")] = true
			if unreadable++; unreadable <= mostUnreadable {
				problems = append(problems, err.Error())
			}
			continue
		}
		if reading != nil {
			days = addDay(days, newDaysReading(name, record.manifest.At, reading, fields))
		}
	}
	if unreadable > mostUnreadable {
		problems = append(problems, fmt.Sprintf("and %d more", unreadable-mostUnreadable))
	}
	slices.SortFunc(days, func(a, b daysReading) int { return strings.Compare(a.Day, b.Day) })
	return days, broken, problems, nil
}

// addDay enters a reading, unless the day has a later one.
func addDay(days []daysReading, reading daysReading) []daysReading {
	for i := range slices.Backward(days) {
		if days[i].Day == reading.Day {
			if !reading.ReadAt.Before(days[i].ReadAt) {
				days[i] = reading
			}
			return days
		}
	}
	return append(days, reading)
}

// newDaysReading takes from a reading what is asked for.
func newDaysReading(name string, sealedAt time.Time, reading *records.ReadingParts, fields []string) daysReading {
	at := reading.ReadAt.UTC()
	if at.Year() < 2000 || at.Year() > 9999 { // it tells none
		at = sealedAt
	}
	day := daysReading{Day: at.Format(time.DateOnly), Record: name, ReadAt: at, Values: map[string]json.RawMessage{}}
	sections := map[string]map[string]json.RawMessage{}
	for section, text := range reading.Sections {
		sections[section] = fieldsOf(text)
	}
	for _, field := range fields {
		section, name, _ := strings.Cut(field, ".")
		const longest = 200 // of a value that a table has room for
		value := sections[section][name]
		if len(value) == 0 || len(value) > longest {
			value = json.RawMessage("null")
		}
		day.Values[field] = slices.Clone(value)
	}
	return day
}

// text is a value of the day for people.
func (d daysReading) text(field, unknown string) string {
	if value := d.Values[field]; string(value) != "null" {
		return plainValue(value)
	}
	return unknown
}
