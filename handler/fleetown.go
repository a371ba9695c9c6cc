package handler

import (
	"context"
	"slices"
	"time"

	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
)

// What is said of no single account is decided as what an account says, with the fleet's own
// ledger: what rules about the fleet find, and what is wrong with the accounts file.

// decideOwn judges the totals of all accounts, and has the fleet's own ledger say what is due.
func (r *run) decideOwn(ctx context.Context, now time.Time) {
	own := r.newOwnResult()
	r.fleet.own = own
	if r.fleet.isPick {
		return
	}
	totals := r.fleet.count.Totals()
	r.noteUnread(&totals, now)
	done := r.guardPart(ctx, "fleet", func() {
		snapshot := license.Snapshot{ReadAt: now, Fleet: &totals}
		var ledger *life.Ledger
		if r.memory.Knows() {
			ledger = r.memory.Ledger
			own.onlyEnds = slices.DeleteFunc(namesOf(r.channels), func(channel string) bool {
				return slices.Contains(own.channels, channel) || !ledger.Heard(channel)
			})
		}
		reading := &fleetReading{run: r, now: now}
		d := reading.decisionFor(own, snapshot, own.routed(&snapshot))
		d.Findings = r.rules.Judge(snapshot, now, r.fleet.languages...)
		d.Notices, d.Unknown = slices.Concat(r.memoryNotices(), r.fleet.ownNotices(r.knownOrganization())), r.config.Unknown
		decided := d.Decide(ledger)
		own.counts, own.messages = countFindings(decided.Findings), decided.Messages
	})
	if !done && r.memory.Works() {
		r.memory.Ledger.EnterRun(life.Run{At: now, Mode: r.mode}, namesOf(r.channels))
	}
	r.counts.add(own.counts)
}

// newOwnResult is what becomes of the fleet as a whole in a run: of it hears who hears of some
// account, and of its findings whom the routes name.
func (r *run) newOwnResult() *accountResult {
	own := &accountResult{account: &fleet.Account{}, isReached: true, status: license.AccountRead}
	own.hearing = newHearing(r.fleet.Fleet, own.account)
	for _, a := range r.fleet.results {
		for _, channel := range a.channels {
			if !slices.Contains(own.channels, channel) {
				own.channels = append(own.channels, channel)
			}
		}
	}
	return own
}

// unreadDay is how long an account is unread until that is a day; a daily timer may be early.
const unreadDay = 24*time.Hour - 5*time.Minute

// noteUnread has the memory remember since when accounts are not read, and says in the totals
// how many are not for a day.
func (r *run) noteUnread(totals *license.FleetTotals, now time.Time) {
	if !r.memory.Works() {
		return
	}
	var unread []string
	names := map[string]string{}
	for _, a := range r.fleet.results {
		if a.status == license.AccountFailed || a.status == license.AccountNotReached {
			unread = append(unread, a.account.Uin)
			names[a.account.Uin] = a.account.Name
		}
	}
	since := r.memory.Accounts.NoteUnread(unread, now)
	longest, count := "", int64(0)
	for _, uin := range unread {
		if longest == "" || since[uin].Before(since[longest]) {
			longest = uin
		}
		if now.Sub(since[uin]) >= unreadDay {
			count++
		}
	}
	totals.UnreadForDay, totals.LongestUnread = &count, new(names[longest])
}

// knownOrganization is who came to the organization and who left it since a digest named them.
func (r *run) knownOrganization() (come, gone []string) {
	if !r.memory.Works() {
		return nil, nil
	}
	return r.memory.Accounts.Organization.New, r.memory.Accounts.Organization.Gone
}

// ownNotices are what a digest says besides of the accounts file and the organization, so that
// a channel which hears of changes alone hears of these. The words are those of license.Fleet.
func (f *fleetRun) ownNotices(come, gone []string) (notices []license.Notice) {
	if texts := f.leftOutTexts(); len(texts) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeLeftOut, Args: texts})
	}
	if f.unlisted != nil {
		notices = append(notices, license.Notice{Code: license.NoticeUnlisted, Args: []string{f.unlisted.Code}})
	}
	if named := slices.Concat(come, gone); len(named) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeMembers, Args: named})
	}
	return notices
}
