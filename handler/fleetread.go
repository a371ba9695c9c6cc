package handler

import (
	"context"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

const (
	// leastAccountTime is how long an account may take at least, where there is so much time.
	leastAccountTime = 5 * time.Second
	// accountShare is how many times as long as the others an account may take beyond that.
	accountShare = 4
)

// fleetReading reads the accounts of a fleet side by side.
type fleetReading struct {
	*run

	now    time.Time
	end    time.Time // of reading, by the real clock
	access *FleetAccess

	// take is what becomes of a reading.
	take func(context.Context, *accountResult, license.Snapshot)

	mutex sync.Mutex
	took  []time.Duration // how long the accounts took that were read
}

// newReading makes a reading of the watched accounts, which ends by a time.
func (r *run) newReading(now, end time.Time) *fleetReading {
	for i := range r.fleet.watched {
		r.fleet.addResult(&r.fleet.watched[i])
	}
	return &fleetReading{run: r, now: now, end: end,
		access: NewFleetAccess(r.accountOptions(), "licensewatch-"+r.id, r.fleet.watched)}
}

// readFleet reads and judges the accounts, so many at once, and has the ledger of each say
// what is due. Those for which the last run had no time come first.
func (r *run) readFleet(ctx context.Context, now time.Time) {
	reading := r.newReading(now, r.budget.export)
	reading.take = reading.decideAccount
	var accounts []*accountResult
	first := map[string]bool{}
	if r.memory.Works() {
		for _, uin := range r.memory.Accounts.NotReached {
			first[uin] = true
		}
	}
	for _, isFirst := range []bool{true, false} {
		for _, a := range r.fleet.results {
			if first[a.account.Uin] == isFirst {
				accounts = append(accounts, a)
			}
		}
	}
	reading.readSideBySide(ctx, func(next chan<- *accountResult) {
		if r.event.division.scatter > 0 && r.memory.Works() {
			reading.scatter(ctx, accounts, next)
		} else {
			giveAll(accounts, next)
		}
	})
}

// readSideBySide visits the accounts that give gives, so many at once.
func (r *fleetReading) readSideBySide(ctx context.Context, give func(next chan<- *accountResult)) {
	next := make(chan *accountResult)
	var workers sync.WaitGroup
	for range min(r.fleet.Concurrency, len(r.fleet.watched)) {
		workers.Go(func() {
			for a := range next {
				r.visitAccount(ctx, a)
			}
		})
	}
	r.guardPart(ctx, "accounts", func() { give(next) })
	close(next)
	workers.Wait()
}

// visitAccount reads an account and has its ledger say what is due. Whatever goes wrong
// costs that account alone.
func (r *fleetReading) visitAccount(ctx context.Context, a *accountResult) {
	began := time.Now()
	if a.snapshot != nil { // by another run
		a.isReached, a.status = true, license.AccountFailed
		r.guardPart(ctx, "account "+a.account.Uin, func() { r.take(ctx, a, *a.snapshot) })
		a.snapshot = nil
		return
	}
	if !began.Before(r.end) || ctx.Err() != nil {
		r.guardPart(ctx, "account "+a.account.Uin, func() { r.recallAccount(a) })
		return
	}
	o := r.access.OptionsFor(a.account)
	end := earlierTime(r.end, began.Add(r.longestVisit()))
	a.isReached, a.status = true, license.AccountFailed
	if !r.guardPart(ctx, "account "+a.account.Uin, func() {
		snapshot := account.ReadBy(ctx, account.NewClient(o), o, r.now, end)
		r.noteVisit(time.Since(began), snapshot)
		r.take(ctx, a, snapshot)
	}) {
		a.status, a.sources = license.AccountFailed, map[string]string{"account": "Internal"}
	}
}

// longestVisit is how long an account may take: some times as long as the others.
func (r *fleetReading) longestVisit() time.Duration {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.took) == 0 {
		return leastAccountTime
	}
	sorted := slices.Sorted(slices.Values(r.took))
	return max(leastAccountTime, accountShare*sorted[len(sorted)/2])
}

// noteVisit enters how long an account took that was read.
func (r *fleetReading) noteVisit(took time.Duration, s license.Snapshot) {
	const enough = 101
	if isBlind(s) {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.took) < enough {
		r.took = append(r.took, took)
	}
}

