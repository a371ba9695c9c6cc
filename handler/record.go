package handler

import (
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// What the ledger keeps for people who ask later: how the last run ended, and the
// heads of what was said. None of it costs a write of its own in a run in which
// nothing goes wrong.

// enterEnd has the ledger remember how the run ended.
func (r *run) enterEnd() {
	if r.memory.works() {
		r.enter(r.outcome)
	}
}

func (r *run) enter(outcome Outcome) {
	at := r.decided
	if at.IsZero() {
		at = r.now()
	}
	r.memory.ledger.EnterRun(life.Run{At: at, Mode: r.mode, Outcome: string(outcome), Reason: r.reason}, r.channelNames())
}

// expect counts the answers that the run is waiting for.
func (m *memory) expect(messages []life.Message) {
	if m == nil {
		return
	}
	for _, message := range messages {
		m.unanswered += len(message.Channels)
	}
}

// enterLast has the last answer saved together with how the run ends, which is
// clear when all of them accept. The mutex is held.
func (m *memory) enterLast(accepted bool, now time.Time) {
	if !accepted {
		return
	}
	m.unanswered--
	channels := m.run.channelNames()
	if m.unanswered == 0 && len(m.ledger.Owed(channels, now, m.run.config.Hours))+len(m.ledger.Doubtful(channels)) == 0 {
		m.run.enter(OutcomeSent)
	}
}

// noteHead has the ledger remember a note that was sent.
func (r *run) noteHead(note license.Note, verdicts []verdict) {
	if len(verdicts) == 0 {
		return
	}
	now := r.now()
	answers := map[string]life.Answer{}
	for _, v := range verdicts {
		answer := life.Answer{Verdict: life.Accepted, At: now}
		if v.refusal != nil {
			answer.Verdict = life.Verdict(refusalOf(v.refusal))
		}
		answers[v.channel.Name()] = answer
	}
	r.memory.ledger.NoteHead(note.ID, note.Title, now, answers)
}
