package handler

// What the operator's command does with the parts of a run.

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/state"
)

// ReadAccount reads the sources of the settings, side by side and bounded by ctx
// alone, as a run does; credentials are the keys, nil those that a run would
// use. Of the options Transport, Now, Sleep and Log count.
func ReadAccount(ctx context.Context, o Options, settings config.Config, credentials func() (id, key, token string, err error)) license.Snapshot {
	budget, ctx, cancel := newBudget(ctx, time.Now(), 0)
	defer cancel()
	r := newOperation(New(o), settings, budget)
	if o.Log != nil {
		r.logger = newLogger(o.Log, settings.LogLevel, "")
	}
	r.collect(ctx, r.newClient(credentials), r.now(), budget.end)
	r.snapshot.SetRefusedAside(nil)
	return r.snapshot
}

// newOperation is a run that no event has woken.
func newOperation(h *Handler, settings config.Config, b budget) *run {
	return &run{handler: h, host: &functioncontext.FunctionContext{}, budget: b, config: settings, id: "edit", nonce: newNonce(), logger: slog.New(slog.DiscardHandler)}
}

// ReadLedger gives the ledger of the settings' store as it is now, and changes
// nothing; a store that holds none yet gives an empty one.
func ReadLedger(ctx context.Context, o Options, settings config.Config) (*life.Ledger, error) {
	budget, ctx, cancel := newBudget(ctx, time.Now(), 0)
	defer cancel()
	r := newOperation(New(o), settings, budget)
	m := r.openMemory()
	if m == nil {
		return nil, ErrNoStore
	}
	if m.broken != nil {
		return nil, m.broken
	}
	m.store.strict = true // what is in the ledger's place is no ledger that is empty
	data, err := m.fetch(ctx)
	if errors.Is(err, state.ErrNotFound) {
		return life.New(), nil
	}
	if err != nil {
		return nil, err
	}
	return life.Decode(data)
}

// ErrNoStore says that there is no memory to look at: LICENSEWATCH_STATE_URL is
// not set.
var ErrNoStore = errors.New("LICENSEWATCH_STATE_URL is not set: without a store nothing is remembered")

// ErrBusy says that a run holds the ledger.
var ErrBusy = errors.New("a run is under way: try again in a minute")

// EditLedger lets edit look at the ledger of the settings' store, and change it,
// while no run does: it holds the claim, and saves what edit leaves unless edit
// fails. A ledger of which anything cannot be read stays as it is, and is the error.
// The claim is given back also when ctx ends or edit panics. The time is the
// options' clock's, in the configured zone.
func EditLedger(ctx context.Context, o Options, settings config.Config, edit func(ledger *life.Ledger, now time.Time) error) error {
	budget, ctx, cancel := newBudget(ctx, time.Now(), 0)
	defer cancel()
	r := newOperation(New(o), settings, budget)
	r.memory = r.openMemory()
	if r.memory == nil {
		return ErrNoStore
	}
	if err := r.memory.broken; err != nil {
		return err
	}
	r.memory.store.strict, r.memory.decode = true, life.DecodeWhole
	defer r.memory.lock.giveBack(ctx)
	busy := r.memory.begin(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case busy:
		return ErrBusy
	case r.memory.broken != nil:
		return r.memory.broken
	}
	if err := edit(r.memory.ledger, r.now()); err != nil {
		return err
	}
	r.memory.saveBy(ctx, budget.end)
	if r.memory.lock.hold == taken {
		return ErrBusy
	}
	return r.memory.broken
}

// DescribeRules describes the rules that LoadRules loads, and those that their
// file switches off. Mistakes explains the error.
func DescribeRules(file string) ([]rules.Description, error) {
	if file == "" {
		return rules.Describe("", nil)
	}
	data, err := readRules(file)
	if err != nil {
		return nil, err
	}
	return rules.Describe(file, data)
}
