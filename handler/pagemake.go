package handler

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"slices"
	"time"

	"licensewatch/archive"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/calendar"
	"licensewatch/report/page"
)

// makeAccountPage makes the page of one account, unless an earlier run of the event has.
func (r *run) makeAccountPage(ctx context.Context, now time.Time) {
	if r.memory.Works() && r.memory.Ledger.IsRerun(r.event.digestSlot(), now) {
		return
	}
	folder := r.archiveFolder()
	account := pageAccount{folder: folder}
	if r.memory.Knows() {
		account.usage, r.page.acks[folder] = r.memory.Ledger.Usage(now), r.memory.Ledger.Acks(now)
	}
	r.page.accounts = []pageAccount{account}
	r.page.noteReminders(r.findings)
	r.addToPage(ctx, folder, r.snapshot, r.findings)
	r.makePage(ctx, now, []license.Language{r.config.Language})
}

// reminderRule is the rule that tells of orders that end.
const reminderRule = "cwp-order-expiring"

// noteReminders takes when a calendar reminds of an end: as that rule does.
func (p *pageRun) noteReminders(findings []license.Finding) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	for i := range findings {
		if findings[i].Rule == reminderRule && len(findings[i].RemindAt) > 0 {
			p.reminders = findings[i].RemindAt
			return
		}
	}
}

// addToPage adds what the run has read of an account.
func (r *run) addToPage(ctx context.Context, folder string, s license.Snapshot, findings []license.Finding) {
	if err := r.page.records.Add(folder, "run "+r.id, s, findings); err != nil {
		r.logger.LogAttrs(ctx, slog.LevelError, "what was read of an account is not in the report",
			slog.String("account", folder),
			slog.String("error", err.Error()))
	}
}

// makePage makes the pages and the calendars in the languages, and seals them.
func (r *run) makePage(ctx context.Context, now time.Time, languages []license.Language) {
	p := r.page
	p.records.CheckChains(r.headsOf())
	made := r.buildReport(ctx, now)
	for i, language := range languages {
		end := ""
		if i > 0 {
			end = "-" + string(language)
		}
		var html, ics bytes.Buffer
		if err := page.Write(&html, made, language); err != nil {
			panic(err) // a buffer takes all
		}
		if _, err := calendar.Write(&ics, made, calendar.Options{Language: language,
			Reminders: p.reminders}); err != nil {
			panic(err)
		}
		p.files = append(p.files, pageFile{"report/licensewatch-report" + end + ".html", language, true, html.Bytes()},
			pageFile{"report/licensewatch" + end + ".ics", language, false, ics.Bytes()})
	}
	p.page = p.describe(made)
	r.sealPage(ctx)
}

// buildReport makes the report of what was read.
func (r *run) buildReport(ctx context.Context, now time.Time) *report.Report {
	p := r.page
	from, to := p.records.Days()
	o := report.Options{Now: now, From: from, To: to, Until: now.AddDate(0, 0, pageAhead), HasHistory: p.hasHistory(),
		Acks: p.acks}
	if p.hasArchive && !p.hasHistory() {
		o.Notes = []license.Text{report.NotRead(cmp.Or(pageCode(p.records.Problem), "Timeout"))}
	} else if leftOut := p.leftOut(); !leftOut.IsZero() {
		o.From = leftOut
		o.Notes = []license.Text{report.LeftOut(leftOut, pageCode(p.records.Problem))}
	}
	b := report.NewBuilder(o)
	if r.fleet != nil {
		b.AddFleet(r.gather(ctx, pageAccount{folder: r.archiveFolder()}))
	}
	for _, a := range p.accounts {
		if err := b.Add(r.gather(ctx, a)); err != nil { // nothing takes the days
			r.logger.LogAttrs(ctx, slog.LevelError, "an account is not in the report", slog.String("account", a.folder))
		}
	}
	return b.Report()
}

// gather gives what was read of an account.
func (r *run) gather(ctx context.Context, a pageAccount) *report.Gatherer {
	g := report.NewGatherer(a.folder, a.name)
	if !r.page.hasHistory() {
		for _, u := range a.usage {
			if u.Used != nil {
				g.Used(u.Day, "memory", *u.Used)
			}
		}
	}
	if err := r.page.records.Gather(g, a.folder); err != nil {
		r.logger.LogAttrs(ctx, slog.LevelError, "the records of an account are not all in the report",
			slog.String("account", a.folder),
			slog.String("error", err.Error()))
	}
	return g
}

// hasHistory says whether records of any day could be read.
func (p *pageRun) hasHistory() bool {
	_, to := p.records.Days()
	return p.hasArchive && !p.records.Since.After(to)
}

// leftOut is the day before which no records were read; zero: all days were.
func (p *pageRun) leftOut() time.Time {
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
func (p *pageRun) describe(made *report.Report) *license.Page {
	s := &made.Summary
	d := &license.Page{From: made.From, To: made.To, Until: made.Until, Accounts: s.Accounts, Read: s.Read,
		HasHistory: made.HasHistory,
		LeftOut:    p.leftOut(), Sentence: license.Text{En: page.Sentence(made, license.English),
			Zh: page.Sentence(made, license.Chinese)},
		Files: map[license.Language]license.PageFile{}}
	d.Worst = worstOf(s)
	d.Records, d.Broken = p.records.Count()
	switch code := pageCode(p.records.Problem); {
	case p.hasArchive && !p.hasHistory():
		d.NotRead = cmp.Or(code, "Timeout")
	case !d.LeftOut.IsZero():
		d.Why = code
	}
	p.addEnds(d, made)
	for _, file := range p.files {
		if file.isPage {
			d.Files[file.language] = license.PageFile{Name: file.name, Size: int64(len(file.data)),
				SHA256: hashOf(file.data)}
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
func (p *pageRun) addEnds(d *license.Page, made *report.Report) {
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

// sealPage seals the pages and calendars in a record of their own, before anybody is told. What
// cannot be sealed waits in the store, where there is one.
func (r *run) sealPage(ctx context.Context) {
	p := r.page.page
	switch {
	case r.archive != nil:
	case r.readable != nil:
		p.NotSealed = "dry run"
		return
	default:
		return
	}
	now := time.Now()
	s := &sealing{store: r.archive.store, account: r.archiveFolder(), memory: r.memory, mayWait: true,
		now: r.reportTime()}
	s.sealingEnd = instant.Halfway(now, r.budget.tell)
	s.end = instant.Halfway(s.sealingEnd, r.budget.tell)
	ctx, cancel := context.WithDeadline(ctx, s.sealingEnd)
	defer cancel()
	p.NotSealed = "Internal"
	r.guardPart(ctx, "archive", func() {
		if r.memory.Works() {
			s.remembered = r.archive.remembered()
		}
		sealed, err := s.sealAll(ctx, func(error) (archive.Unsealed, error) { return r.pageRecord(), nil })
		if err == nil {
			p.Record, p.NotSealed = s.account+"/"+sealed.Record, ""
			return
		}
		p.NotSealed, p.Waits = archiveCode(err), s.hasToWait
		r.logger.LogAttrs(ctx, slog.LevelError, "the report is not sealed", slog.String("error", err.Error()))
	})
}

// pageRecord is the record of the pages and the calendars.
func (r *run) pageRecord() archive.Unsealed {
	record := r.archive.emptyRecord(r.archiveFolder(), r.config.Site)
	for _, file := range r.page.files {
		record.Files = append(record.Files, archive.Bytes(file.name, slices.Clip(file.data)))
	}
	return record
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
