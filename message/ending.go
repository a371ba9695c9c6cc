package message

import (
	"slices"
	"time"

	"licensewatch/license"
)

// endingOrder is an order with the time it ends, or has ended.
type endingOrder struct {
	order    *license.Order
	deadline time.Time
	isOver   bool
}

// endingOrders are the orders that are still to end, and those that have ended and
// were neither renewed nor isolated, soonest first: so many of them. Deadlines are in the
// zone of the time.
func endingOrders(s *license.Snapshot, at time.Time, most int) []endingOrder {
	if !s.Has(license.SourceOrders) {
		return nil
	}
	var ending []endingOrder
	for i := range s.Orders.List {
		o := &s.Orders.List[i]
		deadline, ok := o.DeadlineTime()
		if !ok || o.IsLapsed() {
			continue
		}
		place := len(ending)
		for place > 0 && deadline.Before(ending[place-1].deadline) {
			place--
		}
		if place < most {
			deadline = deadline.In(at.Location())
			ending = slices.Insert(ending, place, endingOrder{o, deadline, !deadline.After(at)})
			ending = ending[:min(most, len(ending))]
		}
	}
	return ending
}
