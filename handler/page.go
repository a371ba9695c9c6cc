package handler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/notify"
	"licensewatch/report"
	"licensewatch/report/records"
	"licensewatch/session"
	"licensewatch/state"
)

// A run in the mode report makes a page for people, and tells of that and of nothing else. The
// records of the archive are read beside the account, what was read comes on top, the page is
// sealed in a record of its own, and then the chats are told.

// How far a page looks, in days.
const (
	pageBack  = 90
	pageAhead = 365
)

// pageMaking is how a run in the mode report makes its page. It is nil in another run.
type pageMaking struct {
	runID    string
	slot     string // what woke the run; empty where that has no name
	folder   string // of the run's own record
	isOfMany bool   // the run is of many accounts
	settings config.Config
	memory   *session.Session
	readable state.Archive // nil: there is none
	archive  *archiving    // nil: nothing is sealed
	budget   budget
	now      func() time.Time // as reports are written by
	logger   *slog.Logger

	records   *records.Records
	mutex     sync.Mutex // guards what is noted of accounts, which are read side by side
	accounts  []*pageAccount
	acks      map[string][]license.Ack
	reminders []int64 // days before an end

	page  *license.Page  // nil: none was made
	told  *life.HeldPage // as it is told; nil: to nobody
	files []pageFile
}

// pageAccount is an account that the page is about.
type pageAccount struct {
	folder, name string
	usage        []license.DailyUsage // that the memory has

	reading  *report.Reading // of the run, which holds it anyway; nil: it is with the records
	findings []report.Finding
}

// pageFile is a page or a calendar.
type pageFile struct {
	name     string // in its record
	language license.Language
	isPage   bool
	size     int64 // bytes
	sha256   string
	data     []byte // nil: it is a calendar that was sealed
}

// PageSummary is what became of the report for people.
type PageSummary struct {
	Record    string        `json:"record,omitempty"`     // that holds it, with the account's folder
	NotSealed string        `json:"not_sealed,omitempty"` // why
	From      string        `json:"from"`                 // the first day that is looked back at
	Records   int           `json:"records"`              // that were read
	Broken    int           `json:"broken"`               // that do not verify
	LeftOut   string        `json:"left_out,omitempty"`   // no records before this day were read
	Why       string        `json:"why,omitempty"`        // empty: there was no time
	Files     []FileSummary `json:"files"`
}

// mostHeld is how many bytes of packed records a run may hold: a part of its memory.
func mostHeld(megabytes int32) int {
	const part, least = 8, 64
	return max(least, int(megabytes)) << 20 / part
}

// channelTitle is what people call a channel.
func channelTitle(name string) string {
	kind := notify.KindOf(name)
	if kind == nil {
		return name
	}
	return kind.Title(license.English) + name[len(kind.Name):]
}

// Readers are how many days of accounts are read side by side, of one account and of many:
// each has a connection.
const (
	readersOfOne  = 16
	readersOfMany = 48
)

// readRecords begins to read the records of accounts; wait waits for that, and end ends it, for a
// run that makes no page of them.
func (p *pageMaking) readRecords(ctx context.Context, folders []string) (wait, end func()) {
	if p == nil || p.readable == nil {
		return func() {}, func() {}
	}
	readers := readersOfOne
	if len(folders) > 1 {
		readers = readersOfMany
	}
	ctx, cancel := context.WithDeadline(ctx, p.budget.export)
	var reading sync.WaitGroup
	reading.Go(func() { p.records.Read(ctx, folders, readers) })
	return reading.Wait, func() {
		cancel()
		reading.Wait()
	}
}

// isMade says whether the run has made a page.
func (p *pageMaking) isMade() bool { return p != nil && p.page != nil }

// summary is what became of it; nil where none was made.
func (p *pageMaking) summary() *PageSummary {
	if !p.isMade() {
		return nil
	}
	s := &PageSummary{Record: p.page.Record, NotSealed: p.page.NotSealed, From: p.page.From.Format(time.DateOnly),
		Records: p.page.Records,
		Broken:  p.page.Broken, Why: p.page.Why}
	if !p.page.LeftOut.IsZero() {
		s.LeftOut = p.page.LeftOut.Format(time.DateOnly)
	}
	if p.page.NotRead != "" {
		s.Why = p.page.NotRead
	}
	for _, file := range p.files {
		s.Files = append(s.Files, FileSummary{Name: file.name, Bytes: file.size, SHA256: file.sha256})
	}
	return s
}

// plan is what is told: of the page that was made, or that an earlier run of the event has made,
// and what channels are owed. What is the same for every run is filled in.
func (p *pageMaking) plan(in life.Input) life.Plan {
	in.Mode, in.Slot, in.Hours, in.Headline = license.ModeReport, p.slot, p.settings.Hours, message.Headline
	in.Base = license.Report{ID: p.runID, Mode: in.Mode, Language: p.settings.Language, At: in.Now,
		Snapshot: in.Snapshot, Export: license.Export{Status: license.ExportOff}, Notices: in.Base.Notices,
		Page: p.page}
	switch {
	case p.memory.Knows():
		return p.memory.Ledger.PlanPage(in)
	case !p.isMade():
		return life.Plan{}
	default:
		return life.Plan{Reason: "report", Messages: []life.Message{{ID: p.runID, Mode: in.Mode, Report: in.Base,
			Channels: in.Channels}}}
	}
}

// planOfAccount is what is told of the page of one account.
func (p *pageMaking) planOfAccount(now time.Time, s *license.Snapshot, channels []string) life.Plan {
	return p.plan(life.Input{Now: now, Channels: channels,
		Snapshot: license.Snapshot{Account: s.Account, Site: s.Site, ReadAt: s.ReadAt},
		Base:     license.Report{Notices: memoryNotices(p.memory)}})
}

// pageCode is why the archive could not be read, in a word that is safe to show; empty: there
// was no time.
func pageCode(err error) string {
	switch {
	case err == nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return ""
	case errors.Is(err, records.ErrRoom):
		return "TooLittleMemory"
	default:
		return archiveCode(err)
	}
}

// heads are the newest records that the memory knows, by the archive's folders.
func (p *pageMaking) heads() map[string]archive.Link {
	heads := map[string]archive.Link{}
	if !p.memory.Works() || p.archive == nil {
		return heads
	}
	own := p.archive.remembered()
	if own.Record != "" {
		heads[own.Account] = archive.Link{Record: own.Record, SHA256: own.SHA256}
	}
	if p.isOfMany && p.memory.Accounts.Archive.ID == own.Archive {
		for uin, head := range p.memory.Accounts.Archive.Heads {
			heads[uin] = archive.Link{Record: head.Record, SHA256: head.SHA256}
		}
	}
	return heads
}
