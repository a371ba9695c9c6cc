package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/terminal"
)

// archiveList is what the command line asks.
type archiveList struct {
	place    archivePlace
	from, to string
	output   output
}

func newArchiveList(c console) *cobra.Command {
	l := &archiveList{}
	command := &cobra.Command{
		Use:   "list",
		Short: "List the records of an account",
		Long: `list shows the records of an account, the oldest first: name, kind of run, files, size,
the beginning of the manifest's hash, and what the record should hold and does not. It
reads the manifests only, and says where one is not what the record after it knows;
whether the files are what was sealed, verify tells.`,
		Example: `  licensewatch archive list
  licensewatch archive list --from 2026-11-01 --to 2026-11-30 --archive ./copy`,
		Args: noArgsBut("archive"),
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd.Context(), c) },
	}
	l.place.addTo(command)
	addDayFlags(command, &l.from, &l.to)
	l.output.addTo(command)
	return command
}

// listedRecordJSON is a record, for programs.
type listedRecordJSON struct {
	Record  string            `json:"record"`
	Sealed  bool              `json:"sealed"`
	Problem string            `json:"problem,omitempty"` // what is wrong with its manifest
	Mode    string            `json:"mode,omitempty"`
	Files   int               `json:"files"`
	Bytes   int64             `json:"bytes"`
	SHA256  string            `json:"sha256,omitempty"` // of its manifest
	Missing []archive.Missing `json:"missing"`
}

func (l *archiveList) run(ctx context.Context, c console) error {
	from, to, err := parseDays(l.from, l.to)
	if err != nil {
		return err
	}
	opened, err := l.place.open(ctx, c)
	if err != nil {
		return err
	}
	account, err := l.place.chooseAccount(ctx, opened.store)
	if err != nil {
		return err
	}
	names, err := archive.Records(ctx, opened.store, account)
	if err != nil {
		return archiveError(err)
	}
	listing := recordListing{console: c, style: styleFor(c.out)}
	if l.output.isJSON() {
		listing.document = terminal.NewJSONStream(c.out)
	}
	listing.begin(account)
	for _, name := range names {
		isWithin := withinDays(name, from, to)
		if !isWithin && len(listing.held) == 0 { // nobody asks for it, and nothing waits for what it knows
			continue
		}
		listed, previous := listRecord(ctx, opened.store, account, name)
		if err := interruptedError(ctx); err != nil {
			return err
		}
		listing.add(listed, previous, isWithin)
	}
	return listing.end(account)
}

// recordListing writes records, oldest first. Whether a manifest is the one that was sealed,
// the record after it knows: until that was read, a record is held.
type recordListing struct {
	console  console
	style    style
	document *terminal.JSONStream // nil: it is for people

	held          []listedRecordJSON // a sealed record and what follows it; only the first may be sealed
	count, broken int
}

func (l *recordListing) begin(account string) {
	if l.document != nil {
		l.document.Open("", "{")
		l.document.Value("account", account)
		l.document.Open("records", "[")
	}
}

// add takes the next record, which may say of another one, previous, what its hash was.
func (l *recordListing) add(listed listedRecordJSON, previous *archive.Link, isWithin bool) {
	if previous != nil && len(l.held) > 0 {
		before := &l.held[0]
		if before.Sealed && before.Record == previous.Record && before.SHA256 != previous.SHA256 {
			before.Problem = "the manifest: " + listed.Record + ", which follows it, knows another one"
		}
	}
	if listed.Sealed {
		l.flush()
	}
	if isWithin {
		l.count++
		l.held = append(l.held, listed)
	}
}

// flush writes what is held.
func (l *recordListing) flush() {
	for _, listed := range l.held {
		if listed.Problem != "" {
			l.broken++
		}
		if l.document != nil {
			l.document.Value("", listed)
		} else {
			listed.print(l.console, l.style)
		}
	}
	l.held = l.held[:0]
}

// end writes what is left, and says whether all is well.
func (l *recordListing) end(account string) error {
	l.flush()
	if l.document != nil {
		l.document.Close("]")
		l.document.Close("}")
		if err := l.document.Err(); err != nil {
			return err
		}
	} else {
		l.console.print("%s\n", l.style.paint(ansiDim, countOf(l.count, "record")+" of "+account))
	}
	if l.broken > 0 {
		return &exitError{text: "of " + countOf(l.broken, "record") +
			" the manifest cannot be read or is not what was sealed: licensewatch archive verify says more"}
	}
	return nil
}

// recordsWithin are the records of the days, oldest first.
func recordsWithin(ctx context.Context, store archive.Store, account string, from, to time.Time) ([]string, error) {
	names, err := archive.Records(ctx, store, account)
	if err != nil {
		return nil, archiveError(err)
	}
	within := names[:0]
	for _, name := range names {
		if withinDays(name, from, to) {
			within = append(within, name)
		}
	}
	return within, nil
}

// withinDays says whether a record is of the days, both included; zero is no bound.
func withinDays(name string, from, to time.Time) bool {
	day := archive.Link{Record: name}.At().Truncate(24 * time.Hour)
	return (from.IsZero() || !day.Before(from)) && (to.IsZero() || !day.After(to))
}

// listRecord reads a record's manifest, which says what it follows.
func listRecord(ctx context.Context, store archive.Store, account,
	name string) (listed listedRecordJSON, previous *archive.Link) {
	listed = listedRecordJSON{Record: name, Missing: []archive.Missing{}}
	m, hash, err := archive.ReadManifest(ctx, store, account, name)
	if err != nil {
		listed.Problem = err.Error()
		return listed, nil
	}
	listed.Sealed, listed.Mode, listed.Files, listed.SHA256, listed.Missing = true, m.Mode, len(m.Files), hash,
		m.Missing
	for _, f := range m.Files {
		listed.Bytes += f.Size
	}
	return listed, m.Previous
}

func (l listedRecordJSON) print(c console, s style) {
	if !l.Sealed {
		c.print("%s  %s\n", l.Record, s.paint(ansiRed, "✗ "+l.Problem))
		return
	}
	c.print("%s  %-6s  %s  %8s  %s\n", l.Record, l.Mode, archive.Link{SHA256: l.SHA256}.Short(),
		countOf(l.Files, "file"), sizeText(l.Bytes))
	if l.Problem != "" {
		c.print("    %s\n", s.paint(ansiRed, "✗ "+l.Problem))
	}
	for _, missing := range l.Missing {
		c.print("    %s\n", s.paint(ansiYellow, "without "+missing.Name+": "+missing.Reason))
	}
}
