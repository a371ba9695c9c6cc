package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/account"
	"licensewatch/cmd/licensewatch/internal/mask"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/internal/smallfile"
	"licensewatch/license"
)

// captureTime bounds the reading of an account.
const captureTime = time.Minute

// capture is what the command line says about a capture.
type capture struct {
	mask    bool
	force   bool
	fleet   string // the folder for many accounts; empty: one account
	account accountFlag
}

func newCapture(c console) *cobra.Command {
	p := &capture{}
	command := &cobra.Command{
		Use:   "capture [FILE]",
		Short: "Save what the APIs answer as a snapshot file",
		Long: `capture reads the account with the settings and the keys of the environment, as a
run does, and writes what the APIs answered as a snapshot file: for preview,
simulate, explain and test, and for bug reports. Without a FILE it goes to
standard output. Nothing is posted and no export is started.

The file holds no key, no signature and no address. With --mask, ids, aliases and
tags are replaced by stand-ins, the same for the same value, and so is any text where
a date, a state or an error code should be.

With --fleet DIR it reads all accounts of the accounts file (LICENSEWATCH_ACCOUNTS_FILE),
or those of --account, and writes a snapshot for each into the folder, <uin>.json, with an
index. The stand-ins of --mask are the same in all of them, for names, uins and labels too.

What could not be read is in the file as a failure; then it exits with 1.`,
		Example: `  set -a; . ./licensewatch.env; set +a; licensewatch capture account.json
  licensewatch capture --mask account.json
  licensewatch capture | licensewatch preview -
  licensewatch capture --fleet snapshots && licensewatch preview snapshots`,
		Args: atMostOne("one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case p.fleet != "" && len(args) > 0:
				return fmt.Errorf("--fleet %s takes all accounts: leave %q out", p.fleet, args[0])
			case p.fleet != "":
				return p.runFleet(cmd.Context(), c)
			case len(p.account.patterns) > 0:
				return errors.New("--account goes with --fleet DIR: one account more or less is a file of the folder")
			}
			return p.run(cmd.Context(), c, strings.Join(args, ""))
		},
	}
	command.Flags().BoolVar(&p.mask, "mask", false, "replace ids, aliases and tags by stand-ins")
	command.Flags().BoolVar(&p.force, "force", false,
		"replace the FILE when there is one of that name; with --fleet, snapshots in the folder")
	command.Flags().StringVar(&p.fleet, "fleet", "", "all accounts of the accounts file, into this `DIR`")
	_ = command.MarkFlagDirname("fleet") // fails only for a flag that is not there
	p.account.addTo(command)
	return command
}

// run captures into the named file; the empty name and - are standard output.
func (p capture) run(ctx context.Context, c console, name string) error {
	if name == "-" {
		name = ""
	}
	if _, err := os.Lstat(name); err == nil && !p.force {
		return fmt.Errorf("%s exists; --force replaces it", name)
	}
	s, err := readAccount(ctx, c)
	if err != nil {
		return err
	}
	if p.mask {
		var counts []mask.Count
		s, counts = mask.Snapshot(s)
		writeStyled(c.err, "%s\n", terminal.Lines(maskedWords(counts)))
	}
	if err := p.writeFile(c, name, s); err != nil {
		return err
	}
	warnIncomplete(c.err, s)
	warnRefused(c.err, s)
	if n := printUnread(c.err, s); n > 0 {
		return &exitError{text: countOf(n, "source") + " could not be read"}
	}
	return nil
}

// readAccount reads the account of the environment's settings and keys.
func readAccount(ctx context.Context, c console) (license.Snapshot, error) {
	settings, err := loadSettings()
	if err != nil {
		return license.Snapshot{}, err
	}
	if _, err := settings.Credentials(); err != nil {
		return license.Snapshot{}, &exitError{text: err.Error()}
	}
	working := c.startProgress("reading the account")
	defer working.done()
	bounded, cancel := context.WithTimeout(ctx, captureTime)
	defer cancel()
	s := account.Read(bounded, account.Options{Settings: settings, Now: c.now, Sleep: c.sleep})
	if ctx.Err() != nil {
		return license.Snapshot{}, &exitError{text: "interrupted; nothing is written"}
	}
	return s, nil
}

// writeFile writes the file, which only its owner may read.
func (p capture) writeFile(c console, name string, s license.Snapshot) error {
	var text bytes.Buffer
	if err := license.WriteSnapshot(&text, s); err != nil {
		return err
	}
	if name == "" {
		return c.printJSONText(text.Bytes())
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_EXCL
	if p.force {
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	}
	if err := writePrivate(name, flags, terminal.Escaped(text.Bytes())); err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, smallfile.Reason(err))
	}
	writeStyled(c.err, "%s holds %s.\n", name, describeSnapshot(s))
	return nil
}

func writePrivate(name string, flags int, data []byte) error {
	file, err := os.OpenFile(name, flags, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	err = errors.Join(file.Chmod(0o600), writeAll(file, data))
	return errors.Join(err, file.Close())
}

func writeAll(w io.Writer, data []byte) error {
	_, err := w.Write(data)
	return err
}

// describeSnapshot says what was read.
func describeSnapshot(s license.Snapshot) string {
	var parts []string
	for _, source := range license.Sources() {
		switch {
		case s.Answer(source) == nil:
		case source == license.SourceOrders:
			parts = append(parts, countOf(len(s.Orders.List), "order"))
		default:
			parts = append(parts, source.Info().Content)
		}
	}
	if len(parts) == 0 {
		return "no answer"
	}
	return strings.Join(parts, ", ")
}

// maskedWords says what was replaced and what was not.
func maskedWords(counts []mask.Count) []string {
	var replaced, none []string
	for _, c := range counts {
		if c.N > 0 {
			replaced = append(replaced, fmt.Sprintf("%s (%d)", c.What, c.N))
		} else {
			none = append(none, c.What)
		}
	}
	var lines []string
	if len(replaced) > 0 {
		lines = append(lines, "Masked: "+strings.Join(replaced, ", ")+".")
	}
	if len(none) > 0 {
		lines = append(lines, "Not there to mask: "+strings.Join(none, ", ")+".")
	}
	return append(lines, "Left as they are: dates, counts, states, editions, the site, error codes.")
}
