package ledgers

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"licensewatch/life"
)

// What channels answer is noted at once, and entered in the ledgers of the accounts at the end.

// Answer is what a channel answered to a message about many accounts.
type Answer struct {
	ID      string       `json:"id"` // of the message
	Channel string       `json:"channel"`
	At      time.Time    `json:"at"`
	Refusal life.Refusal `json:"refusal,omitempty"` // empty: accepted
	// Unnamed are, of an accepted message, the facts that it only counted, by account.
	Unnamed  map[string][]string `json:"unnamed,omitempty"`
	OwesCall bool                `json:"owes_call,omitempty"` // the call to everybody was not accepted
}

// Answer enters what a channel answered: in the fleet's own ledger at once, in those of the
// accounts with Settle.
func (l *Ledgers) Answer(a Answer) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.answers = append(l.answers, a)
	l.Fleet.NoteAnswer(a.Channel, a.At, a.Refusal)
	status := life.Accepted
	if a.Refusal != "" {
		status = life.DeliveryStatus(a.Refusal)
	}
	l.Fleet.NotificationLog().NoteAnswer(a.ID, a.Channel, status, a.At)
}

// enter enters the answer in the ledger of an account.
func (a *Answer) enter(ledger *life.Ledger, account string) {
	for _, id := range ledger.PartIDs(a.ID) {
		if a.Refusal != "" {
			ledger.Refuse(id, a.Channel, a.At, a.Refusal)
		} else {
			ledger.Accept(id, a.Channel, a.At, life.Rest{Unnamed: a.Unnamed[account], Call: a.OwesCall})
		}
	}
}

// settlers is how many ledgers are settled at once: each holds the megabyte of its packer.
const settlers = 2

// Settle enters the answers in the ledgers of all accounts that have a message on its way, and
// in the fleet's own, and calls look, which may be nil, with each of those ledgers afterwards, in
// any order but one by one, with no account for the fleet's own. One that cannot be
// read is left out: its next run begins it anew.
func (l *Ledgers) Settle(look func(account string, ledger *life.Ledger)) error {
	l.mutex.Lock()
	answers := slices.Clone(l.answers)
	var accounts []string
	for _, account := range sortedKeys(l.packed) {
		if l.packed[account].owes {
			accounts = append(accounts, account)
		}
	}
	if len(answers) > 0 { // what channels were told is much alike as well
		l.packer = nil
	}
	l.mutex.Unlock()
	if l.Fleet.HasMessages() {
		for i := range answers {
			answers[i].enter(l.Fleet, "")
		}
		if look != nil {
			look("", l.Fleet)
		}
	}
	var looking sync.Mutex
	var failed error
	settle := func(account string) {
		ledger, err := l.Open(account)
		if err != nil {
			return
		}
		for i := range answers {
			answers[i].enter(ledger, account)
		}
		if len(answers) > 0 {
			err = l.Keep(account, ledger)
		}
		looking.Lock()
		defer looking.Unlock()
		if failed = cmp.Or(failed, err); look != nil {
			look(account, ledger)
		}
	}
	var settling sync.WaitGroup
	for own := range slices.Chunk(accounts, max(1, (len(accounts)+settlers-1)/settlers)) {
		settling.Go(func() {
			for _, account := range own {
				settle(account)
			}
		})
	}
	settling.Wait()
	if failed != nil {
		return failed
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.answers = slices.Delete(l.answers, 0, len(answers))
	return nil
}
