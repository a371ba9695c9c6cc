package handler

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"

	"licensewatch/archive"
	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
)

// What has built the program, as "make build" sets it.
var (
	buildVersion = "devel"
	buildCommit  = "unknown"
)

// runSealing seals the record of a run of one account, after everybody was told.
type runSealing struct {
	*archiving

	rules    *rules.Set // that judged the snapshot
	snapshot license.Snapshot
	exporter *exporter
	files    *exportFiles
}

// seal seals the record of a digest, and of an alert that said something or has fetched the
// file of an earlier export. A broken archive costs the record and nothing else.
func (r *runSealing) seal(ctx context.Context) {
	if !r.canSeal() {
		return
	}
	hasNews := r.mode == license.ModeDigest || r.evidence.hasSaid()
	if !hasNews && !r.files.hasFetched() {
		r.abandon()
		return
	}
	s := r.newSealing(hasNews)
	ctx, cancel := context.WithDeadline(ctx, s.sealingEnd)
	defer cancel()
	guard.Run(ctx, r.logger, "archive", func() {
		if r.memory.Works() {
			s.remembered = r.remembered()
		}
		r.sealAs(ctx, s, func(error) (archive.Unsealed, error) { return r.newRecord(s.remembered) })
	})
	if s.remembered != nil {
		sealed := ""
		if r.outcome.Status == ArchiveSealed {
			sealed = r.outcome.Record
		}
		r.exporter.rememberKept(s.remembered, sealed, r.begun, s.hasToWait)
	}
}

// rememberKept remembers which exported files are kept, in the record that was sealed, if it
// was, or in one that waits, and which the record that was begun has to do without: a later
// run fetches those.
func (e *exporter) rememberKept(remembered *life.Evidence, sealed, begun string, hasToWait bool) {
	isSealed := sealed != ""
	if isSealed || hasToWait {
		for _, ended := range e.endedExports() {
			remembered.EndExport(ended.TaskID)
		}
	}
	if isSealed && e.export.Status == license.ExportPending {
		remembered.AwaitExport(e.export.TaskID, sealed)
	}
	for _, file := range e.files.all() {
		isKept := isSealed || hasToWait && canWait(file.Size)
		switch {
		case isKept && file.Month == "":
			e.ledger().Exports().MarkKept(file.TaskID)
		case isKept:
			e.ledger().History().MarkKept(file.TaskID)
			e.ledger().History().Finish(file.Month)
		case file.Month != "": // it is begun anew
			e.ledger().History().Lose(file.Month)
		case begun != "":
			remembered.AwaitExport(file.TaskID, begun)
		}
	}
	remembered.KeepExports(e.ledger().Exports().Waits)
}

// endedExports are the license details of which the run has seen the end: its own and those
// that earlier runs have begun.
func (e *exporter) endedExports() (ended []sealedExport) {
	for _, x := range []*license.Export{&e.export, &e.late.Export} {
		if x.TaskID != 0 && x.Status != license.ExportPending {
			ended = append(ended, sealedExport{Status: x.Status, TaskID: x.TaskID})
		}
	}
	for _, file := range e.files.all() {
		if file.Month == "" {
			ended = append(ended, sealedExport{Status: license.ExportFinished, TaskID: file.TaskID})
		}
	}
	return ended
}

// newRecord is the record of the run.
func (r *runSealing) newRecord(remembered *life.Evidence) (archive.Unsealed, error) {
	record := r.emptyRecord(r.folder, r.settings.Site)
	if err := r.addReading(&record, r.rules, r.snapshot, r.evidence); err != nil {
		return record, err
	}
	if err := r.addMessages(&record, r.exporter.sealedExport(remembered), nil); err != nil {
		return record, err
	}
	err := r.exporter.addTo(&record)
	return record, err
}

// sealedExport is what messages.json says of the export; remembered is nil where nothing is.
func (e *exporter) sealedExport(remembered *life.Evidence) sealedExport {
	export := sealedExport{Status: e.export.Status, TaskID: e.export.TaskID}
	if remembered == nil {
		return export
	}
	for _, ended := range e.endedExports() {
		if ended.Record = remembered.RecordAwaiting(ended.TaskID); ended.Record != "" { // which had to do without it
			export = ended
		}
	}
	return export
}

