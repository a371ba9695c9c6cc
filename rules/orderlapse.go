package rules

import (
	"time"

	"licensewatch/license"
)

// rememberedLapse is what was remembered of the order's end before this reading.
func (r *readings) rememberedLapse() (license.Lapse, bool) {
	key := r.order.Key()
	if r.before == nil || key == "" {
		return license.Lapse{}, false
	}
	l, ok := r.before.snapshot.Lapses[key]
	return l, ok
}

// hasLapsed says whether the order protects no more; false also when that is not
// known.
func (r *readings) hasLapsed() bool { return hasLapsed(r.order, r.now) }

func hasLapsed(o *license.Order, now time.Time) bool {
	return hasValue(o.OrderStatus, license.OrderIsolated) || hasValue(o.OrderStatus, license.OrderDestroyed) ||
		hasValue(o.OrderStatus, license.OrderNormal) && hasEnded(o, now)
}

// wasRunning says whether the order protected in the previous reading.
func (r *readings) wasRunning() bool {
	return r.before != nil && r.before.order != nil && r.before.order.IsRunning(r.before.snapshot.ReadAt)
}

// lapsedUse is how many licenses of an order that protects no more were in use
// before its end: the service unbinds them then. nil when that is not known, and
// for an order that runs.
func (r *readings) lapsedUse() *int64 {
	if !r.hasLapsed() {
		return nil
	}
	if used := r.order.UsedLicenseCnt; used != nil && *used > 0 {
		return used
	}
	if l, ok := r.rememberedLapse(); ok {
		return l.Used
	}
	if r.wasRunning() || r.before != nil && r.before.order != nil && countOrZero(r.before.order.UsedLicenseCnt) > 0 {
		return r.before.order.UsedLicenseCnt
	}
	return nil
}

// machineCount is how many machines use the order, or used it before its end; nil when
// that is not known.
func (r *readings) machineCount() *int64 {
	if r.hasLapsed() {
		if used := r.lapsedUse(); used != nil {
			return used
		}
		if bound := r.boundMachines(); bound != nil {
			return &bound.Count
		}
		return nil
	}
	if !hasValue(r.order.OrderStatus, license.OrderNormal) && countOrZero(r.order.UsedLicenseCnt) == 0 {
		return nil
	}
	return r.order.UsedLicenseCnt
}

// takenOver says whether as many licenses are in use in the account again as
// before the order's end; nil when that is not known, and for an order that runs.
func (r *readings) takenOver() *bool {
	if !r.hasLapsed() || !r.snapshot.IsRead(license.SourceOverview) || r.snapshot.Overview.UsedLicenseCnt == nil {
		return nil
	}
	used, l := r.snapshot.Overview.UsedLicenseCnt, license.Lapse{}
	if known, ok := r.rememberedLapse(); ok {
		l = known
	} else if r.wasRunning() {
		running := r.before.summary.inUse(r.before.snapshot.ReadAt)
		l.AccountUsed, l.Steady = license.UseBefore(r.before.accountUsed(), running, r.before.order.UsedLicenseCnt),
			true
	}
	return l.TakenOver(used, r.summary.inUse(r.now))
}

// accountUsed is how many licenses the account had in use when the orders of this
// reading were read; nil when that is not known.
func (r *readings) accountUsed() *int64 {
	if s := r.snapshot; s.OrdersUsed != nil || !s.IsRead(license.SourceOverview) {
		return s.OrdersUsed
	}
	return r.snapshot.Overview.UsedLicenseCnt
}

// destroyedDaysAgo counts the calendar days since the order was first seen as
// destroyed; nil when it is not, or when that is not known.
func (r *readings) destroyedDaysAgo() *int64 {
	if !hasValue(r.order.OrderStatus, license.OrderDestroyed) || r.before == nil {
		return nil
	}
	l, remembered := r.rememberedLapse()
	if !l.Destroyed.IsZero() {
		days := int64(license.DaysLeft(r.now, l.Destroyed.In(r.now.Location())))
		return &days
	}
	earlier := r.before.order
	changed := earlier != nil && earlier.OrderStatus != nil && !hasValue(earlier.OrderStatus, license.OrderDestroyed)
	if changed || earlier == nil && remembered {
		return new(int64)
	}
	return nil
}

// orderMachines is a finding's number of machines where its rule has no other.
var orderMachines = fieldNode{originOrder.findField("Machines")}
