package life

import (
	"cmp"
	"fmt"
	"slices"
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
// to the end of the day of ack.Until in now's zone, or until one of them gets
// worse than what fires now. It replaces an earlier acknowledgement of the same.
// Rule, Until, Reason and By must be given; At, Severity and Over are set here.
// The error is an *AckError.
func (l *Ledger) Acknowledge(ack license.Ack, now time.Time) error {
	ack.Reason, ack.By = strings.TrimSpace(ack.Reason), strings.TrimSpace(ack.By)
	if err := checkAck(ack, now); err != nil {
		return err
	}
	ack.At, ack.Severity, ack.Over = now, "", false
	for _, s := range l.book.Stories {
		if ack.Covers(s.Rule, s.Subject) {
			ack.Severity = worse(ack.Severity, s.Severity)
		}
	}
	acks := slices.DeleteFunc(slices.Clone(l.book.Acks), func(a license.Ack) bool { return isSame(a, ack) })
	if len(acks) >= maxAcks {
		return &AckError{"", fmt.Sprintf("there are %d acknowledgements already: remove some", maxAcks)}
	}
	acks = append(acks, ack)
	l.book.Acks = acks
	return nil
}

func checkAck(ack license.Ack, now time.Time) error {
	first, last := dateOf(now), dateOf(now.AddDate(1, 0, 0))
	switch until := dateOf(ack.Until); {
	case ack.Rule == "":
		return &AckError{"rule", "say which rule, as RULE or RULE/SUBJECT"}
	case ack.Until.IsZero():
		return &AckError{"until", fmt.Sprintf("give the last day, from %s to %s", first, last)}
	case until < first:
		return &AckError{"until", fmt.Sprintf("%s is over: give a day from %s to %s", until, first, last)}
	case until > last:
		return &AckError{"until", fmt.Sprintf("%s is more than a year away: give a day from %s to %s", until, first, last)}
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
	before := len(l.book.Acks)
	l.book.Acks = slices.DeleteFunc(l.book.Acks, func(a license.Ack) bool {
		return isSame(a, license.Ack{Rule: rule, Subject: subject})
	})
	return len(l.book.Acks) < before
}

// Acks are the acknowledgements that hold, by rule and subject.
func (l *Ledger) Acks(now time.Time) []license.Ack {
	acks := slices.DeleteFunc(slices.Clone(l.book.Acks), func(a license.Ack) bool { return isOver(a, now) })
	slices.SortStableFunc(acks, func(a, b license.Ack) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Subject, b.Subject))
	})
	return acks
}

// observeAcks ends the acknowledgements whose findings got worse, and settles
// what those cover that were given before anything fired.
func (t *turn) observeAcks() {
	t.over = map[string]license.Ack{}
	b := &t.ledger.book
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
			isWorse := a.Covers(f.Rule, f.Subject) && f.Severity.Rank() > a.Severity.Rank()
			if isWorse {
				a.Over = true
				t.over[f.Key()] = a
			}
			return isWorse
		})
	}
	t.acks = t.ledger.Acks(t.in.Now)
}

func (t *turn) worstOf(a license.Ack) (worst license.Severity) {
	for _, f := range t.in.Findings {
		if f.State == license.Firing && a.Covers(f.Rule, f.Subject) {
			worst = worse(worst, f.Severity)
		}
	}
	return worst
}

// silencing is the one of the acknowledgements that holds the longest for the
// rule and subject; nil when none does.
func silencing(acks []license.Ack, rule, subject string) *license.Ack {
	var longest *license.Ack
	for _, a := range acks {
		if a.Covers(rule, subject) && (longest == nil || dateOf(a.Until) > dateOf(longest.Until)) {
			longest = &a
		}
	}
	return longest
}

func worse(a, b license.Severity) license.Severity {
	if b.Rank() > a.Rank() {
		return b
	}
	return a
}

func isSame(a, b license.Ack) bool { return a.Rule == b.Rule && a.Subject == b.Subject }

// isOver says whether the last day of the acknowledgement is over in now's zone.
func isOver(a license.Ack, now time.Time) bool { return dateOf(now) > dateOf(a.Until) }

// endOf is the first moment after the acknowledgement.
func endOf(a license.Ack, zone *time.Location) time.Time {
	year, month, day := a.Until.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, zone)
}

// dateOf is a time's day as it is written where the time was taken; dates
// compare as texts.
func dateOf(t time.Time) string { return t.Format(time.DateOnly) }
