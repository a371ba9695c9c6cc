package life

import (
	"maps"
	"slices"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// tidy makes maps where there are none and leaves out what makes no sense, so
// that no other code has to ask.
func (l *Ledger) tidy() {
	b := &l.stored
	b.Version = Version
	for name, c := range b.Channels {
		if c == nil || name == "" {
			delete(b.Channels, name)
		}
	}
	b.Owner = Owner{license.Site(text.Cut(string(b.Owner.Site), maxOwner)), text.Cut(b.Owner.Account, maxOwner)}
	b.Records = orEmpty(b.Records)
	b.Outages = orEmpty(b.Outages)
	b.Slots = orEmpty(b.Slots)
	b.IDs = orEmpty(b.IDs)
	b.Refused = orEmpty(b.Refused)
	b.Dropped = orEmpty(b.Dropped)
	b.Failing = orEmpty(b.Failing)
	b.Unanswered = orEmpty(b.Unanswered)
	b.Told = orEmpty(b.Told)
	b.Lapses = orEmpty(b.Lapses)
	b.tidyBound()
	b.Digests = orEmpty(b.Digests)
	b.Ended = orEmpty(b.Ended)
	maps.DeleteFunc(b.Ended, func(_ string, e *endedRecord) bool { return e == nil })
	for _, e := range b.Ended {
		maps.DeleteFunc(e.Notified, func(_ string, s *lastNotification) bool { return s == nil })
	}
	maps.DeleteFunc(b.Digests, func(_ string, d *acceptedDigest) bool { return d == nil })
	b.Runs.Pauses = slices.DeleteFunc(b.Runs.Pauses, func(p runPause) bool { return !p.isSound() })
	b.NotificationLog.Stored = slices.DeleteFunc(b.NotificationLog.Stored, func(h *storedHead) bool {
		return !h.isSound()
	})
	maps.DeleteFunc(b.Slots, func(_ string, s *digestSlot) bool { return s == nil })
	maps.DeleteFunc(b.Dropped, func(_ string, n int) bool { return n <= 0 })
	for source, o := range b.Outages {
		o.Notified = orEmpty(o.Notified)
		b.Outages[source] = o
	}
	b.OneOffs = slices.DeleteFunc(b.OneOffs, func(n *oneOff) bool {
		return n == nil || !n.saysSomething()
	})
	shareChannels(b.OneOffs)
	b.Acks = slices.DeleteFunc(b.Acks, func(a license.Ack) bool { return a.Rule == "" || a.Until.IsZero() })
	if b.Previous.Orders != nil { // twins of an earlier program
		b.Previous.Orders.NumberByPlace()
	}
	b.Evidence.tidy()
	b.Usage = tidyUsage(b.Usage)
	l.tidyRecords()
	l.tidyOutbox()
}

func (l *Ledger) tidyRecords() {
	maps.DeleteFunc(l.stored.Records, func(key string, s *findingRecord) bool { return !s.isSound(key) })
	for _, s := range l.stored.Records {
		s.holdTold(l.words)
	}
}

func (l *Ledger) tidyOutbox() {
	known := map[string]bool{}
	l.stored.Outbox = slices.DeleteFunc(l.stored.Outbox, func(m *pendingMessage) bool {
		if m == nil || m.ID == "" || !m.concernsAnyChannel() || m.Dropped < 0 || known[m.ID] {
			return true
		}
		known[m.ID] = true
		maps.DeleteFunc(m.Findings, func(_ string, mark *notification) bool { return mark == nil })
		slices.Sort(m.OneOffs)
		return false
	})
}

// isSound says whether the record can be told.
func (s *findingRecord) isSound(key string) bool {
	if s == nil || s.Rule == "" || s.key() != key {
		return false
	}
	s.TookOver = slices.DeleteFunc(s.TookOver, func(before *findingRecord) bool {
		return before == nil || !before.isSound(before.key())
	})
	return true
}

func orEmpty[M ~map[K]V, K comparable, V any](m M) M {
	if m == nil {
		return M{}
	}
	return m
}
