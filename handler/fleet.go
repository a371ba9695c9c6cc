package handler

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/config"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/rules"
	"licensewatch/session"
	"licensewatch/tencent"
)

// A run of many accounts takes the steps of a run for each account by itself: read, judge,
// decide, each with a ledger of its own. What they have to say to a channel is one message.

// doFleet takes the steps of a run of many accounts.
func (r *run) doFleet(ctx context.Context) error {
	now := r.reportTime()
	r.recallMemory(ctx)
	r.rerun = r.event.isRerun(now)
	if r.busy || r.memory.LooksTaken(ctx, instant.Halfway(time.Now(), r.budget.tell)) {
		return r.giveWay()
	}
	endWatch := watchTime(ctx, r.followUps, r.budget, &r.snapshot)
	defer endWatch()
	now = r.reportTime()
	r.noteDecided(now)
	if r.rules == nil {
		r.rules = rules.Default()
	}
	r.rules.PrepareChanges()
	r.fleet.memory.settle(ctx) // of a run that was killed
	r.listMembers(ctx, now)
	var beside sync.WaitGroup
	if r.archive.showsHead() {
		beside.Go(func() { r.archive.findHead(ctx) })
	}
	r.beginPage(now)
	waitForRecords, endReading := r.page.readRecords(ctx, foldersOf(r.archiveFolder(), r.fleet.watched))
	defer endReading() // where a part of the run breaks
	reading := r.newFleetReading(now, r.budget.export)
	reading.exports = r.newFleetExports()
	parts := session.PartsOf(r.memory, r.id)
	unread := reading.readAndDecide(ctx, r.newScattering(parts))
	beside.Wait()
	r.judgeFleet(ctx, reading, waitForRecords)
	err := r.decideAndTellFleet(ctx, endWatch, reading.exports)
	sealing := fleetSealing{archiving: r.archive, fleet: r.fleet, rules: r.rules, exports: reading.exports,
		closeIdle: r.handler.closeIdleConnections, isPage: r.page.isMade()}
	sealing.seal(ctx)
	if len(unread) > 0 {
		r.reason += "; " + strings.Join(unread, ", ")
	}
	for _, slice := range r.event.division.slices() {
		parts.Drop(ctx, slice.Name())
	}
	if err != nil {
		return err
	}
	r.admitOwed(r.answers.isOwing())
	r.reportHeartbeat(ctx)
	return nil
}

// judgeFleet judges all accounts together, by the cloud's clock where it refused ours, or makes
// the page about them.
func (r *run) judgeFleet(ctx context.Context, reading *fleetReading, waitForRecords func()) {
	r.skew = reading.skew
	now := reading.base.Now.Add(-reading.skew)
	reading.base.Now = now
	r.noteDecided(now)
	r.fleet.memory.forgetAccounts(now)
	r.fleet.memory.noteNotReached()
	r.counts = r.fleet.countAccounts()
	if r.page == nil {
		r.counts.add(reading.decideWhole(ctx))
		return
	}
	waitForRecords()
	r.fleetPage().makeAndPlan(ctx, now)
}

// readSlice reads a slice of the accounts for the run that asks for it.
func (r *run) readSlice(ctx context.Context) error {
	asks, slice := r.event.division.asks, r.fleet.slice
	parts := session.PartsOf(r.memory, asks.Run)
	switch data, err := parts.Read(ctx, slice.Name()); {
	case !parts.AreAwaited(ctx):
		r.outcome, r.reason = OutcomeFailed, "nobody waits for this slice: run "+asks.Run+" is not under way"
		return nil
	case err == nil && data != nil:
		r.outcome, r.reason = OutcomeQuiet, slice.Name()+" of run "+asks.Run+" was read already"
		return nil
	}
	now := r.reportTime()
	r.listMembers(ctx, now)
	part := newPartWriter()
	reading := r.newFleetReading(now, r.budget.collect) // the run that gathers waits until a later time
	reading.take = func(_ context.Context, a *accountResult, s license.Snapshot) {
		part.add(partReading{a.account.Uin, s})
		a.noteReading(s)
	}
	reading.readSideBySide(ctx, func(next chan<- *accountResult) { giveAll(r.fleet.results, next) })
	r.counts = r.fleet.countAccounts()
	if !parts.AreAwaited(ctx) {
		r.outcome, r.reason = OutcomeFailed, "nobody waits for this slice any more: run "+asks.Run+" is over"
		return nil
	}
	if _, err := parts.Create(ctx, slice.Name(), part.close()); err != nil {
		r.outcome, r.reason = OutcomeFailed, "what was read could not be stored"
		return &SliceError{Slice: slice.Name(), Reason: err.Error()}
	}
	r.outcome, r.reason = OutcomeQuiet, "read "+slice.Name()+" for run "+asks.Run
	return nil
}

