package rules

import (
	"time"

	"licensewatch/license"
)

// readings is what the expressions of a rule can read: the snapshot, and one of
// its orders for a rule that judges each order.
type readings struct {
	snapshot *license.Snapshot
	order    *license.Order
	now      time.Time
	before   *readings       // the same of the previous reading, with the same now; nil when there is none
	summary  *orderSummary   // the orders together
	deadline *cachedDeadline // of the order; nil: it is worked out each time
}

// cachedDeadline is an order's, read once however many rules ask for it.
type cachedDeadline struct {
	at       time.Time
	ok, read bool
}

// orderDeadline is when the order ends; false when that is not known.
func (r *readings) orderDeadline() (time.Time, bool) {
	if r.deadline == nil {
		return r.order.DeadlineTime()
	}
	if !r.deadline.read {
		r.deadline.at, r.deadline.ok = r.order.DeadlineTime()
		r.deadline.read = true
	}
	return r.deadline.at, r.deadline.ok
}

// orderDaysLeft is license.Order.DaysLeft.
func (r *readings) orderDaysLeft() any {
	deadline, ok := r.orderDeadline()
	if !ok {
		return nil
	}
	return int64(license.DaysLeft(deadline, r.now))
}

// orderEnded is license.Order.Ended.
func (r *readings) orderEnded() any {
	deadline, ok := r.orderDeadline()
	if !ok {
		return nil
	}
	return !r.now.Before(deadline)
}
