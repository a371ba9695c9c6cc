package life

import (
	"maps"

	"licensewatch/license"
)

// lapseLife is how long the end of an order is remembered: longer than it is
// isolated, and than anything is said about it after that.
const lapseLife = 60 * day

// observeLapses remembers what the orders were like whose end is seen now: once
// an order is isolated, its licenses are unbound and its own numbers say nothing.
// It comes before observeReadings, which replaces the reading before.
func (t *transition) observeLapses() {
	b, snapshot := &t.ledger.stored, t.in.Snapshot
	t.forgetLapses()
	if !snapshot.IsRead(license.SourceOrders) || b.Previous.Orders == nil {
		return
	}
	before := map[string]license.Order{}
	for _, o := range b.Previous.Orders.List {
		before[o.Key()] = o
	}
	delete(before, "")
	running := b.Previous.Orders.InUse(b.Previous.OrdersAt)
	for _, o := range snapshot.Orders.List {
		if o.IsRunning(t.in.Now) {
			delete(b.Lapses, o.Key())
			continue
		}
		var earlier *license.Order
		if e, ok := before[o.Key()]; ok {
			earlier = &e
		}
		if lapse := t.lapseOf(o, earlier, running); lapse != (license.Lapse{}) {
			b.Lapses[o.Key()] = lapse
		}
	}
	t.noteReducedUse()
}

// lapseOf is what is remembered of the end of an order that does not run any more;
// zero for nothing. The order in the reading before is nil when there was none; running
// is how many licenses were in use then of the orders that ran.
func (t *transition) lapseOf(o license.Order, earlier *license.Order, running *int64) license.Lapse {
	previous := t.ledger.stored.Previous
	lapse, lapsed := t.ledger.stored.Lapses[o.Key()]
	if earlier != nil && !lapsed && earlier.IsRunning(previous.OrdersAt) {
		lapse, lapsed = license.Lapse{Seen: t.in.Now, Used: earlier.UsedLicenseCnt}, true
		if used := previous.accountUsed(); used != nil {
			lapse.AccountUsed, lapse.Steady = license.UseBefore(used, running, earlier.UsedLicenseCnt), true
		}
	}
	// One that was isolated may have been missing from the list in between.
	isNew := earlier != nil && !isDestroyed(*earlier) || earlier == nil && lapsed
	if isNew && isDestroyed(o) && lapse.Destroyed.IsZero() {
		if !lapsed {
			lapse.Seen = t.in.Now
		}
		lapse.Destroyed = t.in.Now
	}
	return lapse
}

// forgetLapses forgets the ends of orders that are long over and no longer listed.
func (t *transition) forgetLapses() {
	s, here := t.in.Snapshot, map[string]bool{}
	if !s.IsRead(license.SourceOrders) || s.Orders.Incomplete {
		return
	}
	for _, o := range s.Orders.List {
		here[o.Key()] = true
	}
	maps.DeleteFunc(t.ledger.stored.Lapses, func(key string, lapse license.Lapse) bool {
		return age(t.in.Now, lapse.Seen) >= lapseLife && !here[key]
	})
}

// noteReducedUse notes the ends after which fewer licenses are in use in the account.
func (t *transition) noteReducedUse() {
	if !t.in.Snapshot.IsRead(license.SourceOverview) || t.in.Snapshot.Overview.UsedLicenseCnt == nil {
		return
	}
	lapses := t.ledger.stored.Lapses
	for key, lapse := range lapses {
		if lapse.AccountUsed != nil && *t.in.Snapshot.Overview.UsedLicenseCnt < *lapse.AccountUsed {
			lapse.Steady = false
			lapses[key] = lapse
		}
	}
}

func isDestroyed(o license.Order) bool {
	return o.OrderStatus != nil && *o.OrderStatus == license.OrderDestroyed
}

// isTakenOver says whether as many licenses are in use again as before the end of
// the order with this name.
func (t *transition) isTakenOver(subject string) bool {
	if !t.in.Snapshot.IsRead(license.SourceOrders) || !t.in.Snapshot.IsRead(license.SourceOverview) {
		return false
	}
	o := t.orderNamed(subject)
	if o == nil {
		return false
	}
	lapse, used := t.ledger.stored.Lapses[o.Key()], t.in.Snapshot.Overview.UsedLicenseCnt
	over := lapse.TakenOver(used, t.inUse())
	return over != nil && *over
}
