package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// Refusal is how a channel failed to accept a message.
type Refusal string

// The refusals.
const (
	RefusedForNow  Refusal = "for-now"   // a later try may help
	RefusedForGood Refusal = "for-good"  // no retry helps until somebody mends the channel
	NoAnswer       Refusal = "no-answer" // the message was sent; nobody knows whether it arrived
)

// Rest is what is left of a message that a channel accepted.
type Rest struct {
	// Unnamed are the facts that the message only counted: license.Finding.Fact and the
	// like.
	Unnamed []string
	// Call: the call to everybody was not accepted, and a later try may help.
	Call bool
}

// Accept marks what the message said as said to the channel, but what is left of it: what it did
// not name stays due, and the channel is owed the call. Save the ledger after it. It does nothing
// when the channel is not owed the message.
func (l *Ledger) Accept(id, channel string, now time.Time, rest Rest) {
	delete(l.stored.Failing, channel)
	if m := l.stored.owedMessage(id, channel); m != nil {
		l.stored.NotificationLog.NoteAnswer(m.ID, channel, Accepted, now)
		l.stored.endPause(m, channel)
		if rest.Call && m.Report.Mention {
			m.Calls = append(m.Calls, channel)
		}
		l.stored.noteNotices(m.Report.Notices)
		l.stored.markTold(m, channel, now, rest)
		l.stored.endDelivery(m, channel)
		if s := l.stored.Slots[m.Slot]; s != nil && !m.isAlert() {
			s.Accepted = append(s.Accepted, channel)
		}
		for _, id := range m.Covers {
			if covered := l.stored.owedMessage(id, channel); covered != nil {
				l.stored.NotificationLog.NoteAnswer(covered.ID, channel, Replaced, now)
				l.stored.endDelivery(covered, channel)
			}
		}
	} else if m := l.stored.owedCall(id, channel); m != nil {
		l.stored.markCalled(m, channel, now)
		l.stored.endCall(m, channel)
	}
	l.releaseLost(channel, false)
	l.forgetLost(channel)
}

// Refuse notes that the channel did not accept the message. For now: it stays
// owed. For good: a digest is no longer owed; an alert is tried again an hour
// later, for a week. No answer: a digest is not sent again; an alert is, with the
// same id, in three runs at most and within a day. Nothing of it counts as said: it
// is due again, what an alert said with the next digest.
func (l *Ledger) Refuse(id, channel string, now time.Time, refusal Refusal) {
	m := l.stored.owedMessage(id, channel)
	if m == nil {
		l.refuseCall(id, channel, refusal)
		return
	}
	l.stored.NotificationLog.NoteAnswer(m.ID, channel, DeliveryStatus(refusal), now)
	l.stored.noteFailing(channel, now)
	switch refusal {
	case RefusedForGood:
		l.stored.Refused[channel] = now
		if !m.isAlert() {
			l.stored.endDelivery(m, channel)
			return
		}
		m.Refused, m.Refusals = orEmpty(m.Refused), orEmpty(m.Refusals)
		m.Refused[channel] = now
		m.Refusals[channel]++
	case NoAnswer:
		l.noteNoAnswer(m, channel, now)
	case RefusedForNow:
	}
}

// NoteAnswer notes that a channel has answered to a message that this ledger does not hold;
// an empty refusal is that it has accepted it.
func (l *Ledger) NoteAnswer(channel string, now time.Time, refusal Refusal) {
	if refusal == "" {
		delete(l.stored.Failing, channel)
		return
	}
	l.stored.noteFailing(channel, now)
}

// noteNoAnswer notes that the channel was sent the message and gave no answer. A digest is
// not sent again; an alert is, by the next runs.
func (l *Ledger) noteNoAnswer(m *pendingMessage, channel string, now time.Time) {
	if !m.isAlert() {
		l.markLost(m, channel, now)
		return
	}
	l.stored.countNoAnswer(m, channel)
	m.FirstAmbiguous = orEmpty(m.FirstAmbiguous)
	if m.FirstAmbiguous[channel].IsZero() {
		m.FirstAmbiguous[channel] = now
	}
	if m.AmbiguousRuns[channel] >= maxAmbiguousRuns {
		l.giveUpUnanswered(m, channel, now)
	}
}

// giveUpUnanswered ends the tries of an alert that got no answer. What it said is due with the
// next digest, and that is where it is named.
func (l *Ledger) giveUpUnanswered(m *pendingMessage, channel string, now time.Time) {
	list := slices.Clone(l.channels)
	for _, other := range append(sortedKeys(l.stored.Digests), channel) {
		list = appendNew(list, other)
	}
	l.addOneOff(oneOff{Unheard: &license.Unheard{Channel: channel, ID: m.ID, At: m.At, GivenUp: now}}, now, nil, list)
	l.markLost(m, channel, now)
}

// keepEnds has the channel owed only messages that tell of nothing but ends. Another one that got
// no answer may have arrived.
func (l *Ledger) keepEnds(channel string, now time.Time) {
	for _, m := range slices.Clone(l.stored.Outbox) {
		switch _, isInDoubt := m.FirstAmbiguous[channel]; {
		case !m.isOwed(channel), tellsOnlyEnds(m.Report):
		case isInDoubt:
			l.markLost(m, channel, now)
		default:
			l.stored.endDelivery(m, channel)
		}
	}
}

