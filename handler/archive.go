package handler

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/state"
)

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

// archiving is what a run has to do with its archive: what it shows of it, and the record that
// is sealed of the run. It is nil where there is no archive.
type archiving struct {
	store    state.Archive
	folder   string // of the run's own record
	isOfMany bool   // the run is of many accounts
	runID    string
	mode     license.Mode
	settings config.Config
	memory   *session.Session
	evidence *evidence // what is to be sealed
	budget   budget
	now      func() time.Time // as reports are written by
	logger   *slog.Logger

	head    *archive.Link // the newest record, where there is no store to remember it
	decided time.Time     // when it was decided what to say; zero when it did not come so far
	begun   string        // the name of the run's record, where it was about to tell
	outcome ArchiveSummary
}

// gathered is what the run gathers for its record; nil without an archive.
func (a *archiving) gathered() *evidence {
	if a == nil {
		return nil
	}
	return a.evidence
}

// summary is what became of the run's record.
func (a *archiving) summary() ArchiveSummary {
	if a == nil {
		return ArchiveSummary{Status: ArchiveOff}
	}
	return a.outcome
}

// remembered is what the ledger, which has to work, remembers of the archive of the settings.
func (a *archiving) remembered() *life.Evidence {
	return a.memory.Ledger.Evidence(a.memory.Ledger.ArchiveID(a.settings.ArchiveURL, rand.Text()))
}

// isBroken says whether the runs before could seal nothing, as far as it is remembered.
func (a *archiving) isBroken() bool {
	return a != nil && a.memory.Works() && !a.remembered().Since.IsZero()
}

// showsHead says whether the newest record has to be looked for, to be shown: with a store it
// is remembered.
func (a *archiving) showsHead() bool {
	return a != nil && a.mode == license.ModeDigest && a.memory == nil
}

// findHead looks for the newest record while the account is read.
func (a *archiving) findHead(ctx context.Context) {
	ctx, cancel := context.WithDeadline(ctx, a.budget.collect)
	defer cancel()
	guard.Run(ctx, a.logger, "archive", func() {
		head, _, err := archive.FindHead(ctx, a.store, a.folder)
		if err != nil {
			a.logger.LogAttrs(ctx, slog.LevelWarn, "the newest record of the archive was not found",
				slog.String("error", err.Error()))
			return
		}
		a.head = head
	})
}

// notices are what a digest says of the archive: the newest record before it, and since when
// nothing could be sealed.
func (a *archiving) notices() (notices []license.Notice) {
	if a == nil || a.mode != license.ModeDigest {
		return nil
	}
	var remembered life.Evidence
	if a.memory.Works() {
		remembered = *a.remembered()
	} else if a.head != nil {
		remembered = life.Evidence{Record: a.head.Record, SHA256: a.head.SHA256, At: a.head.At()}
	}
	if remembered.Record != "" {
		head := archive.Link{Record: remembered.Record, SHA256: remembered.SHA256}
		notices = append(notices, license.Notice{Code: license.NoticeEvidence,
			Args: []string{remembered.At.UTC().Format(time.RFC3339), head.Short()}})
	}
	if !remembered.Since.IsZero() {
		code := license.NoticeNotArchived
		if a.isOfMany {
			code = license.NoticeAccountsNotArchived
		}
		notices = append(notices, license.Notice{Code: code,
			Args: []string{remembered.Since.UTC().Format(time.RFC3339), remembered.Reason}})
	}
	return notices
}

// noteDecided notes when it was decided what to say, which dates the record.
func (a *archiving) noteDecided(now time.Time) {
	if a != nil {
		a.decided = now
	}
}

// begin has the ledger remember that the run is about to tell: when it is killed then, the
// next record says that this one was never sealed.
func (a *archiving) begin() {
	if a != nil && a.memory.Works() {
		remembered := a.remembered()
		before := ""
		if remembered.Account == a.folder {
			before = remembered.Record
		}
		a.begun = archive.NameAfter(before, a.decided, a.runID)
		remembered.Begin(a.begun)
	}
}

// mayRecord says whether an account may have a record of the run: of a digest, and of an
// alert that may say something of it.
func (a *archiving) mayRecord(of *accountResult) bool {
	return a != nil && (a.mode != license.ModeAlert || len(of.messages) > 0 || of.exporter != nil)
}

// canSeal says whether the run may have a record: it came so far, and no other one has taken
// over its memory.
func (a *archiving) canSeal() bool { return a != nil && !a.decided.IsZero() && !a.memory.IsTaken() }

// abandon has the ledger forget a record that the run has nothing to put in.
func (a *archiving) abandon() {
	if a.memory.Works() {
		a.remembered().Abandon(a.begun)
	}
}

// newSealing makes what seals the run's own record.
func (a *archiving) newSealing(mayWait bool) *sealing {
	a.outcome = ArchiveSummary{Status: ArchiveFailed, Reason: "Internal"}
	now := time.Now()
	end := now.Add(a.budget.end.Sub(now) * 3 / 4) // the rest is for the store and the heartbeat
	return &sealing{store: a.store, account: a.folder, memory: a.memory, begun: a.begun,
		mayWait: mayWait, now: a.now(), sealingEnd: end, end: instant.Halfway(end, a.budget.end)}
}

// sealAs seals the run's own record and notes what became of it.
func (a *archiving) sealAs(ctx context.Context, s *sealing, newRecord func(broken error) (archive.Unsealed, error)) {
	var err error
	a.outcome, err = s.sealAll(ctx, newRecord)
	if err != nil {
		a.outcome.Reason = archiveCode(err)
		a.logger.LogAttrs(ctx, slog.LevelError, "the record of this run is not sealed",
			slog.String("error", err.Error()))
	}
}
