package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"licensewatch/account"
	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/tencent"
)

// runFleet is run with an accounts file: one of its accounts is explained, by its own reading
// and memory. A rule about all of them would be explained here, by the readings that the memory
// has.
func (e *explain) runFleet(ctx context.Context, c console, stdin io.Reader, args []string) error {
	p := c.startProgress("reading the memory of the accounts")
	defer p.done()
	f, err := openFleet(ctx, config.ProcessEnvironment())
	if err != nil {
		return err
	}
	set, known, err := f.loadRules()
	if err != nil {
		return err
	}
	memory, err := e.readFleetMemory(ctx, f)
	if err != nil {
		return err
	}
	word := strings.Join(args, " ") // at most one
	if word == "" && len(e.only.patterns) == 0 {
		return errors.New("of which account? Write ACCOUNT, ACCOUNT/RULE or ACCOUNT/RULE/SUBJECT; 'licensewatch accounts' lists them, where most fires first")
	}
	found, err := f.findFinding(word, e.only, known)
	switch {
	case err != nil:
		return err
	case len(found.accounts) > 1:
		return fmt.Errorf("explain takes one account at a time: write one of %s",
			namesOf(namesOfAccounts(found.accounts), causeNames))
	}
	about := &found.accounts[0]
	if slices.ContainsFunc(f.gone, func(a fleet.Account) bool { return a.Uin == about.Uin }) {
		return &exitError{text: about.Uin + " is not watched any more: 'licensewatch status --account " + about.Uin +
			"' shows what the memory still has"}
	}
	if e.language != "" {
		f.settings.Language = license.Language(e.language)
	}
	hearing := handler.HearingOf(f.fleet, about)
	in := explanation.Input{Set: set, Rules: known, Hours: f.settings.Hours, Language: f.settings.Language,
		Name: about.Name, Now: c.now().In(f.settings.Zone), Rule: found.rule.ID, Subject: found.subject,
		Memory: memory, Doubt: f.otherOwner(), Hearing: &hearing,
		Fix: func(failure *license.Failure) string { return accountFixOf(about, failure) }}
	if in.Memory == explanation.MemoryStore {
		if in.Ledger, err = f.open(about.Uin); err != nil {
			in.Ledger, in.Memory, in.Doubt = nil, explanation.MemoryOthers,
				"The memory of this account cannot be read, and the next run begins it anew"
		} else {
			hearing.Bind(in.Ledger, f.memoryOf(about.Uin).Ledgers.Fleet.Key(""), f.settings, in.Now)
		}
	}
	in.Channels = hearing.Channels()
	p.step("reading %s", about.Name)
	if e.snapshot != "" {
		err = e.readFile(stdin, f.settings, &in)
	} else {
		in.Snapshot = readWatched(ctx, c, f, about)
	}
	if err != nil {
		return err
	}
	return e.answer(ctx, c, p, f.settings, in)
}

// readFleetMemory reads the memory, where it is looked at.
func (e *explain) readFleetMemory(ctx context.Context, f *watchedFleet) (explanation.Memory, error) {
	if e.noMemory {
		return explanation.MemoryIgnored, nil
	}
	if f.settings.StateURL == "" {
		return explanation.MemoryNone, nil
	}
	if err := f.readMemory(ctx); err != nil {
		return "", &exitError{several: severalLines{err.Error(), "--no-memory explains the rules without it"}}
	}
	if f.otherOwner() != "" {
		return explanation.MemoryOthers, nil
	}
	return explanation.MemoryStore, nil
}

// readWatched reads one of the accounts as a run does.
func readWatched(ctx context.Context, c console, f *watchedFleet, a *fleet.Account) license.Snapshot {
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	access := accessOfAll(f, account.Options{Settings: f.settings, Now: c.now, Sleep: c.sleep, Transport: transport})
	return account.Read(ctx, access.OptionsFor(a))
}

// operatorSession is what the accounts' audits show of a command.
const operatorSession = "licensewatch-operator"

// accessOfAll is by which keys the accounts are read.
func accessOfAll(f *watchedFleet, base account.Options) *handler.FleetAccess {
	return handler.NewFleetAccess(base, operatorSession, f.accounts)
}

func namesOfAccounts(accounts []fleet.Account) []string {
	names := make([]string, len(accounts))
	for i := range accounts {
		names[i] = accounts[i].Name
	}
	return names
}
