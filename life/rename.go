package life

import (
	"maps"
	"slices"
	"strings"

	"licensewatch/license"
)

// observeNames follows orders whose name has changed because another one of the same
// ResourceId has come or gone: "cwp-a" is "cwp-a#7" while there is a "cwp-a#9". What was
// said of the order, and what somebody acknowledged, stays its own.
func (t *turn) observeNames() {
	b := &t.ledger.book
	if b.Previous.Orders == nil || !t.in.Snapshot.IsRead(license.SourceOrders) || !t.hasNamesakes() {
		return
	}
	called, now := map[string]string{}, map[string]string{} // called: by Order.Key
	known := mergeOrders(b.Previous.Orders, t.in.Snapshot.Orders).List
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
		b.rename(now)
	}
}

// hasNamesakes says whether some orders share a ResourceId, or did when something was said
// of them. That is rare, and there may be thousands of orders.
func (t *turn) hasNamesakes() bool {
	now := t.in.Snapshot
	now.Previous = &license.Snapshot{Orders: t.ledger.book.Previous.Orders} // a part of a list names orders as the whole would
	isOne := func(name string) bool { return strings.Contains(name, "#") }
	return len(t.ledger.namesakes()) > 0 || slices.ContainsFunc(now.Subjects(), isOne)
}

// namesakes are the stems of names that had something behind a "#".
func (l *Ledger) namesakes() map[string]bool {
	stems := map[string]bool{}
	add := func(subject string) {
		if name, _, found := strings.Cut(subject, "#"); found {
			stems[name] = true
		}
	}
	for _, s := range l.book.Stories {
		add(s.Subject)
	}
	for _, a := range l.book.Acks {
		add(a.Subject)
	}
	return stems
}

// rename gives the subjects their new names, wherever the ledger speaks of them.
func (b *book) rename(now map[string]string) {
	b.Stories = moved(b.Stories, now)
	for _, s := range b.Stories {
		s.Subject = renamed(s.Subject, now)
		for _, w := range s.Was {
			w.Key = renamedKey(w.Key, now)
		}
	}
	b.Ended = moved(b.Ended, now)
	for i := range b.Acks {
		b.Acks[i].Subject = renamed(b.Acks[i].Subject, now)
	}
	for i := range b.Changes {
		b.Changes[i].Subject = renamed(b.Changes[i].Subject, now)
	}
	for _, n := range b.News {
		if n.Resolved != nil {
			n.Resolved.Key = renamedKey(n.Resolved.Key, now)
		}
		if n.Event != nil {
			n.Event.Subject = renamed(n.Event.Subject, now)
		}
	}
	for _, m := range b.Outbox {
		m.rename(now)
	}
}

// rename gives the subjects their new names in what accepting the message means, and in
// the facts that it names.
func (m *letter) rename(now map[string]string) {
	m.Findings = moved(m.Findings, now)
	for i := range m.Fresh {
		m.Fresh[i] = renamedKey(m.Fresh[i], now)
	}
	for i := range m.Report.Firing {
		f := &m.Report.Firing[i]
		f.Subject = renamed(f.Subject, now)
		if f.Story != nil && f.Story.WasKey != "" {
			f.Story.WasKey = renamedKey(f.Story.WasKey, now)
		}
	}
	for i := range m.Report.Resolved {
		m.Report.Resolved[i].Key = renamedKey(m.Report.Resolved[i].Key, now)
	}
}

// moved has what belongs to renamed subjects under their new keys, in place of what was
// there.
func moved[V any](all map[string]V, now map[string]string) map[string]V {
	stay, move := make(map[string]V, len(all)), map[string]V{}
	for _, old := range keys(all) {
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
	return license.Finding{Rule: rule, Subject: renamed(subject, now)}.Key()
}

func renamed(subject string, now map[string]string) string {
	if name, ok := now[subject]; ok {
		return name
	}
	return subject
}
