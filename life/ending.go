package life

import (
	"slices"
	"strings"

	"licensewatch/license"
)

// ending is a story that does not go on by itself.
type ending struct {
	key   string
	story *story
}

// fate is what has become of a story.
type fate int

const (
	goesOn    fate = iota // it fires, or nothing is known
	forgotten             // nobody judges it any more
	resolved              // the rule is no longer true
	destroyed             // nor is it, but because its order was destroyed
	gone                  // its order is no longer listed
	takenOver             // its order was destroyed, and as many licenses are in use again as before
	undone                // it never fired, or does: a clock was wrong
)

// end ends a story that is over: another one takes over, or it is told.
func (t *turn) end(key string, s *story) {
	if f, found := t.findings[key]; found {
		s.Missing, s.Covered = 0, s.Covered || f.State == license.Covered
	}
	switch fate := t.fateOf(key, s); {
	case fate == goesOn:
		return
	case fate == forgotten:
		t.unwatch(key, s)
	case s.Covered:
	case fate != destroyed && fate != takenOver && t.mayComeBack(s):
		return
	case s.Back && t.goesOnElsewhere(key, s):
	case t.passOn(key, s, fate):
	case t.ledger.isBehind, t.endsInTheHours(s, fate):
		return
	default:
		t.tellResolved(key, s, fate)
	}
	delete(t.ledger.book.Stories, key)
	t.ledger.book.Ended[key] = &ended{t.in.Now.Unix(), s.Said}
}

// calm is how long a finding stays away that has come back before, until it counts
// as over.
const calm = day

// mayComeBack says whether a story that ended and began again within a day is
// left alone: what comes and goes all the time is not told each time. A digest tells
// how things are.
func (t *turn) mayComeBack(s *story) bool {
	if !s.Back || t.in.isDigest() {
		return false
	}
	if s.Away.IsZero() {
		s.Away = t.in.Now
	}
	return age(t.in.Now, s.Away) < calm
}

// endsInTheHours says whether the end of a story that would not be told now is left to
// the hours: what is back by then was never over for those who heard of it.
func (t *turn) endsInTheHours(s *story, f fate) bool {
	if !t.in.isClosed() || f == gone && s.Severity == license.Critical {
		return false
	}
	if s.Away.IsZero() {
		s.Away = t.in.Now
	}
	return true
}

// goesOnElsewhere says whether something as bad fires about the same thing.
func (t *turn) goesOnElsewhere(key string, s *story) bool {
	return slices.ContainsFunc(t.firing, func(f *license.Finding) bool {
		return t.isSequel(f, key, s) && f.Severity.Rank() >= s.Severity.Rank() && t.ledger.book.Stories[f.Key()] != nil
	})
}

// isSequel says whether a finding goes on telling what a story told: it is about the
// same order, or its rule is one of those that cover the story's.
func (t *turn) isSequel(f *license.Finding, key string, s *story) bool {
	if s.Subject != "" {
		return f.Subject == s.Subject
	}
	of := t.findings[key]
	return f.Subject == "" && of != nil && slices.Contains(of.Covers, f.Rule)
}

func (t *turn) fateOf(key string, s *story) fate {
	f, found := t.findings[key]
	switch {
	case found && f.Event:
		return forgotten
	case found && f.State == license.OK && s.isUndone(f):
		return undone
	case found && f.State == license.OK:
		return t.fateOfFine(s)
	case found, t.isUnknown(s.Rule, s.Subject):
		return goesOn
	case t.in.RuleIDs == nil && !t.judged[s.Rule]:
		// Which rules there are is not known.
		if age(t.in.Now, s.Seen) >= storyLife {
			return forgotten
		}
		return goesOn
	case s.Subject == "" || !t.hasRule(s.Rule):
		return forgotten
	default:
		return t.fateOfOrder(s)
	}
}

// fateOfFine is the fate of a story whose rule is no longer true.
func (t *turn) fateOfFine(s *story) fate {
	switch {
	case !t.isDestroyed(s.Subject):
		return resolved
	case !s.Destroyed:
		return destroyed
	case t.isTakenOver(s.Subject):
		return takenOver
	default: // too long ago to be told for ever; nothing has become better
		return forgotten
	}
}

func (t *turn) hasRule(id string) bool {
	return slices.Contains(t.in.RuleIDs, id) || t.judged[id]
}

// fateOfOrder is the fate of a story about an order of which its rule said
// nothing. Only a whole list tells that an order is gone.
func (t *turn) fateOfOrder(s *story) fate {
	snapshot := t.in.Snapshot
	switch {
	case !snapshot.Wants(license.SourceOrders):
		return forgotten
	case !snapshot.IsRead(license.SourceOrders) || snapshot.Orders.Incomplete:
		return goesOn
	case t.isListed(s.Subject):
		return forgotten
	case len(snapshot.Orders.List) > 0 && !t.judged[s.Rule]:
		return forgotten // the rule reads another source, which is not wanted
	case s.Missing == 0 && !t.wasMissed(s.Subject): // one list may be wrong
		s.Missing++
		return goesOn
	default:
		return gone
	}
}

