package handler

import (
	"context"
	"log/slog"
	"time"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// FleetDecision is all that a run of many accounts without memory knows when it decides what to
// say.
type FleetDecision struct {
	ID       string    // the run's id
	Now      time.Time // in the zone that days are counted in
	Mode     license.Mode
	Settings config.Config
	Rules    *rules.Set
	Fleet    *fleet.Fleet
	Accounts []fleet.Account    // that are watched
	Read     []license.Snapshot // what was read of each of them, in their order
	IsPick   bool               // somebody picked them from all: nothing is said of all together
}

// Decide says what is to be sent: at most one message for each channel.
func (d FleetDecision) Decide(ctx context.Context) []life.Message {
	r := &run{id: d.ID, config: d.Settings, mode: d.Mode, rules: d.Rules, logger: slog.New(slog.DiscardHandler),
		fleet: &fleetRun{Fleet: d.Fleet, watched: d.Accounts, isPick: d.IsPick}}
	for _, c := range d.Fleet.Channels {
		r.fleet.addLanguage(c.Language)
	}
	reading := &fleetReading{run: r, now: d.Now}
	for i := range d.Accounts {
		a := r.fleet.addResult(&d.Accounts[i])
		a.isReached = true
		reading.decideAccount(ctx, a, d.Read[i])
	}
	r.countFleet()
	r.decideOwn(ctx, d.Now)
	return r.composeFleet()
}
