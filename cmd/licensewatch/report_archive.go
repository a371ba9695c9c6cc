package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/records"
	"licensewatch/rules"
)

// reportArchive reads an archive for a report: one account after the other, the records of
// the days from the oldest on. What does not verify is told and not used.
type reportArchive struct {
	store   archive.Store
	set     *rules.Set
	names   map[string]string // of accounts, by number
	builder *report.Builder
	span    reportSpan

	defects    map[string]map[string]string // by account and record
	site       license.Site                 // of the last account that was read
	hasRecords atomic.Bool                  // there is one of the days
}

// read reads the accounts.
func (a *reportArchive) read(ctx context.Context, c console, accounts []string) error {
	if err := a.verify(ctx, c, accounts); err != nil {
		return err
	}
	working := c.startProgress("reading the records")
	defer working.done()
	done := 0
	err := a.gatherAll(ctx, accounts, func(g *report.Gatherer) error {
		if newest := g.Newest(); newest != nil {
			a.site = newest.Snapshot.Site
			// a record has words in one language; where the rules say the same of the reading, in both
			at := newest.Snapshot.ReadAt
			g.Reword(judgedFindings(a.set, newest.Snapshot.After(g.Before(), at), at))
		}
		isFleet := isFleetChain(accounts[done])
		if done++; done < len(accounts) {
			working.step("reading the records: %d of %s done", done, countOf(len(accounts), "account"))
		}
		if isFleet {
			a.builder.AddFleet(g)
			return nil
		}
		return a.builder.Add(g)
	})
	if err != nil || a.hasRecords.Load() {
		return err
	}
	return a.noRecordError(ctx, accounts)
}

// noRecordError says that there is no record of the days, and of which there are: a page of nothing
// would look as if nothing were wrong.
func (a *reportArchive) noRecordError(ctx context.Context, accounts []string) error {
	var first, last time.Time
	for _, account := range accounts {
		names, err := archive.Records(ctx, a.store, account)
		if err != nil {
			return archiveError(err)
		}
		for _, name := range names {
			at := archive.Link{Record: name}.At()
			if first.IsZero() || at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
	}
	zone := a.span.now.Location()
	text := fmt.Sprintf("the archive has no record from %s to %s", a.span.from.Format(time.DateOnly),
		a.span.now.Format(time.DateOnly))
	switch {
	case first.IsZero() && len(accounts) == 1:
		text += fmt.Sprintf(", and none of %s of any other day", accounts[0])
	case first.IsZero():
		text += ", and none of any other day"
	default:
		text += fmt.Sprintf("; its records are of %s to %s: choose days of these with --from and --to",
			first.In(zone).Format(time.DateOnly), last.In(zone).Format(time.DateOnly))
	}
	return &exitError{text: text}
}

// gathered is what an account's records gave.
type gathered struct {
	*report.Gatherer

	err error
}

// gatherAll reads some accounts side by side, and gives each to take in their order.
func (a *reportArchive) gatherAll(whole context.Context, accounts []string, take func(*report.Gatherer) error) error {
	ctx, cancel := context.WithCancel(whole)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	ahead := make(chan chan gathered, runtime.GOMAXPROCS(0))
	working.Go(func() {
		defer close(ahead)
		for _, account := range accounts {
			result := make(chan gathered, 1)
			select {
			case ahead <- result:
			case <-ctx.Done():
				return
			}
			working.Go(func() {
				g := report.NewGatherer(account, a.names[account])
				result <- gathered{g, a.readAccount(ctx, g, account)}
			})
		}
	})
	for result := range ahead {
		g := <-result
		if g.err != nil {
			return g.err
		}
		if err := take(g.Gatherer); err != nil {
			return err
		}
	}
	return interruptedError(whole)
}

// reportedFiles are what is read of each record: readRecord finds out whether they hold what was
// sealed.
var reportedFiles = []string{archive.ReadingName, archive.FindingsName, archive.MessagesName, archive.MachinesName}

// verify compares the records of the days with their manifests, and the chain.
func (a *reportArchive) verify(ctx context.Context, c console, accounts []string) error {
	from, to := a.span.recordDays()
	check := archive.Check{From: from, To: to,
		Reads: func(file string) bool { return slices.Contains(reportedFiles, file) }}
	if len(accounts) == 1 {
		check.Account = accounts[0]
	}
	progress := countProgress{console: c}
	defer progress.done()
	check.Progress = progress.show
	result, err := archive.Verify(ctx, a.store, check)
	if err := interruptedError(ctx); err != nil {
		return err
	}
	if err != nil {
		return archiveError(err)
	}
	a.defects = map[string]map[string]string{}
	for _, p := range result.Defects {
		if a.defects[p.Account] == nil {
			a.defects[p.Account] = map[string]string{}
		}
		text := string(p.Reason)
		if p.File != "" {
			text = p.File + ": " + text
		}
		if a.defects[p.Account][p.Record] == "" { // the first says enough
			a.defects[p.Account][p.Record] = text
		}
	}
	return nil
}

// judgedFindings are what the rules say of a reading.
func judgedFindings(set *rules.Set, s license.Snapshot, at time.Time) []report.Finding {
	matters := func(string, string) bool { return false }
	return records.FindingsOf(set.JudgeFor(s, at.In(license.APIZone), matters, license.English, license.Chinese))
}
