package license

import "time"

// Lapse is what is remembered of an order whose end was seen: it was isolated or
// destroyed, or its deadline passed, or it is no longer listed.
type Lapse struct {
	Seen time.Time `json:"seen"` // when the end was first seen
	// Destroyed is when it was first seen as destroyed; zero when it was not.
	Destroyed time.Time `json:"destroyed,omitzero"`
	// Used is how many of its licenses were in use before the end; nil when that
	// was not known.
	Used *int64 `json:"used,omitempty"`
	// AccountUsed is how many licenses were in use in the whole account before the
	// end; nil when that was not known.
	AccountUsed *int64 `json:"account_used,omitempty"`
	// Steady: no fewer were seen in use in the account since the end. Then the count
	// may not have been brought up to date yet.
	Steady bool `json:"steady,omitempty"`
}

// UseBefore is how many licenses were in use in the account before an order's end, by
// the last reading in which the order ran: used is the account's count, running what
// the orders had in use that ran, and order what this one had. The count may have left
// out already what the list still had. nil when it is not known.
func UseBefore(used, running, order *int64) *int64 {
	if used != nil && running != nil && order != nil && *order > 0 && *used <= *running-*order {
		return running
	}
	return used
}

// TakenOver says whether as many licenses are in use in the account as before the
// order's end; nil when that is not known. used is the account's count now, and
// running what the orders that protect have in use, which must explain a count that
// never was lower; either is nil when it is not known.
func (l Lapse) TakenOver(used, running *int64) *bool {
	if l.AccountUsed == nil || used == nil {
		return nil
	}
	over := *used >= *l.AccountUsed && (!l.Steady || running != nil && *running >= *l.AccountUsed)
	return &over
}

// unlistedLife is how long an order is remembered that was destroyed and is no longer
// listed, or may have been: much longer than anything is said about it, because its
// licenses are counted as expired for a while.
const unlistedLife = 60 * 24 * time.Hour

// After gives the reading as it is judged behind an earlier one, which becomes its
// Previous and may be nil. Twins are told apart as they were in that. One list may be
// wrong: an order that a complete list lacks is put back into it once. One that had lapsed
// is put back after that as well, and counts as destroyed: what it protected is not
// protected again because nobody lists it.
func (s *Snapshot) After(previous *Snapshot, now time.Time) Snapshot {
	after := *s
	after.Previous = previous
	if !s.Has(SourceOrders) {
		return after
	}
	var before []Order
	if previous != nil && previous.Orders != nil {
		before = previous.Orders.List
	}
	orders := *s.Orders
	orders.List = toldApart(orders.List, before, !orders.Incomplete)
	after.Orders = &orders
	if orders.Incomplete || len(before) == 0 {
		return after
	}
	isListed := listedIn(orders.List)
	orders.List = orders.List[:len(orders.List):len(orders.List)]
	for _, o := range before {
		if o.Key() == "" || isListed(o) || o.Missed > 0 && !previous.isMissed(o, now) {
			continue
		}
		if o.Missed++; o.Missed > 1 {
			o.OrderStatus = new(int64(OrderDestroyed))
		}
		orders.List = append(orders.List, o)
	}
	return after
}

// listedIn says of orders of another reading whether they are in the list. Either of the
// readings may have left out the LicenseId.
func listedIn(orders []Order) func(Order) bool {
	// the latter by name: some have a LicenseId, some have none
	listed, numbered, unnumbered := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, order := range orders {
		listed[order.Key()] = true
		if order.LicenseId != nil {
			numbered[order.Name()] = true
		} else {
			unnumbered[order.Name()] = true
		}
	}
	return func(order Order) bool {
		switch name := order.Name(); {
		case listed[order.Key()]:
			return true
		case order.LicenseId != nil:
			return unnumbered[name]
		default:
			return numbered[name]
		}
	}
}

// isMissed says whether an order of this reading still matters although it is no longer
// listed: it has lapsed, and machines may have used it.
func (s *Snapshot) isMissed(o Order, now time.Time) bool {
	lapse, known := s.Lapses[o.Key()]
	used := lapse.Used
	if !known && o.IsRunning(s.ReadAt) {
		used = o.UsedLicenseCnt
	}
	switch over := o.Ended(now); {
	case used != nil && *used == 0, o.OrderStatus == nil:
		return false
	case *o.OrderStatus == OrderNormal:
		return over != nil && *over
	case *o.OrderStatus == OrderDestroyed:
		return !lapse.Destroyed.IsZero() && now.Sub(lapse.Destroyed) < unlistedLife
	default:
		return *o.OrderStatus == OrderIsolated
	}
}
