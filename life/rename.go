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
	if b.Previous.Orders == nil || !t.in.Snapshot.IsRead(license.SourceOrders) {
		return
	}
	named, now := t.subjectsByStem(), map[string]string{} // now: the new names of those that are called so no longer
	follow := func(subject string) {
		if subject == "" || slices.Contains(named[stem(subject)], subject) {
			return
		}
		if name := t.newName(subject, named[stem(subject)]); name != "" {
			now[subject] = name
		}
	}
	for _, s := range b.Stories {
		follow(s.Subject)
	}
	for _, a := range b.Acks {
		follow(a.Subject)
	}
	if len(now) > 0 {
		b.rename(now)
	}
}

// subjectsByStem are the subjects that there are now: of orders with namesakes, all that
// Remembers has asked for.
func (t *turn) subjectsByStem() map[string][]string {
	named := map[string][]string{}
	for _, f := range t.in.Findings {
		if slices.Contains(named[stem(f.Subject)], f.Subject) {
			break // the next rule judges them again
		}
		if f.Subject != "" {
			named[stem(f.Subject)] = append(named[stem(f.Subject)], f.Subject)
		}
	}
	return named
}

// newName is what the order is called now that the subject named in the reading before,
// of several names; empty when that cannot be told.
func (t *turn) newName(subject string, names []string) string {
	if len(names) == 0 { // as with nearly all orders, of which there may be thousands
		return ""
	}
	was := t.ledger.book.Previous.Orders.Find(subject)
	if was == nil {
		return ""
	}
	isSame := func(name string) bool {
		o := t.in.Snapshot.Orders.Find(name)
		return o != nil && o.Key() == was.Key()
	}
	same := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isSame(name) })
	if len(same) != 1 { // those that tell no LicenseId cannot be told apart
		return ""
	}
	return same[0]
}

// rename gives the subjects their new names.
func (b *book) rename(now map[string]string) {
	key := func(old string) string {
		rule, subject, _ := strings.Cut(old, "/")
		return license.Finding{Rule: rule, Subject: renamed(subject, now)}.Key()
	}
	stories := make(map[string]*story, len(b.Stories))
	for old, s := range b.Stories {
		s.Subject = renamed(s.Subject, now)
		stories[key(old)] = s
	}
	b.Stories = stories
	for i := range b.Acks {
		b.Acks[i].Subject = renamed(b.Acks[i].Subject, now)
	}
	for _, m := range b.Outbox {
		findings := maps.Clone(m.Findings)
		clear(m.Findings)
		for old, mark := range findings {
			m.Findings[key(old)] = mark
		}
	}
}

func renamed(subject string, now map[string]string) string {
	if name, ok := now[subject]; ok {
		return name
	}
	return subject
}

// stem is the part of an order's name that namesakes share.
func stem(subject string) string {
	name, _, _ := strings.Cut(subject, "#")
	return name
}