// newFleetReading makes a reading of the watched accounts, which ends by a time.
func (r *run) newFleetReading(now, end time.Time) *fleetReading {
	for i := range r.fleet.watched {
		r.fleet.addResult(&r.fleet.watched[i])
	}
	reading := &fleetReading{
		fleet: r.fleet, memory: r.memory, archive: r.archive, settings: r.config, logger: r.logger, end: end,
		base:   newBaseDecision(r.id, now, r.mode, r.config, r.rules),
		access: NewFleetAccess(r.accountOptions(), "licensewatch-"+r.id, r.fleet.watched),
	}
	reading.base.Slot, reading.base.Rerun = r.event.digestSlot(), r.rerun
	reading.isRerun = r.mode == license.ModeDigest && r.memory.Works() &&
		r.memory.Ledger.IsRerun(reading.base.Slot, now)
	reading.take = reading.decideAccount
	if r.page != nil {
		page := r.fleetPage()
		reading.take = func(ctx context.Context, a *accountResult, s license.Snapshot) {
			page.noteReading(ctx, reading, a, s)
		}
	}
	return reading
}

// fleetPage is what makes the page of the accounts, in the mode report.
func (r *run) fleetPage() *fleetPage { return &fleetPage{r.page, r.fleet, namesOf(r.channels)} }

// listMembers finds out which accounts are watched.
func (r *run) listMembers(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), r.budget.collect))
	defer cancel()
	r.fleet.listMembers(ctx, r.client, now, r.logger)
}

// newScattering makes what scatters the accounts; nil where the run reads all of them itself.
func (r *run) newScattering(parts session.Parts) *scattering {
	if r.event.division.scatter == 0 || !r.memory.Works() {
		return nil
	}
	return &scattering{
		slices: r.event.division.slices(), parts: parts, mode: r.mode, end: r.budget.export, client: r.client,
		self: tencent.Function{Region: r.host.TencentcloudRegion, Namespace: r.host.Namespace,
			Name: r.host.FunctionName, Version: r.host.FunctionVersion},
		sleep: r.handler.sleep, logger: r.logger,
	}
}

// newFleetExports makes what exports the accounts that ask for it; nil where none does, or may.
func (r *run) newFleetExports() *fleetExports {
	if r.handler.dryRun != nil || r.config.Export == config.ExportOff ||
		!slices.Contains(r.config.Sources, license.SourceOverview) {
		return nil
	}
	x := &fleetExports{fleet: r.fleet, memory: r.memory, mode: r.mode, budget: r.budget, now: r.reportTime,
		logger: r.logger, base: exporter{memory: r.memory, sleep: r.handler.sleep, share: r.config.ExportShare,
			budget: r.budget,
			export: license.Export{Status: license.ExportOff}, keepsFiles: r.archive != nil}}
	for _, a := range r.fleet.results {
		if a.account.Export {
			x.asking++
		}
	}
	if x.asking == 0 {
		return nil
	}
	if r.archive != nil {
		x.files = &exportFiles{transport: r.handler.transport, endpoint: r.config.APIEndpoint, sleep: r.handler.sleep}
	}
	return x
}

// decideAndTellFleet says what the accounts have to say. The ledgers are saved before
// anything is sent.
func (r *run) decideAndTellFleet(ctx context.Context, endWatch func() (isTimeUp bool), exports *fleetExports) error {
	composer := &fleetComposer{fleet: r.fleet, session: r.memory, archive: r.archive, settings: r.config}
	messages := composer.compose()
	r.pageTeller().linkPages(ctx, messages)
	if len(messages) > 0 {
		r.reason = countNoun(len(messages), "message", "messages") + " about " +
			countNoun(len(r.fleet.results), "account", "accounts")
	}
	if r.memory != nil && time.Now().Before(r.budget.tell) {
		if len(messages) > 0 {
			r.archive.begin()
		}
		r.memory.Save(ctx, instant.Halfway(time.Now(), r.budget.tell))
	}
	switch {
	case endWatch():
		return r.endTooLate(r.budget.total)
	case r.memory.IsTaken(): // this run was frozen
		return r.giveWay()
	case len(messages) == 0:
		r.fleet.memory.settle(ctx) // what is owed
		r.outcome, r.reason = r.fleet.quietOutcome(r.counts.Unknown)
		r.pageTeller().sharePage(ctx)
		exports.tellLate(ctx, &r.followUps, nil, nil)
		r.followUps.tellUnheard(ctx)
		return nil
	}
	admitNoMemory(r.memory, messages)
	err := r.newTelling().tell(ctx, messages)
	r.pageTeller().sharePage(ctx)
	r.fleet.memory.noteNamed(messages, r.delivered, r.decided)
	exports.tellLate(ctx, &r.followUps, messages, r.delivered)
	r.followUps.tellUnheard(ctx)
	return err
}
