package life

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
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

// pastAck is an acknowledgement that was ended, and when.
type pastAck struct {
	Acks  storedAcks `json:"ack"` // one
	Ended time.Time  `json:"ended"`
}

// pastAckLife is for how long a wrong clock is found out.
const pastAckLife = 60 * day

// ackList are the acknowledgements.
type ackList struct {
	Acks storedAcks `json:"acks,omitempty"`
	// PastAcks are those that were ended lately, oldest first.
	PastAcks []pastAck `json:"past_acks,omitempty"`
}

// rememberEnded keeps an acknowledgement that is over, until no clock can have been the reason.
func (list *ackList) rememberEnded(a license.Ack, now time.Time) {
	all := slices.Concat(list.PastAcks, []pastAck{{storedAcks{a}, now}})
	list.PastAcks = all[max(0, len(all)-maxAcks):]
}

// restore gives those back that were ended at a time that is yet to come.
func (list *ackList) restore(now time.Time) (restored []license.Ack) {
	list.PastAcks = slices.DeleteFunc(list.PastAcks, func(p pastAck) bool {
		if !isAhead(p.Ended, now) {
			return age(now, p.Ended) >= pastAckLife
		}
		for _, a := range p.Acks {
			if isAckOver(a, now) || slices.ContainsFunc(list.Acks, func(other license.Ack) bool {
				return isSameAck(a, other)
			}) {
				continue
			}
			list.Acks, restored = append(list.Acks, a), append(restored, a)
		}
		return true
	})
	return restored
}

func (list *ackList) tidy() {
	list.Acks = slices.DeleteFunc(list.Acks, func(a license.Ack) bool { return a.Rule == "" || a.Until.IsZero() })
}

// addAck enters one in place of an earlier one of the same.
func (list *ackList) addAck(ack license.Ack) error {
	acks := slices.DeleteFunc(slices.Clone(list.Acks), func(a license.Ack) bool { return isSameAck(a, ack) })
	if len(acks) >= maxAcks {
		return &AckError{"", fmt.Sprintf("there are %d acknowledgements already: remove some", maxAcks)}
	}
	acks = append(acks, ack)
	list.Acks = acks
	return nil
}

// removeAck is Ledger.RemoveAck.
func (list *ackList) removeAck(rule, subject string) bool {
	before := len(list.Acks)
	list.Acks = slices.DeleteFunc(list.Acks, func(a license.Ack) bool {
		return isSameAck(a, license.Ack{Rule: rule, Subject: subject})
	})
	return len(list.Acks) < before
}

// acksAt are those that hold, by rule and subject.
func (list *ackList) acksAt(now time.Time) []license.Ack {
	acks := slices.DeleteFunc(slices.Clone(list.Acks), func(a license.Ack) bool { return isAckOver(a, now) })
	sort.SliceStable(acks, func(i, j int) bool {
		return cmp.Or(cmp.Compare(acks[i].Rule, acks[j].Rule), cmp.Compare(acks[i].Subject, acks[j].Subject)) < 0
	})
	return acks
}
