package report

import "licensewatch/license"

// addOrders adds what ends of an account, and what ended and is listed no more.
func (b *Builder) addOrders(g *Gatherer) {
	s := &g.newest.Snapshot
	add := func(row Order) {
		row.Account, row.ID, row.Site, row.Record = g.account.Label(), g.account.ID, g.account.Site, g.newest.Record
		row.LatestEnd = row.End
		if h := g.orders[row.Key]; h != nil {
			row.Moves, row.MovedBack, row.LastMove, row.LatestEnd = h.moves, h.back, h.moved, h.latest
			if row.IsOver() {
				row.UsedBefore = h.used
			}
			delete(g.orders, row.Key)
		}
		b.report.Orders = append(b.report.Orders, row)
		b.addGap(&row)
	}
	if s.Orders != nil {
		subjects := license.Subjects(s.Orders.List)
		for i := range s.Orders.List {
			o := &s.Orders.List[i]
			if !isPrepaid(o) && o.LicenseType != nil {
				continue // it has no end
			}
			row := newOrder(o, subjects[i], s.ReadAt)
			b.addBoundMachines(&row, s.Bindings.Of(o))
			add(row)
		}
	}
	if row, ok := containers(s.PurchaseState, s.ReadAt); ok {
		add(row)
	}
	if s.Orders == nil || s.Orders.Incomplete {
		return // who is not in such a list is not gone
	}
	for key, h := range g.orders {
		if key != "tcss" {
			add(Order{Name: nameOfKey(key), Key: key, Edition: OtherEdition, End: h.end, State: StateGone,
				Renewal: RenewalUnknown})
		}
	}
}

// Bounds of the machines' names, in bytes.
const (
	mostNamesOfOrder = 30_000  // as a cell of a workbook holds
	mostNames        = 2 << 20 // of all orders
)

// addBoundMachines adds the machines that hang on an order.
func (b *Builder) addBoundMachines(row *Order, binding *license.Binding) {
	row.Machines = binding.Summary()
	if row.Machines == nil || int64(len(row.Machines.Names)) == row.Machines.Count {
		return
	}
	names, size := binding.MachineNames(), 0
	for i, name := range names {
		if size+len(name) > mostNamesOfOrder {
			names = names[:i]
			break
		}
		size += len(name) + len(", ")
	}
	if b.names+size <= mostNames {
		b.names += size
		row.MachineNames = names
	}
}

// nameOfKey is what people call an order of which only its key is left.
func nameOfKey(key string) string {
	for i := range key {
		if key[i] == '#' && i > 0 {
			return key[:i]
		}
	}
	return key
}
