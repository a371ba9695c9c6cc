package handler

import (
	"context"
	"sync"
	"time"

	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/message"
)

// watchTime has the chats told, when the time to tell is over, that the run still computes:
// every run may, with so many orders, and nobody else would say so. endWatch ends the watch,
// and says whether they were told: then this run says nothing else. Nothing counts as told by it.
func (r *run) watchTime(ctx context.Context) (endWatch func() (isTimeUp bool)) {
	const key = "time is up"
	f, day, orders := r.followUps, r.snapshot.ReadAt, 0
	if r.snapshot.Orders != nil {
		orders = len(r.snapshot.Orders.List)
	}
	f.end = halfwayBetween(r.budget.tell, r.budget.end)
	note := func(language license.Language) license.Note {
		return message.TimeUpNote(language, r.budget.total, orders, r.id)
	}
	channels := f.dueChannels(r.channels, day, key) // the ledger changes while the run computes
	var verdicts []deliveryVerdict
	sent := make(chan struct{})
	timer := time.AfterFunc(time.Until(r.budget.tell), func() {
		defer close(sent)
		guard.Run(ctx, r.logger, "note", func() {
			verdicts = f.sendNote(ctx, channels, note)
		})
	})
	return sync.OnceValue(func() bool {
		if timer.Stop() {
			return false
		}
		<-sent
		f.enterNote(note, verdicts, day, key)
		return true
	})
}

// endTooLate ends a run whose time was up before it had said anything.
func (r *run) endTooLate() error {
	r.outcome, r.reason = OutcomeFailed, "the time was up before it was clear what to say"
	return &DeadlineError{Milliseconds: r.budget.total.Milliseconds(), Spent: true}
}
