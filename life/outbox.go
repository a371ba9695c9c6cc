package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

const (
	// maxOwed is how many alerts a channel is owed at most. What the oldest said
	// is then said again in one message, as it is by then.
	maxOwed = 20
	// keptOwed is how many of them stay as they are when that happens.
	keptOwed = 10
	// refusalPause is how long a channel that refused for good is left alone by
	// alerts.
	refusalPause = time.Hour
)

// pendingMessage is a message that is on its way: what it says, who is still owed it, and
// what accepting it means.
type pendingMessage struct {
	ID   string       `json:"id"`
	Mode license.Mode `json:"mode"`
	At   time.Time    `json:"at"` // when it was written
	Slot string       `json:"slot,omitempty"`
	// Hash is what a digest says in short, and Since when that was first said.
	Hash  string    `json:"hash,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Report is what it says, without the signed link.
	Report license.Report `json:"report"`

	Owed           []string             `json:"owed" by:"channel"`               // the channels that did not accept it yet
	AmbiguousRuns  map[string]int       `json:"doubts,omitempty" by:"channel"`   // runs in which it got no answer, by channel
	FirstAmbiguous map[string]time.Time `json:"doubted,omitempty" by:"channel"`  // when the first of them was
	AmbiguousEvent map[string]string    `json:"doubt_in,omitempty" by:"channel"` // the event of the last of them
	AmbiguousRerun []string             `json:"rerun,omitempty" by:"channel"`    // channels that gave none to a rerun of that event either
	Refused        map[string]time.Time `json:"refused,omitempty" by:"channel"`  // when a channel refused it for good
	Refusals       map[string]int       `json:"refusals,omitempty" by:"channel"` // and how often
	// Calls are the channels that accepted it, but not that people were called.
	Calls []string `json:"calls,omitempty" by:"channel"`
	// Lost are the channels that may have it or not, and are not sent it again, and
	// since when alerts leave what it said to a digest; zero when they do not.
	Lost map[string]time.Time `json:"lost,omitempty" by:"channel"`

	// What accepting it means: findings, one-offs and outages were told,
	// and how many messages were given up.
	Findings map[string]*notification     `json:"findings,omitempty"` // by key; messages and channels may share one: it is never changed
	Fresh    []string                     `json:"fresh,omitempty"`    // digest: the keys of those of which it tells more than was told
	OneOffs  []int64                      `json:"news,omitempty"`     // their numbers, in order
	Outages  map[license.Source]time.Time `json:"sources,omitempty"`  // with their beginning
	Dropped  int                          `json:"dropped,omitempty"`
	// Covers are the ids of older alerts that are not owed any more to a channel
	// that accepts this digest.
	Covers []string `json:"covers,omitempty"`
}

func (m *pendingMessage) isAlert() bool { return m.Mode != license.ModeDigest }

// tellsOneOff says whether the message tells a one-off.
func (m *pendingMessage) tellsOneOff(n *oneOff) bool { return hasNumber(m.OneOffs, n) }

// undelivered is what is on its way to one channel.
type undelivered struct {
	now      time.Time
	messages []*pendingMessage // lost ones first, then oldest first
	lost     []*pendingMessage
	oneOffs  map[int64]bool // told by any message
	listed   map[int64]bool // listed by a digest
	outages  map[license.Source]time.Time
	dropped  int
}

// undeliveredAndLost collects what a channel will have heard, or may have: what is on its way and
// what was lost, oldest first.
func (l *Ledger) undeliveredAndLost(channel string, now time.Time) undelivered {
	return l.collectUndelivered(channel, now, func(*pendingMessage) bool { return true })
}

// undeliveredAndResting collects what is on its way to a channel, and what was lost and rests.
func (l *Ledger) undeliveredAndResting(channel string, now time.Time) undelivered {
	return l.collectUndelivered(channel, now, func(m *pendingMessage) bool {
		return !m.isLost(channel) || m.isLeftToDigest(channel, now)
	})
}

// sentBefore collects what the channel is sent before a new message of the mode. An
// alert comes after all the others; a digest overtakes those that must wait.
func (l *Ledger) sentBefore(channel string, in Input) undelivered {
	if !in.isDigest() {
		return l.undeliveredAndResting(channel, in.Now)
	}
	return l.collectUndelivered(channel, in.Now, func(m *pendingMessage) bool {
		return !m.isLost(channel) && l.isNext(m, channel, in)
	})
}

func (l *Ledger) collectUndelivered(channel string, now time.Time, counts func(*pendingMessage) bool) undelivered {
	p := undelivered{
		now: now, oneOffs: map[int64]bool{}, listed: map[int64]bool{}, outages: map[license.Source]time.Time{},
	}
	for _, m := range l.stored.Outbox {
		if !m.isOwed(channel) && !m.isLost(channel) || !counts(m) {
			continue
		}
		if m.isLost(channel) {
			p.lost = append(p.lost, m)
		} else {
			p.messages = append(p.messages, m)
		}
		for _, number := range m.OneOffs {
			p.oneOffs[number], p.listed[number] = true, p.listed[number] || !m.isAlert()
		}
		maps.Copy(p.outages, m.Outages)
		p.dropped += m.Dropped
	}
	p.messages = slices.Concat(p.lost, p.messages)
	return p
}

// hasMessageAbout says whether something about the record is on its way, or was lost.
func (p undelivered) hasMessageAbout(key string, s *findingRecord) bool {
	return s.isToldIn(p.messages, key)
}

// withoutLost is what is on its way.
func (p undelivered) withoutLost() undelivered {
	p.messages, p.lost = p.messages[len(p.lost):], nil
	return p
}

// leftToDigestUntil is when alerts say again what was lost, unless a digest has.
func (p undelivered) leftToDigestUntil(channel string) time.Time {
	var until time.Time
	for _, m := range p.lost {
		until = laterOf(until, m.Lost[channel].Add(ambiguousLife))
	}
	return until
}

// isToldIn says whether any of the messages tells of the record.
func (s *findingRecord) isToldIn(messages []*pendingMessage, key string) bool {
	return slices.ContainsFunc(messages, func(m *pendingMessage) bool { return m.isAbout(key, s) })
}

// messagesAbout are those of the messages that tell of the record.
func (s *findingRecord) messagesAbout(messages []*pendingMessage, key string) []*pendingMessage {
	return slices.DeleteFunc(slices.Clone(messages), func(m *pendingMessage) bool { return !m.isAbout(key, s) })
}

// isAbout says whether the message tells of the record.
func (m *pendingMessage) isAbout(key string, s *findingRecord) bool {
	mark, ok := m.Findings[key]
	return ok && mark.isAbout(s)
}

// tellsAckEnd says whether the end of an acknowledgement of the record is on its
// way.
func (p undelivered) tellsAckEnd(key string, s *findingRecord) bool {
	return slices.ContainsFunc(p.messages, func(m *pendingMessage) bool {
		return m.isAbout(key, s) && m.Findings[key].TellsAckEnd
	})
}

// isSendable says whether the message may be sent to the channel now. A channel
// that refuses for good gets no alerts for an hour, not even newer ones, so that
// they keep their order, unless one of them is critical and new; a digest is always
// tried.
func (l *Ledger) isSendable(m *pendingMessage, channel string, now time.Time) bool {
	return !m.isAlert() || !l.isRefusedForGood(m, channel, now) || l.isAlarmed(channel)
}

// isHeld says whether an alert of an earlier run waits for the hours: nothing that the
// run would send the channel is said outside of them. If something is, all of it goes, in
// its order.
func (l *Ledger) isHeld(m *pendingMessage, channel string, in Input) bool {
	return m.isAlert() && l.holdsBack(channel, in)
}

func (l *Ledger) holdsBack(channel string, in Input) bool {
	hours := in.of(channel).Hours
	return !hours.Contains(in.Now) && !slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool {
		return m.isOwed(channel) && l.isTried(m, channel, in) && m.isUrgent(in.Now, hours)
	})
}

// endDelivery takes the channel from those that are owed the message.
func (l *Ledger) endDelivery(m *pendingMessage, channel string) {
	m.Owed = slices.DeleteFunc(m.Owed, func(owed string) bool { return owed == channel })
	delete(m.AmbiguousRuns, channel)
	delete(m.FirstAmbiguous, channel)
	delete(m.AmbiguousEvent, channel)
	m.AmbiguousRerun = slices.DeleteFunc(m.AmbiguousRerun, func(c string) bool { return c == channel })
	delete(m.Refused, channel)
	delete(m.Refusals, channel)
	l.sweep()
}

// giveUp takes the channel from those that are owed the message and counts that.
// What still holds of it is due again, because the channel never accepted it.
func (l *Ledger) giveUp(m *pendingMessage, channel string, now time.Time) {
	if m.mayBeRepeat(channel) {
		l.markLost(m, channel, time.Time{})
	} else {
		l.stored.NotificationLog.noteAnswer(m, channel, GivenUp, now)
		l.endDelivery(m, channel)
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
