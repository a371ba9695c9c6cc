package life

import (
	"reflect"
	"slices"
	"time"

	"licensewatch/license"
)

// Previous is the last reading of each source that succeeded, with its time;
// nil where there was none. It must only be read.
type Previous struct {
	Overview   *license.Overview `json:"overview,omitempty"`
	OverviewAt time.Time         `json:"overview_at,omitzero"`
	Orders     *license.Orders   `json:"orders,omitempty"`
	OrdersAt   time.Time         `json:"orders_at,omitzero"`
	// OrdersUsed is how many licenses the account had in use when the orders were
	// last read completely: the overview may have been read without them since.
	OrdersUsed      *int64                 `json:"orders_used,omitempty"`
	Machines        *license.Machines      `json:"machines,omitempty"`
	MachinesAt      time.Time              `json:"machines_at,omitzero"`
	PurchaseState   *license.PurchaseState `json:"tcss,omitempty"`
	PurchaseStateAt time.Time              `json:"tcss_at,omitzero"`
}

// accountUsed is how many licenses the account had in use beside the orders; nil
// when that is not known.
func (p Previous) accountUsed() *int64 {
	if p.OrdersUsed != nil || p.Overview == nil {
		return p.OrdersUsed
	}
	return p.Overview.UsedLicenseCnt
}

// At is when the source was last read; zero where it never was.
func (p Previous) At(source license.Source) time.Time {
	return map[license.Source]time.Time{
		license.SourceOverview: p.OverviewAt, license.SourceOrders: p.OrdersAt, license.SourceMachines: p.MachinesAt,
		license.SourcePurchaseState: p.PurchaseStateAt,
	}[source]
}

// fillMissing is now with the fields of before where now does not tell them: now itself where
// it tells them all.
func fillMissing[T any](before, now *T) *T {
	if before == nil {
		return now
	}
	filled := now
	to, from := reflect.ValueOf(now).Elem(), reflect.ValueOf(before).Elem()
	for i := range to.NumField() {
		if !to.Field(i).IsZero() || from.Field(i).IsZero() {
			continue
		}
		if filled == now {
			filled = new(*now)
			to = reflect.ValueOf(filled).Elem()
		}
		to.Field(i).Set(from.Field(i))
	}
	return filled
}

// mergeOrders fills the orders of the list from those that were known before. An
// incomplete list also keeps the ones that are not in it, so that a change of
// theirs is seen when they are back.
func mergeOrders(before, now *license.Orders) *license.Orders {
	if before == nil {
		return now
	}
	known := map[string]*license.Order{}
	for i := range before.List {
		known[before.List[i].Key()] = &before.List[i]
	}
	delete(known, "")
	merged := *now
	isOurs := false // a copy only where there is something to fill: there may be thousands
	own := func() {
		if !isOurs {
			merged.List, isOurs = slices.Clone(now.List), true
		}
	}
	for i := range now.List {
		key := now.List[i].Key()
		if filled := fillMissing(known[key], &now.List[i]); filled != &now.List[i] {
			own()
			merged.List[i] = *filled
			merged.List[i].Missed = now.List[i].Missed
		}
		delete(known, key)
	}
	for _, o := range before.List {
		if now.Incomplete && known[o.Key()] != nil {
			own()
			merged.List = append(merged.List, o)
		}
	}
	return &merged
}

// snapshot is what was read, as one reading; nil where nothing was.
func (p Previous) snapshot() *license.Snapshot {
	s := license.Snapshot{ReadAt: p.OrdersAt, Overview: p.Overview, Orders: p.Orders, Machines: p.Machines,
		PurchaseState: p.PurchaseState, OrdersUsed: p.OrdersUsed}
	if s.Answers() == (license.Answers{}) {
		return nil
	}
	return &s
}

// with is what is kept once a snapshot was read. A field that is not told now keeps what
// it was when it was last told, so that a change around a gap is seen.
func (p Previous) with(s license.Snapshot) Previous {
	if s.IsRead(license.SourceOverview) {
		p.Overview, p.OverviewAt = fillMissing(p.Overview, s.Overview), s.ReadAt
	}
	if s.IsRead(license.SourceOrders) {
		p.Orders, p.OrdersAt = mergeOrders(p.Orders, s.Orders), s.ReadAt
		if p.Overview != nil && !s.Orders.Incomplete {
			p.OrdersUsed = p.Overview.UsedLicenseCnt
		}
	}
	if s.IsRead(license.SourceMachines) {
		p.Machines, p.MachinesAt = fillMissing(p.Machines, s.Machines), s.ReadAt
	}
	if s.IsRead(license.SourcePurchaseState) {
		p.PurchaseState, p.PurchaseStateAt = fillMissing(p.PurchaseState, s.PurchaseState), s.ReadAt
	}
	return p
}
