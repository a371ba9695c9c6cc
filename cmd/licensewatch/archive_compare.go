package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/report/records"
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

// changes are what changed, one after the other: there may be very many.
type changes = iter.Seq[accountChange]

// comparedReading is one of both readings, for programs.
type comparedReading struct {
	Record string    `json:"record"`
	ReadAt time.Time `json:"read_at"`
}

func (a *archiveCompare) run(ctx context.Context, c console, args []string) error {
	opened, err := a.place.open(ctx, c)
	if err != nil {
		return err
	}
	var both [2]*records.ReadingParts
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
	found := compareReadings(both[0], both[1])
	if a.output.isJSON() {
		return printChangesJSON(c, compared, found)
	}
	printChanges(c, styleFor(c.out), compared, found)
	return nil
}

// compareReadings says what is different in the later one.
func compareReadings(before, after *records.ReadingParts) changes {
	return func(yield func(accountChange) bool) {
		for name, section := range sortedBy(before.Sections) {
			for _, change := range compareFields(name, fieldsOf(section), fieldsOf(after.Sections[name])) {
				if !yield(change) {
					return
				}
			}
		}
		if before.Orders == nil || after.Orders == nil {
			for _, change := range unread("orders", before.Orders == nil, after.Orders == nil) {
				yield(change) // the only one
			}
			return
		}
		compareOrders(ordersByName(before.Orders), ordersByName(after.Orders))(yield)
	}
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
		const longest = 100 // of a name that anybody reads
		name = cmp.Or(strings.Clone(name[:min(longest, len(name))]), "(without id)")
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
func compareOrders(before, after map[string]json.RawMessage) changes {
	names := maps.Clone(before)
	maps.Copy(names, after)
	return func(yield func(accountChange) bool) {
		for _, name := range slices.Sorted(maps.Keys(names)) {
			for _, change := range compareOrder("order "+name, before[name], after[name]) {
				if !yield(change) {
					return
				}
			}
		}
	}
}

// compareOrder says whether an order is new or gone, or what changed of it.
func compareOrder(subject string, from, to json.RawMessage) []accountChange {
	switch {
	case from == nil:
		return []accountChange{{Subject: subject, Kind: "new", To: compactValue(to)}}
	case to == nil:
		return []accountChange{{Subject: subject, Kind: "gone", From: compactValue(from)}}
	case bytes.Equal(from, to):
		return nil
	default:
		return compareFields(subject, fieldsOf(from), fieldsOf(to))
	}
}

// printChangesJSON writes it for programs.
func printChangesJSON(c console, compared [2]comparedReading, found changes) error {
	out := terminal.NewJSONStream(c.out)
	out.Open("", "{")
	out.Value("from", compared[0])
	out.Value("to", compared[1])
	out.Open("changes", "[")
	for change := range found {
		out.Value("", change)
	}
	out.Close("]")
	out.Close("}")
	return out.Err()
}

// printChanges writes it for people.
func printChanges(c console, s style, compared [2]comparedReading, found changes) {
	from, to := compared[0], compared[1]
	c.print("%s\n", s.paint(ansiDim, fmt.Sprintf("From %s (read %s) to %s (read %s)", from.Record,
		from.ReadAt.Format(time.RFC3339), to.Record, to.ReadAt.Format(time.RFC3339))))
	isSame, before := true, ""
	for change := range found {
		isSame = false
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
	if isSame {
		c.print("Nothing changed.\n")
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
