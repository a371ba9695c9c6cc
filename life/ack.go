package life

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"licensewatch/license"
)

const (
	maxReason = 300 // bytes
	maxBy     = 100 // bytes
	maxAcks   = 200
)

// AckError is an acknowledgement that is not accepted.
type AckError struct {
	Field  string // what is wrong: "rule", "until", "reason", "by"; "" for the whole
	Reason string // what to write instead
}

// Error says what is wrong and what to write instead.
func (e *AckError) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// Acknowledge silences reminders about a rule's findings, or about one subject's,
// until ack.Until, or until one of them gets worse than what fires now. That of a
// whole rule is about what fires now: what begins to fire later is told once. It
// replaces an earlier acknowledgement of the same.
// Rule, Until, Reason and By must be given; At, Severity and Over are set here.
// The error is an *AckError.
func (l *Ledger) Acknowledge(ack license.Ack, now time.Time) error {
	ack.Reason, ack.By = strings.TrimSpace(ack.Reason), strings.TrimSpace(ack.By)
	if err := checkAck(ack, now); err != nil {
		return err
	}
	ack.At, ack.Severity, ack.Over = now, "", false
	for _, s := range l.stored.Records {
		if ack.Covers(s.Rule, s.Subject) {
			ack.Severity = worseOf(ack.Severity, s.Severity)
		}
	}
	acks := slices.DeleteFunc(slices.Clone(l.stored.Acks), func(a license.Ack) bool { return isSameAck(a, ack) })
	if len(acks) >= maxAcks {
		return &AckError{"", fmt.Sprintf("there are %d acknowledgements already: remove some", maxAcks)}
	}
	acks = append(acks, ack)
	l.stored.Acks = acks
	return nil
}

func checkAck(ack license.Ack, now time.Time) error {
	first, last := dateOf(now), dateOf(now.AddDate(1, 0, 0))
	span := fmt.Sprintf("give a time such as 2w or 3d, or the last day, from %s to %s", first, last)
	switch until := ack.Until.In(now.Location()); {
	case ack.Rule == "":
		return &AckError{"rule", "say which rule, as RULE or RULE/SUBJECT"}
	case ack.Until.IsZero():
		return &AckError{"until", span}
	case !until.After(now):
		return &AckError{"until", "it is over already: " + span}
	case until.After(now.AddDate(1, 0, 1)):
		return &AckError{"until", "it is more than a year away: " + span}
	case ack.Reason == "":
		return &AckError{"reason", "say why, for those who wonder later"}
	case len(ack.Reason) > maxReason:
		return &AckError{"reason", fmt.Sprintf("it has %d bytes, at most %d fit", len(ack.Reason), maxReason)}
	case ack.By == "":
		return &AckError{"by", "say who acknowledges"}
	case len(ack.By) > maxBy:
		return &AckError{"by", fmt.Sprintf("it has %d bytes, at most %d fit", len(ack.By), maxBy)}
	}
	return nil
}

// RemoveAck ends an acknowledgement; the empty subject is that of the whole
// rule. It reports whether there was one.
func (l *Ledger) RemoveAck(rule, subject string) bool {
	before := len(l.stored.Acks)
	l.stored.Acks = slices.DeleteFunc(l.stored.Acks, func(a license.Ack) bool {
		return isSameAck(a, license.Ack{Rule: rule, Subject: subject})
	})
	return len(l.stored.Acks) < before
}

// Acks are the acknowledgements that hold, by rule and subject.
func (l *Ledger) Acks(now time.Time) []license.Ack {
	acks := slices.DeleteFunc(slices.Clone(l.stored.Acks), func(a license.Ack) bool { return isAckOver(a, now) })
	sort.SliceStable(acks, func(i, j int) bool {
		return cmp.Or(cmp.Compare(acks[i].Rule, acks[j].Rule), cmp.Compare(acks[i].Subject, acks[j].Subject)) < 0
	})
	return acks
}

