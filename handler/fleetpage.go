package handler

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

// fleetFolders are the folders of the archive that a page of many accounts is made of.
func (r *run) fleetFolders() []string {
	folders := []string{r.archiveFolder()}
	for _, a := range r.fleet.watched {
		folders = append(folders, a.Uin)
	}
	return folders
}

// noteForPage judges an account that was read, and keeps what the page says of it. What its
// ledger still owes is told, and nothing new.
func (r *run) noteForPage(ctx context.Context, reading *fleetReading, a *accountResult, s license.Snapshot) {
	now := reading.base.Now
	j := reading.judgeAccount(ctx, a, s)
	a.counts = countFindings(j.findings)
	account := pageAccount{folder: a.account.Uin, name: a.account.Name}
	var acks []license.Ack
	if j.ledger != nil {
		account.usage, acks = j.ledger.Usage(now), j.ledger.Acks(now)
		a.messages = j.ledger.Pending(life.Input{Now: now, Mode: r.mode, Channels: a.everyone(),
			Slot: r.event.digestSlot(),
			Own:  a.own(), Hours: r.config.Hours})
	}
	r.page.noteReminders(j.findings)
	r.addToPage(ctx, account.folder, j.snapshot, j.findings)
	r.page.noteAccount(account, acks)
	reading.keepAccount(ctx, a, j)
}

// noteAccount notes an account that was read.
func (p *pageRun) noteAccount(a pageAccount, acks []license.Ack) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.accounts, p.acks[a.folder] = append(p.accounts, a), acks
}

// makeFleetPage makes the page of many accounts, unless an earlier run of the event has, and
// decides what is told of it, with the fleet's own ledger.
func (r *run) makeFleetPage(ctx context.Context, now time.Time) {
	own := r.fleet.newOwnResult()
	own.channels = r.hearingAll()
	r.fleet.own = own
	for _, a := range r.fleet.results { // those that were not read, or for which there was no time, are in it as such
		isNoted := func(noted pageAccount) bool { return noted.folder == a.account.Uin }
		if !slices.ContainsFunc(r.page.accounts, isNoted) {
			r.page.accounts = append(r.page.accounts, pageAccount{folder: a.account.Uin, name: a.account.Name})
		}
	}
	slices.SortFunc(r.page.accounts, func(a, b pageAccount) int { return strings.Compare(a.folder, b.folder) })
	slot := r.event.digestSlot()
	if len(own.channels) > 0 && !(r.memory.Works() && r.memory.Ledger.IsRerun(slot, now)) {
		r.makePage(ctx, now, r.languagesOf(own.channels))
	}
	base := license.Report{ID: r.id, Mode: r.mode, Language: r.config.Language, At: now,
		Export: license.Export{Status: license.ExportOff}, Page: r.page.page}
	if r.memory.Knows() {
		own.messages = r.memory.Ledger.PlanPage(life.Input{Now: now, Mode: r.mode, Channels: own.channels, Base: base,
			Slot:  slot,
			Hours: r.config.Hours, Own: own.own(), IsOneOfMany: true, Headline: message.Headline}).Messages
	} else if r.page.isMade() {
		own.messages = []life.Message{{ID: r.id, Mode: r.mode, Report: base, Channels: own.channels}}
	}
}

// hearingAll are the channels that hear of every account: nobody is shown what the routes keep
// from them. Where there is none, those that hear of what fits no route.
func (r *run) hearingAll() (channels []string) {
	for _, name := range namesOf(r.channels) {
		if !slices.ContainsFunc(r.fleet.results, func(a *accountResult) bool {
			return !slices.Contains(a.channels, name)
		}) {
			channels = append(channels, name)
		}
	}
	if len(channels) == 0 {
		return r.fleet.Default
	}
	return channels
}

// languagesOf are those of channels, each once.
func (r *run) languagesOf(channels []string) (languages []license.Language) {
	for _, name := range channels {
		if l := cmp.Or(r.followUps.own[name], r.config.Language); !slices.Contains(languages, l) {
			languages = append(languages, l)
		}
	}
	return languages
}
