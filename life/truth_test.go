package life_test

import (
	"slices"
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
		if f.State == license.OK {
			keys = append(keys, f.Key())
		}
	}
	if snapshot.Orders == nil || snapshot.Orders.Incomplete {
		return keys
	}
	for _, id := range orderIDs {
		if !slices.ContainsFunc(snapshot.Orders.List, func(o license.Order) bool { return *o.ResourceId == id }) {
			keys = append(keys, "expiring/"+id, "isolated/"+id)
		}
	}
	return keys
}

// commit notes what a run saw whose ledger is saved.
func (m *machine) commit(findings []license.Finding, snapshot license.Snapshot) {
	for _, key := range over(findings, snapshot) {
		if m.fires[key] {
			m.ended[key] = append(m.ended[key], m.now)
			delete(m.fires, key)
		}
	}
	for _, f := range findings {
		switch {
		case f.State != license.Firing:
		case f.Event && !m.acked[f.Rule]:
			m.happened[eventName(f, m.now)] = m.now
		case !f.Event:
			m.fires[f.Key()] = true
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
	lately := func(at time.Time) bool { return first.Sub(at) < 7*day }
	mustKnow := func(f license.Finding) bool {
		end := slices.IndexFunc(m.ended[f.Key()], func(at time.Time) bool { return at.After(f.Story.Since) })
		return end >= 0 && lately(m.ended[f.Key()][end]) && !m.acked[f.Rule]
	}
	for _, r := range m.readers {
		r.wantTruth(m.account.truth(m.now.Add(-2*hour)), mustKnow)
		for name, at := range m.happened {
			if lately(at) && !r.events[name] {
				m.t.Fatalf("%s was never told of the event %s", r.channel, name)
			}
		}
		if owed := m.load().ledgers[""].Owed([]string{r.channel}, m.now); len(owed) > 0 {
			m.t.Fatalf("still owed: %+v", owed)
		}
	}
}