// recallAccount has the ledger of an account that was not reached say what it is owed.
func (r *fleetReading) recallAccount(a *accountResult) {
	if !r.memory.Works() {
		return
	}
	ledger, err := r.memory.Accounts.Open(a.account.Uin)
	if err == nil && ledger.HasMessages() {
		r.bindAccount(ledger, a)
		a.messages = ledger.Pending(life.Input{Now: r.now, Mode: r.mode, Channels: a.channels, Slot: r.event.digestSlot(),
			Own: a.own(), Hours: r.config.Hours})
	}
}

// decideAccount judges an account that was read, and has its ledger say what is due.
func (r *fleetReading) decideAccount(ctx context.Context, a *accountResult, s license.Snapshot) {
	var ledger *life.Ledger
	var previous *license.Snapshot
	matters := func(string, string) bool { return false }
	if r.memory.Knows() {
		ledger = r.openLedger(ctx, a)
		previous, matters = Previous(ledger), ledger.Remembers()
	}
	s.SetRefusedAside(previous)
	if previous != nil {
		s.Orders.Share(previous.Orders)
	}
	s = s.After(previous, r.now)
	SetRunOut(&s, RunOut(ForecastUse(ledger, &s, r.now)))
	s.Name, s.Labels = a.account.Name, a.account.Labels
	if s.Labels == nil { // the file says that there are none
		s.Labels = map[string]string{}
	}
	findings := r.rules.JudgeFor(s, r.now, matters, r.fleet.languages...)
	isRouted := a.routed(&s)
	var judged evidence
	if r.archive != nil {
		judged.keepJudgement(&s, findings)
	}
	s.Previous = nil
	a.noteReading(s)
	d := r.decisionFor(a, s, isRouted)
	d.Findings = findings
	decided := d.Decide(ledger)
	a.counts, a.messages = countFindings(decided.Findings), decided.Messages
	a.isDoubtful = message.IsDoubtful(license.Report{Mode: license.ModeDigest, Language: r.config.Language, At: r.now,
		Snapshot: s, Unknown: unknownOf(decided.Findings), Notices: d.runNotices()})
	if r.mayRecord(a) {
		r.holdRecord(ctx, a, s, &judged)
	}
	if ledger != nil && r.memory.Works() {
		if err := r.memory.Accounts.Keep(a.account.Uin, ledger); err != nil { // it costs that account its memory
			r.logger.ErrorContext(ctx, "the ledger of an account is not kept", "account", a.account.Uin, "error", err.Error())
		}
	}
}

// decisionFor is the decision about an account, whose findings are still to be added.
func (r *fleetReading) decisionFor(a *accountResult, s license.Snapshot, isRouted func(*license.Finding, string) bool) Decision {
	return Decision{
		ID: r.id, Slot: r.event.digestSlot(), Now: r.now, Mode: r.mode, Language: r.config.Language, Hours: r.config.Hours,
		Channels: a.everyone(), Snapshot: s, Rules: r.rules,
		Export: license.Export{Status: license.ExportOff}, Machines: r.config.Machines, Rerun: r.rerun,
		own: a.own(), isRouted: isRouted, onlyEnds: a.onlyEnds,
	}
}

// openLedger opens the ledger of an account, which is begun anew where it cannot be read.
func (r *fleetReading) openLedger(ctx context.Context, a *accountResult) *life.Ledger {
	ledger, err := r.memory.Accounts.Open(a.account.Uin)
	if err != nil {
		r.logger.ErrorContext(ctx, "the ledger of an account cannot be read; it is begun anew",
			"account", a.account.Uin, "error", err.Error())
	}
	r.bindAccount(ledger, a)
	ledger.Own(life.Owner{Site: a.account.Site, Account: a.account.Uin})
	return ledger
}

// bindAccount tells the ledger of an account where the channels lead that may hear of it.
func (r *fleetReading) bindAccount(ledger *life.Ledger, a *accountResult) {
	a.bind(ledger, r.memory.Ledger.Key(""), r.config, r.now)
}

// noteReading enters how far an account was read.
func (a *accountResult) noteReading(s license.Snapshot) {
	a.sources = sourceCodes(s)
	a.overview = s.Overview
	switch {
	case isBlind(s):
		a.status = license.AccountFailed
	case len(failedSources(s)) > 0:
		a.status = license.AccountPartly
	default:
		a.status = license.AccountRead
	}
}
