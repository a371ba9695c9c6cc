package life

import (
	"strconv"
	"time"

	"licensewatch/license"
)

// Previous is the last reading of each source that succeeded, with its time;
// nil where there was none. It must only be read.
type Previous struct {
	Overview        *license.Overview      `json:"overview,omitempty"`
	OverviewAt      time.Time              `json:"overview_at,omitzero"`
	Orders          *license.Orders        `json:"orders,omitempty"`
	OrdersAt        time.Time              `json:"orders_at,omitzero"`
	PurchaseState   *license.PurchaseState `json:"tcss,omitempty"`
	PurchaseStateAt time.Time              `json:"tcss_at,omitzero"`
}

// Previous are the readings before the next Plan, for rules about changes.
func (l *Ledger) Previous() Previous { return l.book.Previous }

// observeReadings keeps what was read now.
func (t *turn) observeReadings() {
	p, s := &t.ledger.book.Previous, t.in.Snapshot
	if isRead(s, license.SourceOverview) {
		p.Overview, p.OverviewAt = s.Overview, s.ReadAt
	}
	if isRead(s, license.SourceOrders) {
		p.Orders, p.OrdersAt = mergeOrders(p.Orders, s.Orders), s.ReadAt
	}
	if isRead(s, license.SourcePurchaseState) {
		p.PurchaseState, p.PurchaseStateAt = s.PurchaseState, s.ReadAt
	}
}

// mergeOrders adds to an incomplete list the orders that were known before and
// are not in it, so that a change of theirs is seen when they are back.
func mergeOrders(before, now *license.Orders) *license.Orders {
	if !now.Incomplete || before == nil {
		return now
	}
	merged := *now
	merged.List = append([]license.Order{}, now.List...)
	listed := map[string]bool{}
	for _, o := range now.List {
		listed[orderKey(o)] = true
	}
	for _, o := range before.List {
		if key := orderKey(o); key != "" && !listed[key] {
			merged.List = append(merged.List, o)
		}
	}
	return &merged
}

// orderKey tells orders apart; empty for an order that tells none of its ids.
func orderKey(o license.Order) string {
	var key string
	if o.ResourceId != nil {
		key = *o.ResourceId
	}
	if o.LicenseId != nil {
		key += "#" + strconv.FormatInt(*o.LicenseId, 10)
	}
	return key
}
