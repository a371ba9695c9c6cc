package life

import (
	"maps"
	"slices"
	"time"

	"licensewatch/license"
)

// A run whose clock is ahead finds everything due, old or over. It cannot know, but the
// next one can, and puts right what it left behind. Which of the two clocks was wrong
// cannot be known either, so the next run ends nothing; the one after it, by the same
// clock, does.

// clockRecord is what the runs' clocks showed.
type clockRecord struct {
	Latest time.Time `json:"latest,omitzero"`  // the latest time of any run
	Behind int       `json:"behind,omitempty"` // the last runs that were before it
	// Dropped is the ledger's before the last run.
	Dropped map[string]int `json:"dropped,omitempty" by:"channel"`
}

// pastAck is an acknowledgement that was ended, and when.
type pastAck struct {
	Acks  storedAcks `json:"ack"` // one
	Ended time.Time  `json:"ended"`
}

// pastAckLife is for how long a wrong clock is found out.
const pastAckLife = 60 * day

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
		l.rewindRuns(now)
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
		l.rewindNotified(s, now)
	}
	for _, m := range slices.Clone(l.stored.Outbox) {
		if !isAhead(m.At, now) {
			continue
		}
		if !m.saysCriticalHappened() {
			for _, channel := range slices.Clone(m.Owed) { // what it said is due, as it is now
				l.stored.NotificationLog.noteAnswer(m, channel, GivenUp, now)
				l.endDelivery(m, channel)
			}
		}
		if !l.isBehind { // else nothing accepted since would be newer, and it would be given up for its age
			m.At, m.FirstAmbiguous = now, nil
		}
	}
	l.rewindOneOffs(now)
	l.restoreAcks(now)
	l.sweep()
}

// saysCriticalHappened says whether the message says of anything critical that it has
// happened, and not that its day has come.
func (m *pendingMessage) saysCriticalHappened() bool {
	return m.isAlert() && slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
		return isCallable(f) && !f.Calendar && (f.Story == nil || f.Story.Change != license.ChangeDue)
	})
}

// shownChange is what a channel that was told so far reads of a change. Under a clock that was
// wrong it was told something, and how bad that was does not count: it is said again.
func shownChange(change license.Change, told *notification) license.Change {
	if change == license.ChangeWorse && told != nil && told.Severity == "" {
		return license.ChangeDue
	}
	return change
}

func (l *Ledger) rewindNotified(s *findingRecord, now time.Time) {
	s.Notified.replace(func(h *lastNotification) *lastNotification {
		if !isAhead(h.Written, now) && !isAhead(h.At, now) {
			return h
		}
		told := earlierOf(s.Since, now)
		m := notification{Record: h.Record, Severity: h.Severity, Measure: h.Measure, Deadline: h.Deadline}
		if !m.Deadline.IsZero() {
			m.Severity = "" // how bad it was came of the days
		}
		return &lastNotification{told, told, m}
	})
}

// rewindRuns forgets the runs, and what was accepted in them, that cannot have been yet, and
// lets what is told once not begin later than now.
func (l *Ledger) rewindRuns(now time.Time) {
	runs := &l.stored.Runs
	for _, of := range []*lastRun{&runs.Digest, &runs.Alert} {
		if isAhead(of.At, now) {
			of.At, of.Before = now, time.Time{}
		}
	}
	maps.DeleteFunc(l.stored.Digests, func(_ string, d *acceptedDigest) bool { return isAhead(d.At, now) })
	for i, p := range runs.Pauses {
		if begin := p.End.Add(-p.duration()); isAhead(p.End, now) {
			runs.Pauses[i] = runPause{now, int64(now.Sub(begin) / time.Second)}
		}
	}
	runs.Pauses = slices.DeleteFunc(runs.Pauses, func(p runPause) bool { return !p.isSound() })
	for _, n := range l.stored.OneOffs {
		n.At = earlierOf(n.At, now)
	}
}

// rewindOneOffs takes back the times without runs, and the ends, that were none, and lets
// nothing begin in the future.
func (l *Ledger) rewindOneOffs(now time.Time) {
	b := &l.stored
	b.OneOffs = slices.DeleteFunc(b.OneOffs, func(n *oneOff) bool { return n.Gap != nil && isAhead(n.Gap.To, now) })
	for source, o := range b.Outages {
		if isAhead(o.Since, now) {
			o.Since = now
			b.Outages[source] = o
		}
		for channel, at := range o.Notified {
			if isAhead(at, now) {
				delete(o.Notified, channel)
			}
		}
	}
	maps.DeleteFunc(b.Ended, func(_ string, e *endedRecord) bool {
		return isAhead(fromSeconds(e.At, now.Location()), now)
	})
}

// rememberEndedAck keeps an acknowledgement that is over, until no clock can have been the reason.
func (l *Ledger) rememberEndedAck(a license.Ack, now time.Time) {
	all := slices.Concat(l.stored.PastAcks, []pastAck{{storedAcks{a}, now}})
	l.stored.PastAcks = all[max(0, len(all)-maxAcks):]
}

// restoreAcks gives those back that were ended at a time that is yet to come.
func (l *Ledger) restoreAcks(now time.Time) {
	l.stored.PastAcks = slices.DeleteFunc(l.stored.PastAcks, func(p pastAck) bool {
		if !isAhead(p.Ended, now) {
			return age(now, p.Ended) >= pastAckLife
		}
		for _, a := range p.Acks {
			if isAckOver(a, now) || slices.ContainsFunc(l.stored.Acks, func(other license.Ack) bool {
				return isSameAck(a, other)
			}) {
				continue
			}
			l.stored.Acks = append(l.stored.Acks, a)
			for _, s := range l.stored.Records {
				if s.AckEnded != nil && isSameAck(*s.AckEnded, a) {
					s.AckEnded, s.AckEndPending = nil, nil
				}
			}
		}
		return true
	})
}

// isAhead says whether a time cannot have been yet, by more than clocks differ.
func isAhead(at, now time.Time) bool { return at.Sub(now) > timerSlack }

// isUndone says whether a finding is over only because a clock was wrong: what it is about
// ends when it did, and more days are left than there were.
func (s *findingRecord) isUndone(f *license.Finding) bool {
	return s.Left != nil && f.DaysLeft != nil && *f.DaysLeft > *s.Left && f.Deadline.Equal(s.Ends)
}
