package life

import (
	"slices"
	"time"

	"licensewatch/internal/text"
)

// Evidence is what is remembered of the archive: which record is its newest one, and what
// could not be sealed.
type Evidence struct {
	// Archive tells one archive from another: a hash with the ledger's key. What is
	// remembered of another one is of no use.
	Archive string `json:"archive,omitempty"`
	// Record and SHA256 are the newest record that was sealed, by name and hash; empty: none
	// was. Account is the folder it is in: each is a chain of its own. At is when that was.
	Account string    `json:"account,omitempty"`
	Record  string    `json:"record,omitempty"`
	SHA256  string    `json:"sha256,omitempty"`
	At      time.Time `json:"at,omitzero"`
	// Since is when sealing first failed since then; zero: it works. Reason is why it did
	// last, in a word that is safe to show.
	Since  time.Time `json:"since,omitzero"`
	Reason string    `json:"reason,omitempty"`
	// Waiting says that records lie in the store until the archive can be written again.
	Waiting bool `json:"waiting,omitempty"`
	// Begun are the records of runs that were about to tell, oldest first: of a run that was
	// killed since, one that was never sealed.
	Begun []string `json:"begun,omitempty"`
	// Exports are the records that have begun an export and not got its file, oldest first.
	Exports []EvidenceExport `json:"exports,omitempty"`
}

// EvidenceExport is an export that a record waits for.
type EvidenceExport struct {
	TaskID int64  `json:"task"`
	Record string `json:"record"`
}

// maxEvidenceBegun is how many records of killed runs are remembered at most.
const maxEvidenceBegun = 20

// maxEvidenceExports is how many exports are waited for at most.
const maxEvidenceExports = 5

// Begin enters that a run is about to tell what its record will hold.
func (e *Evidence) Begin(record string) {
	if !slices.Contains(e.Begun, record) {
		e.Begun = append(e.Begun, record)
		e.Begun = e.Begun[max(0, len(e.Begun)-maxEvidenceBegun):]
	}
}

// Abandon enters that a run which was about to tell has said nothing: it has no record.
func (e *Evidence) Abandon(record string) {
	e.Begun = slices.DeleteFunc(e.Begun, func(begun string) bool { return begun == record })
}

// Seal enters a record that was sealed, and says of each one that was begun before what
// became of it.
func (e *Evidence) Seal(account, record, hash string, at time.Time) {
	e.Account, e.Record, e.SHA256, e.At = account, record, hash, at
	e.Since, e.Reason, e.Waiting, e.Begun = time.Time{}, "", false, nil
}

// Fail enters that nothing could be sealed.
func (e *Evidence) Fail(now time.Time, reason string) {
	if e.Since.IsZero() {
		e.Since = now
	}
	e.Reason = reason
}

// AwaitExport remembers that a record waits for an export.
func (e *Evidence) AwaitExport(taskID int64, record string) {
	if taskID == 0 || slices.ContainsFunc(e.Exports, func(x EvidenceExport) bool { return x.TaskID == taskID }) {
		return
	}
	e.Exports = append(e.Exports, EvidenceExport{taskID, record})
	e.Exports = e.Exports[max(0, len(e.Exports)-maxEvidenceExports):]
}

// RecordAwaiting is the record that waits for the export; empty where none does.
func (e *Evidence) RecordAwaiting(taskID int64) string {
	for _, x := range e.Exports {
		if x.TaskID == taskID {
			return x.Record
		}
	}
	return ""
}

// EndExport enters that no record waits for the export any more.
func (e *Evidence) EndExport(taskID int64) {
	e.Exports = slices.DeleteFunc(e.Exports, func(x EvidenceExport) bool { return x.TaskID == taskID })
}

// KeepExports enters that no record waits any more for exports of which nothing will be seen.
func (e *Evidence) KeepExports(waits func(taskID int64) bool) {
	e.Exports = slices.DeleteFunc(e.Exports, func(x EvidenceExport) bool { return !waits(x.TaskID) })
}

// tidy bounds what is kept.
func (e *Evidence) tidy() {
	const longest = 100
	for _, field := range []*string{&e.Archive, &e.Account, &e.Record, &e.SHA256, &e.Reason} {
		*field = text.Cut(*field, longest)
	}
	e.Begun = e.Begun[max(0, len(e.Begun)-maxEvidenceBegun):]
	for i := range e.Begun {
		e.Begun[i] = text.Cut(e.Begun[i], longest)
	}
	e.Exports = e.Exports[max(0, len(e.Exports)-maxEvidenceExports):]
	for i := range e.Exports {
		e.Exports[i].Record = text.Cut(e.Exports[i].Record, longest)
	}
}
