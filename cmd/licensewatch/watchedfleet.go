package main

import (
	"context"
	"errors"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/session"
	"licensewatch/setup"
)

// watchedFleet is what a command knows of many accounts without asking the cloud: the accounts
// file of the settings, and what the memory holds.
type watchedFleet struct {
	accountsFile

	settings config.Config
	found    session.Many     // what the store holds
	memory   *ledgers.Ledgers // of that, with what channels have answered entered
	// that are watched: of the file, and the members of the organization that the memory knows
	accounts []fleet.Account
	gone     []fleet.Account // that the memory knows and nobody watches any more
}

// openFleet loads the settings and the accounts file. No variable that the file names need be
// set: environment is nil, or where they are looked up.
func openFleet(ctx context.Context, environment map[string]string) (*watchedFleet, error) {
	settings, _, err := config.LoadForAccounts(config.ProcessEnvironment)
	if err != nil {
		return nil, mistakesError(err)
	}
	file, err := loadAccounts(ctx, settings, "", environment)
	if err != nil {
		return nil, err
	}
	f := &watchedFleet{accountsFile: file, settings: settings.WithKnown(file.fleet.Variables...), memory: ledgers.New()}
	for _, c := range file.fleet.Channels {
		f.settings.Channels = append(f.settings.Channels,
			config.Channel{Name: c.Name, Kind: c.Kind, Webhook: c.Webhook, Mention: c.Mention})
	}
	f.findAccounts()
	return f, nil
}

// openFleetMemory is openFleet with what the memory holds.
func openFleetMemory(ctx context.Context, c console) (*watchedFleet, error) {
	p := c.startProgress("reading the memory of the accounts")
	defer p.done()
	f, err := openFleet(ctx, nil)
	if err != nil {
		return nil, err
	}
	err = f.readMemory(ctx)
	return f, err
}

// readMemory reads what the store of the settings holds. It waits for no run.
func (f *watchedFleet) readMemory(ctx context.Context) error {
	found, err := session.ReadMany(ctx, session.OptionsOf(f.settings))
	if err == nil {
		err = found.Ledgers.Settle(nil) // a run that was killed leaves answers behind
	}
	if err != nil {
		return storeError(err)
	}
	f.found, f.memory = found, found.Ledgers
	f.findAccounts()
	return interruptedError(ctx)
}

// editMemory changes what the store holds, which may have to wait for a run.
func (f *watchedFleet) editMemory(ctx context.Context, c console, change func(*ledgers.Ledgers) error) error {
	p := c.startProgress("waiting for the store")
	defer p.done()
	return session.EditMany(ctx, session.OptionsOf(f.settings), change)
}

// findAccounts says which accounts are watched, and which were.
func (f *watchedFleet) findAccounts() {
	var members []fleet.Member
	for _, m := range f.memory.Organization.Members {
		members = append(members, fleet.Member{Uin: m.Uin, Name: m.Name})
	}
	f.accounts, f.gone = f.fleet.WithMembers(members), nil
	known := map[string]bool{}
	for _, a := range f.accounts {
		known[a.Uin] = true
	}
	for _, a := range f.fleet.LeftOut {
		known[a.Uin] = true
	}
	for _, uin := range f.memory.Accounts() {
		if !known[uin] {
			f.gone = append(f.gone, fleet.Account{Uin: uin, Name: uin, Site: f.settings.Site})
		}
	}
}

// all are the accounts that are watched, and those that were.
func (f *watchedFleet) all() []fleet.Account {
	return append(append([]fleet.Account{}, f.accounts...), f.gone...)
}

// whole stands in the place of an account for what is said of all together.
func (f *watchedFleet) whole() *fleet.Account {
	return &fleet.Account{Uin: ledgers.FleetAccount, Name: ledgers.FleetAccount, Site: f.settings.Site}
}

// owner is whose memory a run with these settings uses.
func (f *watchedFleet) owner() life.Owner {
	return life.Owner{Site: f.settings.Site, Account: setup.AccountsOwner(f.name)}
}

// otherOwner says that the memory is not that of the accounts file; empty when it is, as far as
// that is known.
func (f *watchedFleet) otherOwner() string {
	other, isOthers := errors.AsType[*session.OwnerError](session.CheckOwner(f.memory.Fleet, f.owner()))
	if !isOthers {
		return ""
	}
	return "this is the memory of the accounts file " + other.Owner.Account + ", site " + string(other.Owner.Site) +
		", and " + setup.AccountsSetting + " names " + f.owner().Account + ", site " + string(f.settings.Site) +
		": a run with these settings does not use it"
}

// isBlank says that no run has left anything in the memory.
func (f *watchedFleet) isBlank() bool {
	return isBlank(f.memory.Fleet) && len(f.memory.Accounts()) == 0
}

// loadRules loads the rules of the settings, switched off or not.
func (f *watchedFleet) loadRules() (*rules.Set, []rules.Description, error) {
	set, err := loadRules(f.settings)
	if err != nil {
		return nil, nil, err
	}
	known, err := setup.DescribeRules(f.settings.RulesFile)
	if err != nil {
		return nil, nil, mistakesError(err)
	}
	return set, known, nil
}
