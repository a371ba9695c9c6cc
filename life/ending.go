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
	case s.Covered:
	case became != outcomeDestroyed && became != outcomeTakenOver && t.mayComeBack(s):
		return
	case s.Back && t.goesOnElsewhere(key, s):
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

// goesOnElsewhere says whether something as bad fires about the same thing.
func (t *transition) goesOnElsewhere(key string, s *findingRecord) bool {
	return slices.ContainsFunc(t.firing, func(f firingFinding) bool {
		return t.isSuccessor(f.Finding, key, s) && f.Severity.Rank() >= s.Severity.Rank() &&
			t.ledger.stored.Records[f.key] != nil
	})
}

// isSuccessor says whether a finding goes on telling what a record told: it is about the
// same order, or its rule is one of those that cover the record's.
func (t *transition) isSuccessor(f *license.Finding, key string, s *findingRecord) bool {
	if s.Subject != "" {
		return f.Subject == s.Subject
	}
	of := t.finding(key)
	return f.Subject == "" && of != nil && slices.Contains(of.Covers, f.Rule)
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
	case !t.isDestroyed(s.Subject):
		return outcomeResolved
	case !s.Destroyed:
		return outcomeDestroyed
	case t.isTakenOver(s.Subject):
		return outcomeTakenOver
	default: // too long ago to be told for ever; nothing has become better
		return outcomeForgotten
	}
}

func (in Input) hasRule(id string, judged map[string]bool) bool {
	return slices.Contains(in.RuleIDs, id) || judged[id]
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
	case t.isListed(s.Subject):
		return outcomeForgotten
	case len(snapshot.Orders.List) > 0 && !t.judged[s.Rule]:
		return outcomeForgotten // the rule reads another source, which is not wanted
	case s.Missing == 0 && !t.wasMissed(s.Subject): // one list may be wrong
		s.Missing++
		return outcomeOngoing
	default:
		return outcomeGone
	}
}

// wasMissed says whether the list before this one lacked the order already, which was
// judged all the same.
func (t *transition) wasMissed(subject string) bool {
	before := t.ledger.stored.Previous.Orders
	if before == nil {
		return false
	}
	o := before.Find(subject)
	return o != nil && o.Missed > 0
}

// isDestroyed says whether the subject is an order that is listed as destroyed.
func (t *transition) isDestroyed(subject string) bool {
	if subject == "" || !t.in.Snapshot.IsRead(license.SourceOrders) {
		return false
	}
	o := t.orderNamed(subject)
	return o != nil && isDestroyed(*o)
}

// handToSuccessor hands a record that is over to what it has turned into, if that is anything.
func (t *transition) handToSuccessor(key string, s *findingRecord, became outcome) bool {
	successor, ok := t.successorOf(key, s, became)
	if ok {
		t.superseded[successor] = append(t.superseded[successor], keyedRecord{key, s})
	}
	return ok
}

// successorOf finds what a resolved finding has turned into: the worst of its sequels
// that begins to fire now and is at least as bad, or is about an order that was
// destroyed. Then nothing is resolved.
func (t *transition) successorOf(ended string, s *findingRecord, became outcome) (key string, ok bool) {
	if became != outcomeResolved && became != outcomeDestroyed {
		return "", false
	}
	least := s.Severity.Rank()
	if became == outcomeDestroyed { // what is said of a destroyed order goes on from what was said before, however bad
		least = 0
	}
	for _, f := range t.firing {
		rank := f.Severity.Rank()
		if !t.isSuccessor(f.Finding, ended, s) || t.ledger.stored.Records[f.key] != nil {
			continue
		}
		if rank > least || rank == least && !ok {
			key, ok, least = f.key, true, rank
		}
	}
	return key, ok
}

// continueFrom lets a record go on where another one ended. A channel that was told of
// several is reminded of the worst.
func (t *transition) continueFrom(s *findingRecord, e keyedRecord) {
	if e.record.Since.Before(s.Since) {
		s.Since = e.record.Since
	}
	var like *supersededNotification // most channels were told the same
	for _, channel := range t.knownChannels {
		last := t.lastToldOf(e.key, e.record, channel)
		if last != nil && like != nil {
			last = sharedValue(last, like)
		}
		like = last
		if before := s.Superseded.of(channel); last != nil && (before == nil || last.Severity.Rank() > before.Severity.Rank()) {
			s.Superseded.set(channel, last, t.ledger.words)
		}
	}
}

// reclaimSuperseded turns the last word about a record that took over into one about this
// record, where it was this finding that the channel heard of: it went and came
// back, and nobody noticed.
func (t *transition) reclaimSuperseded(key string, s *findingRecord) {
	for _, channel := range s.Superseded.channels() {
		last := s.Superseded.of(channel)
		if last.Key != key {
			continue
		}
		if last.Accepted != nil {
			m := *last.Accepted
			m.Record = s.Number
			s.Notified.set(channel, s.sharedNotification(&lastNotification{t.in.Now, t.in.Now, m}), t.ledger.words)
		}
		s.Superseded.remove(channel, t.ledger.words)
	}
}

// lastToldOf is what a channel was told of a record last, or of the one that it took
// over; nil when that is nothing. What was lost counts where it was told nothing else.
func (t *transition) lastToldOf(key string, s *findingRecord, channel string) *supersededNotification {
	p := t.undelivered[channel]
	h := s.lastKnownTo(key, channel, p.withoutLost())
	if h == nil {
		h = s.lastKnownTo(key, channel, p)
	}
	if h != nil {
		last := &supersededNotification{Key: key, Title: s.Title, Over: s.Over, notification: h.notification}
		if accepted := s.Notified.of(channel); accepted != nil {
			last.Accepted = &accepted.notification
		}
		return last
	}
	return s.Superseded.of(channel)
}

// notifyResolved makes a one-off of a record's end for the channels that heard of it, by
// the name under which they did.
func (t *transition) notifyResolved(key string, s *findingRecord, became outcome) {
	heard, last, at := map[string][]string{}, map[string]*supersededNotification{}, s.Away
	if at.IsZero() {
		at = t.in.Now
	}
	for _, channel := range t.knownChannels {
		if w := t.lastToldOf(key, s, channel); w != nil {
			heard[w.Key], last[w.Key] = append(heard[w.Key], channel), w
		}
	}
	for _, name := range sortedKeys(heard) {
		if name != key && became == outcomeUndone && len(s.TookOver) > 0 { // what they heard of goes on by itself
			continue
		}
		tell := heard[name]
		rule, subject, _ := strings.Cut(name, "/")
		if silencingAck(t.acks, rule, subject) != nil {
			tell = nil
		}
		severity := last[name].Severity
		if name == key { // as it was, whichever of the channels heard of that
			severity = s.Severity
		}
		t.ledger.addOneOff(oneOff{Resolved: &license.Resolved{
			Key: name, Title: last[name].Title, Over: last[name].Over, Severity: severity, Since: s.Since, At: at,
			Gone: became == outcomeGone || became == outcomeDestroyed, Destroyed: became == outcomeDestroyed,
			TakenOver: became == outcomeTakenOver, Undone: became == outcomeUndone,
		}}, t.in.Now, tell, heard[name])
	}
}
