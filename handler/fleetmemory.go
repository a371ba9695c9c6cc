package handler

import (
	"context"
	"time"

	"licensewatch/life"
)

// accountLife is how long an account is remembered that is not watched any more.
const accountLife = 7 * 24 * time.Hour

// forgetAccounts drops the ledgers of accounts that were not watched for so long. An account
// whose entry is wrong keeps its own.
func (r *run) forgetAccounts(now time.Time) {
	if !r.memory.Works() {
		return
	}
	keeps := map[string]bool{}
	for _, a := range r.fleet.watched {
		keeps[a.Uin] = true
	}
	for _, a := range r.fleet.LeftOut {
		keeps[a.Uin] = true
	}
	for _, uin := range r.memory.Accounts.Accounts() {
		if keeps[uin] {
			continue
		}
		if ledger, err := r.memory.Accounts.Open(uin); err != nil || now.Sub(ledger.Runs().Last().At) >= accountLife {
			r.memory.Accounts.Forget(uin)
		}
	}
}

// settleAnswers enters what channels answered in the ledgers of all accounts, and sums up
// what is still owed.
func (r *run) settleAnswers(ctx context.Context) {
	if r.fleet == nil || !r.memory.Works() {
		return
	}
	now := r.reportTime()
	owed, doubtful := map[string]*life.Owed{}, map[string]bool{}
	watched := map[string]bool{}
	for _, a := range r.fleet.watched {
		watched[a.Uin] = true
	}
	err := r.memory.Accounts.Settle(func(account string, ledger *life.Ledger) {
		if account != "" && !watched[account] { // nobody will be sent it
			return
		}
		for _, c := range r.fleet.Channels {
			for _, o := range ledger.Owed([]string{c.Name}, now, c.Hours) {
				sum := owed[o.Channel]
				if sum == nil {
					sum = &life.Owed{Channel: o.Channel}
					owed[o.Channel] = sum
				}
				sum.Messages, sum.Again = max(sum.Messages, o.Messages), sum.Again || o.Again
			}
		}
		for _, channel := range ledger.Doubtful(namesOf(r.channels)) {
			doubtful[channel] = true
		}
	})
	if err != nil {
		r.memory.Fail(ctx, err)
		return
	}
	r.fleet.owed, r.fleet.doubtful = nil, nil
	for _, channel := range namesOf(r.channels) {
		if o := owed[channel]; o != nil {
			r.fleet.owed = append(r.fleet.owed, *o)
		}
		if doubtful[channel] {
			r.fleet.doubtful = append(r.fleet.doubtful, channel)
		}
	}
}

// owedNow is what the channels are owed.
func (r *run) owedNow() []life.Owed {
	if r.fleet != nil {
		return r.fleet.owed
	}
	return r.memory.Ledger.Owed(namesOf(r.channels), r.reportTime(), r.config.Hours)
}
