package handler

// What the operator's command does with the parts of a run.

import (
	"context"
	"log/slog"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/rules"
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
	return &run{handler: h, host: &functioncontext.FunctionContext{}, budget: b, config: settings, id: "edit", logger: slog.New(slog.DiscardHandler)}
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
