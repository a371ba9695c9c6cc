package life

import (
	"slices"

	"licensewatch/license"
)

// runAcks are the acknowledgements that hold in a run, and those that end by it.
type runAcks struct {
	*settledFindings
	acks      []license.Ack
	endedAcks map[string]license.Ack // by key: those that the finding has ended
}

// observeAcks ends the acknowledgements whose time is over, those whose findings are
// over or got worse, and settles what those cover that were given before anything
// fired.
func observeAcks(findings *settledFindings) *runAcks {
	t := &runAcks{settledFindings: findings, endedAcks: map[string]license.Ack{}}
	b := &t.ledger.stored
	b.Acks = slices.DeleteFunc(b.Acks, func(a license.Ack) bool {
		if isAckOver(a, t.in.Now) {
			t.endAck(a)
		} else if !t.isSettled(a) {
			return false
		}
		t.ledger.stored.rememberEnded(a, t.in.Now)
		return true
	})
	for i := range b.Acks {
		if b.Acks[i].Severity == "" {
			b.Acks[i].Severity = t.worstOf(b.Acks[i])
		}
	}
	for _, f := range t.in.Findings {
		if f.State != license.Firing {
			continue
		}
		b.Acks = slices.DeleteFunc(b.Acks, func(a license.Ack) bool {
			isWorse := a.Covers(f.Rule, f.Subject) && (f.Severity.Rank() > a.Severity.Rank() || t.hasGrown(f))
			if isWorse {
				t.ledger.stored.rememberEnded(a, t.in.Now)
				a.Over = true
				t.endedAcks[f.Key()] = a
			}
			// a channel may have heard of as much, before there was less
			if s := b.Records[f.Key()]; isWorse && s != nil && f.HasGrown(s.Acked) {
				s.AckEnded, s.AckEndPending = &a, s.Notified.channels()
			}
			return isWorse
		})
	}
	t.acks = t.ledger.Acks(t.in.Now)
	return t
}

// isSettled says whether what somebody acknowledged ended after that, and has stayed
// away for a day. What fires later is something else, of which nobody knows yet. The
// acknowledgement of a rule that judges each order is about many findings, and goes on.
func (t *runAcks) isSettled(a license.Ack) bool {
	key := license.Finding{Rule: a.Rule, Subject: a.Subject}.Key()
	e := t.ledger.stored.Ended[key]
	if e == nil || t.ledger.stored.Records[key] != nil {
		return false
	}
	end := fromSeconds(e.At, t.in.Now.Location())
	return end.After(a.At) && age(t.in.Now, end) >= calmPeriod
}

// hasGrown says whether there is so much more of it than when it was acknowledged that
// this is worse.
func (t *runAcks) hasGrown(f license.Finding) bool {
	s := t.ledger.stored.Records[f.Key()]
	return s != nil && f.HasGrown(s.Acked)
}

// noteAckedMeasure notes how much there is of a finding when it is first seen to be
// acknowledged.
func (t *runAcks) noteAckedMeasure(s *findingRecord, f license.Finding) {
	switch {
	case silencingAck(t.acks, f.Rule, f.Subject) == nil:
		s.Acked = nil
	case s.Acked == nil:
		s.Acked = f.Measure
	}
}

// endAck sees to it that the channels hear of the end of an acknowledgement, with
// what still fires of what it kept silent.
func (t *runAcks) endAck(a license.Ack) {
	a.Ended = true
	for _, s := range t.ledger.stored.Records {
		if a.Covers(s.Rule, s.Subject) && len(s.Notified) > 0 {
			s.AckEnded, s.AckEndPending = &a, s.Notified.channels()
		}
	}
}

// worstOf is how bad what an acknowledgement covers is now.
func (t *runAcks) worstOf(a license.Ack) (worst license.Severity) {
	for _, f := range t.in.Findings {
		if f.State == license.Firing && a.Covers(f.Rule, f.Subject) {
			worst = worseOf(worst, f.Severity)
		}
	}
	return worst
}

// isAcknowledged says whether somebody has acknowledged a finding, about each of its
// subjects.
func (t *runAcks) isAcknowledged(f *license.Finding) bool {
	for subject := range f.Subjects() {
		if silencingAck(t.acks, f.Rule, subject) == nil {
			return false
		}
	}
	return true
}

// silencingAck is the one of the acknowledgements that holds the longest for the
// rule and subject; nil when none does.
func silencingAck(acks []license.Ack, rule, subject string) *license.Ack {
	var longest *license.Ack
	for _, a := range acks {
		if a.Covers(rule, subject) && (longest == nil || a.Until.After(longest.Until)) {
			longest = &a
		}
	}
	return longest
}

// silencingAckFor is the one of the acknowledgements that holds the longest and keeps a
// channel from hearing of a record, of which it knows h; nil when none does. That of a
// whole rule is not about an order that began to fire after it was given, and of which
// the channel has not heard: then that is late.
func silencingAckFor(acks []license.Ack, rule, subject string, s *findingRecord,
	h *lastNotification) (ack, late *license.Ack) {
	var silent []license.Ack
	for _, a := range acks {
		if a.Subject == subject || h != nil || s != nil && !s.begunAt().After(a.At) {
			silent = append(silent, a)
		}
	}
	if ack := silencingAck(silent, rule, subject); ack != nil {
		return ack, nil
	}
	return nil, silencingAck(acks, rule, subject)
}
