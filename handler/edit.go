package handler

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/life"
)

// ErrNoStore says that there is no memory to look at: LICENSEWATCH_STATE_URL is
// not set.
var ErrNoStore = errors.New("LICENSEWATCH_STATE_URL is not set: without a store nothing is remembered")

// EditLedger lets edit look at the ledger of the settings' store, and change it,
// while no run does: it holds the claim, and saves what edit leaves unless edit
// fails. The time is in the configured zone.
func EditLedger(ctx context.Context, settings config.Config, edit func(ledger *life.Ledger, now time.Time) error) error {
	h := New(Options{Log: io.Discard})
	budget, ctx, cancel := newBudget(ctx, time.Now(), 0)
	defer cancel()
	r := &run{handler: h, host: &functioncontext.FunctionContext{}, budget: budget, config: settings, id: "edit", nonce: newNonce(), logger: slog.New(slog.DiscardHandler)}
	r.memory = r.openMemory()
	if r.memory == nil {
		return ErrNoStore
	}
	if r.memory.begin(ctx) {
		return errors.New("a run is under way: try again in a minute")
	}
	defer r.memory.end(ctx)
	if err := r.memory.broken; err != nil {
		return err
	}
	if r.memory.aside != "" {
		return errors.New("the ledger cannot be read; its bytes are kept as " + r.memory.aside)
	}
	if err := edit(r.memory.ledger, r.now()); err != nil {
		return err
	}
	r.memory.save(ctx)
	return r.memory.broken
}
