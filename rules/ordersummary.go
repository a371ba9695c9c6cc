package rules

import (
	"time"

	"licensewatch/license"
)

// nearDays is the service's own window of what ends soon, in days.
const nearDays = 15

// listKept is how long the last complete list speaks for one that cannot be read.
const listKept = 7 * 24 * time.Hour

// orderSummary is what the orders of a reading are together. It is worked out when it
// is first asked for, and belongs to one goroutine.
type orderSummary struct {
	snapshot *license.Snapshot
	previous *orderSummary // of the reading before; nil when there is none
	totals   *orderTotals
	running  **int64 // what inUse gives; nil before it was asked for
}

// orderTotals are sums over a complete list of orders.
type orderTotals struct {
	complete           bool // all orders are known
	orders             int64
	expired, destroyed int64 // licenses of orders that are isolated or ended; that are destroyed
	near, renewing     int64 // licenses of orders that end soon; of those that renew themselves
	// used are the licenses in use of normal orders by edition, nil where one of
	// them does not tell.
	used map[int64]*int64
}

func newListing(s *license.Snapshot) *orderSummary {
	l := &orderSummary{snapshot: s}
	if s.Previous != nil {
		l.previous = &orderSummary{snapshot: s.Previous}
	}
	return l
}

// isComplete says whether all orders were read.
func (l *orderSummary) isComplete() bool {
	return l.snapshot.IsRead(license.SourceOrders) && !l.snapshot.Orders.Incomplete
}

// knownOrders are all orders, or those of the reading before while the list cannot be
// read: what it explained a while ago is not unexplained now. False when neither is
// complete.
func (l *orderSummary) knownOrders(now time.Time) ([]license.Order, bool) {
	switch {
	case l.isComplete():
		return l.snapshot.Orders.List, true
	case l.previous != nil && l.snapshot.Wants(license.SourceOrders) && l.previous.isComplete() &&
		now.Sub(l.previous.snapshot.ReadAt) <= listKept:
		return l.previous.snapshot.Orders.List, true
	default:
		return nil, false
	}
}

// totalsAt adds the orders up; all are 0 where they are not known.
func (l *orderSummary) totalsAt(now time.Time) *orderTotals {
	if l.totals != nil {
		return l.totals
	}
	orders, complete := l.knownOrders(now)
	t := &orderTotals{complete: complete, orders: int64(len(orders)), used: map[int64]*int64{}}
	for i := range orders {
		t.addOrder(&orders[i], now)
	}
	l.totals = t
	return t
}

func (t *orderTotals) addOrder(o *license.Order, now time.Time) {
	licenses := licensesOf(o)
	switch {
	case hasValue(o.OrderStatus, license.OrderDestroyed):
		t.destroyed += licenses
	case hasValue(o.OrderStatus, license.OrderIsolated):
		t.expired += licenses
	case hasValue(o.OrderStatus, license.OrderNormal):
		if hasEnded(o, now) {
			t.expired += licenses
		}
		t.addNormal(o, licenses, now)
	}
}

// addNormal adds an order that is normal, though its deadline may have passed.
func (t *orderTotals) addNormal(o *license.Order, licenses int64, now time.Time) {
	if kind, ok := license.CountedEdition(o.LicenseType); ok {
		if used, seen := t.used[kind]; !seen {
			t.used[kind] = addCount(new(int64), o.UsedLicenseCnt)
		} else {
			t.used[kind] = addCount(used, o.UsedLicenseCnt)
		}
	}
	// The service may count by the hour and we count by the day: one day more at
	// either end is near as well.
	days := o.DaysLeft(now)
	if hasValue(o.LicenseType, license.LicenseTypeProPostpay) || days == nil || *days < -1 || *days > nearDays+1 {
		return
	}
	t.near += licenses
	if hasValue(o.AutoRenewFlag, license.RenewalOn) {
		t.renewing += licenses
	}
}

// inUse is how many licenses the running orders have in use; nil when that cannot
// be known.
func (l *orderSummary) inUse(now time.Time) *int64 {
	if l.running == nil {
		var used *int64
		if l.isComplete() {
			used = l.snapshot.Orders.InUse(now)
		}
		l.running = &used
	}
	return *l.running
}

// lapsedLicenses is how many licenses the orders have that have lapsed, or are gone, since
// the reading before; nil when that cannot be known. An order lapses when it ends and
// when it is isolated or destroyed, and the service may take a while to count that:
// an end counts for a day.
func (l *orderSummary) lapsedLicenses(now time.Time) *int64 {
	if l.previous == nil || !l.isComplete() || !l.previous.snapshot.IsRead(license.SourceOrders) {
		return nil
	}
	orders, before := l.snapshot.Orders.List, l.previous.snapshot.Orders.List
	here, there := placesByIdentity(orders), placesByIdentity(before)
	var lapsed int64
	for i := range before {
		o := &before[i]
		after, listed := (*license.Order)(nil), false
		for _, id := range identitiesOf(*o) {
			at, is := here[id]
			if !is {
				continue
			}
			if listed = true; at != sharedPlace && there[id] == i {
				after = &orders[at]
			}
			break
		}
		if l.hasLapsedSince(o, after, listed, now) {
			lapsed += licensesOf(o)
		}
	}
	return &lapsed
}

// hasLapsedSince says whether an order of the reading before has lapsed by now.
// after is what it is now, nil where it cannot be told which one that is.
func (l *orderSummary) hasLapsedSince(o, after *license.Order, listed bool, now time.Time) bool {
	ran := o.IsRunning(l.previous.snapshot.ReadAt)
	switch {
	case !listed:
		return ran
	case after == nil || !hasLapsed(after, now):
		return false
	case ran, hasValue(o.OrderStatus, license.OrderNormal) && !hasValue(after.OrderStatus, license.OrderNormal):
		return true
	}
	lapse, known := l.previous.snapshot.Lapses[after.Key()]
	return known && now.Sub(lapse.Seen).Abs() < 24*time.Hour
}

// fullestEdition is the edition of which the greatest share is in use, of those whose
// numbers add up; nil when there is none.
func (l *orderSummary) fullestEdition(now time.Time) (most *license.EditionUse) {
	if l.snapshot.Overview == nil {
		return nil
	}
	for _, e := range l.snapshot.Overview.EditionUse(l.totalsAt(now).used) {
		if most == nil || float64(e.Used)*float64(most.Valid) > float64(most.Used)*float64(e.Valid) {
			most = &e
		}
	}
	return most
}

func hasEnded(o *license.Order, now time.Time) bool {
	over := o.Ended(now)
	return over != nil && *over
}

func hasValue(field *int64, value int64) bool { return field != nil && *field == value }

func countOrZero(field *int64) int64 {
	if field == nil {
		return 0
	}
	return *field
}

// licensesOf is how many licenses an order has. A number beyond all sense counts
// for nothing, so that sums stay sums.
func licensesOf(o *license.Order) int64 {
	if n := countOrZero(o.LicenseCnt); n > 0 && n <= maxMeasure {
		return n
	}
	return 0
}

// addCount adds a field; nil when either is not known, or makes no sense.
func addCount(to, field *int64) *int64 {
	if to == nil || field == nil || *field < 0 || *field > maxMeasure {
		return nil
	}
	total := *to + *field
	return &total
}
