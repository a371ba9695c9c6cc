package handler

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"licensewatch/archive"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// fleetSealing seals the records of a fleet's accounts, each in its own chain, and then that
// of the fleet, which names them. One file of the fleet's record is written first: a run that
// is killed leaves a folder that is no record, of which the next one tells.
type fleetSealing struct {
	*archiving

	fleet     *fleetRun
	rules     *rules.Set // that judged
	exports   *fleetExports
	closeIdle func() // closes the connections to the API
	isPage    bool   // the run has made a page, of the readings of all accounts
	sealing   *sealing
	heads     map[string]ledgers.ArchiveHead // the newest records of accounts that are remembered
	codes     map[string]int                 // why accounts could not be sealed, and how many
}

// seal seals, after everybody was told, the records of the accounts and that of the fleet. A
// broken archive costs the records and nothing else.
func (f *fleetSealing) seal(ctx context.Context) {
	if !f.canSeal() {
		return
	}
	hasNews := f.mode == license.ModeDigest || f.evidence.hasSaid()
	if !hasNews && !f.fleet.hasFetched() {
		f.abandon()
		return
	}
	f.sealing, f.codes = f.newSealing(hasNews), map[string]int{}
	ctx, cancel := context.WithDeadline(ctx, f.sealing.sealingEnd)
	defer cancel()
	guard.Run(ctx, f.logger, "archive", func() {
		var since time.Time
		if f.memory.Works() {
			f.sealing.remembered = f.remembered()
			since = f.sealing.remembered.Since
			if known := f.memory.Accounts.Archive; known.ID == f.sealing.remembered.Archive {
				f.heads = known.Heads
			}
		}
		f.sealAs(ctx, f.sealing, func(broken error) (archive.Unsealed, error) { return f.newRecord(ctx, broken) })
		f.outcome.Accounts = f.countSealed()
		f.logFailures(ctx)
		if f.sealing.remembered != nil {
			f.rememberAccounts(since)
		}
	})
}

// newRecord seals the accounts, unless the archive is broken, and gives the fleet's record,
// which names theirs.
func (f *fleetSealing) newRecord(ctx context.Context, broken error) (archive.Unsealed, error) {
	record := f.emptyRecord(f.sealing.account, f.settings.Site)
	if err := f.addMessages(&record, sealedExport{Status: license.ExportOff}, nil); err != nil {
		return record, err
	}
	if err := f.addFindings(&record); err != nil {
		return record, err
	}
	f.letGo()
	if broken == nil {
		record, broken = f.begin(ctx, record)
	}
	f.sealAccounts(ctx, broken)
	accounts, err := f.accountsFile()
	record.Files = append(record.Files, archive.Bytes(archive.AccountsName, accounts))
	record.Missing = f.missingAccounts()
	return record, err
}

// addFindings adds to the fleet's record what the rules found that are about all accounts.
func (f *fleetSealing) addFindings(record *archive.Unsealed) error {
	if f.fleet.judged == nil {
		return nil
	}
	findings, err := f.evidence.sealFindings(f.rules, *f.fleet.judged, f.decided, f.settings.Language)
	record.Files = append(record.Files, archive.Bytes(archive.FindingsName, findings))
	return err
}

// letGo lets go what was read and said, of which the records are packed by now, and the
// connections to the API: there may be little memory.
func (f *fleetSealing) letGo() {
	for _, a := range f.fleet.results {
		for i := range a.messages {
			a.messages[i].Report = license.Report{}
		}
	}
	f.evidence.letGoReports()
	f.closeIdle()
}

// begin writes the first file of the fleet's record: where a run is killed, the next one says so.
func (f *fleetSealing) begin(ctx context.Context, record archive.Unsealed) (archive.Unsealed, error) {
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), f.sealing.sealingEnd))
	defer cancel()
	chain, err := f.sealing.chainOf(ctx, record.Account)
	if err != nil {
		return record, err
	}
	return archive.Begin(ctx, f.store, chain.avoidUnsealed(record), chain.head)
}

// mostSealed is how many accounts are sealed at once at most: each has a connection.
const mostSealed = 64

// sealAccounts seals the records of the accounts side by side, those that need somebody first.
func (f *fleetSealing) sealAccounts(ctx context.Context, broken error) {
	var due []*accountResult
	for _, a := range f.fleet.results {
		switch {
		case !f.isDue(a):
		case !a.isReached:
			a.missing = "not reached"
		case a.held == nil:
			a.missing = "Internal"
		case broken != nil:
			a.missing = archiveCode(broken)
			f.codes[a.missing]++
		default:
			due = append(due, a)
		}
	}
	slices.SortStableFunc(due, func(a, b *accountResult) int {
		return cmp.Or(-cmp.Compare(a.counts.Critical, b.counts.Critical),
			-cmp.Compare(a.counts.Warning, b.counts.Warning))
	})
	now := time.Now()
	// the rest is for the fleet's record
	ctx, cancel := context.WithDeadline(ctx, now.Add(f.sealing.sealingEnd.Sub(now)*4/5))
	defer cancel()
	next := make(chan *accountResult, len(due))
	for _, a := range due {
		next <- a
	}
	close(next)
	var mutex sync.Mutex
	var workers sync.WaitGroup
	for range min(f.fleet.Concurrency, mostSealed, len(due)) {
		workers.Go(func() {
			for a := range next {
				err := errInternal
				guard.Run(ctx, f.logger, "the record of account "+a.account.Uin, func() { err = f.sealAccount(ctx, a) })
				if err == nil {
					continue
				}
				a.missing = archiveCode(err)
				mutex.Lock()
				f.codes[a.missing]++
				mutex.Unlock()
			}
		})
	}
	workers.Wait()
}

