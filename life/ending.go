package life

import (
	"slices"
	"strings"

	"licensewatch/license"
)

// keyedRecord is a record that does not go on by itself.
type keyedRecord struct {
	key    string
	record *findingRecord
}

// outcome is what has become of a record.
type outcome int

const (
	outcomeOngoing   outcome = iota // it fires, or nothing is known
	outcomeForgotten                // nobody judges it any more
	outcomeResolved                 // the rule is no longer true
	outcomeDestroyed                // nor is it, but because its order was destroyed
	outcomeGone                     // its order is no longer listed
	outcomeTakenOver                // its order was destroyed, and as many licenses are in use again as before
	outcomeUndone                   // it never fired, or does: a clock was wrong
)

// endRecord ends a record that is over: another one takes over, or it is told.
func (t *transition) endRecord(key string, s *findingRecord) {
	if f := t.finding(key); f != nil {
		s.Missing, s.Covered = 0, s.Covered || f.State == license.Covered
	}
	became := t.outcomeOf(key, s)
	switch {
	case became == outcomeOngoing:
		return
	case became == outcomeForgotten:
		t.noteUnwatched(key, s)
		t.notifyByKeys(key, s)
	case s.Covered:
		t.notifyByKeys(key, s)
	case became != outcomeDestroyed && became != outcomeTakenOver && t.mayComeBack(s):
		return
	case s.Back && t.handToOngoing(key, s):
	case t.handToSuccessor(key, s, became):
	case t.ledger.isBehind, t.endsInTheHours(s, became):
		return
	default:
		t.notifyResolved(key, s, became)
	}
	if became == outcomeUndone {
		t.restored = append(t.restored, s.TookOver...)
	}
	delete(t.ledger.stored.Records, key)
	t.ledger.stored.Ended[key] = &endedRecord{t.in.Now.Unix(), s.Notified.split()}
	t.ended = append(t.ended, key)
	if early := len(t.ended) - 1 - maxEnded; early >= 0 { // which pruneEnded would not keep: there may be 10,000
		t.ledger.stored.Ended[t.ended[early]].Notified = nil
	}
}

// restoreRecords lets the records go on that something took over which has never been, or ends
// them: what fires now begins anew.
func (t *transition) restoreRecords() {
	for len(t.restored) > 0 {
		s := t.restored[0]
		t.restored = t.restored[1:]
		key := s.key()
		if f := t.finding(key); t.ledger.stored.Records[key] == nil && (f == nil || f.State != license.Firing) {
			t.ledger.stored.Records[key] = s
			t.endRecord(key, s)
		}
	}
}

// calmPeriod is how long a finding stays away that has come back before, until it counts
// as over.
const calmPeriod = day

// mayComeBack says whether a record that ended and began again within a day is
// left alone: what comes and goes all the time is not told each time. A digest tells
// how things are.
func (t *transition) mayComeBack(s *findingRecord) bool {
	if !s.Back || t.in.isDigest() {
		return false
	}
	if s.Away.IsZero() {
		s.Away = t.in.Now
	}
	return age(t.in.Now, s.Away) < calmPeriod
}

// endsInTheHours says whether the end of a record that would not be told now is left to
// the hours: what is back by then was never over for those who heard of it.
func (t *transition) endsInTheHours(s *findingRecord, became outcome) bool {
	if !t.in.isClosedToAll() || became == outcomeGone && s.Severity == license.Critical {
		return false
	}
	if s.Away.IsZero() {
		s.Away = t.in.Now
	}
	return true
}

func (t *transition) outcomeOf(key string, s *findingRecord) outcome {
	f := t.finding(key)
	switch {
	case f != nil && f.Event:
		return outcomeForgotten
	case f != nil && f.State == license.OK && s.isUndone(f):
		return outcomeUndone
	case f != nil && f.State == license.OK:
		return t.outcomeOfCleared(s)
	case f != nil, t.isUnknown(s.Rule, s.Subject):
		return outcomeOngoing
	case t.in.RuleIDs == nil && !t.judged[s.Rule]:
		// Which rules there are is not known.
		if age(t.in.Now, s.Seen) >= recordLife {
			return outcomeForgotten
		}
		return outcomeOngoing
	case s.Subject == "" || !t.in.hasRule(s.Rule, t.judged):
		return outcomeForgotten
	default:
		return t.outcomeOfOrder(s)
	}
}

// outcomeOfCleared is the outcome of a record whose rule is no longer true.
func (t *transition) outcomeOfCleared(s *findingRecord) outcome {
	switch {
	case !t.orders.isDestroyed(s.Subject):
		return outcomeResolved
	case !s.Destroyed:
		return outcomeDestroyed
	case t.orders.isTakenOver(s.Subject):
		return outcomeTakenOver
	default: // too long ago to be told for ever; nothing has become better
		return outcomeForgotten
	}
}

