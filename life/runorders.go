package life

import (
	"strings"
	"sync"
	"time"

	"licensewatch/license"
)

// runOrders are the orders of a run, as the records of the ledger ask for them.
type runOrders struct {
	snapshot license.Snapshot
	before   *license.Orders // the list before; nil when there was none
	lapses   lapsesByOrder
	// inUse is how many licenses the running orders have in use; nil when that is
	// not known.
	inUse func() *int64
	// directory has those that were read, by name.
	directory func() orderDirectory
}

func newRunOrders(s license.Snapshot, before *license.Orders, lapses lapsesByOrder, now time.Time) *runOrders {
	return &runOrders{
		snapshot: s, before: before, lapses: lapses,
		inUse:     sync.OnceValue(func() *int64 { return s.Orders.InUse(now) }),
		directory: sync.OnceValue(func() orderDirectory { return directoryOf(s.Orders) }),
	}
}

// orderDirectory has orders by their names, those that may be shorter apart; nil for a name of
// several.
type orderDirectory struct{ full, short map[string]*license.Order }

func directoryOf(read *license.Orders) orderDirectory {
	d := orderDirectory{make(map[string]*license.Order, len(read.List)),
		make(map[string]*license.Order, len(read.List))}
	enter := func(names map[string]*license.Order, name string, o *license.Order) {
		if _, shared := names[name]; shared {
			o = nil
		}
		names[name] = o
	}
	for i := range read.List {
		o := &read.List[i]
		enter(d.full, o.FullName(), o)
		if o.Twin == 0 {
			enter(d.short, o.Name(), o)
		}
	}
	delete(d.full, "")
	delete(d.short, "")
	return d
}

// named is Orders.Find: there are thousands of both.
func (orders *runOrders) named(subject string) *license.Order {
	o, is := orders.directory().full[subject]
	if !is {
		o, is = orders.directory().short[subject]
	}
	if is || !strings.Contains(subject, "#") {
		return o
	}
	return orders.snapshot.Orders.Find(subject)
}

// isListed says whether the subject may be the name of an order that is listed.
func (orders *runOrders) isListed(subject string) bool {
	_, isShared := orders.directory().short[subject]
	return isShared || orders.named(subject) != nil
}

// isDestroyed says whether the subject is an order that is listed as destroyed.
func (orders *runOrders) isDestroyed(subject string) bool {
	if subject == "" || !orders.snapshot.IsRead(license.SourceOrders) {
		return false
	}
	o := orders.named(subject)
	return o != nil && isDestroyed(*o)
}

// isTakenOver says whether as many licenses are in use again as before the end of
// the order with this name.
func (orders *runOrders) isTakenOver(subject string) bool {
	if !orders.snapshot.IsRead(license.SourceOrders) || !orders.snapshot.IsRead(license.SourceOverview) {
		return false
	}
	o := orders.named(subject)
	if o == nil {
		return false
	}
	lapse, used := orders.lapses[o.Key()], orders.snapshot.Overview.UsedLicenseCnt
	over := lapse.TakenOver(used, orders.inUse())
	return over != nil && *over
}

// wasMissed says whether the list before this one lacked the order already, which was
// judged all the same.
func (orders *runOrders) wasMissed(subject string) bool {
	if orders.before == nil {
		return false
	}
	o := orders.before.Find(subject)
	return o != nil && o.Missed > 0
}

func isDestroyed(o license.Order) bool {
	return o.OrderStatus != nil && *o.OrderStatus == license.OrderDestroyed
}
