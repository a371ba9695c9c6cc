package handler

import (
	"context"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// answerBook is where the answers of channels are entered, and what they are owed by these.
// That is the ledger of the account, or of many accounts the fleetMemory.
type answerBook interface {
	// await says which messages are about to be sent.
	await(messages []life.Message)
	// enter enters what a channel answered to a message, while nobody else uses the ledger.
	enter(ledger *life.Ledger, message life.Message, v deliveryVerdict)
	// settle ends the answers: what follows is what is owed then.
	settle(ctx context.Context)
	// owed is what channels are owed, where the memory works.
	owed() []life.Owed
	// isOwing says whether any channel is owed a message, also one that has to wait until
	// somebody has mended it, or may not have got one.
	isOwing() bool
}

// accountAnswers enters answers in the ledger of the one account.
type accountAnswers struct {
	memory   *session.Session
	channels []string
	hours    license.Hours
	now      func() time.Time
	// enterSent has the ledger remember that everybody was told.
	enterSent func()

	toCome int // how many acceptances are still to come
}

func (a *accountAnswers) await(messages []life.Message) {
	for _, message := range messages {
		a.toCome += len(message.Channels)
	}
}

func (a *accountAnswers) enter(ledger *life.Ledger, message life.Message, v deliveryVerdict) {
	now := a.now()
	if v.refusal != nil {
		ledger.Refuse(message.ID, v.channel.Name(), now, refusalOf(v.refusal))
		return
	}
	ledger.Accept(message.ID, v.channel.Name(), now,
		life.Rest{Unnamed: v.receipt.Unnamed, Call: v.receipt.OwesCall()})
	// The last answer is saved together with how the run ends, which is clear when all accept.
	if a.toCome--; a.toCome == 0 && !a.owes(ledger, now) {
		a.enterSent()
	}
}

func (a *accountAnswers) settle(context.Context) {} // each was entered as it came

func (a *accountAnswers) owed() []life.Owed {
	return a.memory.Ledger.Owed(a.channels, a.now(), a.hours)
}

func (a *accountAnswers) isOwing() bool {
	return a.memory.Works() && a.owes(a.memory.Ledger, a.now())
}

func (a *accountAnswers) owes(ledger *life.Ledger, now time.Time) bool {
	return len(ledger.Owed(a.channels, now, a.hours))+len(ledger.Doubtful(a.channels)) > 0
}
