package handler

import (
	"licensewatch/license"
	"licensewatch/life"
)

// What the ledger keeps for people who ask later: how the last run ended, and the
// heads of what was said. None of it costs a write of its own in a run in which
// nothing goes wrong.

// enterEnd has the ledger remember how the run ended.
func (r *run) enterEnd() {
	if r.memory.Works() {
		r.enterOutcome(r.outcome)
	}
}

func (r *run) enterOutcome(outcome Outcome) {
	at := r.decided
	if at.IsZero() {
		at = r.reportTime()
	}
	r.memory.Ledger.EnterRun(life.Run{At: at, Mode: r.mode, Outcome: string(outcome), Reason: r.reason}, r.channelNames())
}

// noteHead has the ledger remember a note that was sent.
func (r *run) noteHead(note license.Note, verdicts []deliveryVerdict) {
	if len(verdicts) == 0 {
		return
	}
	now := r.reportTime()
	answers := map[string]life.Delivery{}
	for _, v := range verdicts {
		answer := life.Delivery{Status: life.Accepted, At: now}
		if v.refusal != nil {
			answer.Status = life.DeliveryStatus(refusalOf(v.refusal))
		}
		answers[v.channel.Name()] = answer
	}
	r.memory.Ledger.NoteHead(note.ID, note.Title, now, answers)
}