// observeAcks ends the acknowledgements whose time is over, those whose findings are
// over or got worse, and settles what those cover that were given before anything
// fired.
func (t *transition) observeAcks() {
	t.endedAcks = map[string]license.Ack{}
	b := &t.ledger.stored
	b.Acks = slices.DeleteFunc(b.Acks, func(a license.Ack) bool {
		if isAckOver(a, t.in.Now) {
			t.endAck(a)
		} else if !t.isSettled(a) {
			return false
		}
		t.ledger.rememberEndedAck(a, t.in.Now)
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
				t.ledger.rememberEndedAck(a, t.in.Now)
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
}

// isSettled says whether what somebody acknowledged ended after that, and has stayed
// away for a day. What fires later is something else, of which nobody knows yet. The
// acknowledgement of a rule that judges each order is about many findings, and goes on.
func (t *transition) isSettled(a license.Ack) bool {
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
func (t *transition) hasGrown(f license.Finding) bool {
	s := t.ledger.stored.Records[f.Key()]
	return s != nil && f.HasGrown(s.Acked)
}

// noteAckedMeasure notes how much there is of a finding when it is first seen to be
// acknowledged.
func (t *transition) noteAckedMeasure(s *findingRecord, f license.Finding) {
	switch {
	case silencingAck(t.acks, f.Rule, f.Subject) == nil:
		s.Acked = nil
	case s.Acked == nil:
		s.Acked = f.Measure
	}
}

// endAck sees to it that the channels hear of the end of an acknowledgement, with
// what still fires of what it kept silent.
func (t *transition) endAck(a license.Ack) {
	a.Ended = true
	for _, s := range t.ledger.stored.Records {
		if a.Covers(s.Rule, s.Subject) && len(s.Notified) > 0 {
			s.AckEnded, s.AckEndPending = &a, s.Notified.channels()
		}
	}
}

func (t *transition) worstOf(a license.Ack) (worst license.Severity) {
	for _, f := range t.in.Findings {
		if f.State == license.Firing && a.Covers(f.Rule, f.Subject) {
			worst = worseOf(worst, f.Severity)
		}
	}
	return worst
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

func worseOf(a, b license.Severity) license.Severity {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}

func isSameAck(a, b license.Ack) bool { return a.Rule == b.Rule && a.Subject == b.Subject }

// isAckOver says whether the acknowledgement's time has come to an end.
func isAckOver(a license.Ack, now time.Time) bool { return !now.Before(a.Until) }

// isUsableTime says whether a time can be counted on from, and written in every zone.
func isUsableTime(t time.Time) bool { return t.Year() > 1 && t.Before(latestTime) }

// storedAcks are the acknowledgements as they are stored.
type storedAcks []license.Ack

// storedAck is one of them. Until is a time on the last day that it holds, as
// version 1 has always had it; Ends is the instant.
type storedAck struct {
	Rule     string
	Subject  string
	Until    time.Time
	Ends     time.Time `json:",omitzero"`
	Reason   string
	By       string
	At       time.Time
	Severity license.Severity
}

// MarshalJSON writes them so that an earlier program reads the last day.
func (all storedAcks) MarshalJSON() ([]byte, error) {
	stored := make([]storedAck, len(all))
	for i, a := range all {
		stored[i] = storedAck{a.Rule, a.Subject, a.Until.Add(-time.Nanosecond), a.Until, a.Reason, a.By, a.At,
			a.Severity}
	}
	return json.Marshal(stored)
}

// UnmarshalJSON reads them; one that an earlier program wrote holds to the end of
// its last day, as it was written.
func (all *storedAcks) UnmarshalJSON(data []byte) error {
	var stored []storedAck
	if err := json.Unmarshal(data, &stored); err != nil {
		return err
	}
	*all = nil
	for _, a := range stored {
		if !isUsableTime(a.Until) || !a.Ends.IsZero() && !isUsableTime(a.Ends) {
			continue // nobody writes such a day
		}
		if a.Ends.IsZero() {
			year, month, day := a.Until.Date()
			a.Ends = time.Date(year, month, day+1, 0, 0, 0, 0, a.Until.Location())
		}
		*all = append(*all, license.Ack{Rule: a.Rule, Subject: a.Subject, Until: a.Ends, Reason: a.Reason, By: a.By,
			At: a.At, Severity: a.Severity})
	}
	return nil
}

// dateOf is a time's day as it is written where the time was taken; dates
// compare as texts.
func dateOf(t time.Time) string { return t.Format(time.DateOnly) }
