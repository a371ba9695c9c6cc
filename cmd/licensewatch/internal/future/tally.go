package future

import (
	"time"

	"licensewatch/license"
)

// tally is what orders contribute to the counts of the overview and of the machines.
type tally struct {
	all, valid, expired, near, used, free, destroyed int64
	ending                                           int64 // machines of what ends soon

	licenses, unused, machines [editions]int64 // of valid orders, by edition
}

// The editions that the overview counts by themselves.
const (
	pro = iota
	ultimate
	lightweight
	editions
)

// editionOf is where the overview counts an order of the type; false when it
// does not.
func editionOf(licenseType int64) (edition int, ok bool) {
	switch licenseType {
	case license.LicenseTypePro, license.LicenseTypeProSecCenter:
		return pro, true
	case license.LicenseTypeUltimate, license.LicenseTypeUltimateSecCenter:
		return ultimate, true
	case license.LicenseTypeLightweight:
		return lightweight, true
	default:
		return 0, false
	}
}

// tallyOf is what the order contributes at a time. One that never ends always
// contributes the same, which is left out.
func tallyOf(o license.Order, at time.Time) tally {
	if !isDated(o) {
		return tally{}
	}
	deadline, _ := o.DeadlineTime()
	licenses, used := licensesOf(o)
	switch {
	case *o.OrderStatus == license.OrderDestroyed:
		return tally{destroyed: 1}
	case *o.OrderStatus != license.OrderNormal, !deadline.After(at):
		return tally{all: licenses, expired: licenses}
	}
	t := tally{all: licenses, valid: licenses, used: used, free: licenses - used}
	if !deadline.Add(-nearExpiry).After(at) {
		t.near, t.ending = licenses, used
	}
	if edition, ok := editionOf(*o.LicenseType); ok {
		t.licenses[edition], t.unused[edition], t.machines[edition] = licenses, licenses-used, used
	}
	return t
}

func (t tally) plus(other tally) tally {
	t.all += other.all
	t.valid += other.valid
	t.expired += other.expired
	t.near += other.near
	t.used += other.used
	t.free += other.free
	t.destroyed += other.destroyed
	t.ending += other.ending
	for i := range editions {
		t.licenses[i] += other.licenses[i]
		t.unused[i] += other.unused[i]
		t.machines[i] += other.machines[i]
	}
	return t
}

func (t tally) minus(other tally) tally {
	var negative tally
	negative.all, negative.valid = -other.all, -other.valid
	negative.expired, negative.near = -other.expired, -other.near
	negative.used, negative.free = -other.used, -other.free
	negative.destroyed, negative.ending = -other.destroyed, -other.ending
	for i := range editions {
		negative.licenses[i], negative.unused[i], negative.machines[i] = -other.licenses[i], -other.unused[i],
			-other.machines[i]
	}
	return t.plus(negative)
}

// addTo moves the overview's counts by the tally.
func (t tally) addTo(o *license.Overview) {
	for count, delta := range map[**int64]int64{
		&o.LicenseCnt:           t.all,
		&o.NotExpiredLicenseCnt: t.valid,
		&o.ExpireLicenseCnt:     t.expired,
		&o.NearExpiryLicenseCnt: t.near,
		&o.UsedLicenseCnt:       t.used,
		&o.AvailableLicenseCnt:  t.free,
		&o.DestroyOrderNum:      t.destroyed,

		&o.ProVersionLicenseCnt:      t.licenses[pro],
		&o.FlagshipVersionLicenseCnt: t.licenses[ultimate],
		&o.CwpVersionLicenseCnt:      t.licenses[lightweight],

		&o.AvailableProVersionLicenseCnt:      t.unused[pro],
		&o.AvailableFlagshipVersionLicenseCnt: t.unused[ultimate],
		&o.AvailableLHLicenseCnt:              t.unused[lightweight],
		&o.ApplicationAvailableLicenseCnt:     t.unused[ultimate],
	} {
		if *count != nil && delta != 0 {
			sum := max(0, **count+delta)
			*count = &sum
		}
	}
}
