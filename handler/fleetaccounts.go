package handler

import (
	"slices"
	"strings"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/message"
)

// What the fleet's record says of the accounts.

// sealedAccounts is accounts.json.
type sealedAccounts struct {
	Version  int                     `json:"version"`
	Counts   AccountCounts           `json:"counts"`
	Accounts []archive.AccountRecord `json:"accounts"`
}

// accountsFile makes accounts.json: of a digest all accounts, of an alert those of which it
// said something.
func (f *fleetSealing) accountsFile() ([]byte, error) {
	file := sealedAccounts{Version: 1, Counts: f.fleet.accountCounts(), Accounts: []archive.AccountRecord{}}
	for _, a := range f.fleet.results {
		if f.isDue(a) {
			file.Accounts = append(file.Accounts, archive.AccountRecord{Account: a.account.Uin, Name: a.account.Name,
				Site: string(a.account.Site), State: a.status.String(), Record: a.sealed.Record,
				SHA256: a.sealed.SHA256, Missing: a.missing})
		}
	}
	slices.SortFunc(file.Accounts, func(a, b archive.AccountRecord) int {
		return strings.Compare(a.Account, b.Account)
	})
	return message.JSON(file)
}

// missingAccounts names the accounts that have no record, and those that could not be read.
func (f *fleetSealing) missingAccounts() (missing []archive.Missing) {
	const most = 70 // the manifest has room for 100
	more := 0
	for _, a := range f.fleet.results {
		reason := a.missing
		if reason == "" && a.status == license.AccountFailed {
			reason = "not read"
		}
		switch {
		case reason == "" || !f.isDue(a):
		case len(missing) < most:
			missing = append(missing, archive.Missing{Name: a.account.Uin, Reason: reason})
		default:
			more++
		}
	}
	if more > 0 {
		missing = append(missing, archive.Missing{Name: archive.AccountsName, Reason: "names " +
			countNoun(more, "more account", "more accounts")})
	}
	return missing
}

// countSealed counts the accounts that have a record of the run, and those that have none.
func (f *fleetSealing) countSealed() *ArchivedAccounts {
	counts := &ArchivedAccounts{}
	for _, a := range f.fleet.results {
		switch {
		case a.sealed.Record != "":
			counts.Sealed++
		case a.missing != "":
			counts.NotSealed++
		}
	}
	return counts
}
