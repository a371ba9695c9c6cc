package main

import (
	"context"
	"strings"
	"time"

	"licensewatch/account"
	"licensewatch/cmd/licensewatch/internal/diagnosis"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/tencent"
)

// fleetDoctorTime bounds the examination of many accounts: a run of them may take as long.
const fleetDoctorTime = longestRun

// doctorFleet examines the accounts of the accounts file, and what all of them need.
func doctorFleet(ctx context.Context, c console, only accountFlag, asJSON bool) error {
	f, err := openFleet(ctx, config.ProcessEnvironment())
	if err != nil {
		return err
	}
	if f.settings.StateURL != "" {
		_ = f.readMemory(ctx) // the members that it knows are examined; what is wrong with it is a check of its own
	}
	if f.fleet.Organization == nil { // else only the list of members tells
		if _, err := only.choose(f.accounts, f.name); err != nil {
			return err
		}
	}
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	progress := c.startProgress("examining")
	base := account.Options{Settings: f.settings, Transport: transport, Now: time.Now, Sleep: c.sleep}
	o := diagnosisOptions(c, f.settings, transport)
	o.Mistakes, o.Strays = leftOutLines(f.fleet), unknownSettingLines(f.settings)
	o.Many = &diagnosis.Many{
		Fleet: f.fleet, Known: f.accounts, Owner: f.owner(),
		Choose: func(all []fleet.Account) []fleet.Account { return fleet.Matching(all, only.patterns) },
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
	progress.done()
	return reportChecks(ctx, c, checks, asJSON)
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
