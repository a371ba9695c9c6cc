package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

// Message is one message to be sent.
type Message struct {
	ID     string
	Mode   license.Mode
	Report license.Report
	// Channels are those that it is to be sent to now, in the input's order. There are
	// several messages with one ID where it calls people, or may be a repeat, in some of
	// them only.
	Channels []string
	// Owed is true when an earlier run wrote it. Its text is the first one, but
	// says that it is late where it is; its Report has no link, but Export.TaskID
	// to ask for it again.
	Owed bool
}

// Plan is what a run is to send, in this order: a channel that fails a message
// in passing should not be sent the next ones.
type Plan struct {
	Messages []Message
	Reason   string            // in a few words; "nothing new" when there is nothing to send
	Findings []license.Finding // the input's, as the ledger sees them
}

// Plan decides what is to be said now and enters it into the outbox. Save the
// ledger before anything is sent.
func (l *Ledger) Plan(in Input) Plan {
	in = l.beginPlan(in)
	l.stored.pruneOneOffs(in.Now, l.stored.Runs)
	if in.isDigest() && l.IsRerun(in.Slot, in.Now) {
		// What is new is seen by the next run. A rerun only ends what was begun.
		seen := settleFindings(l, in)
		return Plan{l.sendableMessages(in, nil), rerunReason(l, in), seen.in.Findings}
	}
	for _, channel := range in.OnlyEnds {
		l.keepEnds(channel, in.Now)
	}
	for _, channel := range in.Channels {
		l.makeRoom(channel, in.Now)
	}
	l.stored.Usage = l.stored.Usage.with(in.Now, &in.Snapshot)
	if in.isDigest() {
		in.Base.Usage = l.Usage(in.Now)
	}
	t := newTelling(observeRun(l, in))
	l.endCalls(in)
	contents := t.dueMessages()
	reason := ownReason(t, contents) // before their findings are taken
	written := map[*pendingMessage]license.Report{}
	for i, c := range contents {
		var owned []license.Finding
		if in.OwnsFindings && i+1 == len(contents) {
			owned = t.in.Findings
		}
		m, report := c.writeMessage(l.stored.newID(in, c), in, t.acks, t.unknownFindings(), owned)
		l.stored.Outbox = append(l.stored.Outbox, m)
		if !in.IsOneOfMany { // what is said is the whole message, which the fleet's ledger remembers
			l.stored.NotificationLog.addMessageHead(m, in.headlineOf(report))
		}
		written[m] = report
	}
	for _, channel := range in.Channels {
		if in.isDigest() {
			l.releaseLost(channel, true)
		}
		l.forgetLost(channel)
	}
	if in.isDigest() && in.Slot != "" {
		l.stored.Slots[in.Slot] = &digestSlot{At: in.Now}
	}
	messages := l.sendableMessages(in, written)
	return Plan{messages, planReason(l, in, reason, messages), t.in.Findings}
}

// beginPlan enters the run into the ledger, and gives its input as a plan takes it.
func (l *Ledger) beginPlan(in Input) Input {
	in = in.normalized()
	l.channels = in.Channels
	l.stored.Event = in.Slot
	l.observeClock(in.Now)
	l.EnterRun(Run{At: in.Now, Mode: in.Mode}, in.Channels)
	l.prune(in.Now)
	return in
}

// PlanPage is Plan for a run that tells of a page, in.Base.Page, and of nothing that was
// judged. A rerun of the event writes no second message, and in.Base.Page may be nil then: it
// ends what was begun.
func (l *Ledger) PlanPage(in Input) Plan {
	in = l.beginPlan(in)
	written := map[*pendingMessage]license.Report{}
	if !l.IsRerun(in.Slot, in.Now) && in.Base.Page != nil && len(in.Channels) > 0 {
		content := messageContent{channels: in.Channels}
		m, report := content.writeMessage(l.stored.newID(in, content), in, nil, nil, nil)
		m.Slot = in.Slot
		l.stored.Outbox = append(l.stored.Outbox, m)
		written[m] = report
		if !in.IsOneOfMany {
			l.stored.NotificationLog.addMessageHead(m, in.headlineOf(report))
		}
		if in.Slot != "" {
			l.stored.Slots[in.Slot] = &digestSlot{At: in.Now}
		}
	}
	messages := l.sendableMessages(in, written)
	switch {
	case len(written) > 0:
		return Plan{Messages: messages, Reason: "report"}
	case len(messages) > 0:
		return Plan{Messages: messages, Reason: "this report was made already, and is still owed"}
	default:
		return Plan{Reason: "this report was sent already"}
	}
}

