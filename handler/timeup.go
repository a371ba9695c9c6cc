package handler

import (
	"context"
	"sync"
	"time"

	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/message"
)

// watchTime has the chats told, when the time to tell is over, that the run still computes:
// every run may, with so many orders, and nobody else would say so. endWatch ends the watch,
// and says whether they were told: then this run says nothing else. Nothing counts as told by it.
func watchTime(ctx context.Context, f followUps, b budget,
	snapshot *license.Snapshot) (endWatch func() (isTimeUp bool)) {
	const key = "time is up"
	day, orders := snapshot.ReadAt, 0
	if snapshot.Orders != nil {
		orders = len(snapshot.Orders.List)
	}
	f.end = instant.Halfway(b.tell, b.end)
	note := func(language license.Language) license.Note {
		return message.TimeUpNote(language, b.total, orders, f.id)
	}
	channels := f.dueChannels(f.channels, day, key) // the ledger changes while the run computes
	var verdicts []deliveryVerdict
	sent := make(chan struct{})
	timer := time.AfterFunc(time.Until(b.tell), func() {
		defer close(sent)
		guard.Run(ctx, f.logger, "note", func() {
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
