package handler

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/tencent"
)

// The license details of the accounts that ask for it (export: true) are exported as those of
// a single one, each with its own keys, and with its own ledger, which remembers the task.
// That goes on beside the reading, and is waited for no longer than reading may take.

const (
	// mostExports is how many accounts are exported at once at most: each has a connection.
	mostExports = 64
	// leastForTask is the least time that is worth beginning an export, or asking for one.
	leastForTask = time.Second
)

// fleetExports has the license details of accounts exported, so many at once. A nil one is
// that of accounts none of which asks for it.
type fleetExports struct {
	fleet  *fleetRun
	memory *session.Session
	mode   license.Mode
	budget budget
	base   exporter     // what the exporters of all accounts have in common
	files  *exportFiles // likewise; nil: nobody has a use for them
	now    func() time.Time
	logger *slog.Logger

	asking  int // how many accounts ask for an export
	next    chan exportTurn
	workers sync.WaitGroup
}

// exportTurn is an account whose turn it is, and how it is reached.
type exportTurn struct {
	result *accountResult
	client *tencent.Client
	role   *account.Role // nil: there is none
}

// begin starts who exports, until what it gives is called: that waits for the accounts that
// have their turn.
func (x *fleetExports) begin(ctx context.Context) (await func()) {
	if x == nil {
		return func() {}
	}
	ctx, cancel := context.WithDeadline(ctx, x.budget.export)
	x.next = make(chan exportTurn, x.asking)
	for range min(mostExports, x.asking) {
		x.workers.Go(func() {
			for turn := range x.next {
				x.exportAccount(ctx, turn)
			}
		})
	}
	return func() {
		defer cancel()
		close(x.next)
		x.workers.Wait()
	}
}

// add gives an account that was read its turn, where there is something to do.
func (x *fleetExports) add(a *accountResult, client *tencent.Client, role *account.Role) {
	if x != nil && a.exporter != nil && a.status != license.AccountFailed {
		x.next <- exportTurn{a, client, role}
	}
}

// newExporter makes what exports an account, when it was judged; nil where there is nothing to
// do. ledger is the account's, nil where nothing is remembered.
func (x *fleetExports) newExporter(a *accountResult, ledger *life.Ledger, by *Decision) *exporter {
	if x == nil || !a.account.Export {
		return nil
	}
	isRerun, isOpen := false, false
	if ledger != nil && x.memory.Works() {
		_, running := ledger.Exports().Pending(by.Now)
		_, superseded := ledger.Exports().GivenUp()
		isOpen = len(ledger.Exports().HeldFiles(by.Now)) > 0 || running != life.ExportNone ||
			superseded != life.ExportNone
		isRerun = ledger.IsRerun(by.Slot, by.Now) // it says what the first run wrote
	}
	isWanted := x.mode == license.ModeDigest && !isRerun
	if !isWanted && !isOpen {
		return nil
	}
	e := x.base
	e.isWanted, e.logger = isWanted, x.logger.With("account", a.account.Uin)
	if x.files != nil {
		e.files = &exportFiles{transport: x.files.transport, endpoint: x.files.endpoint, sleep: x.files.sleep,
			logger: e.logger}
	}
	return &e
}

// exportAccount has an account exported, or asks for what an earlier run has begun. Whatever
// goes wrong costs that account's export alone.
func (x *fleetExports) exportAccount(ctx context.Context, turn exportTurn) {
	a, e := turn.result, turn.result.exporter
	e.client = turn.client
	if time.Until(x.budget.export) < leastForTask || ctx.Err() != nil {
		if e.isWanted {
			e.export.Status = license.ExportSkipped
		}
		return
	}
	if !guard.Run(ctx, x.logger, "export of account "+a.account.Uin, func() {
		if turn.role != nil { // another run may have read the account
			_ = turn.role.Assume(ctx) // the export says why it cannot be had
		}
		x.withLedger(ctx, a, func() {
			e.run(ctx, false, e.isWanted, x.mode, x.now())
			e.fetchEarlier(ctx)
		})
	}) {
		e.export = brokenExport()
	}
}

// withLedger has the exporter of an account work with the account's ledger, where there is
// one, which is kept then.
func (x *fleetExports) withLedger(ctx context.Context, a *accountResult, work func()) {
	if !x.memory.Works() {
		work()
		return
	}
	ledger, err := x.memory.Accounts.Open(a.account.Uin)
	if err == nil {
		a.exporter.ownLedger = ledger
		defer func() { a.exporter.ownLedger = nil }()
		work()
		err = x.memory.Accounts.Keep(a.account.Uin, ledger)
	}
	if err != nil { // what is not remembered is exported once more
		x.logger.ErrorContext(ctx, "the export of an account is not remembered", "account", a.account.Uin, "error",
			err.Error())
	}
}

// hasFetched says whether the run has fetched an exported file of the account.
func (a *accountResult) hasFetched() bool { return a.exporter != nil && a.exporter.files.hasFetched() }

// hasFetched says whether the run has fetched an exported file of any account.
func (f *fleetRun) hasFetched() bool {
	return slices.ContainsFunc(f.results, (*accountResult).hasFetched)
}

// removeFiles removes the exported files of the accounts.
func (f *fleetRun) removeFiles() {
	if f == nil {
		return
	}
	for _, a := range f.results {
		if a.exporter != nil {
			a.exporter.files.remove()
		}
	}
}

// exportSummary counts what became of the exports of this run.
func (f *fleetRun) exportSummary() ExportSummary {
	summary, accounts := ExportSummary{Status: license.ExportOff}, ExportedAccounts{}
	ends := []struct { // the worst first
		status license.ExportStatus
		count  *int
	}{{license.ExportFailed, &accounts.Failed}, {license.ExportSkipped, &accounts.Skipped},
		{license.ExportPending, &accounts.Pending}, {license.ExportFinished, &accounts.Finished}}
	for _, end := range ends {
		for _, a := range f.results {
			if a.exporter != nil && a.exporter.export.Status == end.status {
				*end.count++
			}
		}
		if *end.count > 0 && summary.Accounts == nil {
			summary.Status, summary.Accounts = end.status, &accounts
		}
	}
	return summary
}

// exports are what became of the exports of this run that a channel hears of.
func (f *fleetRun) exports(channel string) (exports []license.AccountExport) {
	for _, a := range f.results {
		if a.exporter != nil && a.exporter.export.Status != license.ExportOff && slices.Contains(a.channels, channel) {
			exports = append(exports, license.AccountExport{Account: a.account.Name, Export: a.exporter.export})
		}
	}
	return exports
}
