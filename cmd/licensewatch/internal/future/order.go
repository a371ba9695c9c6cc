package future

import (
	"time"

	"licensewatch/license"
)

// isDated says whether the order can end: its kind, its state and its end are
// known, and it is not pay as you go.
func isDated(o license.Order) bool {
	_, ok := o.DeadlineTime()
	return ok && o.OrderStatus != nil && o.LicenseType != nil && *o.LicenseType != license.LicenseTypeProPostpay
}

// renewsItself says whether the order is valid and goes on at its end.
func renewsItself(o license.Order) bool {
	return o.OrderStatus != nil && *o.OrderStatus == license.OrderNormal && o.AutoRenewFlag != nil &&
		*o.AutoRenewFlag == license.RenewalOn
}

// transitions are the instants at which the order, as it is, changes.
func transitions(o license.Order) []time.Time {
	if !isDated(o) {
		return nil
	}
	deadline, _ := o.DeadlineTime()
	switch *o.OrderStatus {
	case license.OrderNormal:
		return []time.Time{deadline.Add(-nearExpiry), deadline}
	case license.OrderIsolated:
		return []time.Time{deadline.Add(Isolation)}
	default:
		return nil
	}
}

// lapseOrder is what passing time makes of the order between two instants.
func lapseOrder(o license.Order, from, at time.Time) (then license.Order, changed bool) {
	if !isDated(o) {
		return o, false
	}
	deadline, _ := o.DeadlineTime()
	switch end := deadline.Add(Isolation); {
	case *o.OrderStatus == license.OrderNormal && !deadline.After(at):
		if renewsItself(o) {
			return renewOrder(o, firstEndAfter(deadline, termOf(o.BuyTime, deadline), at)), true
		}
		if o.UsedLicenseCnt != nil {
			o.UsedLicenseCnt = new(int64)
		}
		o = withStatus(o, license.OrderIsolated)
		if !end.After(at) {
			o = withStatus(o, license.OrderDestroyed)
		}
		return o, true
	case *o.OrderStatus == license.OrderIsolated && end.After(from) && !end.After(at):
		if o.UsedLicenseCnt != nil {
			o.UsedLicenseCnt = new(int64)
		}
		return withStatus(o, license.OrderDestroyed), true
	default:
		return o, false
	}
}

// renewOrder is the order with another end, valid again.
func renewOrder(o license.Order, deadline time.Time) license.Order {
	if old, ok := o.DeadlineTime(); ok && o.BuyTime != nil {
		o.BuyTime = formatTime(deadline.Add(-termOf(o.BuyTime, old)))
	}
	o.Deadline = formatTime(deadline)
	return withStatus(o, license.OrderNormal)
}

// Values of Order.LicenseStatus.
const (
	statusUnused int64 = iota
	statusPartlyUsed
	statusUsedUp
	statusUnavailable
)

func withStatus(o license.Order, status int64) license.Order {
	o.OrderStatus = &status
	if o.LicenseStatus == nil {
		return o
	}
	licenses, used := licensesOf(o)
	is := statusPartlyUsed
	switch {
	case status != license.OrderNormal:
		is = statusUnavailable
	case used == 0:
		is = statusUnused
	case used >= licenses:
		is = statusUsedUp
	}
	o.LicenseStatus = &is
	return o
}

// licensesOf are the licenses of the order and how many of them are in use; what is not
// known counts as none.
func licensesOf(o license.Order) (licenses, used int64) {
	if o.LicenseCnt != nil {
		licenses = max(0, *o.LicenseCnt)
	}
	if o.UsedLicenseCnt != nil {
		used = min(licenses, max(0, *o.UsedLicenseCnt))
	}
	return licenses, used
}

// termOf is how long something lasts that began and ends so.
func termOf(began *string, ends time.Time) time.Duration {
	if began == nil {
		return usualTerm
	}
	start, ok := license.ParseTime(*began)
	if !ok || ends.Sub(start) < shortestTerm {
		return usualTerm
	}
	return ends.Sub(start)
}

// firstEndAfter is the first end after the instant, in steps of the term.
func firstEndAfter(end time.Time, term time.Duration, at time.Time) time.Time {
	for !end.After(at) {
		end = end.Add(term)
	}
	return end
}

// formatTime is a time as the API writes it.
func formatTime(t time.Time) *string {
	text := t.In(license.APIZone).Format(time.DateTime)
	return &text
}