// isDue says whether the run has a record of the account: of a digest, and of an alert that
// said something of it or has fetched the file of an earlier export.
func (f *fleetSealing) isDue(a *accountResult) bool {
	return f.mode == license.ModeDigest || f.isPage || f.evidence.hasSaidOf(a) || a.hasFetched()
}

// sealAccount seals the record of an account.
func (f *fleetSealing) sealAccount(ctx context.Context, a *accountResult) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	record := f.emptyRecord(a.account.Uin, a.account.Site)
	err := errors.Join(a.held.addTo(&record), f.addExport(ctx, &record, a))
	if err != nil {
		return err
	}
	a.held = nil
	defer a.forgetFiles()
	s := sealing{store: f.store, account: record.Account}
	if head, ok := f.heads[record.Account]; ok { // what others have sealed since is looked for
		s.remembered = &life.Evidence{Account: record.Account, Record: head.Record, SHA256: head.SHA256}
	}
	head, err := s.sealLast(ctx, record)
	if err == nil {
		a.sealed = head
		f.rememberExport(ctx, a)
	}
	return err
}

// addExport adds to the record of an account what was said of it, and its exported files.
func (f *fleetSealing) addExport(ctx context.Context, record *archive.Unsealed, a *accountResult) error {
	export := sealedExport{Status: license.ExportOff}
	if a.exporter == nil {
		return f.addMessages(record, export, a.isAbout)
	}
	f.exports.withLedger(ctx, a, func() {
		var remembered *life.Evidence
		if f.sealing.remembered != nil {
			remembered = a.exporter.ledger().Evidence(f.sealing.remembered.Archive)
		}
		export = a.exporter.sealedExport(remembered)
	})
	return errors.Join(f.addMessages(record, export, a.isAbout), a.exporter.addTo(record))
}

// rememberExport has the ledger of an account whose record is sealed remember which exported
// files are kept.
func (f *fleetSealing) rememberExport(ctx context.Context, a *accountResult) {
	if a.exporter != nil && f.sealing.remembered != nil {
		f.exports.withLedger(ctx, a, func() {
			remembered := a.exporter.ledger().Evidence(f.sealing.remembered.Archive)
			a.exporter.rememberKept(remembered, a.sealed.Record, "", false)
		})
	}
}

// forgetFiles removes the exported files of an account: there is little room for them.
func (a *accountResult) forgetFiles() {
	if a.exporter != nil {
		a.exporter.files.remove()
	}
}

// isAbout says whether a message said something of the account.
func (a *accountResult) isAbout(said *saidMessage) bool {
	return said.report != nil && slices.ContainsFunc(a.messages, func(m life.Message) bool {
		return life.WholeID(m.ID) == said.id && slices.Contains(m.Channels, said.verdict.channel.Name())
	})
}

// hasSaidOf says whether anybody was sent something of an account.
func (e *evidence) hasSaidOf(a *accountResult) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return slices.ContainsFunc(e.said, func(m saidMessage) bool { return a.isAbout(&m) })
}

// logFailures says how many accounts could not be sealed, and why; of the causes the most
// frequent one stands in the Summary.
func (f *fleetSealing) logFailures(ctx context.Context) {
	if len(f.codes) == 0 {
		return
	}
	f.outcome.Reason = cmp.Or(f.outcome.Reason, f.worstCode())
	f.logger.LogAttrs(ctx, slog.LevelError, "the records of accounts are not sealed",
		slog.Any("accounts_by_cause", f.codes))
}

// worstCode is why most of the accounts that could not be sealed were not.
func (f *fleetSealing) worstCode() string {
	return slices.MaxFunc(slices.Sorted(maps.Keys(f.codes)),
		func(a, b string) int { return cmp.Compare(f.codes[a], f.codes[b]) })
}

// rememberAccounts remembers the newest records of the accounts, and that some could not be
// sealed, since when that is so.
func (f *fleetSealing) rememberAccounts(since time.Time) {
	if len(f.codes) > 0 {
		f.sealing.remembered.Since = since
		f.sealing.remembered.Fail(f.sealing.now, f.worstCode())
	}
	heads := map[string]ledgers.ArchiveHead{}
	for _, a := range f.fleet.results {
		if a.sealed.Record != "" {
			heads[a.account.Uin] = ledgers.ArchiveHead{Record: a.sealed.Record, SHA256: a.sealed.SHA256}
		} else if head, isKnown := f.heads[a.account.Uin]; isKnown {
			heads[a.account.Uin] = head
		}
	}
	f.memory.Accounts.Archive = ledgers.Archive{ID: f.sealing.remembered.Archive, Heads: heads}
}
