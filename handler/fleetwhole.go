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

// decideWhole judges the totals of all accounts, has the fleet's own ledger say what is due, and
// gives what was found.
func (r *fleetReading) decideWhole(ctx context.Context) Counts {
	whole := r.fleet.newWholeResult()
	r.fleet.whole = whole
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
			whole.onlyEnds = slices.DeleteFunc(slices.Clone(channels), func(channel string) bool {
				return slices.Contains(whole.channels, channel) || !ledger.Heard(channel)
			})
		}
		d := r.decisionFor(whole, snapshot, whole.routed(&snapshot))
		for channel, of := range d.perChannel { // whoever has news of members gets a digest that says it
			if come, gone := r.fleet.memory.news(channel); len(come)+len(gone) > 0 {
				of.OnlyChanges = false
			}
			of.Besides = r.fleet.leftOutFor(channel)
			d.perChannel[channel] = of
		}
		d.Findings = d.Rules.Judge(snapshot, d.Now, r.fleet.languages...)
		d.Notices = slices.Concat(memoryNotices(r.memory), r.fleet.organizationNotices())
		d.Unknown = r.settings.Unknown
		decided := d.Decide(ledger)
		whole.counts, whole.messages = countFindings(decided.Findings), decided.Messages
	})
	if !done && r.memory.Works() {
		r.memory.Ledger.EnterRun(life.Run{At: r.base.Now, Mode: r.base.Mode}, channels)
	}
	return whole.counts
}

// newWholeResult is what becomes of the fleet as a whole in a run: of it hears who hears of some
// account, and of its findings whom the routes name. Who would hear of an account whose entry in
// the file is wrong, nobody knows: of that hear those of default, and who hears of every account;
// everybody where none of these hears of any.
func (f *fleetRun) newWholeResult() *accountResult {
	whole := &accountResult{account: &fleet.Account{}, isReached: true, status: license.AccountRead}
	whole.hearing = newHearing(f.Fleet, whole.account)
	heard := map[string]int{} // of how many accounts
	for _, a := range f.results {
		for _, channel := range a.channels {
			if heard[channel]++; !slices.Contains(whole.channels, channel) {
				whole.channels = append(whole.channels, channel)
			}
		}
	}
	f.mistakesTo = slices.DeleteFunc(slices.Clone(whole.channels), func(channel string) bool {
		return heard[channel] < len(f.results) && !slices.Contains(f.Default, channel)
	})
	if len(f.mistakesTo) == 0 {
		f.mistakesTo = whole.channels
	}
	return whole
}

// organizationNotices are what a digest says besides of the organization, so that a channel which hears of
// changes alone hears of these. The words are those of license.Fleet.
func (f *fleetRun) organizationNotices() (notices []license.Notice) {
	if f.unlisted != nil {
		notices = append(notices, license.Notice{Code: license.NoticeUnlisted, Args: []string{f.unlisted.Code}})
	}
	return notices
}