// addTo adds the exported files to a record, and what it lacks of them.
func (e *exporter) addTo(record *archive.Unsealed) error {
	record.Missing = append(missingExport(e), record.Missing...)
	return e.files.addTo(record)
}

// emptyRecord is a record of the run that holds nothing yet.
func (a *archiving) emptyRecord(folder string, site license.Site) archive.Unsealed {
	return archive.Unsealed{Account: folder, Site: string(site), RunID: a.runID, At: a.decided, Mode: string(a.mode),
		Program: archive.Program{Version: buildVersion, Commit: buildCommit}}
}

// addReading adds to a record what was read and what the rules made of it.
func (a *archiving) addReading(record *archive.Unsealed, set *rules.Set, snapshot license.Snapshot,
	judged *evidence) error {
	var reading, machines bytes.Buffer
	findings, err := judged.sealFindings(set, snapshot, a.decided, a.settings.Language)
	if err != nil {
		return err
	}
	bindings := snapshot.Bindings
	snapshot.Bindings = nil // they have a file of their own
	if err := license.WriteSnapshot(&reading, snapshot); err != nil {
		return err
	}
	record.Files = append(record.Files, archive.Bytes(archive.ReadingName, reading.Bytes()),
		archive.Bytes(archive.FindingsName, findings))
	if bindings != nil {
		if err := license.WriteBindings(&machines, bindings); err != nil {
			return err
		}
		record.Files = append(record.Files, archive.Bytes(archive.MachinesName, machines.Bytes()))
	}
	if judged.lacksConditions() {
		record.Missing = append(record.Missing, archive.Missing{Name: "conditions",
			Reason: fmt.Sprintf("%d orders and more", manyOrders)})
	}
	return nil
}

// addMessages adds to a record what was said, see evidence.sealMessages.
func (a *archiving) addMessages(record *archive.Unsealed, export sealedExport,
	isAbout func(*saidMessage) bool) error {
	channelID := func(string) string { return "" }
	if a.memory.Knows() {
		channelID = a.memory.Ledger.ChannelID
	}
	messages, err := a.evidence.sealMessages(a.settings.Channels, a.mode, channelID, export, isAbout)
	record.Files = append(record.Files, archive.Bytes(archive.MessagesName, messages))
	return err
}

// missingExport is what a record lacks of its own export.
func missingExport(e *exporter) []archive.Missing {
	switch export := e.export; {
	case export.Status == license.ExportPending || export.Status == license.ExportSkipped:
		return []archive.Missing{{Name: "export", Reason: string(export.Status)}}
	case export.Status == license.ExportFailed:
		return []archive.Missing{{Name: "export", Reason: "failed: " + string(export.Problem)}}
	case e.isKept():
		return []archive.Missing{{Name: "export", Reason: "in an earlier record"}}
	default:
		return nil
	}
}

// addTo adds what was fetched to a record, and what could not be. The files stay open until
// they are removed.
func (f *exportFiles) addTo(record *archive.Unsealed) error {
	if f == nil {
		return nil
	}
	for _, tried := range f.tried {
		if tried.Unfetched != "" {
			record.Missing = append(record.Missing,
				archive.Missing{Name: "export/" + tried.Name, Reason: tried.Unfetched})
		}
	}
	for _, file := range f.fetched {
		name := "export/" + file.Name
		if slices.ContainsFunc(record.Files, func(c archive.Content) bool { return c.Name == name }) {
			name = fmt.Sprintf("export/%d-%s", file.TaskID, file.Name) // an earlier run's, beside this one's
		}
		opened, err := os.Open(file.Path)
		if err != nil {
			return err
		}
		f.opened = append(f.opened, opened)
		record.Files = append(record.Files, archive.Content{Name: name, Data: opened, Size: file.Size})
	}
	return nil
}
