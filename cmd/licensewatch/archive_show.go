package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/report/records"
)

// archiveShow is what the command line asks.
type archiveShow struct {
	place  archivePlace
	output output
}

func newArchiveShow(c console) *cobra.Command {
	s := &archiveShow{}
	command := &cobra.Command{
		Use:   "show RECORD",
		Short: "Say what a record holds: read, judged, said, to whom",
		Long: `show says what a record holds: what was read and what could not be, what the rules
found and by which values, what was said to which chat and whether that took it, the
machines of orders, and the files. A file that is not as it was sealed is not shown.`,
		Example: `  licensewatch archive show 2026/11/28/010700Z-4f13b5
  licensewatch archive show 4f13b5 --output json | jq .messages`,
		Args: recordAndMore("show", 1),
		RunE: func(cmd *cobra.Command, args []string) error { return s.run(cmd.Context(), c, args) },
	}
	s.place.addTo(command)
	s.output.addTo(command)
	return command
}

// maxShownFile is how many bytes of each file are shown.
const maxShownFile = 4 << 20

// sealedFindings is findings.json.
type sealedFindings struct {
	Rules []struct {
		File   string `json:"file"`
		SHA256 string `json:"sha256"`
	} `json:"rules"`
	Findings []struct {
		Rule      string `json:"rule"`
		Subject   string `json:"subject"`
		State     string `json:"state"`
		Severity  string `json:"severity"`
		Title     string `json:"title"`
		Detail    string `json:"detail"`
		CoveredBy string `json:"covered_by"`
		Evidence  []struct {
			Expression string                     `json:"expression"`
			Value      json.RawMessage            `json:"value"`
			Fields     map[string]json.RawMessage `json:"fields"`
		} `json:"evidence"`
	} `json:"findings"`
	OK *int `json:"ok"` // nil: it was not counted
}

// sealedMessages is messages.json.
type sealedMessages struct {
	Messages []struct {
		ID      string    `json:"id"`
		Kind    string    `json:"kind"`
		Mode    string    `json:"mode"`
		Channel string    `json:"channel"`
		At      time.Time `json:"at"`
		Verdict string    `json:"verdict"`
		Code    string    `json:"code"`
	} `json:"messages"`
	Export struct {
		Status string `json:"status"`
		Record string `json:"record"`
	} `json:"export"`
}

// shownRecord is a record and the texts of its files.
type shownRecord struct {
	*sealedRecord
	texts    map[string][]byte
	reading  *records.ReadingParts // nil: there is none that can be shown
	problems []string              // of files that cannot be shown
}

// add takes a file of the record, unless it is none that can be shown.
func (r *shownRecord) add(name string, data []byte) error {
	err := checkSealed(data, mostValues)
	if err == nil && name == archive.ReadingName {
		r.reading, err = parseReading(data)
	}
	if err != nil {
		return fmt.Errorf("%s: %s: %w", r.name, name, err)
	}
	r.texts[name] = data
	return nil
}

// shownFiles are the files that show knows.
var shownFiles = []string{
	archive.ReadingName, archive.FindingsName, archive.MessagesName, archive.MachinesName, archive.AccountsName,
}

func (s *archiveShow) run(ctx context.Context, c console, args []string) error {
	opened, err := s.place.open(ctx, c)
	if err != nil {
		return err
	}
	record, err := s.place.findRecord(ctx, opened.store, args[0])
	if err != nil {
		return err
	}
	shown := shownRecord{sealedRecord: record, texts: map[string][]byte{}}
	for _, name := range shownFiles {
		data, err := record.read(ctx, name, maxShownFile)
		if err == nil && data != nil {
			err = shown.add(name, data)
		}
		if err := interruptedError(ctx); err != nil {
			return err
		}
		if err != nil {
			shown.problems = append(shown.problems, err.Error())
		}
	}
	if s.output.isJSON() {
		if err := shown.printJSON(c); err != nil {
			return err
		}
	} else {
		shown.print(c, styleFor(c.out))
	}
	if len(shown.problems) > 0 {
		return &exitError{several: shown.problems}
	}
	return nil
}

// printJSON writes the record for programs.
func (r *shownRecord) printJSON(c console) error {
	document := map[string]any{"record": r.name, "sha256": r.hash, "manifest": r.manifest}
	for name, text := range r.texts {
		document[strings.TrimSuffix(name, ".json")] = json.RawMessage(text)
	}
	out := terminal.NewJSONStream(c.out) // the whole may be large
	out.Open("", "{")
	for name, value := range sortedBy(document) {
		out.Value(name, value)
	}
	out.Close("}")
	return out.Err()
}

// sortedBy goes through a map by its keys.
func sortedBy[T any](m map[string]T) func(func(string, T) bool) {
	return func(yield func(string, T) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// plainValue is a value of JSON for people: a text without its quotes.
func plainValue(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil && string(value) != "null" {
		return text
	}
	return string(value)
}
