package life

import (
	"maps"
	"slices"

	"licensewatch/license"
)

// tidy makes maps where there are none and leaves out what makes no sense, so
// that no other code has to ask.
func (l *Ledger) tidy() {
	b := &l.book
	b.Version = Version
	for name, c := range b.Channels {
		if c == nil || name == "" {
			delete(b.Channels, name)
		}
	}
	b.Owner = Owner{license.Site(cut(string(b.Owner.Site), maxOwner)), cut(b.Owner.Account, maxOwner)}
	b.Stories = made(b.Stories)
	b.Outages = made(b.Outages)
	b.Slots = made(b.Slots)
	b.IDs = made(b.IDs)
	b.Refused = made(b.Refused)
	b.Dropped = made(b.Dropped)
	b.Failing = made(b.Failing)
	b.Unsure = made(b.Unsure)
	b.Told = made(b.Told)
	b.Lapses = made(b.Lapses)
	b.Digests = made(b.Digests)
	b.Ended = made(b.Ended)
	maps.DeleteFunc(b.Ended, func(_ string, e *ended) bool { return e == nil })
	for _, e := range b.Ended {
		maps.DeleteFunc(e.Said, func(_ string, s *said) bool { return s == nil })
	}
	maps.DeleteFunc(b.Digests, func(_ string, d *digestSaid) bool { return d == nil })
	b.Runs.Pauses = slices.DeleteFunc(b.Runs.Pauses, func(p pause) bool { return !p.isSound() })
	b.Heads = slices.DeleteFunc(b.Heads, func(h *head) bool { return !h.isSound() })
	maps.DeleteFunc(b.Stories, func(key string, s *story) bool { return !s.isSound(key) })
	maps.DeleteFunc(b.Slots, func(_ string, s *slot) bool { return s == nil })
	maps.DeleteFunc(b.Dropped, func(_ string, n int) bool { return n <= 0 })
	for source, o := range b.Outages {
		o.Said = made(o.Said)
		b.Outages[source] = o
	}
	b.News = slices.DeleteFunc(b.News, func(n *news) bool {
		return n == nil || !n.saysSomething()
	})
	b.Acks = slices.DeleteFunc(b.Acks, func(a license.Ack) bool { return a.Rule == "" || a.Until.IsZero() })
	if b.Previous.Orders != nil { // twins of an earlier program
		b.Previous.Orders.NumberByPlace()
	}
	l.tidyOutbox()
}

func (l *Ledger) tidyOutbox() {
	known := map[string]bool{}
	l.book.Outbox = slices.DeleteFunc(l.book.Outbox, func(m *letter) bool {
		if m == nil || m.ID == "" || !m.matters() || m.Dropped < 0 || known[m.ID] {
			return true
		}
		known[m.ID] = true
		slices.Sort(m.News)
		return false
	})
}

// isSound says whether the story can be told, and makes it so as far as that is
// only a matter of missing maps.
func (s *story) isSound(key string) bool {
	if s == nil || s.Rule == "" || (license.Finding{Rule: s.Rule, Subject: s.Subject}).Key() != key {
		return false
	}
	s.Said = made(s.Said)
	s.Was = made(s.Was)
	maps.DeleteFunc(s.Said, func(_ string, h *said) bool { return h == nil })
	maps.DeleteFunc(s.Was, func(_ string, w *was) bool { return w == nil })
	return true
}

func made[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}
