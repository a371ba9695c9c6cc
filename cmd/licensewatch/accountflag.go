package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/internal/suggest"
	"licensewatch/setup"
)

// accountFlag is --account: which of the accounts of the accounts file a command is about.
type accountFlag struct{ patterns []string }

// addTo gives a command the flag.
func (a *accountFlag) addTo(command *cobra.Command) {
	command.Flags().StringArrayVar(&a.patterns, "account", nil,
		"only accounts whose name or uin is `NAME`, or fits it as a pattern; may be repeated")
	// fails only for a flag that is not there
	_ = command.RegisterFlagCompletionFunc("account", completeAccounts)
	before := command.PreRunE
	command.PreRunE = func(cmd *cobra.Command, args []string) error {
		if len(a.patterns) > 0 && !usesAccounts() && cmd.Flags().Lookup("accounts") == nil {
			return errors.New("--account names one of many accounts: set " + setup.AccountsSetting +
				" as the function has it")
		}
		if before != nil {
			return before(cmd, args)
		}
		return nil
	}
}

// choose gives the accounts that the flag names; all where it is not given.
func (a *accountFlag) choose(accounts []fleet.Account, file string) ([]fleet.Account, error) {
	for _, pattern := range a.patterns {
		if len(fleet.Matching(accounts, []string{pattern})) == 0 {
			return nil, fmt.Errorf("--account %q is none of the accounts of %s%s", pattern, setup.AccountsName(file),
				accountHint(accounts, pattern))
		}
	}
	return fleet.Matching(accounts, a.patterns), nil
}

// accountHint says which account was meant, or where they are listed.
func accountHint(accounts []fleet.Account, word string) string {
	var names []string
	for _, account := range accounts {
		names = append(names, account.Name, account.Uin)
	}
	return cmp.Or(suggest.DidYouMean(word, names), "; 'licensewatch accounts' lists them")
}

// usesAccounts says whether the settings name an accounts file.
func usesAccounts() bool { return strings.TrimSpace(os.Getenv(setup.AccountsSetting)) != "" }

// completionTime bounds what the shell waits for.
const completionTime = 2 * time.Second

// completeAccounts completes the names of the accounts of the accounts file.
func completeAccounts(command *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	const none = cobra.ShellCompDirectiveNoFileComp
	ctx, cancel := context.WithTimeout(command.Context(), completionTime)
	defer cancel()
	settings, err := config.LoadWithoutChannels(config.ProcessEnvironment)
	flag := command.Flags().Lookup("accounts")
	if err != nil || !usesAccounts() && (flag == nil || flag.Value.String() == "") {
		return nil, none
	}
	name := ""
	if flag != nil {
		name = flag.Value.String()
	}
	file, err := loadAccounts(ctx, settings, name, nil)
	if err != nil {
		return nil, none
	}
	var names []string
	for _, account := range file.fleet.Accounts {
		if strings.HasPrefix(account.Name, begun) {
			names = append(names, account.Name)
		} else if strings.HasPrefix(account.Uin, begun) {
			names = append(names, account.Uin)
		}
	}
	slices.Sort(names)
	return names, none
}
