package life

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

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

// boundByOrder are the machines of orders that end soon or have ended, by Order.Key, as they
// were when they were last seen: at the end they are unbound.
type boundByOrder map[string]license.BoundMachines

// observe keeps the machines of the orders that end soon, and goes on keeping them
// once an order is isolated and the answer has none.
func (bound boundByOrder) observe(s license.Snapshot, now time.Time) {
	if !s.IsRead(license.SourceOrders) {
		return
	}
	listed := map[string]bool{}
	for i := range s.Orders.List {
		o := &s.Orders.List[i]
		key := o.Key()
		var seen *license.BoundMachines
		if s.IsRead(license.SourceBindings) {
			seen = s.Bindings.Of(o).Summary()
		}
		_, isKept := bound[key]
		if seen == nil && !isKept { // as nearly all
			continue
		}
		listed[key] = true
		switch isRunning := o.IsRunning(now); {
		case seen != nil && (seen.Count > 0 || isRunning):
			seen.At = s.ReadAt
			bound[key] = *seen
		case isRunning && !o.NeedsBinding(now): // it was renewed
			delete(bound, key)
		}
	}
	if !s.Orders.Incomplete {
		maps.DeleteFunc(bound, func(key string, _ license.BoundMachines) bool { return !listed[key] })
	}
	bound.dropOldest()
}

// dropOldest leaves out the oldest of too many.
func (bound boundByOrder) dropOldest() {
	keys := sortedKeys(bound)
	slices.SortFunc(keys, func(x, y string) int { return cmp.Or(bound[x].At.Compare(bound[y].At), cmp.Compare(x, y)) })
	for _, key := range keys[:max(0, len(keys)-maxBound)] {
		delete(bound, key)
	}
}

// sound is what makes sense, never nil.
func (bound boundByOrder) sound() boundByOrder {
	bound = orEmpty(bound)
	maps.DeleteFunc(bound, func(key string, m license.BoundMachines) bool {
		isSound := key != "" && m.Count >= 0 && !m.At.IsZero() && len(m.Names) <= maxBoundNames &&
			(m.Idle == nil || *m.Idle >= 0 && *m.Idle <= m.Count) &&
			!slices.ContainsFunc(m.Names, func(name string) bool {
				return len(name) > maxBoundName || strings.TrimSpace(name) == ""
			})
		return !isSound
	})
	bound.dropOldest()
	return bound
}
