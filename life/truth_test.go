package life_test

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// wantSeen fails when something is told to be over that no run has seen over.
func (m *machine) wantSeen(findings []license.Finding, snapshot license.Snapshot, plan life.Plan) {
	for _, key := range over(findings, snapshot) {
		m.seenOver[key] = append(m.seenOver[key], m.now)
	}
	for _, message := range plan.Messages {
		for _, r := range message.Report.Resolved {
			if !slices.ContainsFunc(m.seenOver[r.Key], func(at time.Time) bool { return at.After(r.Since) && !at.After(r.At) }) {
				m.t.Fatalf("%s is told to be over since %v: nobody has seen that", r.Key, r.At)
			}
		}
	}
}

// over are the keys that are over, as far as that was read.
func over(findings []license.Finding, snapshot license.Snapshot) (keys []string) {
	for _, f := range findings {
		if f.State == license.OK && !f.Lingers {
			keys = append(keys, f.Key())
		}
	}
	if snapshot.Orders == nil || snapshot.Orders.Incomplete {
		return keys
	}
	for _, id := range orderIDs {
		if !slices.ContainsFunc(snapshot.Orders.List, func(o license.Order) bool { return *o.ResourceId == id }) {
			keys = append(keys, "expiring/"+id, "isolated/"+id, "unrenewed/"+id)
		}
	}
	return keys
}

// commit notes what a run saw whose ledger is saved.
func (m *machine) commit(findings []license.Finding, snapshot license.Snapshot) {
	m.justOver = map[string]bool{}
	for _, key := range over(findings, snapshot) {
		if m.fires[key] {
			m.ended[key] = append(m.ended[key], m.now)
			m.replaced[key] = m.replaced[key] || m.covered[key]
			delete(m.fires, key)
			m.justOver[key] = true
		}
	}
	for _, f := range findings {
		if f.State == license.Covered || f.State == license.Firing {
			m.covered[f.Key()] = f.State == license.Covered
		}
		switch {
		case f.State != license.Firing:
		case f.Event && !m.acked[f.Rule]:
			m.happened[eventName(f, m.now)] = m.now
		case !f.Event:
			m.fires[f.Key()] = true
			if f.Measure != nil {
				m.measures[f.Key()] = *f.Measure
			}
			delete(m.replaced, f.Key())
			for key := range m.ended {
				if !m.fires[key] && about(key) == about(f.Key()) {
					m.replaced[key] = true
				}
			}
		}
	}
}

// settle lets everything work again, and fails unless everybody knows what is
// true.
func (m *machine) settle() {
	m.account.failed, m.account.hidden = map[license.Source]bool{}, ""
	for _, r := range m.readers {
		r.mood = "well"
	}
	r := m.load()
	for _, l := range r.ledgers {
		for _, a := range l.Acks(m.now) {
			l.RemoveAck(a.Rule, a.Subject)
		}
	}
	r.save()
	year, month, date := m.now.Add(2 * hour).Date()
	m.now = time.Date(year, month, date+1, 10, 0, 0, 0, shanghai)
	first := m.now
	for range 3 {
		m.event++
		m.tick(license.ModeAlert)
		m.now = m.now.Add(2 * hour)
	}
	m.now = m.now.Add(day - 2*hour) // what came and went must have stayed away for a day
	m.event++
	m.tick(license.ModeAlert)
	lately := func(at time.Time) bool { return first.Sub(at) < 7*day }
	mustKnow := func(f license.Finding) bool {
		end := slices.IndexFunc(m.ended[f.Key()], func(at time.Time) bool { return at.After(f.Story.Since) })
		return end >= 0 && lately(m.ended[f.Key()][end]) && !m.acked[f.Rule] && f.Severity != license.Info
	}
	truth := m.account.truth(m.now)
	isToldByItself := func(f license.Finding) bool { return mustKnow(f) && !m.isReplaced(f, truth) }
	for _, r := range m.readers {
		r.wantTruth(truth, isToldByItself)
		for name, at := range m.happened {
			if lately(at) && !r.events[name] && !m.isRepeated(name, at) && !r.heardMore(name, at) {
				m.t.Fatalf("%s was never told of the event %s", r.channel, name)
			}
		}
		if owed := m.load().ledgers[""].Owed([]string{r.channel}, m.now, m.hours); len(owed) > 0 {
			m.t.Fatalf("still owed: %+v", owed)
		}
	}
	m.event++
	m.tick(license.ModeDigest)
	if doubtful := m.load().ledgers[""].Doubtful([]string{"slack", "wecom"}); len(doubtful) > 0 {
		m.t.Fatalf("a digest later %v may not know all", doubtful)
	}
	for _, r := range m.readers {
		r.wantTruth(m.account.truth(m.now), mustKnow)
	}
}

// isRepeated says whether the same event happened once more within a day: then it
// need not be told each time.
func (m *machine) isRepeated(name string, at time.Time) bool {
	same := func(other string) bool {
		return other[:strings.LastIndex(other, " at ")] == name[:strings.LastIndex(name, " at ")]
	}
	for other, then := range m.happened {
		if other != name && same(other) && at.Sub(then).Abs() < day {
			return true
		}
	}
	return false
}

// isReplaced says whether something fires about the same thing as a finding that has ended, or has
// since: with that, its end is told by the next message.
func (m *machine) isReplaced(f license.Finding, truth map[string]license.Finding) bool {
	if m.replaced[f.Key()] {
		return true
	}
	for _, other := range truth {
		if other.Subject == f.Subject && (f.Subject != "" || other.Source == f.Source) {
			return true
		}
	}
	return false
}

// about is what a finding is about: an order, Container Security, or itself.
func about(key string) string {
	rule, subject, _ := strings.Cut(key, "/")
	if subject == "" && strings.HasPrefix(rule, "tcss") {
		return "tcss"
	}
	return cmp.Or(subject, rule)
}
