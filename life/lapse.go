package life

import (
	"maps"
	"time"

	"licensewatch/license"
)

// lapseLife is how long the end of an order is remembered: longer than it is
// isolated, and than anything is said about it after that.
const lapseLife = 60 * day

// lapsesByOrder are the orders whose end was seen, by Order.Key.
type lapsesByOrder map[string]license.Lapse

// observe remembers what the orders were like whose end is seen now: once
// an order is isolated, its licenses are unbound and its own numbers say nothing.
func (lapses lapsesByOrder) observe(s license.Snapshot, previous Previous, now time.Time) {
	lapses.forgetUnlisted(s, now)
	if !s.IsRead(license.SourceOrders) || previous.Orders == nil {
		return
	}
	before := make(map[string]*license.Order, len(previous.Orders.List))
	for i := range previous.Orders.List {
		o := &previous.Orders.List[i]
		before[o.Key()] = o
	}
	delete(before, "")
	running := previous.Orders.InUse(previous.OrdersAt)
	for _, o := range s.Orders.List {
		if o.IsRunning(now) {
			delete(lapses, o.Key())
			continue
		}
		if lapse := lapses.endOf(o, before[o.Key()], running, previous, now); lapse != (license.Lapse{}) {
			lapses[o.Key()] = lapse
		}
	}
	lapses.noteReducedUse(s)
}

// endOf is what is remembered of the end of an order that does not run any more;
// zero for nothing. The order in the reading before is nil when there was none; running
// is how many licenses were in use then of the orders that ran.
func (lapses lapsesByOrder) endOf(o license.Order, earlier *license.Order, running *int64, previous Previous,
	now time.Time) license.Lapse {
	lapse, lapsed := lapses[o.Key()]
	if earlier != nil && !lapsed && earlier.IsRunning(previous.OrdersAt) {
		lapse, lapsed = license.Lapse{Seen: now, Used: earlier.UsedLicenseCnt}, true
		if used := previous.accountUsed(); used != nil {
			lapse.AccountUsed, lapse.Steady = license.UseBefore(used, running, earlier.UsedLicenseCnt), true
		}
	}
	// One that was isolated may have been missing from the list in between.
	isNew := earlier != nil && !isDestroyed(*earlier) || earlier == nil && lapsed
	if isNew && isDestroyed(o) && lapse.Destroyed.IsZero() {
		if !lapsed {
			lapse.Seen = now
		}
		lapse.Destroyed = now
	}
	return lapse
}

// forgetUnlisted forgets the ends of orders that are long over and no longer listed.
func (lapses lapsesByOrder) forgetUnlisted(s license.Snapshot, now time.Time) {
	if !s.IsRead(license.SourceOrders) || s.Orders.Incomplete {
		return
	}
	here := map[string]bool{}
	for _, o := range s.Orders.List {
		here[o.Key()] = true
	}
	maps.DeleteFunc(lapses, func(key string, lapse license.Lapse) bool {
		return age(now, lapse.Seen) >= lapseLife && !here[key]
	})
}

// noteReducedUse notes the ends after which fewer licenses are in use in the account.
func (lapses lapsesByOrder) noteReducedUse(s license.Snapshot) {
	if !s.IsRead(license.SourceOverview) || s.Overview.UsedLicenseCnt == nil {
		return
	}
	for key, lapse := range lapses {
		if lapse.AccountUsed != nil && *s.Overview.UsedLicenseCnt < *lapse.AccountUsed {
			lapse.Steady = false
			lapses[key] = lapse
		}
	}
}
