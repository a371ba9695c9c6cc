package handler

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/session"
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
	now = now.Add(-r.skew)
	r.snapshot.ReadAt = r.snapshot.ReadAt.Add(-r.skew)
	previous := r.previousReading()
	r.snapshot.SetRefusedAside(previous)
	if previous != nil {
		r.snapshot.Orders.Share(previous.Orders)
	}
	r.snapshot = r.snapshot.After(previous, now)
	if r.memory.Knows() {
		SetRunOut(&r.snapshot, RunOut(ForecastUse(r.memory.Ledger, &r.snapshot, now)))
	}
}

// clockSkew is how far the clock is ahead where the cloud has refused the time of a
// request. When the answer did not tell the time, it is that of the last run.
func clockSkew(s *license.Snapshot, memory *session.Session, now time.Time) time.Duration {
	var skew time.Duration
	isRefused := false
	for _, f := range s.Failures {
		if f.Kind == license.FailureClock {
			isRefused = true
			skew = cmp.Or(skew, f.ClockSkew)
		}
	}
	if isRefused && skew == 0 && !slices.ContainsFunc(s.Wanted, s.Has) && memory.Works() {
		if last := memory.Ledger.Runs().Last().At; !last.IsZero() {
			return now.Sub(last)
		}
	}
	return skew
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
	if r.previousReading() != nil {
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

// previousReading is the last reading before this one, for rules about changes; nil
// when there was none.
func (r *run) previousReading() *license.Snapshot {
	if !r.memory.Knows() {
		return nil
	}
	return Previous(r.memory.Ledger)
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
