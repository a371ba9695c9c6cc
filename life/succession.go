package life

import (
	"slices"

	"licensewatch/license"
)

// handToOngoing hands a record that is over to one that fires already about the same thing and is
// as bad, if there is any: its end is not told, and who was told of it hears that the other one
// was it, or of both ends.
func (t *transition) handToOngoing(key string, s *findingRecord) bool {
	at := slices.IndexFunc(t.firing, func(f firingFinding) bool {
		return t.isSuccessor(f.Finding, key, s) && f.Severity.Rank() >= s.Severity.Rank() &&
			t.ledger.stored.Records[f.key] != nil
	})
	if at < 0 {
		return false
	}
	t.handNotifications(t.ledger.stored.Records[t.firing[at].key], keyedRecord{key, s})
	return true
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
	t.handNotifications(s, e)
}

// handNotifications has a record remember what channels were told of one that it took over, the
// worst where there are several: that is what it was. The others are over.
func (t *transition) handNotifications(s *findingRecord, e keyedRecord) {
	var like *supersededNotification // most channels were told the same
	others := map[string]toldName{}
	for _, channel := range t.knownChannels {
		names := t.namesToldOf(e.key, e.record, channel)
		if len(names) == 0 {
			continue
		}
		last := names[len(names)-1]
		if like != nil {
			last = sharedValue(last, like)
		}
		like = last
		before := s.Superseded.of(channel)
		if before == nil || last.Severity.Rank() > before.Severity.Rank() {
			s.Superseded.set(channel, last, t.ledger.stored.Words)
		}
		if before != nil {
			names = append(names, before)
		}
		for _, name := range names {
			if name.Key != s.Superseded.of(channel).Key {
				others[name.Key] = toldName{append(others[name.Key].channels, channel), name}
			}
		}
	}
	t.notifySuperseded(others)
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
			s.Notified.set(channel, s.sharedNotification(&lastNotification{t.in.Now, t.in.Now, m}),
				t.ledger.stored.Words)
		}
		s.Superseded.remove(channel, t.ledger.stored.Words)
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

// namesToldOf is what a channel was told of a record, under each name by which it may know it:
// what is on its way, or was lost, may never arrive, and the channel goes on knowing the record
// by what that took over. An alert as well: it is given up after three runs without an answer,
// after a week, or for newer ones. Nor has it heard yet of what was handed to the record since.
func (t *transition) namesToldOf(key string, s *findingRecord, channel string) []*supersededNotification {
	last, before := t.lastToldOf(key, s, channel), s.Superseded.of(channel)
	switch {
	case last == nil:
		return nil
	case last.Key != key, before == nil, before.Key == key:
		return []*supersededNotification{last}
	default:
		return []*supersededNotification{before, last}
	}
}
