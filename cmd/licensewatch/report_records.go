package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/records"
)

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
	taking := accountTaking{Gatherer: g, archive: a, account: account}
	for len(names) > 0 {
		// of a day the last reading counts; of the last records each, for the last may have none
		const lastOnes = 7
		day := names[:lengthOfDay(names)]
		if err := taking.takeDay(ctx, day, len(names)-lastOnes); err != nil {
			return err
		}
		for _, name := range day {
			delete(wrong, name)
		}
		names = names[len(day):]
	}
	for record, text := range sortedBy(wrong) { // what is not there, or is no record
		g.AddDefect(record, text)
	}
	return nil
}

// lengthOfDay says how many of the records, from the first on, are of its day. Where one is late,
// so that its run may have read after midnight, those before it end there.
func lengthOfDay(names []string) int {
	const late = "2345" // a run takes 15 minutes at most
	dayOf := func(name string) string { return name[:len("2006/01/02")] }
	n := 1
	for n < len(names) && dayOf(names[n]) == dayOf(names[0]) && names[n][len("2006/01/02/"):][:len(late)] < late {
		n++
	}
	return n
}

// accountTaking is an account whose records are taken, the oldest first.
type accountTaking struct {
	*report.Gatherer

	archive *reportArchive
	account string
	decoder records.Decoder
}

// takeDay takes the records of a day, with the readings of those from the one at recent on, and
// with the day's last reading. Which record has that one shows only once it is read and is what
// was sealed, so that the records are read from the last one back until one has.
func (t *accountTaking) takeDay(ctx context.Context, names []string, recent int) error {
	ends := map[int]recordContent{}
	for i, name := range slices.Backward(names) {
		ends[i] = t.readRecord(ctx, name, true)
		if err := interruptedError(ctx); err != nil {
			return err
		}
		if ends[i].snapshot != nil {
			break
		}
	}
	for i, name := range names {
		r, isRead := ends[i]
		if !isRead {
			r = t.readRecord(ctx, name, i >= recent)
		}
		if err := interruptedError(ctx); err != nil {
			return err
		}
		t.giveContent(r)
	}
	return nil
}

// recordContent is what a record gave.
type recordContent struct {
	name     string
	label    string // with its account
	hash     string // of its manifest
	defect   string // what is wrong with it
	isNone   bool   // it was not sealed, of which another record tells
	sealedAt time.Time
	findings []report.Finding // nil: it has none of its own, as messages
	messages []report.Message
	snapshot *license.Snapshot // nil: it has none, or nobody asked for it
}

// giveContent gives what a record holds, or what is wrong with it, to the report.
func (t *accountTaking) giveContent(r recordContent) {
	switch {
	case r.isNone:
		return
	case r.defect == string(archive.NotSealed):
		t.AddDefect(r.name, r.defect)
		return
	}
	if r.findings != nil {
		t.AddFindings(r.label, r.sealedAt, r.findings)
	}
	if r.messages != nil {
		t.AddMessages(r.label, r.messages)
	}
	if r.snapshot != nil {
		t.AddReading(report.Reading{Record: r.label, Snapshot: *r.snapshot})
	}
	t.AddRecord(r.name, archive.Link{Record: r.name}.At(), r.hash, r.defect)
}

// readRecord reads a record; its reading only where it is asked for.
func (t *accountTaking) readRecord(ctx context.Context, name string, wantsReading bool) recordContent {
	r := recordContent{name: name, defect: t.archive.defects[t.account][name]}
	if r.defect == string(archive.NotSealed) {
		return r
	}
	record, err := openRecord(ctx, t.archive.store, t.account, name)
	if errors.Is(err, archive.ErrNotSealed) {
		return recordContent{isNone: true}
	}
	if err == nil && r.defect == "" {
		err = t.readFiles(ctx, record, &r, wantsReading)
	}
	switch {
	case r.defect != "":
		return r
	case errors.Is(err, archive.ErrChanged):
		return recordContent{name: name, defect: changedFile(err)}
	case err != nil:
		return recordContent{name: name, defect: err.Error()}
	}
	r.hash = record.hash
	return r
}

// readFiles reads what a record holds.
func (t *accountTaking) readFiles(ctx context.Context, record *sealedRecord, r *recordContent,
	wantsReading bool) error {
	r.label, r.sealedAt = record.manifest.Account+"/"+record.name, record.manifest.At
	findings, err := readChecked(ctx, record, archive.FindingsName)
	if err != nil {
		return err
	}
	if findings != nil {
		r.findings = records.Findings(findings)
	}
	messages, err := readChecked(ctx, record, archive.MessagesName)
	if err != nil {
		return err
	}
	if messages != nil {
		r.messages = records.Messages(messages, chatName)
	}
	if wantsReading {
		r.snapshot, err = readSealedSnapshot(ctx, record, &t.decoder)
		return err
	}
	return record.compare(ctx, archive.ReadingName, archive.MachinesName)
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
	machines, err := readChecked(ctx, record, archive.MachinesName)
	if err != nil {
		return nil, err
	}
	m := &record.manifest
	return decoder.Reading(m.Account, m.Site, m.At, *reading, machines), nil
}
