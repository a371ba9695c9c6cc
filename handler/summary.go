package handler

import (
	"context"
	"encoding/json"
	"log/slog"

	"licensewatch/license"
)

// Outcome says in one word how a run ended.
type Outcome string

// The outcomes.
const (
	OutcomeSent    Outcome = "sent"    // every channel accepted the message
	OutcomeQuiet   Outcome = "quiet"   // nothing was due
	OutcomeUnknown Outcome = "unknown" // nothing was due, but a source failed
	OutcomePartial Outcome = "partial" // some channel did not accept the message
	OutcomeFailed  Outcome = "failed"  // nobody could be told
)

// Summary is what a run returns to the platform and writes to the log. It holds
// no URL and no secret.
type Summary struct {
	Outcome     Outcome           `json:"outcome"`
	Reason      string            `json:"reason"` // why, in a few words
	Mode        license.Mode      `json:"mode"`
	RunID       string            `json:"run_id"` // as at the foot of the messages
	Findings    Counts            `json:"findings"`
	Sources     map[string]string `json:"sources"`     // "ok", or the code of the failure
	Delivered   []string          `json:"delivered"`   // channels that accepted the message
	Undelivered []string          `json:"undelivered"` // channels that did not
	Export      ExportSummary     `json:"export"`
	Memory      string            `json:"memory"` // "ok", "off" without a store, or the code of why the run had none
	Archive     ArchiveSummary    `json:"archive"`
	Report      *PageSummary      `json:"report,omitempty"`   // of the mode report
	Accounts    *AccountCounts    `json:"accounts,omitempty"` // of many accounts
	ElapsedMS   int64             `json:"elapsed_ms"`

	// AccountSources is, of many accounts, how many of them there are by source and code; it
	// is written in the place of Sources.
	AccountSources map[string]map[string]int `json:"-"`
}

// MarshalJSON writes the Summary as it is documented.
func (s Summary) MarshalJSON() ([]byte, error) {
	type plain Summary
	if s.AccountSources == nil {
		return json.Marshal(plain(s))
	}
	return json.Marshal(struct {
		plain
		Sources map[string]map[string]int `json:"sources"`
	}{plain(s), s.AccountSources})
}

// Counts are the firing findings by severity, those of which another one that
// fires tells already, and those that are unknown.
type Counts struct {
	Critical int `json:"critical"`
	Warning  int `json:"warning"`
	Info     int `json:"info"`
	Covered  int `json:"covered"`
	Unknown  int `json:"unknown"`
}

// ExportSummary is what became of the export.
type ExportSummary struct {
	Status license.ExportStatus `json:"status"`
	TaskID int64                `json:"task_id,omitempty"` // absent when there is none
	// History is the usage history of a month that the run has exported; absent in most.
	History *HistorySummary `json:"history,omitempty"`
	// What was fetched of this and earlier exports; absent where nobody has a use for files.
	Files []FileSummary `json:"files,omitempty"`
	// Accounts are, of many accounts, how many exports came to which end; absent where none
	// asks for one. Status is the worst of these then.
	Accounts *ExportedAccounts `json:"accounts,omitempty"`
}

// ExportedAccounts are the accounts whose license details the run was to export, by how that
// ended.
type ExportedAccounts struct {
	Finished int `json:"finished"`
	Pending  int `json:"pending"`
	Failed   int `json:"failed"`
	Skipped  int `json:"skipped"`
}

// HistorySummary is what became of the export of a usage history.
type HistorySummary struct {
	Month  string               `json:"month"` // "2026-10"
	Status license.ExportStatus `json:"status"`
	TaskID int64                `json:"task_id,omitempty"`
}

// FileSummary is a file that was exported, or why it could not be fetched.
type FileSummary struct {
	Name      string `json:"name"`              // without its end where it was not fetched
	TaskID    int64  `json:"task_id,omitempty"` // absent of a report's
	Bytes     int64  `json:"bytes,omitempty"`
	SHA256    string `json:"sha256,omitempty"`
	Unfetched string `json:"unfetched,omitempty"` // "the export could not be fetched: …"
}

func countFindings(findings []license.Finding) Counts {
	var c Counts
	for _, f := range findings {
		switch {
		case f.State == license.Unknown:
			c.Unknown += 1 + len(f.Others)
		case f.State == license.Covered:
			c.Covered++
		case f.State != license.Firing:
		case f.Severity == license.Critical:
			c.Critical++
		case f.Severity == license.Warning:
			c.Warning++
		default:
			c.Info++
		}
	}
	return c
}

// logEnd writes the one line that tells how the run ended.
func logEnd(ctx context.Context, logger *slog.Logger, s Summary, err error) {
	level := slog.LevelInfo
	attributes := []slog.Attr{slog.Any("summary", s)}
	switch {
	case err != nil:
		level = slog.LevelError
		attributes = append(attributes, slog.String("error", err.Error()))
	case s.Outcome == OutcomeFailed:
		level = slog.LevelError
	case s.Outcome != OutcomeSent && s.Outcome != OutcomeQuiet:
		level = slog.LevelWarn
	}
	logger.LogAttrs(ctx, level, "run ended: "+string(s.Outcome), attributes...)
}
