package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/archive"
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
reads the manifests only; whether the files are what was sealed, verify tells.`,
		Example: `  licensewatch archive list
  licensewatch archive list --from 2026-11-01 --to 2026-11-30 --archive ./copy`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd.Context(), c) },
	}
	l.place.addTo(command)
	addDayFlags(command, &l.from, &l.to)
	l.output.addTo(command)
	return command
}

// addDayFlags gives a command the flags --from and --to.
func addDayFlags(command *cobra.Command, from, to *string) {
	command.Flags().StringVar(from, "from", "", "only records from this `DAY` on, in UTC")
	command.Flags().StringVar(to, "to", "", "only records up to this `DAY`, in UTC")
}

// listedRecordJSON is a record, for programs.
type listedRecordJSON struct {
	Record  string            `json:"record"`
	Sealed  bool              `json:"sealed"`
	Problem string            `json:"problem,omitempty"` // why its manifest says nothing
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
	names, err := recordsWithin(ctx, opened.store, account, from, to)
	if err != nil {
		return err
	}
	all, broken, s := []listedRecordJSON{}, 0, styleFor(c.out)
	for _, name := range names {
		listed := listRecord(ctx, opened.store, account, name)
		if err := interruptedError(ctx); err != nil {
			return err
		}
		if listed.Problem != "" {
			broken++
		}
		if l.output.isJSON() {
			all = append(all, listed)
		} else {
			listed.print(c, s)
		}
	}
	if l.output.isJSON() {
		if err := c.printJSON(map[string]any{"account": account, "records": all}); err != nil {
			return err
		}
	} else {
		c.print("%s\n", s.paint(ansiDim, countOf(len(names), "record")+" of "+account))
	}
	if broken > 0 {
		return &exitError{text: "of " + countOf(broken, "record") + " the manifest cannot be read: licensewatch archive verify says more"}
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
		day := archive.Link{Record: name}.At().Truncate(24 * time.Hour)
		if (from.IsZero() || !day.Before(from)) && (to.IsZero() || !day.After(to)) {
			within = append(within, name)
		}
	}
	return within, nil
}

func listRecord(ctx context.Context, store archive.Store, account, name string) listedRecordJSON {
	listed := listedRecordJSON{Record: name, Missing: []archive.Missing{}}
	m, hash, err := archive.ReadManifest(ctx, store, account, name)
	if err != nil {
		listed.Problem = err.Error()
		return listed
	}
	listed.Sealed, listed.Mode, listed.Files, listed.SHA256, listed.Missing = true, m.Mode, len(m.Files), hash, m.Missing
	for _, f := range m.Files {
		listed.Bytes += f.Size
	}
	return listed
}

func (l listedRecordJSON) print(c console, s style) {
	if l.Problem != "" {
		c.print("%s  %s\n", l.Record, s.paint(ansiRed, "✗ "+l.Problem))
		return
	}
	c.print("%s  %-6s  %s  %8s  %s\n", l.Record, l.Mode, archive.Link{SHA256: l.SHA256}.Short(), countOf(l.Files, "file"), sizeText(l.Bytes))
	for _, missing := range l.Missing {
		c.print("    %s\n", s.paint(ansiYellow, "without "+missing.Name+": "+missing.Reason))
	}
}
