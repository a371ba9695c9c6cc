package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
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
var reportedFiles = []string{readingFile, "findings.json", "messages.json", "machines.json"}

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

// readAccount takes what the account's records hold.
func (a *reportArchive) readAccount(ctx context.Context, g *report.Gatherer, account string) error {
	from, to := a.span.recordDays()
	names, err := recordsWithin(ctx, a.store, account, from, to)
	if err != nil {
		return err
	}
	isOutside := func(name string) bool { return !a.span.has(name) }
	names = slices.DeleteFunc(names, isOutside)
	wrong := a.defects[account]
	maps.DeleteFunc(wrong, func(name, _ string) bool { return isOutside(name) })
	if len(names)+len(wrong) > 0 {
		a.hasRecords.Store(true)
	}
	taking := accountTaking{Gatherer: g, account: account}
	for i, name := range names {
		// of a day the last reading counts; of the last records each, for the last may have none
		const lastOnes = 8
		wantsReading := i+lastOnes > len(names) || a.isLastOfDay(ctx, account, name, names[i+1:])
		a.takeRecord(ctx, &taking, name, wrong[name], wantsReading)
		if err := interruptedError(ctx); err != nil {
			return err
		}
		delete(wrong, name)
	}
	for record, text := range sortedBy(wrong) { // what is not there, or is no record
		g.Wrong(record, text)
	}
	return nil
}

// isLastOfDay says whether no record after it is sure to have a later reading of its day: one that
// does not verify has none, and a run that began shortly before midnight may have read after it.
func (a *reportArchive) isLastOfDay(ctx context.Context, account, name string, after []string) bool {
	const late = "2345" // a run takes 15 minutes at most
	for _, later := range after {
		if dayOfRecord(later) != dayOfRecord(name) || later[len("2006/01/02/"):][:len(late)] >= late {
			return true
		}
		if a.hasReading(ctx, account, later) {
			return false
		}
	}
	return true
}

// hasReading says whether a record verifies and has a reading.
func (a *reportArchive) hasReading(ctx context.Context, account, name string) bool {
	if a.defects[account][name] != "" {
		return false
	}
	record, err := openRecord(ctx, a.store, account, name)
	if err != nil {
		return false
	}
	isReading := func(f archive.File) bool { return f.Name == readingFile }
	return slices.ContainsFunc(record.manifest.Files, isReading) && record.compare(ctx, reportedFiles...) == nil
}

// accountTaking is an account whose records are taken, the oldest first.
type accountTaking struct {
	*report.Gatherer

	account string
	decoder records.Decoder
}

func dayOfRecord(name string) string { return name[:len("2006/01/02")] }

// takeRecord takes a record, or what is wrong with it.
func (a *reportArchive) takeRecord(ctx context.Context, g *accountTaking, name, defect string, wantsReading bool) {
	at := archive.Link{Record: name}.At()
	if defect == string(archive.NotSealed) {
		g.Wrong(name, defect)
		return
	}
	record, err := openRecord(ctx, a.store, g.account, name)
	if errors.Is(err, archive.ErrNotSealed) { // of which a later record tells
		return
	}
	if err == nil && defect == "" {
		err = readRecord(ctx, g, record, wantsReading)
	}
	switch {
	case defect != "":
		g.Record(name, at, "", defect)
	case errors.Is(err, archive.ErrChanged):
		g.Record(name, at, "", changedFile(err))
	case err != nil:
		g.Record(name, at, "", err.Error())
	default:
		g.Record(name, at, record.hash, "")
	}
}

// readRecord takes a record; its reading only where it is asked for.
func readRecord(ctx context.Context, g *accountTaking, record *sealedRecord, wantsReading bool) error {
	label := record.manifest.Account + "/" + record.name
	findings, err := readChecked(ctx, record, "findings.json")
	if err != nil {
		return err
	}
	messages, err := readChecked(ctx, record, "messages.json")
	if err != nil {
		return err
	}
	var snapshot *license.Snapshot
	if wantsReading {
		snapshot, err = readSealedSnapshot(ctx, record, &g.decoder)
	} else {
		err = record.compare(ctx, readingFile, "machines.json")
	}
	if err != nil {
		return err
	}
	if findings != nil {
		g.Findings(label, record.manifest.At, records.Findings(findings))
	}
	if messages != nil {
		g.Messages(label, records.Messages(messages, chatName))
	}
	if snapshot != nil {
		g.Reading(report.Reading{Record: label, Snapshot: *snapshot})
	}
	return nil
}

// readChecked reads a file of a record that is decoded whole; nil where the record does not have
// it.
func readChecked(ctx context.Context, record *sealedRecord, name string) ([]byte, error) {
	data, err := record.read(ctx, name, maxSealedFile)
	if err != nil || data == nil {
		return nil, err
	}
	if err := checkSealed(data, mostReportValues); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", record.name, name, err)
	}
	return data, nil
}

// mostReportValues bounds a file that is decoded whole.
const mostReportValues = 1_000_000

// readSealedSnapshot reads a record's reading with its machines; nil where it has none.
func readSealedSnapshot(ctx context.Context, record *sealedRecord, decoder *records.Decoder) (*license.Snapshot,
	error) {
	reading, err := record.readReading(ctx)
	if err != nil || reading == nil {
		return nil, err
	}
	machines, err := readChecked(ctx, record, "machines.json")
	if err != nil {
		return nil, err
	}
	m := &record.manifest
	return decoder.Reading(m.Account, m.Site, m.At, *reading, machines), nil
}

// judgedFindings are what the rules say of a reading.
func judgedFindings(set *rules.Set, s license.Snapshot, at time.Time) []report.Finding {
	matters := func(string, string) bool { return false }
	return records.FindingsOf(set.JudgeFor(s, at.In(license.APIZone), matters, license.English, license.Chinese))
}
