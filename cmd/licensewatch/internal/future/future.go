package future

import (
	"slices"
	"time"

	"licensewatch/license"
)

// At is the snapshot as it would be read at the time t, with the renewals of the
// plan. A t before the snapshot's own time gives the snapshot itself. Looking
// ahead in several steps gives the same as doing it in one. The snapshot is only
// read; what does not change is shared with the result.
func At(s license.Snapshot, t time.Time, plan []Renewal) license.Snapshot {
	if t.Before(s.ReadAt) {
		return s
	}
	a := account{s, plan}
	a.advanceTo(s.ReadAt)
	all := func(bool) bool { return true }
	for next, ok := a.nextChange(all); ok && !next.After(t); next, ok = a.nextChange(all) {
		a.advanceTo(next)
	}
	a.ReadAt = t
	a.stepBindings()
	return a.Snapshot
}

// Next is when the account changes next after the snapshot's time; false when it
// never does again.
func Next(s license.Snapshot, plan []Renewal) (time.Time, bool) {
	a := account{s, plan}
	a.advanceTo(s.ReadAt)
	return a.nextChange(func(bool) bool { return true })
}

// Settles says whether all that still changes is what renews itself over and
// over, and how long the longest of its terms is.
func Settles(s license.Snapshot, plan []Renewal) (longest time.Duration, ok bool) {
	a := account{s, plan}
	a.advanceTo(s.ReadAt)
	if _, changes := a.nextChange(func(renewsItself bool) bool { return !renewsItself }); changes {
		return 0, false
	}
	if a.Orders != nil {
		for _, o := range a.Orders.List {
			if deadline, _ := o.DeadlineTime(); isDated(o) && renewsItself(o) {
				longest = max(longest, termOf(o.BuyTime, deadline))
			}
		}
	}
	if a.PurchaseState != nil && purchaseRenewsItself(*a.PurchaseState) {
		end, _ := a.PurchaseState.ExpirationDate()
		longest = max(longest, termOf(a.PurchaseState.BeginTime, end))
	}
	return longest, true
}

// account is a snapshot on its way. Its ReadAt is how far it has come.
type account struct {
	license.Snapshot

	plan []Renewal
}

// nextChange is the first instant after ReadAt at which something changes that counts,
// by whether it renews itself.
func (a *account) nextChange(counts func(renewsItself bool) bool) (first time.Time, ok bool) {
	consider := func(instants ...time.Time) {
		for _, t := range instants {
			if t.After(a.ReadAt) && (!ok || t.Before(first)) {
				first, ok = t, true
			}
		}
	}
	for _, r := range a.plan {
		consider(r.At)
	}
	if a.Orders != nil {
		for _, o := range a.Orders.List {
			if counts(renewsItself(o)) {
				consider(transitions(o)...)
			}
		}
	}
	if p := a.PurchaseState; p != nil && counts(purchaseRenewsItself(*p)) {
		consider(purchaseTurns(*p)...)
	}
	return first, ok
}

// advanceTo brings the account to an instant before which nothing changes.
func (a *account) advanceTo(at time.Time) {
	a.stepOrders(at)
	a.stepPurchase(at)
	a.ReadAt = at
}

func (a *account) stepOrders(at time.Time) {
	if a.Orders == nil {
		return
	}
	var delta tally
	var list []license.Order // nil: nothing has changed
	for i, o := range a.Orders.List {
		then, changed := a.orderAt(o, at)
		delta = delta.plus(tallyOf(then, at)).minus(tallyOf(o, a.ReadAt))
		if !changed {
			continue
		}
		if list == nil {
			list = slices.Clone(a.Orders.List)
		}
		list[i] = then
	}
	if list != nil {
		orders := *a.Orders
		orders.List, a.Orders = list, &orders
	}
	if a.Overview != nil && delta != (tally{}) {
		overview := *a.Overview
		delta.addTo(&overview)
		a.Overview = &overview
	}
	if a.Machines != nil && delta != (tally{}) {
		machines := *a.Machines
		delta.addMachines(&machines)
		a.Machines = &machines
	}
}

// orderAt is what becomes of the order by the instant.
func (a *account) orderAt(o license.Order, at time.Time) (then license.Order, changed bool) {
	for _, r := range a.plan {
		if r.isDue(a.ReadAt, at) && r.isFor(o) && r.changes(o) {
			o, changed = renewOrder(o, r.Deadline), true
		}
	}
	ended, over := lapseOrder(o, a.ReadAt, at)
	return ended, changed || over
}

func (a *account) stepPurchase(at time.Time) {
	if a.PurchaseState == nil || a.PurchaseState.State == nil {
		return
	}
	p, changed := *a.PurchaseState, false
	for _, r := range a.plan {
		if r.isDue(a.ReadAt, at) && r.ID == TCSS && r.helpsPurchase(p) {
			p, changed = purchaseEdition(p, r), true
		}
	}
	if p, over := purchaseLapsed(p, at); changed || over {
		a.PurchaseState = &p
	}
}