// outcomeOfOrder is the outcome of a record about an order of which its rule said
// nothing. Only a whole list tells that an order is gone.
func (t *transition) outcomeOfOrder(s *findingRecord) outcome {
	snapshot := t.in.Snapshot
	switch {
	case !snapshot.Wants(license.SourceOrders):
		return outcomeForgotten
	case !snapshot.IsRead(license.SourceOrders) || snapshot.Orders.Incomplete:
		return outcomeOngoing
	case t.orders.isListed(s.Subject):
		return outcomeForgotten
	case len(snapshot.Orders.List) > 0 && !t.judged[s.Rule]:
		return outcomeForgotten // the rule reads another source, which is not wanted
	case s.Missing == 0 && !t.orders.wasMissed(s.Subject): // one list may be wrong
		s.Missing++
		return outcomeOngoing
	default:
		return outcomeGone
	}
}

// notifyResolved makes a one-off of a record's end for the channels that heard of it, by
// the name under which they did.
func (t *transition) notifyResolved(key string, s *findingRecord, became outcome) {
	at := s.Away
	if at.IsZero() {
		at = t.in.Now
	}
	told := t.allTold(key, s)
	for _, name := range sortedKeys(told) {
		if name != key && became == outcomeUndone && len(s.TookOver) > 0 { // what they heard of goes on by itself
			continue
		}
		last, heard := told[name].last, told[name].channels
		tell := heard
		rule, subject, _ := strings.Cut(name, "/")
		if silencingAck(t.acks, rule, subject) != nil { // digests list it, but where only ends are heard
			tell = slices.DeleteFunc(slices.Clone(heard),
				func(channel string) bool { return !t.in.hearsOnlyEnds(channel) })
		}
		severity := last.Severity
		if name == key { // as it was, whichever of the channels heard of that
			severity = s.Severity
		}
		t.ledger.addOneOff(oneOff{Resolved: &license.Resolved{
			Key: name, Title: last.Title, Over: last.Over, Severity: severity, Since: s.Since, At: at,
			Gone: became == outcomeGone || became == outcomeDestroyed, Destroyed: became == outcomeDestroyed,
			TakenOver: became == outcomeTakenOver, Undone: became == outcomeUndone,
		}}, t.in.Now, tell, heard)
	}
}

// toldName is a name under which channels may know something, and what one of them was told last.
type toldName struct {
	channels []string
	last     *supersededNotification
}

// allTold are the channels that were told of a record, by the name under which they may know it.
func (t *transition) allTold(key string, s *findingRecord) map[string]toldName {
	told := map[string]toldName{}
	for _, channel := range t.knownChannels {
		for _, w := range t.namesToldOf(key, s, channel) {
			told[w.Key] = toldName{append(told[w.Key].channels, channel), w}
		}
	}
	return told
}

// notifyByKeys tells who goes by keys of the end of a record of which another finding tells, or
// which nobody judges any more.
func (t *transition) notifyByKeys(key string, s *findingRecord) {
	if len(t.in.ByKeys) > 0 { // there may be 10,000 such records, and ten channels
		t.notifySuperseded(t.allTold(key, s))
	}
}

// notifySuperseded makes one-offs for who goes by keys of what is over while another finding tells
// of it, or nobody does any more.
func (t *transition) notifySuperseded(told map[string]toldName) {
	for _, name := range sortedKeys(told) {
		last := told[name].last
		channels := slices.DeleteFunc(told[name].channels,
			func(channel string) bool { return !slices.Contains(t.in.ByKeys, channel) })
		t.ledger.addOneOff(oneOff{Superseded: &license.Resolved{Key: name, Title: last.Title, Over: last.Over,
			Severity: last.Severity, At: t.in.Now}}, t.in.Now, channels, nil)
	}
}

// noteUnwatched notes a record that ended because its rule was switched off or removed.
func (t *transition) noteUnwatched(key string, s *findingRecord) {
	if t.finding(key) != nil || s.Covered || t.in.RuleIDs == nil || t.in.hasRule(s.Rule, t.judged) {
		return
	}
	if t.unwatched == nil {
		t.unwatched = map[string][]keyedRecord{}
	}
	t.unwatched[s.Rule] = append(t.unwatched[s.Rule], keyedRecord{key, s})
}

// notifyUnwatched makes one-offs of the rules that are not watched any more, for the
// channels that heard of one of their findings; of acknowledged ones the next
// digest tells.
func (t *transition) notifyUnwatched() {
	for _, rule := range sortedKeys(t.unwatched) {
		var worst *findingRecord
		var tell, acknowledged []string
		for _, e := range t.unwatched[rule] {
			if worst == nil || e.record.Severity.Rank() > worst.Severity.Rank() {
				worst = e.record
			}
			for _, channel := range t.knownChannels {
				switch {
				case t.lastToldOf(e.key, e.record, channel) == nil:
				case silencingAck(t.acks, e.record.Rule, e.record.Subject) != nil:
					acknowledged = appendNew(acknowledged, channel)
				default:
					tell = appendNew(tell, channel)
				}
			}
		}
		acknowledged = slices.DeleteFunc(acknowledged, func(channel string) bool {
			return slices.Contains(tell, channel)
		})
		u := license.Unwatched{Rule: rule, Title: worst.Title, Count: len(t.unwatched[rule])}
		t.ledger.addOneOff(oneOff{Unwatched: &u}, t.in.Now, tell, acknowledged)
	}
}
