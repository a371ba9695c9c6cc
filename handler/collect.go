package handler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// readAccount takes the snapshot, recalls what was said before, has the license details
// exported and gets the built-in rules ready, all side by side.
func (r *run) readAccount(ctx context.Context, now time.Time) {
	remembered := make(chan struct{})
	var beside sync.WaitGroup
	beside.Go(func() {
		defer close(remembered)
		r.recallMemory(ctx)
	})
	beside.Go(func() {
		<-remembered // the export's task is remembered before it is asked for
		r.runExport(ctx, now)
	})
	if r.archive.showsHead() {
		beside.Go(func() { r.archive.findHead(ctx) })
	}
	beside.Go(func() {
		r.guardPart(ctx, "rules", func() { r.prepareRules(remembered) })
	})
	r.collectSnapshot(ctx, now, r.budget.collect)
	<-remembered
	if !r.busy && r.memory.Works() && r.memory.Waited() { // another run spoke meanwhile, and may have read later
		r.collectSnapshot(ctx, r.reportTime(), r.budget.export)
	}
	beside.Wait()
	r.skew = clockSkew(&r.snapshot, r.memory, r.handler.now())
	r.snapshot = readingToJudge(r.knownLedger(), r.snapshot, now, r.skew)
}

// prepareRules gets ready the rules that will be needed.
func (r *run) prepareRules(remembered <-chan struct{}) {
	if r.rules == nil {
		r.rules = rules.Default()
	}
	if r.memory == nil {
		return
	}
	life.Prepare() // while the store answers
	<-remembered
	if ledger := r.knownLedger(); ledger != nil && ledger.PreviousReading() != nil {
		r.rules.PrepareChanges()
	}
}

// recallMemory takes the lock and loads the ledger.
func (r *run) recallMemory(ctx context.Context) {
	if r.memory == nil {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, r.budget.export)
	defer cancel()
	isSound := r.guardPart(ctx, "memory", func() {
		r.busy = r.memory.Begin(ctx, r.memoryOwner())
		if r.memory.Knows() && !r.mistaken { // else some channels may be left out, and the others in their places
			BindChannels(r.memory.Ledger, r.config, r.reportTime())
		}
	})
	if !isSound { // what is there of it is not what was remembered
		r.memory.Fail(ctx, errInternal)
	}
}

// memoryOwner is the site and the account of the run, as far as they are known: a site that
// is misspelled is not.
func (r *run) memoryOwner() life.Owner {
	own := life.Owner{Site: r.config.Site, Account: r.host.TencentcloudUin}
	if r.fleet != nil {
		own = SliceOwner(r.config, r.event.division.slice)
	}
	if r.mistaken {
		own.Site = ""
	}
	return own
}

// errInternal is a part of the run that broke; the log has the place.
var errInternal = errors.New("internal error")

// knownLedger is the ledger as far as it is known; nil where nothing is remembered.
func (r *run) knownLedger() *life.Ledger {
	if !r.memory.Knows() {
		return nil
	}
	return r.memory.Ledger
}

// collectSnapshot reads the account by a time.
func (r *run) collectSnapshot(ctx context.Context, now, end time.Time) {
	r.snapshot = account.ReadBy(ctx, r.client, r.accountOptions(), now, end)
}

func (r *run) accountOptions() account.Options {
	return account.Options{
		Settings: r.config, Account: r.host.TencentcloudUin, Transport: r.handler.transport, Sleep: r.handler.sleep,
		Logger: r.logger,
	}
}

// runExport has the license details exported and waits for it as long as the
// budget allows; or asks for the export that an earlier run has begun.
func (r *run) runExport(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithDeadline(ctx, r.budget.export)
	defer cancel()
	isOff := r.busy || r.handler.dryRun != nil || r.mode == license.ModeReport || r.config.Export == config.ExportOff ||
		!slices.Contains(r.config.Sources, license.SourceOverview)
	if !r.guardPart(ctx, "export", func() { r.exporter.run(ctx, isOff, r.wantsExport(now), r.mode, now) }) {
		r.exporter.export = brokenExport()
	}
}

// brokenExport is an export that broke.
func brokenExport() license.Export {
	return license.Export{Status: license.ExportFailed, Problem: license.ExportRefused,
		Failure: &license.Failure{Kind: license.FailureInternal, Code: "Internal"}}
}

// wantsExport says whether what the run says has a place for the details. The
// rerun of a digest says what the first run wrote.
func (r *run) wantsExport(now time.Time) bool {
	if r.mode != license.ModeDigest {
		return r.config.Export == config.ExportAlways
	}
	isRerun := r.memory.Works() && r.memory.Ledger.IsRerun(r.event.digestSlot(), now)
	return r.config.Export != config.ExportOff && !isRerun
}

// judgeByRules lets the rules speak. A rule that breaks is reported as unknown by the
// rules themselves.
func (r *run) judgeByRules(ctx context.Context, now time.Time) {
	matters := func(string, string) bool { return false }
	if ledger := r.knownLedger(); ledger != nil {
		matters = ledger.Remembers()
	}
	r.findings = r.rules.JudgeFor(r.snapshot, now, matters, r.config.Language)
	for _, f := range r.findings {
		if f.Problem != "" {
			r.logger.LogAttrs(ctx, slog.LevelWarn, "a rule could not be judged",
				slog.String("rule", f.Rule), slog.String("subject", f.Subject), slog.String("problem", f.Problem))
		}
	}
}
