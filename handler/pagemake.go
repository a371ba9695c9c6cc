package handler

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"slices"
	"time"

	"licensewatch/archive"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/calendar"
	"licensewatch/report/page"
	"licensewatch/report/records"
)

// makeOfAccount makes the page of one account, unless an earlier run of the event has.
func (p *pageMaking) makeOfAccount(ctx context.Context, now time.Time, s license.Snapshot,
	findings []license.Finding) {
	if p.memory.Works() && p.memory.Ledger.IsRerun(p.slot, now) {
		return
	}
	account := &pageAccount{folder: p.folder, findings: records.FindingsOf(findings)}
	if p.memory.Knows() {
		account.usage, p.acks[p.folder] = p.memory.Ledger.Usage(now), p.memory.Ledger.Acks(now)
	}
	s.Previous = nil
	account.reading = &report.Reading{Record: p.ownLabel(), Snapshot: s}
	p.accounts = []*pageAccount{account}
	p.noteReminders(findings)
	p.make(ctx, now, []license.Language{p.settings.Language})
}

// reminderRule is the rule that tells of orders that end.
const reminderRule = "cwp-order-expiring"

// noteReminders takes when a calendar reminds of an end: as that rule does.
func (p *pageMaking) noteReminders(findings []license.Finding) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for i := range findings {
		if findings[i].Rule == reminderRule && len(findings[i].RemindAt) > 0 {
			p.reminders = findings[i].RemindAt
			return
		}
	}
}

// ownLabel is what the page calls what the run itself has read.
func (p *pageMaking) ownLabel() string { return "run " + p.runID }

// addReading adds what the run has read of an account, and does not hold any longer.
func (p *pageMaking) addReading(ctx context.Context, folder string, s license.Snapshot, findings []license.Finding) {
	if err := p.records.Add(folder, p.ownLabel(), s, findings); err != nil {
		p.logger.LogAttrs(ctx, slog.LevelError, "what was read of an account is not in the report",
			slog.String("account", folder),
			slog.String("error", err.Error()))
	}
}

// make makes the pages and the calendars in the languages, and seals them.
func (p *pageMaking) make(ctx context.Context, now time.Time, languages []license.Language) {
	p.records.CheckChains(p.heads())
	made := p.buildReport(ctx, now)
	for i, language := range languages {
		end := ""
		if i > 0 {
			end = "-" + string(language)
		}
		var html bytes.Buffer
		if err := page.Write(&html, made, language); err != nil {
			panic(err) // a buffer takes all
		}
		p.addFile("report/licensewatch-report"+end+".html", language, true, html.Bytes())
		p.addFile("report/licensewatch"+end+".ics", language, false,
			writeCalendar(made, calendar.Options{Language: language, Reminders: p.reminders}))
	}
	p.page = p.describe(made)
	p.seal(ctx)
	for i := range p.files {
		if file := &p.files[i]; !file.isPage { // no chat is sent it
			file.data = nil
		}
	}
}

func (p *pageMaking) addFile(name string, language license.Language, isPage bool, data []byte) {
	p.files = append(p.files, pageFile{name, language, isPage, int64(len(data)), hashOf(data), data})
}

// writeCalendar writes the calendar of a report, the first time to learn how long it is: 10,000
// orders have 8 MB, and a buffer that grows takes three times as much.
func writeCalendar(made *report.Report, o calendar.Options) []byte {
	var size countingWriter
	var ics bytes.Buffer
	for _, w := range []io.Writer{&size, &ics} {
		ics.Grow(int(size))
		if _, err := calendar.Write(w, made, o); err != nil {
			panic(err) // both take all
		}
	}
	return ics.Bytes()
}

// countingWriter counts bytes.
type countingWriter int

func (w *countingWriter) Write(data []byte) (int, error) {
	*w += countingWriter(len(data))
	return len(data), nil
}

// buildReport makes the report of what was read.
func (p *pageMaking) buildReport(ctx context.Context, now time.Time) *report.Report {
	from, to := p.records.Days()
	o := report.Options{Now: now, From: from, To: to, Until: now.AddDate(0, 0, pageAhead), HasHistory: p.hasHistory(),
		Acks: p.acks}
	if p.readable != nil && !p.hasHistory() {
		o.Notes = []license.Text{report.NotRead(cmp.Or(pageCode(p.records.Stopped), "Timeout"))}
	} else if leftOut := p.leftOut(); !leftOut.IsZero() {
		o.From = leftOut
		o.Notes = []license.Text{report.LeftOut(leftOut, pageCode(p.records.Stopped))}
	}
	b := report.NewBuilder(o)
	if p.isOfMany {
		b.AddFleet(p.gather(ctx, &pageAccount{folder: p.folder}))
	}
	for _, a := range p.accounts {
		if err := b.Add(p.gather(ctx, a)); err != nil { // nothing takes the days
			p.logger.LogAttrs(ctx, slog.LevelError, "an account is not in the report", slog.String("account", a.folder))
		}
	}
	return b.Report()
}

