package future

import (
	"time"

	"licensewatch/license"
)

// purchaseRenewsItself says whether the Pro edition is valid and goes on at its
// end.
func purchaseRenewsItself(p license.PurchaseState) bool {
	return p.State != nil && *p.State == license.StatePro && p.AutomaticRenewal != nil &&
		*p.AutomaticRenewal == license.RenewalOn
}

// purchaseTurns are the instants at which container security, as it is, changes.
func purchaseTurns(p license.PurchaseState) []time.Time {
	end, ok := p.ExpirationDate()
	switch {
	case !ok || p.State == nil:
		return nil
	case *p.State == license.StateTrial:
		return []time.Time{end}
	case *p.State == license.StatePro && !purchaseRenewsItself(p):
		return []time.Time{end, end.Add(Grace)}
	case *p.State == license.StatePro:
		return []time.Time{end}
	default:
		return nil
	}
}

// purchaseLapsed is what passing time makes of container security by an instant.
// Its State is known.
func purchaseLapsed(p license.PurchaseState, at time.Time) (then license.PurchaseState, changed bool) {
	end, ok := p.ExpirationDate()
	if !ok {
		return p, false
	}
	switch {
	case *p.State == license.StateTrial && !end.After(at):
		return withState(p, license.StateTrialOver, ""), true
	case purchaseRenewsItself(p) && !end.After(at):
		return withEnd(p, firstEndAfter(end, termOf(p.BeginTime, end), at)), true
	case *p.State == license.StatePro && !purchaseRenewsItself(p) && !end.Add(Grace).After(at):
		return withState(p, license.StateExpired, license.SubStateIsolated), true
	default:
		return p, false
	}
}

// purchaseEdition is container security that somebody has bought, or renewed.
func purchaseEdition(p license.PurchaseState, r Renewal) license.PurchaseState {
	if *p.State != license.StatePro {
		p.BeginTime, p.ExpirationTime = formatTime(r.At), formatTime(r.Deadline)
		return withState(p, license.StatePro, license.SubStateNormal)
	}
	return withEnd(p, r.Deadline)
}

// withEnd is the edition with another end; its term stays.
func withEnd(p license.PurchaseState, end time.Time) license.PurchaseState {
	if old, ok := p.ExpirationDate(); ok && p.BeginTime != nil {
		p.BeginTime = formatTime(end.Add(-termOf(p.BeginTime, old)))
	}
	p.ExpirationTime = formatTime(end)
	return p
}

func withState(p license.PurchaseState, state int64, sub string) license.PurchaseState {
	p.State, p.SubState = &state, nil
	if sub != "" {
		p.SubState = &sub
	}
	return p
}
