package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"licensewatch/cmd/licensewatch/internal/scaffold"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/setup"
	"licensewatch/state"
)

// accountsFile is an accounts file, and where its name comes from.
type accountsFile struct {
	name  string
	fleet *fleet.Fleet
}

// accountsFlag is the flag that names an accounts file in the place of the setting.
const accountsFlag = "--accounts"

// loadAccounts loads the accounts file that the flag names, or else the setting does.
// Without an environment no variable of it is looked up, and none need be set. The error
// lists the mistakes of the file as a whole.
func loadAccounts(ctx context.Context, settings config.Config, flag string,
	environment map[string]string) (accountsFile, error) {
	file := accountsFile{name: cmp.Or(flag, config.ProcessEnvironment()[setup.AccountsSetting])}
	if file.name == "" {
		return file, &exitError{text: noAccountsText()}
	}
	err := accountsFileExists(flag)
	if err != nil {
		return file, err
	}
	file.fleet, err = setup.LoadAccounts(ctx, file.name, fleet.OptionsOf(settings, environment),
		state.Options{Credentials: settings.Keys})
	if err != nil {
		return file, mistakesError(err)
	}
	return file, nil
}

// noAccountsText says that no accounts file is named, and which one may be meant.
func noAccountsText() string {
	text := "no accounts file: name one with " + accountsFlag + " FILE or in " + setup.AccountsSetting
	if isUnloaded() {
		text += "; there is one here: " + howToLoad + ", or write " + accountsFlag + " " + scaffold.AccountsFile
	}
	return text
}

// howToLoad says how the settings of init get into the shell.
const howToLoad = "load the settings (set -a; . ./" + scaffold.EnvFile + "; set +a)"

// isUnloaded says whether the files of init --fleet are here, and the settings are not loaded.
func isUnloaded() bool {
	return !usesAccounts() && fileExists(scaffold.AccountsFile) && fileExists(scaffold.EnvFile)
}

// noteUnloaded says that one account is looked at, where many may be meant.
func noteUnloaded(c console) {
	if isUnloaded() {
		writeStyled(c.err, "licensewatch: note: this is about one account, because %s is not set: to use %s, %s\n",
			setup.AccountsSetting, scaffold.AccountsFile, howToLoad)
	}
}

// accountsFileExists says what is wrong when the flag names a file that is not there.
func accountsFileExists(flag string) error {
	if flag == "" || strings.HasPrefix(flag, "cos://") {
		return nil
	}
	if _, err := os.Stat(flag); err != nil {
		return fmt.Errorf("%s: %w", accountsFlag, unreadableFile(flag, err))
	}
	return nil
}

// leftOutLines are the mistakes of single accounts, a line each.
func leftOutLines(f *fleet.Fleet) []string {
	var lines []string
	for _, a := range f.LeftOut {
		for _, p := range a.Problems {
			lines = append(lines, p.String())
		}
	}
	return lines
}

// leftOutError is about the accounts that are not watched; nil when there are none.
func leftOutError(f *fleet.Fleet) error {
	n := len(f.LeftOut)
	if n == 0 {
		return nil
	}
	lines := leftOutLines(f)
	return &exitError{several: append(lines, fmt.Sprintf("%d of %s would not be watched", n,
		countOf(n+len(f.Accounts), "account")))}
}

// namesOf lists names, the first few.
func namesOf(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
