package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/state"
)

const archiveSetting = "LICENSEWATCH_ARCHIVE_URL"

// archivePlace is which archive is meant, and which account's records.
type archivePlace struct {
	url     string
	account string

	missing string // the directory, once opened, that is not there
}

func newArchive(c console) *cobra.Command {
	command := &cobra.Command{
		Use:   "archive",
		Short: "Verify and read the evidence that runs have sealed",
		Long: `archive reads the records that the function has sealed in LICENSEWATCH_ARCHIVE_URL, or
in another archive: --archive takes a URL, or the directory of a copy. It writes
nothing there. A record is named 2026/11/28/010700Z-4f13b5, by its time in UTC and the
run's id; the end of the name, 4f13b5, is enough where only one has it.

What a record proves, and how to check it without this program: docs/evidence.md.`,
		Example: `  licensewatch archive verify
  licensewatch archive verify ./copy --anchor 3f9a1c0b77e2
  licensewatch archive list
  licensewatch archive show 2026/11/28/010700Z-4f13b5
  licensewatch archive history cwp.UsedLicenseCnt`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	command.AddCommand(newArchiveVerify(c), newArchiveList(c), newArchiveShow(c), newArchiveGet(c),
		newArchiveHistory(c), newArchiveCompare(c))
	for _, part := range command.Commands() {
		run := part.RunE
		part.RunE = func(cmd *cobra.Command, args []string) error {
			defer boundMemory()()
			return run(cmd, args)
		}
	}
	return command
}

// boundMemory has the collector keep the memory small, until what it gives is called: an
// archive may be anybody's, and must not take more than 64 MB.
func boundMemory() (restore func()) {
	const bound = 40 << 20 // the program itself is not counted
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, bound))
	return func() { debug.SetMemoryLimit(before) }
}

// addTo gives a command the flags.
func (a *archivePlace) addTo(command *cobra.Command) {
	command.Flags().StringVar(&a.url, "archive", "",
		"the archive's `URL`, or the directory of a copy (default: that of "+archiveSetting+")")
	command.Flags().StringVar(&a.account, "account", "",
		"the `ACCOUNT`: its number or name, self, or fleet for what many accounts have in common (needed where there are several)")
}

// openedArchive is an archive that can be read.
type openedArchive struct {
	store    archive.Store
	settings config.Config // empty where they are not needed
	// isSetting: it is the one of LICENSEWATCH_ARCHIVE_URL.
	isSetting bool
}

// open opens the archive. Settings are needed only for one that they name, and for keys.
// Another place than an archive is no finding about the evidence: the command was used wrongly.
func (a *archivePlace) open(ctx context.Context, c console) (openedArchive, error) {
	opened, rawURL, what := openedArchive{}, a.url, "--archive"
	if rawURL != "" && !strings.Contains(rawURL, "://") {
		if !isDirectory(rawURL) {
			return opened, fmt.Errorf("%s is no directory: an archive is a URL, or the directory of a copy", rawURL)
		}
		absolute, err := filepath.Abs(rawURL)
		if err != nil {
			return opened, unreadableFile(rawURL, err)
		}
		rawURL = (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
	}
	isDir := strings.HasPrefix(rawURL, "file:") && rawURL != os.Getenv(archiveSetting)
	if !isDir {
		var err error
		if opened.settings, err = loadSettings(); err != nil {
			return opened, err
		}
		if rawURL == "" {
			rawURL, what = opened.settings.ArchiveURL, archiveSetting
		}
		opened.isSetting = rawURL == opened.settings.ArchiveURL
	}
	if rawURL == "" {
		return opened, errors.New("which archive? " + archiveSetting +
			" is not set: set it, or write --archive and a URL or a directory")
	}
	store, err := state.OpenArchive(rawURL, what, c.now(),
		state.Options{Credentials: opened.settings.Keys, Sleep: c.sleep, ReadsOnly: true})
	if err != nil {
		return opened, fmt.Errorf("%s %w", what, err)
	}
	if a.missing = state.MissingDirectory(rawURL); a.missing != "" && !opened.isSetting { // which a run may make yet
		return opened, fmt.Errorf("%s: %s is no directory", what, a.missing)
	}
	// else what follows fails as well
	if misplaced, err := archive.Misplaced(ctx, store); err == nil && misplaced != "" {
		return opened, fmt.Errorf("%s %s", cmp.Or(a.url, what), misplaced)
	}
	opened.store = store
	return opened, nil
}

// chooseAccount is the folder of the account that is meant.
func (a *archivePlace) chooseAccount(ctx context.Context, store archive.Store) (string, error) {
	accounts, err := archive.Accounts(ctx, store)
	switch {
	case err != nil:
		return "", archiveError(err)
	case len(accounts) == 0:
		return "", a.emptyError("")
	case a.account != "" && slices.Contains(accounts, a.account):
		return a.account, nil
	case a.account != "":
		uin, err := archive.AccountNamed(ctx, store, a.account)
		switch {
		case err != nil:
			return "", archiveError(err)
		case !slices.Contains(accounts, uin):
			return "", &exitError{text: fmt.Sprintf("--account %s: the archive has %s", a.account,
				listSome(fleetFirst(accounts), "and"))}
		}
		return uin, nil
	case len(accounts) > 1:
		return "", &exitError{text: "whose records? Write --account and " + listSome(fleetFirst(accounts), "or")}
	default:
		return accounts[0], nil
	}
}

// fleetFirst has the folder of many accounts come before theirs.
func fleetFirst(accounts []string) []string {
	isFleet := func(folder string) int { return -strings.Count(folder, archive.FleetFolder) }
	return slices.SortedStableFunc(slices.Values(accounts), func(a, b string) int { return isFleet(a) - isFleet(b) })
}

// emptyError says that there is no record of the days.
func (a *archivePlace) emptyError(days string) *exitError {
	text := "the archive holds no records" + days
	if a.missing != "" {
		text += ": " + a.missing + " is not there"
	}
	return &exitError{text: text}
}

// listSome lists words, and counts those that would be too many to read.
func listSome(words []string, last string) string {
	const most = 10
	if len(words) > most {
		return strings.Join(words[:most], ", ") + fmt.Sprintf(" %s %d others", last, len(words)-most)
	}
	return suggest.List(words, last)
}

// archiveError says what became of reading an archive.
func archiveError(err error) *exitError {
	if errors.Is(err, context.Canceled) {
		return &exitError{text: "interrupted"}
	}
	return &exitError{text: "the archive: " + err.Error()}
}

// rememberedHeads are the newest records that the memory of LICENSEWATCH_STATE_URL knows of
// this archive, by account; of another archive, or without a memory, it knows none.
func (o *openedArchive) rememberedHeads(ctx context.Context, c console) (map[string]archive.Link, error) {
	if !o.isSetting || o.settings.StateURL == "" {
		return nil, nil
	}
	progress := c.startProgress("reading the ledger")
	ledger, accounts, err := readOwnLedger(ctx, o.settings)
	progress.done()
	if err != nil {
		return nil, storeError(err)
	}
	id, heads := ledger.ArchiveID(o.settings.ArchiveURL, ""), map[string]archive.Link{}
	if seen := ledger.LastEvidence(); seen.Record != "" && seen.Archive == id {
		heads[seen.Account] = archive.Link{Record: seen.Record, SHA256: seen.SHA256}
	}
	if accounts.ID == id {
		for account, head := range accounts.Heads {
			heads[account] = archive.Link{Record: head.Record, SHA256: head.SHA256}
		}
	}
	return heads, interruptedError(ctx)
}