// gather gives what was read of an account.
func (p *pageMaking) gather(ctx context.Context, a *pageAccount) *report.Gatherer {
	g := report.NewGatherer(a.folder, a.name)
	if !p.hasHistory() {
		for _, u := range a.usage {
			if u.Used != nil {
				g.AddUsed(u.Day, "memory", *u.Used)
			}
		}
	}
	if err := p.records.Gather(g, a.folder); err != nil {
		p.logger.LogAttrs(ctx, slog.LevelError, "the records of an account are not all in the report",
			slog.String("account", a.folder),
			slog.String("error", err.Error()))
	}
	if a.reading != nil {
		g.AddFindings(a.reading.Record, a.reading.Snapshot.ReadAt, a.findings)
		g.AddReading(*a.reading)
	}
	return g
}

// hasHistory says whether records of any day could be read.
func (p *pageMaking) hasHistory() bool {
	_, to := p.records.Days()
	return p.readable != nil && !p.records.Since.After(to)
}

// leftOut is the day before which no records were read; zero: all days were.
func (p *pageMaking) leftOut() time.Time {
	from, _ := p.records.Days()
	if !p.hasHistory() || !p.records.Since.After(from) {
		return time.Time{}
	}
	return p.records.Since
}

// mostPageEnds is how many ends a message names, and daysOfEnds how far it looks for them.
const (
	mostPageEnds = 3
	daysOfEnds   = 90
)

// describe says of a report what a message tells.
func (p *pageMaking) describe(made *report.Report) *license.Page {
	s := &made.Summary
	d := &license.Page{From: made.From, To: made.To, Until: made.Until, Accounts: s.Accounts, Read: s.Read,
		HasHistory: made.HasHistory,
		LeftOut:    p.leftOut(), Sentence: license.Text{En: page.Sentence(made, license.English),
			Zh: page.Sentence(made, license.Chinese)},
		Files: map[license.Language]license.PageFile{}}
	d.Worst = worstOf(s)
	d.Records, d.Broken = p.records.Count()
	switch code := pageCode(p.records.Stopped); {
	case p.readable != nil && !p.hasHistory():
		d.NotRead = cmp.Or(code, "Timeout")
	case !d.LeftOut.IsZero():
		d.Why = code
	}
	p.addEnds(d, made)
	for _, file := range p.files {
		if file.isPage {
			d.Files[file.language] = license.PageFile{Name: file.name, Size: file.size, SHA256: file.sha256}
		}
	}
	return d
}

// worstOf is the worst that fires; empty for nothing.
func worstOf(s *report.Summary) license.Severity {
	switch {
	case s.Critical > 0:
		return license.Critical
	case s.Warning > 0:
		return license.Warning
	case s.Info > 0:
		return license.Info
	default:
		return ""
	}
}

// addEnds adds the next ends, as many as a message has room for.
func (p *pageMaking) addEnds(d *license.Page, made *report.Report) {
	until := made.Now.AddDate(0, 0, daysOfEnds)
	for i := range made.Orders {
		o := &made.Orders[i]
		if o.State != report.StateRuns || o.End.Before(made.Now) || o.End.After(until) {
			continue
		}
		if len(d.Ends) == mostPageEnds {
			d.MoreEnd++
			continue
		}
		end := license.PageEnd{Order: o.Name, Deadline: o.End, Licenses: o.Licenses}
		if o.Renewal != report.RenewalUnknown {
			end.Renews = new(o.Renewal == report.RenewsItself)
		}
		if len(p.accounts) > 1 {
			end.Account = o.Account
		}
		d.Ends = append(d.Ends, end)
	}
}

// seal seals the pages and calendars in a record of their own, before anybody is told. What
// cannot be sealed waits in the store, where there is one.
func (p *pageMaking) seal(ctx context.Context) {
	made := p.page
	switch {
	case p.archive != nil:
	case p.readable != nil:
		made.NotSealed = "dry run"
		return
	default:
		return
	}
	now := time.Now()
	s := &sealing{store: p.archive.store, account: p.folder, memory: p.memory, mayWait: true,
		now: p.now()}
	s.sealingEnd = instant.Halfway(now, p.budget.tell)
	s.end = instant.Halfway(s.sealingEnd, p.budget.tell)
	ctx, cancel := context.WithDeadline(ctx, s.sealingEnd)
	defer cancel()
	made.NotSealed = "Internal"
	guard.Run(ctx, p.logger, "archive", func() {
		if p.memory.Works() {
			s.remembered = p.archive.remembered()
		}
		sealed, err := s.sealAll(ctx, func(error) (archive.Unsealed, error) { return p.record(), nil })
		if err == nil {
			made.Record, made.NotSealed = s.account+"/"+sealed.Record, ""
			return
		}
		made.NotSealed, made.Waits = archiveCode(err), s.hasToWait
		p.logger.LogAttrs(ctx, slog.LevelError, "the report is not sealed", slog.String("error", err.Error()))
	})
}

// record is the record of the pages and the calendars.
func (p *pageMaking) record() archive.Unsealed {
	record := p.archive.emptyRecord(p.folder, p.settings.Site)
	for _, file := range p.files {
		record.Files = append(record.Files, archive.Bytes(file.name, slices.Clip(file.data)))
	}
	return record
}

// dataOf is the file of a name.
func (p *pageMaking) dataOf(name string) []byte {
	for _, file := range p.files {
		if file.name == name {
			return file.data
		}
	}
	return nil
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
