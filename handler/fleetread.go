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
	"licensewatch/tencent"
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
	isRerun  bool     // the fleet's digest of this event was written by an earlier run
	logger   *slog.Logger

	end    time.Time // of reading, by the real clock
	access *FleetAccess

	exports *fleetExports // nil: no account asks for one

	// take is what becomes of a reading.
	take func(context.Context, *accountResult, license.Snapshot)

	mutex sync.Mutex
	took  []time.Duration // how long the accounts took that were read
	skew  time.Duration   // how far the clock is ahead, where the cloud has refused the time
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
	defer r.exports.begin(ctx)()
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
	began, part := time.Now(), "account "+a.account.Uin
	if a.snapshot == nil && (!began.Before(r.end) || ctx.Err() != nil) {
		guard.Run(ctx, r.logger, part, func() { r.recallAccount(a) })
		return
	}
	a.isReached = true
	o := r.access.OptionsFor(a.account)
	client := account.NewClient(o)
	if !guard.Run(ctx, r.logger, part, func() {
		r.take(ctx, a, r.read(ctx, a, client, o, began))
		r.exports.add(a, client, o.Role)
	}) {
		a.status, a.sources = license.AccountFailed, map[string]string{"account": "Internal"}
	}
}

// read reads an account, unless another run has read it.
func (r *fleetReading) read(ctx context.Context, a *accountResult, client *tencent.Client, o account.Options,
	began time.Time,
) license.Snapshot {
	if read := a.snapshot; read != nil {
		a.snapshot = nil
		return *read
	}
	end := instant.Earlier(r.end, began.Add(r.longestVisit()))
	snapshot := account.ReadBy(ctx, client, o, r.base.Now, end)
	r.noteVisit(time.Since(began), snapshot)
	return snapshot
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
			Slot: r.base.Slot, PerChannel: a.perChannel(), Hours: r.base.Hours})
	}
}

// judgedAccount is an account that was read and judged.
type judgedAccount struct {
	now      time.Time // by the cloud's clock, where it refused ours
	snapshot license.Snapshot
	findings []license.Finding
	isRouted func(*license.Finding, string) bool
	ledger   *life.Ledger // nil: there is no memory
	evidence evidence
}

// judgeAccount judges an account that was read.
func (r *fleetReading) judgeAccount(ctx context.Context, a *accountResult, s license.Snapshot) *judgedAccount {
	var ledger *life.Ledger
	matters := func(string, string) bool { return false }
	if r.memory.Knows() {
		ledger = r.openLedger(ctx, a)
		matters = ledger.Remembers()
	}
	a.exporter = r.exports.newExporter(a, ledger, &r.base)
	skew := clockSkew(&s, r.memory, r.base.Now)
	r.noteSkew(skew)
	now := r.base.Now.Add(-skew)
	s = readingToJudge(ledger, s, r.base.Now, skew)
	s.Name, s.Labels = a.account.Name, a.account.Labels
	if s.Labels == nil { // the file says that there are none
		s.Labels = map[string]string{}
	}
	findings := r.base.Rules.JudgeFor(s, now, matters, r.fleet.languages...)
	j := &judgedAccount{now: now, findings: findings, isRouted: a.routed(&s), ledger: ledger}
	if r.archive != nil {
		j.evidence.keepJudgement(&s, findings)
	}
	s.Previous = nil
	a.noteReading(s)
	j.snapshot = s
	return j
}

// decideAccount judges an account that was read, and has its ledger say what is due.
func (r *fleetReading) decideAccount(ctx context.Context, a *accountResult, s license.Snapshot) {
	j := r.judgeAccount(ctx, a, s)
	s = j.snapshot
	d := r.decisionFor(a, s, j.isRouted)
	d.Now, d.Findings, j.findings = j.now, j.findings, nil
	decided := d.Decide(j.ledger)
	a.counts, a.messages = countFindings(decided.Findings), withoutFields(decided.Messages)
	a.isDoubtful = message.IsDoubtful(license.Report{Mode: license.ModeDigest, Language: r.base.Language,
		At: j.now, Snapshot: s, Unknown: unknownOf(decided.Findings), Notices: d.runNotices()})
	r.keepAccount(ctx, a, j)
}

// withoutFields has messages of an account keep what was read only where they tell by it what is over: all
// accounts have theirs until the last one was read.
func withoutFields(messages []life.Message) []life.Message {
	for i := range messages {
		if r := &messages[i].Report; len(r.Resolved)+len(r.Superseded) == 0 {
			r.Snapshot = r.Snapshot.WithoutFields()
		}
	}
	return messages
}

// keepAccount keeps the record and the ledger of an account.
func (r *fleetReading) keepAccount(ctx context.Context, a *accountResult, j *judgedAccount) {
	if r.archive.mayRecord(a) {
		r.holdRecord(ctx, a, j.snapshot, &j.evidence)
	}
	if j.ledger != nil && r.memory.Works() {
		if err := r.memory.Accounts.Keep(a.account.Uin, j.ledger); err != nil { // it costs that account its memory
			r.logger.ErrorContext(ctx, "the ledger of an account is not kept", "account", a.account.Uin, "error", err.Error())
		}
	}
}

// holdRecord packs what was read of an account until everybody was told.
func (r *fleetReading) holdRecord(ctx context.Context, a *accountResult, s license.Snapshot, judged *evidence) {
	r.fleet.held.mutex.Lock()
	defer r.fleet.held.mutex.Unlock()
	record := r.archive.emptyRecord(a.account.Uin, a.account.Site)
	err := r.archive.addReading(&record, r.base.Rules, s, judged)
	if err == nil {
		a.held, err = r.fleet.held.hold(record, a.status == license.AccountRead)
	}
	if err != nil {
		r.logger.LogAttrs(ctx, slog.LevelError, "the record of an account is not kept",
			slog.String("account", a.account.Uin), slog.String("error", err.Error()))
	}
}

// noteSkew notes how far the clock is ahead, where the cloud has refused the time.
func (r *fleetReading) noteSkew(skew time.Duration) {
	if skew == 0 {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.skew = skew
}

// decisionFor is the decision about an account, whose findings are still to be added.
func (r *fleetReading) decisionFor(a *accountResult, s license.Snapshot,
	isRouted func(*license.Finding, string) bool) Decision {
	d := r.base
	d.Channels, d.Snapshot = a.everyone(), s
	d.perChannel, d.isRouted, d.onlyEnds = a.perChannel(), isRouted, a.onlyEnds
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
	if r.isRerun { // which may not have reached this account: no second digest is written for it
		ledger.SkipDigest(r.base.Slot, r.base.Now)
	}
	return ledger
}

// bindAccount tells the ledger of an account where the channels lead that may hear of it.
func (r *fleetReading) bindAccount(ledger *life.Ledger, a *accountResult) {
	a.bind(ledger, r.memory.Ledger.Key(""), r.settings, r.base.Now)
}
