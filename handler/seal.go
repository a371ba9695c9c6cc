package handler

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/state"
)

// What has built the program, as "make build" sets it.
var (
	buildVersion = "devel"
	buildCommit  = "unknown"
)

const archiveSetting = "LICENSEWATCH_ARCHIVE_URL"

// ArchiveSummary is what became of the record of a run.
type ArchiveSummary struct {
	Status ArchiveStatus `json:"status"`
	Record string        `json:"record,omitempty"` // as "licensewatch archive" names it
	Head   string        `json:"head,omitempty"`   // the first 12 hexadecimal digits of the manifest's SHA-256
	Reason string        `json:"reason,omitempty"` // failed: why
}

// ArchiveStatus says in a word what became of a record.
type ArchiveStatus string

// The statuses.
const (
	ArchiveOff    ArchiveStatus = "off"    // there is no archive
	ArchiveNone   ArchiveStatus = "none"   // an alert that said nothing has no record
	ArchiveSealed ArchiveStatus = "sealed" // the record and those that waited
	ArchiveFailed ArchiveStatus = "failed" // with a store, the record waits there
)

// openArchive opens the archive of the settings; nothing is read yet.
func (r *run) openArchive() {
	r.archived.Status = ArchiveOff
	if r.config.ArchiveURL == "" || r.handler.dryRun != nil { // a dry run leaves no trace
		return
	}
	store, err := state.OpenArchive(r.config.ArchiveURL, archiveSetting, r.budget.end.Truncate(time.Second).Add(2*time.Second),
		state.Options{Credentials: r.config.Keys, Transport: r.handler.transport, Disk: r.handler.archiveDisk,
			Sleep: r.handler.sleep, Logger: r.logger})
	if err != nil { // the settings were checked
		return
	}
	r.archive, r.evidence, r.archived.Status = store, &evidence{}, ArchiveNone
}

// archiveID tells the archive of the settings from another one, by a hash from which its URL
// cannot be guessed.
func (r *run) archiveID() string {
	hash := hmac.New(sha256.New, []byte(r.memory.Ledger.Key(rand.Text())))
	_, _ = io.WriteString(hash, "archive "+r.config.ArchiveURL)
	return hex.EncodeToString(hash.Sum(nil)[:6])
}

// showsHead says whether the newest record has to be looked for, to be shown: with a store it
// is remembered.
func (r *run) showsHead() bool {
	return r.archive != nil && r.mode == license.ModeDigest && r.memory == nil
}

// findHead looks for the newest record while the account is read.
func (r *run) findHead(ctx context.Context) {
	ctx, cancel := context.WithDeadline(ctx, r.budget.collect)
	defer cancel()
	head, _, err := archive.FindHead(ctx, r.archive, archive.AccountFolder(r.host.TencentcloudUin))
	if err != nil {
		r.logger.LogAttrs(ctx, slog.LevelWarn, "the newest record of the archive was not found",
			slog.String("error", err.Error()))
		return
	}
	r.head = head
}

// evidenceNotices are what a digest says of the archive: the newest record before it, and
// since when nothing could be sealed.
func (r *run) evidenceNotices() (notices []license.Notice) {
	if r.archive == nil || r.mode != license.ModeDigest {
		return nil
	}
	var remembered life.Evidence
	if r.memory.Works() {
		remembered = *r.memory.Ledger.Evidence(r.archiveID())
	} else if r.head != nil {
		remembered = life.Evidence{Record: r.head.Record, SHA256: r.head.SHA256, At: r.head.At()}
	}
	if remembered.Record != "" {
		head := archive.Link{Record: remembered.Record, SHA256: remembered.SHA256}
		notices = append(notices, license.Notice{Code: license.NoticeEvidence,
			Args: []string{remembered.At.UTC().Format(time.RFC3339), head.Short()}})
	}
	if !remembered.Since.IsZero() {
		notices = append(notices, license.Notice{Code: license.NoticeNotArchived,
			Args: []string{remembered.Since.UTC().Format(time.RFC3339), remembered.Reason}})
	}
	return notices
}

// beginRecord has the ledger remember that the run is about to tell: when it is killed then,
// the next record says that this one was never sealed.
func (r *run) beginRecord() {
	if r.archive != nil && r.memory.Works() {
		remembered := r.memory.Ledger.Evidence(r.archiveID())
		r.begun = archive.NameAfter(remembered.Record, r.decided, r.id)
		remembered.Begin(r.begun)
	}
}

