package life

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"licensewatch/license"
)

const (
	// maxBound bounds the orders whose machines are kept: those of a run, and as many that
	// have ended.
	maxBound = 2 * license.MaxBindings
	// maxBoundNames and maxBoundName bound what is kept of an order's machines.
	maxBoundNames = 20
	maxBoundName  = 256 // bytes
)

// observeBindings keeps the machines of the orders that end soon, and goes on keeping them
// once an order is isolated and the answer has none. It comes before observeReadings.
func (t *transition) observeBindings() {
	b, s := &t.ledger.stored, t.in.Snapshot
	if !s.IsRead(license.SourceOrders) {
		return
	}
	listed := map[string]bool{}
	for i := range s.Orders.List {
		o := &s.Orders.List[i]
		key := o.Key()
		var now *license.BoundMachines
		if s.IsRead(license.SourceBindings) {
			now = s.Bindings.Of(o).Summary()
		}
		_, isKept := b.Bound[key]
		if now == nil && !isKept { // as nearly all
			continue
		}
		listed[key] = true
		switch isRunning := o.IsRunning(t.in.Now); {
		case now != nil && (now.Count > 0 || isRunning):
			now.At = s.ReadAt
			b.Bound[key] = *now
		case isRunning && !o.NeedsBinding(t.in.Now): // it was renewed
			delete(b.Bound, key)
		}
	}
	if !s.Orders.Incomplete {
		maps.DeleteFunc(b.Bound, func(key string, _ license.BoundMachines) bool { return !listed[key] })
	}
	b.boundBound()
}

// boundBound leaves out the oldest of too many.
func (b *storedLedger) boundBound() {
	keys := sortedKeys(b.Bound)
	slices.SortFunc(keys, func(x, y string) int { return cmp.Or(b.Bound[x].At.Compare(b.Bound[y].At), cmp.Compare(x, y)) })
	for _, key := range keys[:max(0, len(keys)-maxBound)] {
		delete(b.Bound, key)
	}
}

// tidyBound leaves out what makes no sense.
func (b *storedLedger) tidyBound() {
	b.Bound = orEmpty(b.Bound)
	maps.DeleteFunc(b.Bound, func(key string, m license.BoundMachines) bool {
		isSound := key != "" && m.Count >= 0 && !m.At.IsZero() && len(m.Names) <= maxBoundNames &&
			(m.Idle == nil || *m.Idle >= 0 && *m.Idle <= m.Count) &&
			!slices.ContainsFunc(m.Names, func(name string) bool {
				return len(name) > maxBoundName || strings.TrimSpace(name) == ""
			})
		return !isSound
	})
	b.boundBound()
}

// Bound are the machines that are kept of each order, by Order.Key, for people who ask.
func (l *Ledger) Bound() map[string]license.BoundMachines { return maps.Clone(l.stored.Bound) }
