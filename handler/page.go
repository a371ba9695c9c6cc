package handler

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/notify"
	"licensewatch/report/records"
)

// A run in the mode report makes a page for people, and tells of that and of nothing else. The
// records of the archive are read beside the account, what was read comes on top, the page is
// sealed in a record of its own, and then the chats are told.

// How far a page looks, in days.
const (
	pageBack  = 90
	pageAhead = 365
)

// pageRun is what a run in the mode report has besides. A nil one is that of another run.
type pageRun struct {
	records    *records.Records
	mutex      sync.Mutex // guards what is noted of accounts, which are read side by side
	accounts   []pageAccount
	acks       map[string][]license.Ack
	reminders  []int64 // days before an end
	hasArchive bool

	page  *license.Page  // nil: none was made
	told  *life.HeldPage // as it is told; nil: to nobody
	files []pageFile
}

// pageAccount is an account that the page is about.
type pageAccount struct {
	folder, name string
	usage        []license.DailyUsage // that the memory has
}

// pageFile is a page or a calendar.
type pageFile struct {
	name     string // in its record
	language license.Language
	isPage   bool
	data     []byte
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

// beginPage makes what the mode report has.
func (r *run) beginPage(now time.Time) {
	if r.mode != license.ModeReport {
		return
	}
	to := now.UTC().Truncate(24 * time.Hour)
	r.page = &pageRun{acks: map[string][]license.Ack{}, hasArchive: r.readable != nil,
		records: records.New(records.Options{
			Store: r.readable, From: to.AddDate(0, 0, 1-pageBack), To: to, MostHeld: r.mostHeld(),
			ChannelName: channelTitle, Logger: r.logger})}
}

// mostHeld is how many bytes of packed records a run may hold: a part of its memory.
func (r *run) mostHeld() int {
	const part, least = 8, 64
	return max(least, int(r.host.MemoryLimitInMb)) << 20 / part
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

// readRecords begins to read the records of accounts; wait waits for that.
func (r *run) readRecords(ctx context.Context, folders []string) (wait func()) {
	if r.page == nil || r.readable == nil {
		return func() {}
	}
	readers := readersOfOne
	if len(folders) > 1 {
		readers = readersOfMany
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		ctx, cancel := context.WithDeadline(ctx, r.budget.export)
		defer cancel()
		r.page.records.Read(ctx, folders, readers)
	})
	return reading.Wait
}

// isMade says whether the run has made a page.
func (p *pageRun) isMade() bool { return p != nil && p.page != nil }

// summary is what became of it; nil where none was made.
func (p *pageRun) summary() *PageSummary {
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
		s.Files = append(s.Files, FileSummary{Name: file.name, Bytes: int64(len(file.data)), SHA256: hashOf(file.data)})
	}
	return s
}

// decidePage decides what is told: of the page that was made, or that an earlier run of the
// event has made, and what channels are owed.
func (r *run) decidePage(now time.Time) []life.Message {
	s := license.Snapshot{Account: r.snapshot.Account, Site: r.snapshot.Site, ReadAt: r.snapshot.ReadAt}
	channels := namesOf(r.channels)
	base := license.Report{ID: r.id, Mode: r.mode, Language: r.config.Language, At: now, Snapshot: s,
		Export: license.Export{Status: license.ExportOff}, Notices: memoryNotices(r.memory), Page: r.page.page}
	if !r.memory.Knows() {
		r.reason = "report"
		return []life.Message{{ID: r.id, Mode: r.mode, Report: base, Channels: channels}}
	}
	plan := r.memory.Ledger.PlanPage(life.Input{Now: now, Mode: r.mode, Channels: channels, Snapshot: s, Base: base,
		Slot: r.event.digestSlot(), Hours: r.config.Hours, Headline: message.Headline})
	if r.reason = plan.Reason; len(plan.Messages) == 0 {
		r.outcome = OutcomeQuiet
	}
	return plan.Messages
}

// holdPage remembers which page chats are to be sent: before they are told that it follows.
func (r *run) holdPage(messageID string, to []string) {
	held := life.HeldPage{ID: messageID, At: r.decided, Page: *r.page.page, To: to}
	if r.page.told != nil { // a fleet has a message for each channel
		held.To = slices.Concat(r.page.told.To, to)
	}
	r.page.told = &held
	switch {
	case !r.memory.Works():
	case held.Page.Record != "" && len(takersOf(r.channels)) > 0:
		r.memory.Ledger.HoldPage(held)
	default: // this page comes in the place of one that was held
		r.memory.Ledger.ReleasePage()
	}
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

// headsOf are the newest records that the memory knows, by the archive's folders.
func (r *run) headsOf() map[string]archive.Link {
	heads := map[string]archive.Link{}
	if !r.memory.Works() || r.archive == nil {
		return heads
	}
	own := r.archive.remembered()
	if own.Record != "" {
		heads[own.Account] = archive.Link{Record: own.Record, SHA256: own.SHA256}
	}
	if r.fleet != nil && r.memory.Accounts.Archive.ID == own.Archive {
		for uin, head := range r.memory.Accounts.Archive.Heads {
			heads[uin] = archive.Link{Record: head.Record, SHA256: head.SHA256}
		}
	}
	return heads
}
