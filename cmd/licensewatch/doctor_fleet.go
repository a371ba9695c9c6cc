package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/account"
	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/tencent"
)

// fleetDoctorTime bounds the examination of many accounts: a run of them may take as long.
const fleetDoctorTime = longestRun

// doctorFleet examines the accounts of the accounts file, and what all of them need.
func doctorFleet(ctx context.Context, c console, only accountFlag, asJSON bool) error {
	f, mistakes := openMistakenFleet(ctx, config.ProcessEnvironment())
	if f.settings.StateURL != "" {
		_ = f.readMemory(ctx) // the members that it knows are examined; what is wrong with it is a check of its own
	}
	if f.fleet.Organization == nil && len(mistakes) == 0 { // else only the list of members tells
		if _, err := only.choose(f.accounts, f.name); err != nil {
			return err
		}
	}
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	progress := c.startProgress("examining")
	base := account.Options{Settings: f.settings, Transport: transport, Now: time.Now, Sleep: c.sleep}
	o := diagnosisOptions(c, f.settings, transport)
	o.Mistakes = slices.Concat(mistakes, leftOutLines(f.fleet))
	if len(mistakes) == 0 || len(f.fleet.Variables) > 0 { // else nobody knows which variables it names
		o.Strays = unknownSettingLines(f.settings)
	}
	o.Many = &diagnosis.Many{
		Fleet: f.fleet, Known: f.accounts, Owner: f.owner(),
		Choose: func(all []fleet.Account) []fleet.Account {
			return slices.DeleteFunc(slices.Clone(fleet.Matching(all, only.patterns)), func(a fleet.Account) bool {
				return lacksKeys(a, f.settings.Site)
			})
		},
		Access: func(accounts []fleet.Account) func(*fleet.Account) account.Options {
			return handler.NewFleetAccess(base, operatorSession, accounts).OptionsFor
		},
		Fix:      accountFixOf,
		Progress: accountsProgress(progress, "reading the accounts"),
	}
	o.Waiting = func(names []string) {
		progress.step("waiting for %s, and reading the accounts", strings.Join(names, ", "))
	}
	bounded, cancel := context.WithTimeout(ctx, fleetDoctorTime)
	defer cancel()
	checks := diagnosis.Run(bounded, o)
	isState := func(c diagnosis.Check) bool { return c.Name == "state" }
	checks = slices.Insert(checks, slices.IndexFunc(checks, isState)+1, f.brokenSlices()...)
	progress.done()
	return reportChecks(ctx, c, checks, asJSON)
}

// lacksKeys says that a mistake of the file, which is told, leaves no way to read an account: what
// the cloud would say of it leads nowhere.
func lacksKeys(a fleet.Account, own license.Site) bool {
	isOther := a.Role != "" && a.Keys == nil && a.Site != own
	return isOther || a.ExternalIDVariable != "" && a.ExternalID.IsZero()
}

// accountsProgress shows how far a command is with accounts, at most once in a while.
func accountsProgress(p *progress, doing string) func(done, all int) {
	const pause = 5 * time.Second
	shown := time.Now()
	return func(done, all int) {
		if now := time.Now(); now.Sub(shown) >= pause || done == 1 {
			shown = now
			p.show("%s: %d of %d", doing, done, all)
		}
	}
}
