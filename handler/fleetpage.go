package handler

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
)

// fleetPage is how the page of many accounts is made: each is noted as it is read.
type fleetPage struct {
	*pageMaking

	fleet    *fleetRun
	channels []string // of the run
}

// foldersOf are the folders of the archive that the page of accounts is made of; own is the run's.
func foldersOf(own string, accounts []fleet.Account) []string {
	folders := []string{own}
	for _, a := range accounts {
		folders = append(folders, a.Uin)
	}
	return folders
}

// noteReading judges an account that was read, and keeps what the page says of it. What its
// ledger still owes is told, and nothing new.
func (p *fleetPage) noteReading(ctx context.Context, reading *fleetReading, a *accountResult, s license.Snapshot) {
	now := reading.base.Now
	j := reading.judgeAccount(ctx, a, s)
	a.counts = countFindings(j.findings)
	account := &pageAccount{folder: a.account.Uin, name: a.account.Name}
	var acks []license.Ack
	if j.ledger != nil {
		account.usage, acks = j.ledger.Usage(now), j.ledger.Acks(now)
		a.messages = j.ledger.Pending(life.Input{Now: now, Mode: license.ModeReport, Channels: a.everyone(),
			Slot: p.slot, PerChannel: a.perChannel(), Hours: p.settings.Hours})
	}
	p.noteReminders(j.findings)
	p.addReading(ctx, account.folder, j.snapshot, j.findings)
	p.noteAccount(account, acks)
	reading.keepAccount(ctx, a, j)
}

// noteAccount notes an account that was read.
func (p *fleetPage) noteAccount(a *pageAccount, acks []license.Ack) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.accounts, p.acks[a.folder] = append(p.accounts, a), acks
}

// makeAndPlan makes the page, unless an earlier run of the event has, and decides what is told of
// it, with the fleet's own ledger.
func (p *fleetPage) makeAndPlan(ctx context.Context, now time.Time) {
	whole := p.fleet.newWholeResult()
	whole.channels = p.hearingAll()
	p.fleet.whole = whole
	p.noteUnread()
	slices.SortFunc(p.accounts, func(a, b *pageAccount) int { return strings.Compare(a.folder, b.folder) })
	if len(whole.channels) > 0 && !(p.memory.Works() && p.memory.Ledger.IsRerun(p.slot, now)) {
		p.make(ctx, now, p.languagesOf(whole.channels))
	}
	whole.messages = p.plan(life.Input{Now: now, Channels: whole.channels, PerChannel: whole.perChannel(),
		IsOneOfMany: true}).Messages
}

// noteUnread notes the accounts that were not read, or for which there was no time: they are on
// the page as such.
func (p *fleetPage) noteUnread() {
	for _, a := range p.fleet.results {
		isNoted := func(noted *pageAccount) bool { return noted.folder == a.account.Uin }
		if !slices.ContainsFunc(p.accounts, isNoted) {
			p.accounts = append(p.accounts, &pageAccount{folder: a.account.Uin, name: a.account.Name})
		}
	}
}

// hearingAll are the channels that hear of every account: nobody is shown what the routes keep
// from them. Where there is none, those that hear of what fits no route.
func (p *fleetPage) hearingAll() (channels []string) {
	for _, name := range p.channels {
		if !slices.ContainsFunc(p.fleet.results, func(a *accountResult) bool {
			return !slices.Contains(a.channels, name)
		}) {
			channels = append(channels, name)
		}
	}
	if len(channels) == 0 {
		return p.fleet.Default
	}
	return channels
}

// languagesOf are those of channels, each once.
func (p *fleetPage) languagesOf(channels []string) (languages []license.Language) {
	channelLanguages := p.fleet.channelLanguages()
	for _, name := range channels {
		if l := cmp.Or(channelLanguages[name], p.settings.Language); !slices.Contains(languages, l) {
			languages = append(languages, l)
		}
	}
	return languages
}