// Pending are the messages that an earlier run left and that are sent now, where this one
// learned nothing of the account.
func (l *Ledger) Pending(in Input) []Message {
	in = in.normalized()
	l.channels = in.Channels
	return l.sendableMessages(in, nil)
}

// sendableMessages are those of the outbox that can be sent now. written are the full
// reports of the messages that this run wrote.
func (l *Ledger) sendableMessages(in Input, written map[*pendingMessage]license.Report) []Message {
	return newSending(&l.stored, in, written).messages()
}

// observeClock puts right what runs left behind whose clock was ahead: what one told
// with "1 day left" was told of another day. That the channel knows of the finding
// stays; no threshold counts as told, and no message that was written then is sent: but for
// what is critical and came by no date, which is as true under either clock, and which no
// runs must silence whose own clock is behind.
func (l *Ledger) observeClock(now time.Time) {
	c := &l.stored.Clock
	c.Behind++
	if !isAhead(c.Latest, now) {
		c.Behind = 0
	}
	if l.isBehind = c.Behind == 1; c.Behind > 1 { // two runs agree
		*c = clockRecord{Latest: now}
		l.stored.runLog.rewind(now)
		l.stored.rewindAccepted(now)
	}
	if l.isBehind {
		l.stored.Dropped = orEmpty(c.Dropped) // it was not too old
	}
	c.Dropped = maps.Clone(l.stored.Dropped)
	for _, s := range l.stored.Records {
		if isAhead(s.Seen, now) {
			l.isBehind, s.Seen = true, now
		}
		s.Since = earlierOf(s.Since, now)
		if age(now, s.begunAt()) >= pastAckLife {
			s.TookOver = nil
		}
		s.rewindNotified(now)
	}
	for _, m := range slices.Clone(l.stored.Outbox) {
		if !isAhead(m.At, now) {
			continue
		}
		if !m.saysCriticalHappened() {
			for _, channel := range slices.Clone(m.Owed) { // what it said is due, as it is now
				l.stored.NotificationLog.NoteAnswer(m.ID, channel, GivenUp, now)
				l.stored.endDelivery(m, channel)
			}
		}
		if !l.isBehind { // else nothing accepted since would be newer, and it would be given up for its age
			m.At, m.FirstAmbiguous = now, nil
		}
	}
	l.stored.factLog.rewind(now)
	for _, a := range l.stored.restore(now) {
		l.stored.resumeAck(a)
	}
	l.stored.sweep()
}

// prune forgets what is too old to matter. It is called once a run.
func (l *Ledger) prune(now time.Time) {
	b := &l.stored
	l.pruneAmbiguous(now)
	for _, m := range slices.Clone(b.Outbox) {
		limit := alertLife
		if m.Mode == license.ModeDigest {
			limit = eventLife
		}
		old := now.Sub(m.At)
		if m.saysCriticalHappened() { // a clock that has jumped must not leave it to the hours
			old = b.Runs.watchedFor(m.At, now)
		}
		if old < limit {
			continue
		}
		for _, channel := range slices.Clone(m.Owed) {
			l.giveUp(m, channel, now)
		}
		m.Calls = nil
	}
	b.outbox.prune(now)
	b.Notes.prune(now)
}

// endCalls ends the calls that are owed and that nobody needs any more.
func (l *Ledger) endCalls(in Input) {
	acks := l.Acks(in.Now)
	for _, m := range slices.Clone(l.stored.Outbox) {
		for _, channel := range in.Channels {
			if slices.Contains(m.Calls, channel) && !l.stored.stillCalls(m, channel, acks) {
				l.stored.endCall(m, channel)
			}
		}
	}
}
