package rules

import "licensewatch/license"

// boundNow are the machines that hang on the order in this reading; nil when they were not
// read, or not all of them.
func (r *readings) boundNow() *license.BoundMachines {
	if !r.snapshot.IsRead(license.SourceBindings) {
		return nil
	}
	return r.snapshot.Bindings.Of(r.order).Summary()
}

// boundMachines are the machines that hang on the order, or hung on it before its end: the
// service unbinds them then, so that those count which were remembered. nil when they are not
// known.
func (r *readings) boundMachines() *license.BoundMachines {
	bound := r.boundNow()
	if bound != nil && (bound.Count > 0 || !r.hasLapsed()) {
		return bound
	}
	remembered := r.snapshot // a reading before this one has them itself
	if r.before != nil {
		remembered = r.before.snapshot
	}
	if kept, ok := remembered.Bound[r.order.Key()]; ok && (r.before == nil || r.hasLapsed()) {
		return &kept
	}
	return nil
}

// boundAtStake are the machines that lose their edition when the order ends, or have lost it;
// nil when they are not known, when there are none, when it will renew itself, and when as many
// licenses are in use again as before.
func (r *readings) boundAtStake() *license.LosingMachines {
	renews := !r.hasLapsed() && hasValue(r.order.AutoRenewFlag, license.RenewalOn)
	if over := r.takenOver(); renews || over != nil && *over {
		return nil
	}
	bound := r.boundMachines()
	if bound == nil || bound.Count == 0 {
		return nil
	}
	return &license.LosingMachines{BoundMachines: *bound, LicenseType: r.order.LicenseType, IsLost: r.order.IsLapsed()}
}
