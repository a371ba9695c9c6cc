package life

import (
	"maps"
	"slices"
	"strings"

	"licensewatch/license"
)

// followNames follows orders whose name has changed because another one of the same
// ResourceId has come or gone: "cwp-a" is "cwp-a#7" while there is a "cwp-a#9". What was
// said of the order, and what somebody acknowledged, stays its own.
func (b *storedLedger) followNames(s license.Snapshot) {
	if b.Previous.Orders == nil || !s.IsRead(license.SourceOrders) || !b.hasNamesakes(s) {
		return
	}
	called, now := map[string]string{}, map[string]string{} // called: by Order.Key
	known := mergeOrders(b.Previous.Orders, s.Orders).List
	for i, name := range license.Subjects(known) {
		called[known[i].Key()] = name
	}
	delete(called, "")
	before := b.Previous.Orders.List
	for i, name := range license.Subjects(before) {
		follow := func(name string) {
			if newer, isKnown := called[before[i].Key()]; isKnown && newer != name {
				now[name] = newer
			}
		}
		follow(name)
		follow(before[i].FullName()) // as the first of twins was called by an earlier program
	}
	if len(now) > 0 {
		b.renameSubjects(now)
	}
}

// hasNamesakes says whether some orders share a ResourceId, or did when something was said
// of them. That is rare, and there may be thousands of orders.
func (b *storedLedger) hasNamesakes(now license.Snapshot) bool {
	// a part of a list names orders as the whole would
	now.Previous = &license.Snapshot{Orders: b.Previous.Orders}
	isOne := func(name string) bool { return strings.Contains(name, "#") }
	return len(b.namesakeStems()) > 0 || slices.ContainsFunc(now.Subjects(), isOne)
}

// renameSubjects gives the subjects their new names, wherever the ledger speaks of them.
func (b *storedLedger) renameSubjects(now map[string]string) {
	b.Records = moveKeys(b.Records, now)
	for _, s := range b.Records {
		s.renameSubject(now)
	}
	b.Ended = moveKeys(b.Ended, now)
	for i := range b.Acks {
		b.Acks[i].Subject = renamedSubject(b.Acks[i].Subject, now)
	}
	for i := range b.EventRecords {
		b.EventRecords[i].Subject = renamedSubject(b.EventRecords[i].Subject, now)
	}
	for _, n := range b.OneOffs {
		for _, over := range []*license.Resolved{n.Resolved, n.Superseded} {
			if over != nil {
				over.Key = renamedKey(over.Key, now)
			}
		}
		if n.Event != nil {
			n.Event.Subject = renamedSubject(n.Event.Subject, now)
		}
	}
	for _, m := range b.Outbox {
		m.renameSubjects(now)
	}
}

func (s *findingRecord) renameSubject(now map[string]string) {
	s.Subject = renamedSubject(s.Subject, now)
	s.Superseded.replace(func(w *supersededNotification) *supersededNotification {
		renamed := *w
		renamed.Key = renamedKey(w.Key, now)
		return &renamed
	})
	for _, before := range s.TookOver {
		before.renameSubject(now)
	}
}

// renameSubjects gives the subjects their new names in what accepting the message means, and in
// the facts that it names.
func (m *pendingMessage) renameSubjects(now map[string]string) {
	m.Findings = moveKeys(m.Findings, now)
	for i := range m.Fresh {
		m.Fresh[i] = renamedKey(m.Fresh[i], now)
	}
	for i := range m.Report.Firing {
		f := &m.Report.Firing[i]
		f.Subject = renamedSubject(f.Subject, now)
		if f.Story != nil && f.Story.WasKey != "" {
			f.Story.WasKey = renamedKey(f.Story.WasKey, now)
		}
	}
	for _, over := range [][]license.Resolved{m.Report.Resolved, m.Report.Superseded} {
		for i := range over {
			over[i].Key = renamedKey(over[i].Key, now)
		}
	}
}

// moveKeys has what belongs to renamed subjects under their new keys, in place of what was
// there.
func moveKeys[V any](all map[string]V, now map[string]string) map[string]V {
	stay, move := make(map[string]V, len(all)), map[string]V{}
	for _, old := range sortedKeys(all) {
		if key := renamedKey(old, now); key != old {
			move[key] = all[old]
		} else {
			stay[old] = all[old]
		}
	}
	maps.Copy(stay, move)
	return stay
}

// renamedKey is the key of a finding whose subject may have another name now.
func renamedKey(key string, now map[string]string) string {
	rule, subject, _ := strings.Cut(key, "/")
	return license.Finding{Rule: rule, Subject: renamedSubject(subject, now)}.Key()
}

func renamedSubject(subject string, now map[string]string) string {
	if name, ok := now[subject]; ok {
		return name
	}
	return subject
}

// namesakeStems are the stems of names that had something behind a "#".
func (b *storedLedger) namesakeStems() map[string]bool {
	stems := map[string]bool{}
	add := func(subject string) {
		if name, _, found := strings.Cut(subject, "#"); found {
			stems[name] = true
		}
	}
	for _, s := range b.Records {
		add(s.Subject)
	}
	for _, a := range b.Acks {
		add(a.Subject)
	}
	return stems
}
