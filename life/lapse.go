package life

import (
	"maps"
	"time"

	"licensewatch/license"
)

// lapseLife is how long the end of an order is remembered: longer than it is
// isolated, and than anything is said about it after that.
const lapseLife = 60 * day

// observeLapses remembers what the orders were like whose end is seen now: once
// an order is isolated, its licenses are unbound and its own numbers say nothing.
// It comes before observeReadings, which replaces the reading before.
func (t *turn) observeLapses() {
	b, snapshot := &t.ledger.book, t.in.Snapshot
	maps.DeleteFunc(b.Lapses, func(_ string, lapse license.Lapse) bool { return age(t.in.Now, lapse.Seen) >= lapseLife })
	if !isRead(snapshot, license.SourceOrders) || b.Previous.Orders == nil {
		return
	}
	before := map[string]license.Order{}
	for _, o := range b.Previous.Orders.List {
		before[o.Key()] = o
	}
	delete(before, "")
	for _, o := range snapshot.Orders.List {
		earlier, known := before[o.Key()]
		lapse, lapsed := b.Lapses[o.Key()]
		if isRunning(o, t.in.Now) {
			delete(b.Lapses, o.Key())
			continue
		}
		if known && !lapsed && isRunning(earlier, b.Previous.OrdersAt) {
			lapse, lapsed = license.Lapse{Seen: t.in.Now, Used: earlier.UsedLicenseCnt}, true
			if b.Previous.Overview != nil {
				lapse.AccountUsed = b.Previous.Overview.UsedLicenseCnt
			}
		}
		// One that was isolated may have been missing from the list in between.
		isNew := known && !isDestroyed(earlier) || !known && lapsed
		if isNew && isDestroyed(o) && lapse.Destroyed.IsZero() {
			if !lapsed {
				lapse.Seen = t.in.Now
			}
			lapse.Destroyed, lapsed = t.in.Now, true
		}
		if lapsed {
			b.Lapses[o.Key()] = lapse
		}
	}
}

// isRunning says whether the order protects machines at a time, as far as it
// tells.
func isRunning(o license.Order, at time.Time) bool {
	ended := o.Ended(at)
	return o.OrderStatus != nil && *o.OrderStatus == license.OrderNormal && (ended == nil || !*ended)
}

func isDestroyed(o license.Order) bool {
	return o.OrderStatus != nil && *o.OrderStatus == license.OrderDestroyed
}

// isTakenOver says whether as many licenses are in use again as before the end of
// the order with this name.
func (t *turn) isTakenOver(subject string) bool {
	if !isRead(t.in.Snapshot, license.SourceOrders) || !isRead(t.in.Snapshot, license.SourceOverview) {
		return false
	}
	o := listed(t.in.Snapshot.Orders.List, subject)
	if o == nil {
		return false
	}
	before, used := t.ledger.book.Lapses[o.Key()].AccountUsed, t.in.Snapshot.Overview.UsedLicenseCnt
	return before != nil && used != nil && *used >= *before
}
