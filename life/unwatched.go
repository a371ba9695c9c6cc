package life

import (
	"slices"

	"licensewatch/license"
)

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

// observeWatched makes one-offs of the sources that are not asked for any more. What the role
// does not allow yet is told by itself.
func (t *transition) observeWatched() {
	b, refused := &t.ledger.stored, t.in.Snapshot.Refused()
	for _, source := range b.Watched {
		isWanted := t.in.Snapshot.Wants(source) || source.Info().Behind != "" // that one only some runs ask for
		if !isWanted && !slices.Contains(refused, source) {
			t.ledger.addOneOff(oneOff{Unwatched: &license.Unwatched{Source: source}}, t.in.Now, t.in.Channels, nil)
		}
	}
	b.Watched = slices.Clone(t.in.Snapshot.Wanted)
}

// isWatched says whether what was taken out is back.
func (t *telling) isWatched(u license.Unwatched) bool {
	if u.Source != "" {
		return t.in.Snapshot.Wants(u.Source)
	}
	return t.in.hasRule(u.Rule, t.judged)
}

// Watched are the sources that the last run asked for.
func (l *Ledger) Watched() []license.Source { return slices.Clone(l.stored.Watched) }

// appendNew appends what is not there yet.
func appendNew(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}
