package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// archiveCompare is what the command line asks.
type archiveCompare struct {
	place  archivePlace
	output output
}

func newArchiveCompare(c console) *cobra.Command {
	a := &archiveCompare{}
	command := &cobra.Command{
		Use:   "compare RECORD RECORD",
		Short: "Say what changed in the account between two records",
		Long: `compare says what is different in the second record's reading: fields of the overviews,
orders that are new or gone, and fields of orders. What one of both could not read is
said, and not compared.`,
		Example: `  licensewatch archive compare 2026/10/28/010700Z-11aa22 2026/11/28/010700Z-4f13b5`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				return fmt.Errorf("with which record? Write two names, as list shows them")
			}
			return recordAndMore("compare", 2)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), c, args) },
	}
	a.place.addTo(command)
	a.output.addTo(command)
	return command
}

// accountChange is something that changed in an account.
type accountChange struct {
	Subject string          `json:"subject"` // "cwp", "machines", "tcss", "orders" or "order cwp-aaaa"
	Kind    string          `json:"kind"`    // "changed", "new", "gone" or "unread"
	Field   string          `json:"field,omitempty"`
	From    json.RawMessage `json:"from,omitempty"` // absent: it was not told
	To      json.RawMessage `json:"to,omitempty"`
}

// comparedJSON is what changed, for programs.
type comparedJSON struct {
	From    comparedReading `json:"from"`
	To      comparedReading `json:"to"`
	Changes []accountChange `json:"changes"`
}

// comparedReading is one of both readings.
type comparedReading struct {
	Record string    `json:"record"`
	ReadAt time.Time `json:"read_at"`
}

func (a *archiveCompare) run(ctx context.Context, c console, args []string) error {
	opened, err := a.place.open(ctx, c)
	if err != nil {
		return err
	}
	var both [2]*sealedReading
	var compared [2]comparedReading
	for i, name := range args {
		record, err := a.place.findRecord(ctx, opened.store, name)
		if err != nil {
			return err
		}
		if both[i], err = record.readReading(ctx); err != nil {
			return archiveError(err)
		}
		if both[i] == nil {
			return &exitError{text: record.name + " holds no reading"}
		}
		compared[i] = comparedReading{record.name, both[i].ReadAt.UTC()}
	}
	found := comparedJSON{compared[0], compared[1], compareReadings(both[0], both[1])}
	if a.output.isJSON() {
		return c.printJSON(found)
	}
	found.print(c, styleFor(c.out))
	return nil
}

// compareReadings says what is different in the later one.
func compareReadings(before, after *sealedReading) []accountChange {
	changes := []accountChange{}
	for name, section := range sortedBy(before.sections()) {
		changes = append(changes, compareFields(name, fieldsOf(section), fieldsOf(after.sections()[name]))...)
	}
	listed, relisted := before.orders(), after.orders()
	if listed == nil || relisted == nil {
		return append(changes, unread("orders", listed == nil, relisted == nil)...)
	}
	return append(changes, compareOrders(ordersByName(listed), ordersByName(relisted))...)
}

// unread says that something was not read; nothing where nobody has read it.
func unread(subject string, before, after bool) []accountChange {
	c := accountChange{Subject: subject, Kind: "unread"}
	switch {
	case before && after:
		return nil
	case before:
		c.To = json.RawMessage(`"read"`)
	default:
		c.From = json.RawMessage(`"read"`)
	}
	return []accountChange{c}
}

// compareFields compares what a section or an order tells. What one of both has not read is
// one change.
func compareFields(subject string, before, after map[string]json.RawMessage) []accountChange {
	if before == nil || after == nil {
		return unread(subject, before == nil, after == nil)
	}
	var changes []accountChange
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, field := range slices.Sorted(maps.Keys(names)) {
		from, to := compactValue(before[field]), compactValue(after[field])
		if !bytes.Equal(from, to) {
			changes = append(changes, accountChange{subject, "changed", field, from, to})
		}
	}
	return changes
}

// compactValue is a value in one form; nil where it is not known.
func compactValue(value json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if len(value) == 0 || string(value) == "null" || json.Compact(&b, value) != nil {
		return nil
	}
	return b.Bytes()
}

// ordersByName are the orders by their ids; of several with the same, the later ones have a
// number.
func ordersByName(orders []json.RawMessage) map[string]json.RawMessage {
	all := make(map[string]json.RawMessage, len(orders))
	times := map[string]int{} // each name came; there may be very many of one
	for _, order := range orders {
		var ids struct {
			ResourceId, LicenseId json.RawMessage //nolint:revive // the API's own names
			Twin                  int
		}
		_ = json.Unmarshal(order, &ids) // else it has none
		name := strings.Trim(plainValue(compactValue(ids.ResourceId))+"#"+plainValue(compactValue(ids.LicenseId)), "#")
		name = cmp.Or(name, "(without id)")
		if ids.Twin > 0 {
			name = fmt.Sprintf("%s/%d", name, ids.Twin)
		}
		if times[name]++; times[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, times[name])
		}
		all[name] = order
	}
	return all
}

// compareOrders says which orders are new, gone or changed.
func compareOrders(before, after map[string]json.RawMessage) []accountChange {
	var changes []accountChange
	names := maps.Clone(before)
	maps.Copy(names, after)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		switch from, to := before[name], after[name]; {
		case from == nil:
			changes = append(changes, accountChange{Subject: "order " + name, Kind: "new", To: compactValue(to)})
		case to == nil:
			changes = append(changes, accountChange{Subject: "order " + name, Kind: "gone", From: compactValue(from)})
		case !bytes.Equal(from, to):
			changes = append(changes, compareFields("order "+name, fieldsOf(from), fieldsOf(to))...)
		}
	}
	return changes
}

// print writes it for people.
func (j comparedJSON) print(c console, s style) {
	c.print("%s\n", s.paint(ansiDim, fmt.Sprintf("From %s (read %s) to %s (read %s)", j.From.Record,
		j.From.ReadAt.Format(time.RFC3339), j.To.Record, j.To.ReadAt.Format(time.RFC3339))))
	if len(j.Changes) == 0 {
		c.print("Nothing changed.\n")
	}
	before := ""
	for _, change := range j.Changes {
		if change.Kind == "changed" {
			if change.Subject != before {
				c.print("%s\n", s.paint(ansiBold, change.Subject))
			}
			before = change.Subject
			c.print("  %-32s  %s → %s\n", change.Field, orUnknown(change.From), orUnknown(change.To))
			continue
		}
		c.print("%s  %s\n", s.paint(ansiBold, change.Subject), change.describe())
	}
}

// describe says what became of what was not only changed.
func (a accountChange) describe() string {
	switch {
	case a.Kind == "new":
		return strings.TrimSuffix("new: "+toldFields(a.To), ": ")
	case a.Kind == "gone":
		return strings.TrimSuffix("gone; it had: "+toldFields(a.From), "; it had: ")
	case a.From == nil:
		return "was not read then: not compared"
	default:
		return "is not read any more: not compared"
	}
}

// toldFields are the fields that an order tells, but for ids and what is empty.
func toldFields(order json.RawMessage) string {
	var told []string
	for field, value := range sortedBy(fieldsOf(order)) {
		switch text := string(value); {
		case text == "null" || text == `""` || text == "[]" || strings.HasSuffix(field, "Id"):
		default:
			told = append(told, field+" "+plainValue(value))
		}
	}
	return strings.Join(told, ", ")
}

func orUnknown(value json.RawMessage) string {
	if value == nil {
		return "–"
	}
	return plainValue(value)
}