// sealRecord seals the record of the run, after everybody was told: of a digest, and of an
// alert that said something or has fetched the file of an earlier export. A broken archive
// costs the record and nothing else.
func (r *run) sealRecord(ctx context.Context) {
	if r.archive == nil || r.decided.IsZero() || r.memory.IsTaken() {
		return
	}
	if r.mode != license.ModeDigest && !r.evidence.hasSaid() && !r.files.hasFetched() {
		if r.memory.Works() {
			r.memory.Ledger.Evidence(r.archiveID()).Abandon(r.begun)
		}
		return
	}
	r.archived = ArchiveSummary{Status: ArchiveFailed, Reason: "Internal"}
	now := time.Now()
	end := now.Add(r.budget.end.Sub(now) * 3 / 4) // the rest is for the store and the heartbeat
	ctx, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	r.guardPart(ctx, "archive", func() {
		s := sealing{store: r.archive, memory: r.memory, begun: r.begun, now: r.reportTime(), end: halfwayBetween(end, r.budget.end)}
		if r.memory.Works() {
			s.remembered = r.memory.Ledger.Evidence(r.archiveID())
		}
		record, err := r.newRecord(s.remembered)
		if err == nil {
			r.archived, err = s.sealAll(ctx, record)
		}
		if err != nil {
			r.archived.Reason = archiveCode(err)
			r.logger.LogAttrs(ctx, slog.LevelError, "the record of this run is not sealed", slog.String("error", err.Error()))
		} else if s.remembered != nil && r.exporter.export.Status == license.ExportPending {
			s.remembered.AwaitExport(r.exporter.export.TaskID, r.archived.Record)
		}
	})
}

// newRecord is the record of the run.
func (r *run) newRecord(remembered *life.Evidence) (archive.Unsealed, error) {
	record := archive.Unsealed{
		Account: archive.AccountFolder(r.host.TencentcloudUin), Site: string(r.config.Site), RunID: r.id,
		At: r.decided, Mode: string(r.mode), Program: archive.Program{Version: buildVersion, Commit: buildCommit},
	}
	var reading, machines bytes.Buffer
	snapshot := r.snapshot
	snapshot.Bindings = nil // they have a file of their own
	if err := license.WriteSnapshot(&reading, snapshot); err != nil {
		return record, err
	}
	if bindings := r.snapshot.Bindings; bindings != nil {
		if err := license.WriteBindings(&machines, bindings); err != nil {
			return record, err
		}
	}
	findings, err := r.evidence.sealFindings(r.rules, r.snapshot, r.decided, r.config.Language)
	if err != nil {
		return record, err
	}
	export := sealedExport{Status: r.exporter.export.Status, TaskID: r.exporter.export.TaskID}
	for _, e := range []license.Export{r.exporter.export, r.exporter.late.Export} {
		if remembered == nil || e.TaskID == 0 || e.Status == license.ExportPending {
			continue
		}
		if begun := remembered.EndExport(e.TaskID); begun != "" { // the record that had to do without it
			export = sealedExport{Status: e.Status, TaskID: e.TaskID, Record: begun}
		}
	}
	channelID := func(string) string { return "" }
	if r.memory.Knows() {
		channelID = r.memory.Ledger.ChannelID
	}
	messages, err := r.evidence.sealMessages(r.config.Channels, r.mode, channelID, export)
	if err != nil {
		return record, err
	}
	record.Files = []archive.Content{archive.Bytes("reading.json", reading.Bytes()),
		archive.Bytes("findings.json", findings), archive.Bytes("messages.json", messages)}
	if machines.Len() > 0 {
		record.Files = append(record.Files, archive.Bytes("machines.json", machines.Bytes()))
	}
	record.Missing = missingExport(r.exporter.export)
	err = r.files.addTo(&record)
	return record, err
}

