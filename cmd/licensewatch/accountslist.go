package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/fleet"
	"licensewatch/setup"
)

// listAccounts is what the command line asks about accounts.
type listAccounts struct {
	only   accountFlag
	labels []string
	state  string
	all    bool
	output output
}

func newAccounts(c console) *cobra.Command {
	l := &listAccounts{}
	command := &cobra.Command{
		Use:   "accounts",
		Short: "List the accounts, how each is, and who hears of it",
		Long: `accounts lists each account of ` + setup.AccountsSetting + `, and the members of the
organization: how it is read, its state by the last run, when it was read last, what
fires there, and who hears of it. The worst comes first. Then it says why accounts
could not be read, and what is wrong in the file.

It reads the file and the memory of LICENSEWATCH_STATE_URL, and asks no account: how
things stand by now, explain ACCOUNT tells. The exit code is 1 when entries of the file
are wrong, as those accounts are not watched.`,
		Example: `  licensewatch accounts
  licensewatch accounts --state failed --label team=pay
  licensewatch accounts --account 'pay-*' --output json | jq '.accounts[].firing'`,
		Args: noArgsBut("account"),
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd.Context(), c) },
	}
	flags := command.Flags()
	l.only.addTo(command)
	flags.StringArrayVar(&l.labels, "label", nil,
		"only accounts with this label, as `NAME=VALUE`, which may be a pattern; may be repeated")
	var states []string
	for _, s := range accountStates {
		states = append(states, string(s))
	}
	flags.StringVar(&l.state, "state", "", "only accounts in this state: "+strings.Join(states, ", "))
	flags.BoolVar(&l.all, "all", false, "all of them in the table, however many there are")
	completeFlag(command, "state", states...)
	l.output.addTo(command)
	return command
}

func (l *listAccounts) run(ctx context.Context, c console) error {
	if l.state != "" {
		if err := oneOf("--state", l.state, wordsOf(accountStates)...); err != nil {
			return err
		}
	}
	labels, err := l.wantedLabels()
	if err != nil {
		return err
	}
	f, err := openFleetMemory(ctx, c)
	isAlone := f != nil && f.settings.StateURL == "" // the file is worth a look by itself
	if err != nil && !isAlone {
		return err
	}
	if _, err := l.only.choose(f.all(), f.name); err != nil {
		return err
	}
	list := (&accountsReview{f}).describeAll(c.now().In(f.settings.Zone))
	list.Accounts = slices.DeleteFunc(list.Accounts, func(a accountJSON) bool { return !l.isWanted(&a, labels) })
	list.Causes = causesOf(list.Accounts)
	if l.output.isJSON() {
		if err := c.printJSON(list); err != nil {
			return err
		}
	} else {
		list.print(c, l.all, len(l.only.patterns) > 0 || len(labels) > 0 || l.state != "")
	}
	if n := len(f.fleet.LeftOut); n > 0 {
		return &exitError{text: fmt.Sprintf("%d of %s would not be watched", n,
			countOf(n+len(f.fleet.Accounts), "account"))}
	}
	return nil
}

// isWanted says whether an account is one that is asked for.
func (l *listAccounts) isWanted(a *accountJSON, labels map[string][]string) bool {
	account := []fleet.Account{{Uin: a.Uin, Name: a.Name, Labels: a.Labels}}
	return len(fleet.Matching(account, l.only.patterns)) > 0 && account[0].HasLabels(labels) &&
		(l.state == "" || a.State == accountState(l.state))
}

func wordsOf[T ~string](words []T) []string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return texts
}

// wantedLabels reads --label.
func (l *listAccounts) wantedLabels() (map[string][]string, error) {
	labels := map[string][]string{}
	for _, label := range l.labels {
		name, value, ok := strings.Cut(label, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--label %q is no label: write it like team=pay, or 'team=*'", label)
		}
		labels[name] = append(labels[name], value)
	}
	return labels, nil
}