// markLost takes the channel from those that are owed the message, and keeps in mind what
// it may have heard by it.
func (l *Ledger) markLost(m *pendingMessage, channel string, at time.Time) {
	m.Lost = orEmpty(m.Lost)
	m.Lost[channel] = at
	l.stored.weakenTo(m, channel)
	l.stored.endDelivery(m, channel)
}

// releaseLost ends that a lost digest itself is missed, which is so until the channel
// accepts something, and that alerts leave to a digest what no channel knows; with a new
// digest also what others do.
func (l *Ledger) releaseLost(channel string, digest bool) {
	for _, m := range l.stored.Outbox {
		if m.isLost(channel) && (digest || !m.isAlert() || !l.isKnownElsewhere(m, channel)) {
			m.Lost[channel] = time.Time{}
		}
	}
}

// forgetLost forgets the messages that were lost in the channel and tell nothing that
// it may have heard of by them alone.
func (l *Ledger) forgetLost(channel string) {
	for _, m := range l.stored.Outbox {
		if m.isLost(channel) && (m.isAlert() || m.Lost[channel].IsZero()) &&
			!l.stored.missesAny(channel, m, func(*findingRecord) bool { return true }) {
			delete(m.Lost, channel)
		}
	}
	l.stored.sweep()
}

// isKnownElsewhere says whether some other channel of the run was told all that a message
// said. One that the settings name no more tells nobody. An alert is given up towards one
// silent channel beside others that know; what no channel knows is said to the first that
// accepts anything.
func (l *Ledger) isKnownElsewhere(m *pendingMessage, channel string) bool {
	return slices.ContainsFunc(l.channels, func(other string) bool {
		return other != channel && l.stored.knowsAllOf(other, m)
	})
}

// Revive notes that the channel accepted a note: what it was told without an answer, and
// no other channel knows either, is not left to the next digest.
func (l *Ledger) Revive(channel string) {
	for _, m := range l.stored.Outbox {
		if m.isLost(channel) && m.isAlert() && !l.isKnownElsewhere(m, channel) {
			m.Lost[channel] = time.Time{}
		}
	}
}

// refuseCall notes that a call was not accepted. It stays owed unless no try helps, or
// it got no answer in several runs.
func (l *Ledger) refuseCall(id, channel string, refusal Refusal) {
	m := l.stored.owedCall(id, channel)
	if m == nil {
		return
	}
	if refusal == NoAnswer {
		l.stored.countNoAnswer(m, channel)
	}
	if refusal == RefusedForGood || m.AmbiguousRuns[channel] >= maxAmbiguousRuns {
		l.stored.endCall(m, channel)
	}
}

// pruneAmbiguous abandons the alerts that got no answer for too long, and forgets what
// was lost long ago.
func (l *Ledger) pruneAmbiguous(now time.Time) {
	for _, m := range slices.Clone(l.stored.Outbox) {
		for _, channel := range slices.Clone(m.Owed) {
			if m.AmbiguousRuns[channel] > 0 && !l.isBehind && age(now, m.ambiguousSince(channel)) >= ambiguousLife {
				l.giveUpUnanswered(m, channel, now)
			}
		}
		if l.stored.Runs.watchedFor(m.At, now) >= endedLife {
			m.Lost = nil
		}
	}
	l.stored.sweep()
}

// giveUp takes the channel from those that are owed the message and counts that.
// What still holds of it is due again, because the channel never accepted it.
func (l *Ledger) giveUp(m *pendingMessage, channel string, now time.Time) {
	if m.mayBeRepeat(channel) {
		l.markLost(m, channel, time.Time{})
	} else {
		l.stored.NotificationLog.NoteAnswer(m.ID, channel, GivenUp, now)
		l.stored.endDelivery(m, channel)
	}
	if m.isAlert() {
		l.stored.Dropped[channel]++
	}
}

// makeRoom gives up the oldest alerts of a channel that is owed too many.
func (l *Ledger) makeRoom(channel string, now time.Time) {
	var owed []*pendingMessage
	for _, m := range l.stored.Outbox {
		if m.isAlert() && m.isOwed(channel) {
			owed = append(owed, m)
		}
	}
	if len(owed) < maxOwed {
		return
	}
	for _, m := range owed[:len(owed)-keptOwed] {
		l.giveUp(m, channel, now)
	}
}

// Unaccepted are the alerts that got no answer and that no channel knows, by the channels
// that are left alone with them; for each the last. What would be said now is worth asking
// whether the channel is there.
func (l *Ledger) Unaccepted(channels []string, now time.Time, hours license.Hours) []license.Unheard {
	var all []license.Unheard
	misses := l.stored.missesAtNight
	if hours.Contains(now) {
		misses = func(channel string, m *pendingMessage) bool { return l.stored.missesAny(channel, m, isRecordFiring) }
	}
	for _, channel := range channels {
		for _, m := range slices.Backward(l.stored.Outbox) {
			if m.isLeftToDigest(channel, now) && misses(channel, m) && !l.isKnownElsewhere(m, channel) {
				all = append(all, license.Unheard{Channel: channel, ID: m.ID, At: m.At, GivenUp: m.Lost[channel]})
				break
			}
		}
	}
	return all
}