// wasMissed says whether the list before this one lacked the order already, which was
// judged all the same.
func (t *turn) wasMissed(subject string) bool {
	before := t.ledger.book.Previous.Orders
	if before == nil {
		return false
	}
	o := before.Find(subject)
	return o != nil && o.Missed > 0
}

// isDestroyed says whether the subject is an order that is listed as destroyed.
func (t *turn) isDestroyed(subject string) bool {
	if subject == "" || !t.in.Snapshot.IsRead(license.SourceOrders) {
		return false
	}
	o := t.order(subject)
	return o != nil && isDestroyed(*o)
}

// passOn hands a story that is over to what it has turned into, if that is anything.
func (t *turn) passOn(key string, s *story, f fate) bool {
	heir, ok := t.heir(key, s, f)
	if ok {
		t.taken[heir] = append(t.taken[heir], ending{key, s})
	}
	return ok
}

// heir finds what a resolved finding has turned into: the worst of its sequels
// that begins to fire now and is at least as bad, or is about an order that was
// destroyed. Then nothing is resolved.
func (t *turn) heir(ended string, s *story, f fate) (key string, ok bool) {
	if f != resolved && f != destroyed {
		return "", false
	}
	least := s.Severity.Rank()
	if f == destroyed { // what is said of a destroyed order goes on from what was said before, however bad
		least = 0
	}
	for _, f := range t.firing {
		rank := f.Severity.Rank()
		if !t.isSequel(f, ended, s) || t.ledger.book.Stories[f.Key()] != nil {
			continue
		}
		if rank > least || rank == least && !ok {
			key, ok, least = f.Key(), true, rank
		}
	}
	return key, ok
}

// inherit lets a story go on where another one ended. A channel that was told of
// several is reminded of the worst.
func (t *turn) inherit(s *story, e ending) {
	if e.story.Since.Before(s.Since) {
		s.Since = e.story.Since
	}
	for _, channel := range t.known {
		last := t.lastWord(e.key, e.story, channel)
		if last != nil && (s.Was[channel] == nil || last.Severity.Rank() > s.Was[channel].Severity.Rank()) {
			s.Was[channel] = last
		}
	}
}

// settleWas turns the last word about a story that took over into one about this
// story, where it was this finding that the channel heard of: it went and came
// back, and nobody noticed.
func (t *turn) settleWas(key string, s *story) {
	for _, channel := range keys(s.Was) {
		last := s.Was[channel]
		if last.Key != key {
			continue
		}
		if last.Accepted != nil {
			m := *last.Accepted
			m.Story = s.Number
			s.Said[channel] = &said{t.in.Now, spoken{t.in.Now, m}}
		}
		delete(s.Was, channel)
	}
}

// lastWord is what a channel was told of a story last, or of the one that it took
// over; nil when that is nothing. What was lost counts where it was told nothing else.
func (t *turn) lastWord(key string, s *story, channel string) *was {
	p := t.pending[channel]
	h := s.heard(key, channel, p.withoutLost())
	if h == nil {
		h = s.heard(key, channel, p)
	}
	if h != nil {
		last := &was{Key: key, Title: s.Title, Over: s.Over, mark: h.mark}
		if accepted := s.Said[channel]; accepted != nil {
			last.Accepted = &accepted.mark
		}
		return last
	}
	return s.Was[channel]
}

// tellResolved makes news of a story's end for the channels that heard of it, by
// the name under which they did.
func (t *turn) tellResolved(key string, s *story, f fate) {
	heard, last, at := map[string][]string{}, map[string]*was{}, s.Away
	if at.IsZero() {
		at = t.in.Now
	}
	for _, channel := range t.known {
		if w := t.lastWord(key, s, channel); w != nil {
			heard[w.Key], last[w.Key] = append(heard[w.Key], channel), w
		}
	}
	for _, name := range keys(heard) {
		tell := heard[name]
		rule, subject, _ := strings.Cut(name, "/")
		if silencing(t.acks, rule, subject) != nil {
			tell = nil
		}
		severity := last[name].Severity
		if name == key { // as it was, whichever of the channels heard of that
			severity = s.Severity
		}
		t.ledger.addNews(news{Resolved: &license.Resolved{
			Key: name, Title: last[name].Title, Over: last[name].Over, Severity: severity, Since: s.Since, At: at,
			Gone: f == gone || f == destroyed, Destroyed: f == destroyed, TakenOver: f == takenOver, Undone: f == undone,
		}}, t.in.Now, tell, heard[name])
	}
}
