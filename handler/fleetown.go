package handler

import (
	"context"
	"slices"

	"licensewatch/fleet"
	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/life"
)

// What is said of no single account is decided as what an account says, with the fleet's own
// ledger: what rules about the fleet find, and what is wrong with the accounts file.

// decideOwn judges the totals of all accounts, has the fleet's own ledger say what is due, and
// gives what was found.
func (r *fleetReading) decideOwn(ctx context.Context) Counts {
	own := r.fleet.newOwnResult()
	r.fleet.own = own
	if r.fleet.isPick {
		return Counts{}
	}
	totals := r.fleet.count.Totals()
	r.fleet.memory.noteUnread(&totals, r.base.Now)
	channels := r.fleet.memory.channels
	done := guard.Run(ctx, r.logger, "fleet", func() {
		snapshot := license.Snapshot{ReadAt: r.base.Now, Fleet: &totals}
		r.fleet.judged = &snapshot
		var ledger *life.Ledger
		if r.memory.Knows() {
			ledger = r.memory.Ledger
			own.onlyEnds = slices.DeleteFunc(slices.Clone(channels), func(channel string) bool {
				return slices.Contains(own.channels, channel) || !ledger.Heard(channel)
			})
		}
		d := r.decisionFor(own, snapshot, own.routed(&snapshot))
		for channel, of := range d.own { // whoever has news of members gets a digest that says it
			if come, gone := r.fleet.memory.news(channel); len(come)+len(gone) > 0 {
				of.OnlyChanges = false
			}
			of.Besides = r.fleet.leftOutFor(channel)
			d.own[channel] = of
		}
		d.Findings = d.Rules.Judge(snapshot, d.Now, r.fleet.languages...)
		d.Notices = slices.Concat(memoryNotices(r.memory), r.fleet.ownNotices())
		d.Unknown = r.settings.Unknown
		decided := d.Decide(ledger)
		own.counts, own.messages = countFindings(decided.Findings), decided.Messages
	})
	if !done && r.memory.Works() {
		r.memory.Ledger.EnterRun(life.Run{At: r.base.Now, Mode: r.base.Mode}, channels)
	}
	return own.counts
}

// newOwnResult is what becomes of the fleet as a whole in a run: of it hears who hears of some
// account, and of its findings whom the routes name. Who would hear of an account whose entry in
// the file is wrong, nobody knows: of that hear those of default, and who hears of every account;
// everybody where none of these hears of any.
func (f *fleetRun) newOwnResult() *accountResult {
	own := &accountResult{account: &fleet.Account{}, isReached: true, status: license.AccountRead}
	own.hearing = newHearing(f.Fleet, own.account)
	heard := map[string]int{} // of how many accounts
	for _, a := range f.results {
		for _, channel := range a.channels {
			if heard[channel]++; !slices.Contains(own.channels, channel) {
				own.channels = append(own.channels, channel)
			}
		}
	}
	f.mistakesTo = slices.DeleteFunc(slices.Clone(own.channels), func(channel string) bool {
		return heard[channel] < len(f.results) && !slices.Contains(f.Default, channel)
	})
	if len(f.mistakesTo) == 0 {
		f.mistakesTo = own.channels
	}
	return own
}

// ownNotices are what a digest says besides of the organization, so that a channel which hears of
// changes alone hears of these. The words are those of license.Fleet.
func (f *fleetRun) ownNotices() (notices []license.Notice) {
	if f.unlisted != nil {
		notices = append(notices, license.Notice{Code: license.NoticeUnlisted, Args: []string{f.unlisted.Code}})
	}
	return notices
}
