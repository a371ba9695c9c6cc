package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// archiveHistory is what the command line asks.
type archiveHistory struct {
	place    archivePlace
	from, to string
	format   string
}

func newArchiveHistory(c console) *cobra.Command {
	h := &archiveHistory{}
	command := &cobra.Command{
		Use:   "history FIELD…",
		Short: "Show fields by day, from the records",
		Long: `history shows what fields of the overviews were, day by day: cwp.…, machines.… and tcss.…,
as the API names them. A day has the value of its last reading; days are those of UTC. A
value that was not read or not told is shown as –.`,
		Example: `  licensewatch archive history cwp.UsedLicenseCnt tcss.AllCoresCnt
  licensewatch archive history machines.NotProtectMachineCnt --from 2026-07-01 --output csv`,
		Args:              wantFields,
		ValidArgsFunction: cobra.FixedCompletions(historyFields(), cobra.ShellCompDirectiveNoFileComp),
		PreRunE: func(*cobra.Command, []string) error {
			return oneOf("--output", h.format, "text", "csv", "json")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return h.run(cmd.Context(), c, args) },
	}
	h.place.addTo(command)
	addDayFlags(command, &h.from, &h.to)
	command.Flags().StringVarP(&h.format, "output", "o", "text", "text for people, csv or json for programs")
	completeFlag(command, "output", "text", "csv", "json")
	return command
}

// historySources are those whose fields can be followed: there is one of each in a reading.
var historySources = slices.DeleteFunc(license.Sources(), func(source license.Source) bool {
	return source == license.SourceOrders || source.Info().Behind != ""
})

// historyFields are the fields that can be followed.
func historyFields() []string {
	var fields []string
	for _, source := range historySources {
		info := source.Info()
		for field := range info.Shape().Fields() {
			if field.Type.Kind() == reflect.Pointer {
				fields = append(fields, info.Section+"."+field.Name)
			}
		}
	}
	return fields
}

// wantFields refuses what is no field.
func wantFields(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("which field? Write for example %s", license.SourceOverview.Info().Section+".UsedLicenseCnt")
	}
	known := historyFields()
	for _, field := range args {
		if !slices.Contains(known, field) {
			return fmt.Errorf("there is no field %q%s", field, nearestFields(field, known))
		}
	}
	return nil
}

// nearestFields names those that were meant: that look alike, that have a part of the name in
// theirs, or else all of the section.
func nearestFields(field string, known []string) string {
	if hint := suggest.DidYouMean(field, known); hint != "" {
		return hint
	}
	section, name, hasSection := strings.Cut(field, ".")
	if !hasSection {
		section, name = "", field
	}
	having := func(part string) (fields []string) {
		for _, f := range known {
			if strings.Contains(strings.ToLower(f), strings.ToLower(part)) {
				fields = append(fields, f)
			}
		}
		return fields
	}
	const shortestPart = 4 // letters; fewer are in everything
	for _, part := range []string{name, section + "."} {
		if fields := having(part); len(part) >= shortestPart && len(fields) > 0 {
			return "; there are " + listSome(fields, "and")
		}
	}
	return ": write one of cwp.…, machines.… or tcss.…, as the API names it"
}

// daysReading is the last reading of a day.
type daysReading struct {
	Day    string                     `json:"day"` // in UTC
	Record string                     `json:"record"`
	ReadAt time.Time                  `json:"read_at"`
	Values map[string]json.RawMessage `json:"values"` // null: not known
}

func (h *archiveHistory) run(ctx context.Context, c console, fields []string) error {
	from, to, err := parseDays(h.from, h.to)
	if err != nil {
		return err
	}
	opened, err := h.place.open(ctx, c)
	if err != nil {
		return err
	}
	account, err := h.place.chooseAccount(ctx, opened.store)
	if err != nil {
		return err
	}
	names, err := recordsWithin(ctx, opened.store, account, from, to)
	if err != nil {
		return err
	}
	days, broken, problems, err := readDays(ctx, c, opened.store, account, names, fields)
	if err != nil {
		return err
	}
	switch h.format {
	case "json":
		err = c.printJSON(map[string]any{"account": account, "fields": fields, "days": days})
	case "csv":
		err = printCSV(c, days, fields)
	default:
		printDays(c, styleFor(c.out), days, broken, fields)
	}
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return &exitError{several: problems}
	case len(days) == 0:
		return &exitError{text: "the archive holds no readings of these days"}
	}
	return nil
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
		var reading *sealedReading
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
func newDaysReading(name string, sealedAt time.Time, reading *sealedReading, fields []string) daysReading {
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
