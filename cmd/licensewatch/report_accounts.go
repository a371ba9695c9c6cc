package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
)

// isFleetChain says whether an archive's folder has what runs of many accounts seal besides the
// accounts' own records.
func isFleetChain(folder string) bool { return strings.HasPrefix(folder, "fleet") }

// reportAccounts are the accounts that a report is about.
type reportAccounts struct {
	folders []string                 // of the archive; those of fleets come first
	names   map[string]string        // as people call them, by number
	acks    map[string][]license.Ack // that hold; nil: not known
}

// findAccounts finds the accounts: those of the archive, those that its fleets name, and those
// of the accounts file. One without a record is one that was not read.
func (r *reportCommand) findAccounts(ctx context.Context, c console, opened openedArchive) (*reportAccounts, error) {
	a := &reportAccounts{names: map[string]string{}}
	var err error
	if a.folders, err = archive.Accounts(ctx, opened.store); err != nil {
		return nil, archiveError(err)
	}
	for _, folder := range a.folders {
		if isFleetChain(folder) {
			if err := a.addFleetNames(ctx, opened.store, folder); err != nil {
				return nil, err
			}
		}
	}
	if opened.isSetting {
		if err := a.addSettings(ctx, c, opened); err != nil {
			return nil, err
		}
	}
	if len(a.folders) == 0 && len(a.names) == 0 {
		return nil, r.place.emptyError("")
	}
	for uin := range a.names {
		if !slices.Contains(a.folders, uin) {
			a.folders = append(a.folders, uin)
		}
	}
	slices.SortFunc(a.folders, func(x, y string) int {
		return cmp.Or(-strings.Count(x, "fleet")+strings.Count(y, "fleet"), strings.Compare(x, y))
	})
	err = a.choose(r.accounts)
	return a, err
}

// sealedAccounts is accounts.json of a fleet's record.
type sealedAccounts struct {
	Accounts []struct {
		Account string `json:"account"`
		Name    string `json:"name"`
	} `json:"accounts"`
}

// addFleetNames takes the names from the last records of a fleet. Those of alerts have only
// the accounts that they speak of.
func (a *reportAccounts) addFleetNames(ctx context.Context, store archive.Store, folder string) error {
	records, err := archive.Records(ctx, store, folder)
	if err != nil {
		return archiveError(err)
	}
	const last = 30
	for _, name := range records[max(0, len(records)-last):] {
		record, err := openRecord(ctx, store, folder, name)
		if err != nil {
			continue // that it cannot be read, the report says
		}
		var file sealedAccounts
		data, err := readChecked(ctx, record, archive.AccountsName)
		if err != nil || data == nil {
			continue
		}
		decodeSealed(data, &file)
		for _, account := range file.Accounts {
			if archive.AccountFolder(account.Account) == account.Account {
				a.names[account.Account] = account.Name
			}
		}
	}
	return interruptedError(ctx)
}

// addSettings takes what the accounts file and the memory of the settings know.
func (a *reportAccounts) addSettings(ctx context.Context, c console, opened openedArchive) error {
	if !usesAccounts() {
		var err error
		a.acks, err = acknowledged(ctx, c, opened.settings)
		return err
	}
	f, err := openFleet(ctx, nil)
	if err != nil {
		return err
	}
	if f.settings.StateURL != "" {
		if err := f.readMemory(ctx); err != nil {
			return err
		}
	}
	a.addFleet(f, c.now())
	return nil
}

// addFleet takes the names and the acknowledgements of the accounts that are watched.
func (a *reportAccounts) addFleet(f *watchedFleet, now time.Time) {
	a.acks = map[string][]license.Ack{}
	for _, account := range f.accounts {
		a.names[account.Uin] = account.Name
		if ledger, err := f.open(account.Uin); err == nil { // else status says so
			a.acks[account.Uin] = ledger.Acks(now)
		}
	}
}

// choose leaves the accounts that are asked for, by number, name or pattern.
func (a *reportAccounts) choose(patterns []string) error {
	if len(patterns) == 0 {
		return nil
	}
	var all []fleet.Account
	var names, fleets []string // what was said of all was said of each
	for _, folder := range a.folders {
		if isFleetChain(folder) {
			fleets = append(fleets, folder)
			continue
		}
		name := cmp.Or(a.names[folder], folder)
		names, all = append(names, name), append(all, fleet.Account{Uin: folder, Name: name})
	}
	for _, pattern := range patterns {
		if len(fleet.Matching(all, []string{pattern})) == 0 {
			return &exitError{text: fmt.Sprintf("--account %s: there are %s", cmp.Or(pattern, `""`),
				listSome(names, "and"))}
		}
	}
	a.folders = fleets
	for _, account := range fleet.Matching(all, patterns) {
		a.folders = append(a.folders, account.Uin)
	}
	return nil
}

// acknowledged are the acknowledgements that the memory of one account has.
func acknowledged(ctx context.Context, c console, settings config.Config) (map[string][]license.Ack, error) {
	if settings.StateURL == "" {
		return nil, nil
	}
	ledger, err := readLedger(ctx, c, settings)
	if err != nil {
		return nil, err
	}
	return map[string][]license.Ack{archive.AccountFolder(ledger.Owner().Account): ledger.Acks(c.now())}, nil
}
