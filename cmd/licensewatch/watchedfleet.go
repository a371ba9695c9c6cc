package main

import (
	"context"
	"errors"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
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
	memories []*sliceMemory // what the store holds, with what channels have answered entered; at least one
	former   []*sliceMemory // what it holds of earlier divisions, and nobody uses any more
	// that are watched: of the file, and the members of the organization that the memory knows
	accounts []fleet.Account
	gone     []fleet.Account // that the memory knows and nobody watches any more
}

// openFleet loads the settings and the accounts file. No variable that the file names need be
// set: environment is nil, or where they are looked up.
func openFleet(ctx context.Context, environment map[string]string) (*watchedFleet, error) {
	f, mistakes := openMistakenFleet(ctx, environment)
	if len(mistakes) > 0 {
		return nil, &exitError{several: mistakes}
	}
	return f, nil
}

// openMistakenFleet is openFleet where mistakes are said beside what can be done all the same: of
// a wrong file it has the accounts and channels that are right.
func openMistakenFleet(ctx context.Context, environment map[string]string) (f *watchedFleet, mistakes []string) {
	settings, _, err := config.LoadForAccounts(config.ProcessEnvironment)
	mistakes = setup.Mistakes(err)
	file, err := loadAccounts(ctx, settings, "", environment)
	if wrong, isWrong := errors.AsType[*exitError](err); isWrong && wrong.several != nil {
		mistakes = append(mistakes, wrong.several...)
	} else if err != nil {
		mistakes = append(mistakes, err.Error())
	}
	if file.fleet == nil { // it cannot be read
		file.fleet = &fleet.Fleet{}
	}
	f = &watchedFleet{accountsFile: file, settings: settings.WithKnown(file.fleet.Variables...)}
	f.memories = []*sliceMemory{blankMemory(fleet.Slice{})}
	for _, c := range file.fleet.Channels {
		f.settings.Channels = append(f.settings.Channels,
			config.Channel{Name: c.Name, Kind: c.Kind, Webhook: c.Webhook, Mention: c.Mention})
	}
	f.findAccounts()
	return f, mistakes
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

// editMemory changes one of the memories that the store holds, which may have to wait for a run.
// One that it begins is that of the run which will go on with it.
func (f *watchedFleet) editMemory(ctx context.Context, c console, m *sliceMemory,
	change func(*ledgers.Ledgers) error) error {
	p := c.startProgress("waiting for the store")
	defer p.done()
	if m.err != nil {
		return m.err
	}
	return session.EditMany(ctx, f.sliceOptions(m.slice), func(memory *ledgers.Ledgers) error {
		if memory.Fleet.Owner() == (life.Owner{}) {
			memory.Fleet.Own(handler.SliceOwner(f.settings, m.slice))
		}
		return change(memory)
	})
}

// findAccounts says which accounts are watched, and which were.
func (f *watchedFleet) findAccounts() {
	var members []fleet.Member
	for _, memory := range f.memories {
		for _, m := range memory.Ledgers.Organization.Members {
			if f.memoryOf(m.Uin) == memory {
				members = append(members, fleet.Member{Uin: m.Uin, Name: m.Name})
			}
		}
	}
	f.accounts, f.gone = f.fleet.WithMembers(members), nil
	known := map[string]bool{}
	for _, a := range f.accounts {
		known[a.Uin] = true
	}
	for _, a := range f.fleet.LeftOut {
		known[a.Uin] = true
	}
	for _, memory := range f.memories {
		for _, uin := range memory.Ledgers.Accounts() {
			if !known[uin] && f.memoryOf(uin) == memory {
				f.gone = append(f.gone, fleet.Account{Uin: uin, Name: uin, Site: f.settings.Site})
			}
		}
	}
}

// all are the accounts that are watched, and those that were.
func (f *watchedFleet) all() []fleet.Account {
	return append(append([]fleet.Account{}, f.accounts...), f.gone...)
}

// owner is whose memory a run with these settings uses.
func (f *watchedFleet) owner() life.Owner { return handler.SliceOwner(f.settings, fleet.Slice{}) }

// otherOwner says that a memory is not that of the accounts file; empty when all are, as far as
// that is known.
func (f *watchedFleet) otherOwner() string {
	for _, m := range f.memories {
		own := handler.SliceOwner(f.settings, m.slice)
		other, isOthers := errors.AsType[*session.OwnerError](session.CheckOwner(m.Ledgers.Fleet, own))
		if isOthers {
			return "this is the memory of the accounts file " + other.Owner.Account + ", site " +
				string(other.Owner.Site) + ", and " + setup.AccountsSetting + " names " + own.Account + ", site " +
				string(f.settings.Site) + ": a run with these settings does not use it"
		}
	}
	return ""
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
