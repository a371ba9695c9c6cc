package handler

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/session"
)

const (
	// leastAccountTime is how long an account may take at least, where there is so much time.
	leastAccountTime = 5 * time.Second
	// accountShare is how many times as long as the others an account may take beyond that.
	accountShare = 4
)

// fleetReading reads the accounts of a fleet side by side, and has the ledger of each say what
// is due.
type fleetReading struct {
	fleet    *fleetRun
	memory   *session.Session
	archive  *archiving
	settings config.Config
	base     Decision // what the decisions about all accounts have in common
	logger   *slog.Logger

	end    time.Time // of reading, by the real clock
	access *FleetAccess

	// take is what becomes of a reading.
	take func(context.Context, *accountResult, license.Snapshot)

	mutex sync.Mutex
	took  []time.Duration // how long the accounts took that were read
}

// readAndDecide reads and judges the accounts, so many at once, and has the ledger of each say
// what is due. Those for which the last run had no time come first. Where the run scatters,
// slices are read by others; unread says which were not, and why.
func (r *fleetReading) readAndDecide(ctx context.Context, scattering *scattering) (unread []string) {
	var accounts []*accountResult
	first := r.fleet.memory.wereNotReached()
	for _, isFirst := range []bool{true, false} {
		for _, a := range r.fleet.results {
			if first[a.account.Uin] == isFirst {
				accounts = append(accounts, a)
			}
		}
	}
	r.readSideBySide(ctx, func(next chan<- *accountResult) {
		if scattering == nil {
			giveAll(accounts, next)
			return
		}
		unread = scattering.scatter(ctx, accounts, next)
	})
	return unread
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
	guard.Run(ctx, r.logger, "accounts", func() { give(next) })
	close(next)
	workers.Wait()
}

// visitAccount reads an account and has its ledger say what is due. Whatever goes wrong
// costs that account alone.
func (r *fleetReading) visitAccount(ctx context.Context, a *accountResult) {
	began := time.Now()
	if a.snapshot != nil { // by another run
		a.isReached, a.status = true, license.AccountFailed
		guard.Run(ctx, r.logger, "account "+a.account.Uin, func() { r.take(ctx, a, *a.snapshot) })
		a.snapshot = nil
		return
	}
	if !began.Before(r.end) || ctx.Err() != nil {
		guard.Run(ctx, r.logger, "account "+a.account.Uin, func() { r.recallAccount(a) })
		return
	}
	o := r.access.OptionsFor(a.account)
	end := instant.Earlier(r.end, began.Add(r.longestVisit()))
	a.isReached, a.status = true, license.AccountFailed
	if !guard.Run(ctx, r.logger, "account "+a.account.Uin, func() {
		snapshot := account.ReadBy(ctx, account.NewClient(o), o, r.base.Now, end)
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
		a.messages = ledger.Pending(life.Input{Now: r.base.Now, Mode: r.base.Mode, Channels: a.channels,
			Slot: r.base.Slot, Own: a.own(), Hours: r.base.Hours})
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
	s = s.After(previous, r.base.Now)
	SetRunOut(&s, RunOut(ForecastUse(ledger, &s, r.base.Now)))
	s.Name, s.Labels = a.account.Name, a.account.Labels
	if s.Labels == nil { // the file says that there are none
		s.Labels = map[string]string{}
	}
	findings := r.base.Rules.JudgeFor(s, r.base.Now, matters, r.fleet.languages...)
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
	a.isDoubtful = message.IsDoubtful(license.Report{Mode: license.ModeDigest, Language: r.base.Language,
		At: r.base.Now, Snapshot: s, Unknown: unknownOf(decided.Findings), Notices: d.runNotices()})
	if r.archive.mayRecord(a) {
		r.holdRecord(ctx, a, s, &judged)
	}
	if ledger != nil && r.memory.Works() {
		if err := r.memory.Accounts.Keep(a.account.Uin, ledger); err != nil { // it costs that account its memory
			r.logger.ErrorContext(ctx, "the ledger of an account is not kept", "account", a.account.Uin, "error",
				err.Error())
		}
	}
}

// decisionFor is the decision about an account, whose findings are still to be added.
func (r *fleetReading) decisionFor(a *accountResult, s license.Snapshot,
	isRouted func(*license.Finding, string) bool) Decision {
	d := r.base
	d.Channels, d.Snapshot = a.everyone(), s
	d.own, d.isRouted, d.onlyEnds = a.own(), isRouted, a.onlyEnds
	return d
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
	a.bind(ledger, r.memory.Ledger.Key(""), r.settings, r.base.Now)
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
