package life

import (
	"slices"

	"licensewatch/license"
)

// unwatch notes a story that ended because its rule was switched off or removed.
func (t *turn) unwatch(key string, s *story) {
	if _, judged := t.findings[key]; judged || s.Covered || t.in.RuleIDs == nil || t.hasRule(s.Rule) {
		return
	}
	if t.unwatched == nil {
		t.unwatched = map[string][]ending{}
	}
	t.unwatched[s.Rule] = append(t.unwatched[s.Rule], ending{key, s})
}

// tellUnwatched makes news of the rules that are not watched any more, for the
// channels that heard of one of their findings; of acknowledged ones the next
// digest tells.
func (t *turn) tellUnwatched() {
	for _, rule := range keys(t.unwatched) {
		var worst *story
		var tell, acknowledged []string
		for _, e := range t.unwatched[rule] {
			if worst == nil || e.story.Severity.Rank() > worst.Severity.Rank() {
				worst = e.story
			}
			for _, channel := range t.known {
				switch {
				case t.lastWord(e.key, e.story, channel) == nil:
				case silencing(t.acks, e.story.Rule, e.story.Subject) != nil:
					acknowledged = appendNew(acknowledged, channel)
				default:
					tell = appendNew(tell, channel)
				}
			}
		}
		acknowledged = slices.DeleteFunc(acknowledged, func(channel string) bool { return slices.Contains(tell, channel) })
		u := license.Unwatched{Rule: rule, Title: worst.Title, Count: len(t.unwatched[rule])}
		t.ledger.addNews(news{Unwatched: &u}, t.in.Now, tell, acknowledged)
	}
}

// observeWatched makes news of the sources that are not asked for any more. What the role
// does not allow yet is told by itself.
func (t *turn) observeWatched() {
	b, refused := &t.ledger.book, t.in.Snapshot.Refused()
	for _, source := range b.Watched {
		if !t.in.Snapshot.Wants(source) && !slices.Contains(refused, source) {
			t.ledger.addNews(news{Unwatched: &license.Unwatched{Source: source}}, t.in.Now, t.in.Channels, nil)
		}
	}
	b.Watched = slices.Clone(t.in.Snapshot.Wanted)
}

// isWatched says whether what was taken out is back.
func (t *turn) isWatched(u license.Unwatched) bool {
	if u.Source != "" {
		return t.in.Snapshot.Wants(u.Source)
	}
	return t.hasRule(u.Rule)
}

// Watched are the sources that the last run asked for.
func (l *Ledger) Watched() []license.Source { return slices.Clone(l.book.Watched) }

// appendNew appends what is not there yet.
func appendNew(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(all, one)
}
