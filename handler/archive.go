package handler

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/state"
)

const archiveSetting = "LICENSEWATCH_ARCHIVE_URL"

// ArchiveSummary is what became of the record of a run.
type ArchiveSummary struct {
	Status ArchiveStatus `json:"status"`
	Record string        `json:"record,omitempty"` // as "licensewatch archive" names it
	Head   string        `json:"head,omitempty"`   // the first 12 hexadecimal digits of the manifest's SHA-256
	Reason string        `json:"reason,omitempty"` // failed: why; of many accounts also why one was not sealed
	// Accounts are, of many accounts, how many of them have a record of the run.
	Accounts *ArchivedAccounts `json:"accounts,omitempty"`
}

// ArchivedAccounts are how many accounts have a record of a run, and how many should.
type ArchivedAccounts struct {
	Sealed    int `json:"sealed"`
	NotSealed int `json:"not_sealed"` // they are named in the fleet's record
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

// archiveFolder is the folder of the run's own record. Slices have one each: they run side by
// side.
func (r *run) archiveFolder() string {
	if r.fleet != nil {
		return archive.SliceFolder(r.event.division.slice.Number, r.event.division.slice.Of)
	}
	return archive.AccountFolder(r.host.TencentcloudUin)
}

// remembered is what the ledger, which has to work, remembers of the archive of the settings.
func (r *run) remembered() *life.Evidence {
	return r.memory.Ledger.Evidence(r.memory.Ledger.ArchiveID(r.config.ArchiveURL, rand.Text()))
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
	head, _, err := archive.FindHead(ctx, r.archive, r.archiveFolder())
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
		remembered = *r.remembered()
	} else if r.head != nil {
		remembered = life.Evidence{Record: r.head.Record, SHA256: r.head.SHA256, At: r.head.At()}
	}
	if remembered.Record != "" {
		head := archive.Link{Record: remembered.Record, SHA256: remembered.SHA256}
		notices = append(notices, license.Notice{Code: license.NoticeEvidence,
			Args: []string{remembered.At.UTC().Format(time.RFC3339), head.Short()}})
	}
	if !remembered.Since.IsZero() {
		code := license.NoticeNotArchived
		if r.fleet != nil {
			code = license.NoticeAccountsNotArchived
		}
		notices = append(notices, license.Notice{Code: code,
			Args: []string{remembered.Since.UTC().Format(time.RFC3339), remembered.Reason}})
	}
	return notices
}

// beginRecord has the ledger remember that the run is about to tell: when it is killed then,
// the next record says that this one was never sealed.
func (r *run) beginRecord() {
	if r.archive != nil && r.memory.Works() {
		remembered := r.remembered()
		before := ""
		if remembered.Account == r.archiveFolder() {
			before = remembered.Record
		}
		r.begun = archive.NameAfter(before, r.decided, r.id)
		remembered.Begin(r.begun)
	}
}