// missingExport is what a record lacks of its own export.
func missingExport(export license.Export) []archive.Missing {
	switch export.Status {
	case license.ExportPending, license.ExportSkipped:
		return []archive.Missing{{Name: "export", Reason: string(export.Status)}}
	case license.ExportFailed:
		return []archive.Missing{{Name: "export", Reason: "failed: " + string(export.Problem)}}
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
			record.Missing = append(record.Missing, archive.Missing{Name: "export/" + tried.Name, Reason: tried.Unfetched})
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

// sealing seals a run's record, and before it those that wait.
type sealing struct {
	store      archive.Store
	memory     *session.Session // where records wait; used only where remembered is not nil
	remembered *life.Evidence   // nil: there is no store
	begun      string           // the name of the run's record, where it was remembered
	now        time.Time
	end        time.Time // of the store's time, by the real clock
}

// sealAll seals the records that wait, oldest first, and then the run's. What cannot be
// sealed waits for the next run, where there is a store.
func (s *sealing) sealAll(ctx context.Context, record archive.Unsealed) (ArchiveSummary, error) {
	failed := ArchiveSummary{Status: ArchiveFailed}
	waiting, isBroken, err := s.recordsThatWait(ctx)
	if err != nil {
		s.remembered.Fail(s.now, archiveCode(err))
		return failed, err // what waits comes first, and must not be written over
	}
	if isBroken {
		record.Missing = append(record.Missing, archive.Missing{Name: "record", Reason: "records that waited could not be read"})
	}
	head, left, err := s.sealInOrder(ctx, append(waiting, record))
	switch {
	case err != nil && s.remembered == nil:
		return failed, err
	case err != nil:
		return failed, errors.Join(err, s.haveWait(ctx, head, left, archiveCode(err)))
	case s.remembered != nil:
		hadWaited := s.remembered.Waiting
		s.remembered.Seal(head.Record, head.SHA256, head.At())
		if hadWaited { // the ledger does not speak of it any more: what is left costs nothing but room
			_ = s.memory.PutUnsealed(ctx, nil, s.end)
		}
	}
	return ArchiveSummary{Status: ArchiveSealed, Record: head.Record, Head: head.Short()}, nil
}

// recordsThatWait are the records that earlier runs could not seal; isBroken says that not all
// of them can be read.
func (s *sealing) recordsThatWait(ctx context.Context) (waiting []archive.Unsealed, isBroken bool, err error) {
	if s.remembered == nil || !s.remembered.Waiting {
		return nil, false, nil
	}
	data, err := s.memory.Unsealed(ctx)
	if failure, ok := errors.AsType[*state.Error](err); ok && failure.Foreign() { // no run has written that
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	waiting, isBroken = unpackRecords(data)
	return waiting, isBroken, nil
}

// haveWait keeps the records that are left for the next run, and remembers how far this one
// came: up to the head, which may be nil.
func (s *sealing) haveWait(ctx context.Context, head *archive.Link, left []archive.Unsealed, reason string) error {
	if head != nil && head.Record > s.remembered.Record {
		s.remembered.Record, s.remembered.SHA256, s.remembered.At = head.Record, head.SHA256, head.At()
	}
	s.remembered.Fail(s.now, reason)
	data, err := packRecords(left)
	if err == nil {
		err = s.memory.PutUnsealed(ctx, data, s.end)
	}
	s.remembered.Waiting = err == nil || s.remembered.Waiting
	if err == nil {
		s.remembered.Abandon(s.begun)
	}
	return err
}

// sealInOrder seals the records. head is the newest one that is sealed, left are those that
// are not.
func (s *sealing) sealInOrder(ctx context.Context, records []archive.Unsealed) (head *archive.Link,
	left []archive.Unsealed, err error) {
	if s.remembered != nil && s.remembered.Record != "" {
		head = &archive.Link{Record: s.remembered.Record, SHA256: s.remembered.SHA256}
	}
	head, unsealed, err := archive.Resume(ctx, s.store, records[0].Account, head)
	if err != nil {
		return nil, records, err
	}
	for i, record := range records {
		if i == len(records)-1 {
			record.Missing = append(record.Missing, s.neverSealed(ctx, unsealed, records)...)
		} else if archive.IsSealed(ctx, s.store, record) { // by a run that was killed before it could say so
			continue
		}
		link, err := archive.Seal(ctx, s.store, record, head)
		if err != nil {
			return head, records[i:], err
		}
		head = &link
	}
	return head, nil, nil
}

// neverSealed are the records of runs that were killed: those that had begun to tell, and
// the folders of those that had begun to seal. A record that waited is none.
func (s *sealing) neverSealed(ctx context.Context, unsealed []string, records []archive.Unsealed) (missing []archive.Missing) {
	names := slices.Clone(unsealed)
	if s.remembered != nil {
		for _, name := range s.remembered.Begun {
			if name != s.begun && archive.IsMissing(ctx, s.store, records[0].Account, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	const most = 20
	for _, name := range slices.Compact(names) {
		isWaiting := slices.ContainsFunc(records, func(r archive.Unsealed) bool {
			return archive.RecordName(r.At, r.RunID) == name
		})
		if !isWaiting && len(missing) < most {
			missing = append(missing, archive.Missing{Name: name, Reason: "not sealed"})
		}
	}
	return missing
}

// archiveCode is why nothing could be sealed, in a word that is safe to show.
func archiveCode(err error) string {
	if failure, ok := errors.AsType[*state.Error](err); ok {
		return failure.Code
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, state.ErrLost) {
		return "Timeout"
	}
	return cmp.Or(archive.CodeOf(err), "Internal")
}
