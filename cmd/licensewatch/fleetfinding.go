package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/fleet"
	"licensewatch/internal/suggest"
	"licensewatch/ledgers"
	"licensewatch/rules"
	"licensewatch/setup"
)

// fleetFinding is what ACCOUNT/RULE/SUBJECT names, or less of it.
type fleetFinding struct {
	accounts []fleet.Account // at least one
	isOne    bool            // the account is named by its name or uin, and not by a pattern
	rest     string          // what stands behind the account
	rule     rules.Description
	hasRule  bool
	subject  string
}

// findFinding finds what a word names: ACCOUNT, ACCOUNT/RULE or ACCOUNT/RULE/SUBJECT, where
// --account may stand for the first part. An account's name may hold a slash.
func (f *watchedFleet) findFinding(word string, only accountFlag, known []rules.Description) (fleetFinding, error) {
	if len(only.patterns) > 0 {
		accounts, err := only.choose(append(f.all(), f.wholes()...), f.name)
		if err != nil {
			return fleetFinding{}, err
		}
		found := fleetFinding{accounts: accounts, isOne: len(only.patterns) == 1 && f.named(only.patterns[0]) != nil}
		if word == "" {
			return found, nil
		}
		found.rule, found.subject, err = findRule(known, word)
		found.rest, found.hasRule = word, true
		return found, err
	}
	if found := f.matchAccounts(word); len(found.accounts) > 0 {
		return found, nil
	}
	if rule, _, err := findRule(known, word); err == nil && rule.Fleet { // it is of no account
		return f.findFinding(ledgers.FleetAccount+"/"+word, only, known)
	}
	for i, r := range word {
		if r != '/' {
			continue
		}
		found := f.matchAccounts(word[:i])
		if len(found.accounts) == 0 {
			continue
		}
		var err error
		found.rule, found.subject, err = findRule(known, word[i+1:])
		found.rest, found.hasRule = word[i+1:], true
		return found, err
	}
	return fleetFinding{}, f.noSuchAccount(word, known)
}

// named is the account of a name or a uin; nil: there is none.
func (f *watchedFleet) named(word string) *fleet.Account {
	all := append(f.all(), f.wholes()...) // and what is said of all together
	i := slices.IndexFunc(all, func(a fleet.Account) bool { return a.Name == word || a.Uin == word })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// matchAccounts are the accounts that a name, a uin or a pattern stands for.
func (f *watchedFleet) matchAccounts(word string) fleetFinding {
	if a := f.named(word); a != nil {
		return fleetFinding{accounts: []fleet.Account{*a}, isOne: true}
	}
	if word == "" {
		return fleetFinding{}
	}
	if word == ledgers.FleetAccount { // of each slice
		return fleetFinding{accounts: f.wholes()}
	}
	return fleetFinding{accounts: fleet.Matching(f.all(), []string{word})}
}

// noSuchAccount says what was probably meant.
func (f *watchedFleet) noSuchAccount(word string, known []rules.Description) error {
	first, _, _ := strings.Cut(word, "/")
	isRule := func(d rules.Description) bool { return d.ID == first }
	if slices.ContainsFunc(known, isRule) {
		return errors.New("of which account? " + f.whereFires(first, word) +
			"; * stands for any account, 'licensewatch accounts' lists them")
	}
	return fmt.Errorf("%q is none of the accounts of %s%s", first, setup.AccountsName(f.name),
		accountHint(f.all(), first))
}

// whereFires says how the finding is written with an account: of those where the rule fires.
func (f *watchedFleet) whereFires(rule, word string) string {
	const most = 3
	var keys []string
	for i := range f.accounts {
		ledger, err := f.open(f.accounts[i].Uin)
		if err != nil {
			continue
		}
		for _, k := range ledger.Known() {
			if k.Rule == rule && (word == rule || word == rule+"/"+k.Subject) {
				keys = append(keys, f.accounts[i].Name+"/"+word)
				break
			}
		}
	}
	if len(keys) == 0 {
		return "Write ACCOUNT/" + word
	}
	return "Write " + suggest.List(keys[:min(most, len(keys))], "or")
}

// key names a finding of the account.
func (f fleetFinding) key(a *fleet.Account) string {
	key := a.Name
	if f.hasRule {
		key += "/" + f.rule.ID
	}
	if f.subject != "" {
		key += "/" + f.subject
	}
	return key
}

// completeFindings completes rules, or with an accounts file the accounts and their rules.
func completeFindings(command *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if !usesAccounts() || command.Flags().Changed("account") {
		return completeRules(command, args, begun)
	}
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	at := strings.LastIndex(begun, "/")
	if at < 0 {
		names, _ := completeAccounts(command, nil, begun)
		return names, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	ids, directive := completeRules(command, nil, begun[at+1:])
	for i := range ids {
		ids[i] = begun[:at+1] + ids[i]
	}
	return ids, directive
}
