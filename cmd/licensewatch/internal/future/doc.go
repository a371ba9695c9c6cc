// Package future says what an account looks like later, if nobody does anything
// but the renewals that are named.
//
// The model, for what has an end:
//
//   - An order that is not pay as you go and whose Deadline has passed renews
//     itself when AutoRenewFlag is 1: Deadline and BuyTime move on by its own
//     term (Deadline − BuyTime, else 365 days), as often as needed. Any other is
//     isolated (OrderStatus 2), its licenses are unbound at once, and it is
//     destroyed (3) when Isolation is over. One that is renewed while it is
//     isolated stays without machines: nobody binds them again.
//   - A trial of container security (State 2) is over (1) at ExpirationTime. The
//     Pro edition (3) renews itself when AutomaticRenewal is 1, by its own term
//     (ExpirationTime − BeginTime, else 365 days); else it works for Grace longer,
//     and is then expired (4) and isolated. When that is destroyed is not known:
//     it stays so.
//   - The counts of the overview move with the orders, from what was read:
//     which licenses end within 15 days, which have expired, which are valid, in
//     use and free, by edition. They are never counted anew, because they need
//     not add up; one that is not known stays so, and none falls below 0.
//
// Everything else stays as it was read: machines, cores, switches, what failed.
// What was isolated for longer than Isolation when it was read stays isolated.
// An order whose kind or state is not known is left alone.
package future

import (
	"time"

	"licensewatch/license"
)

// Isolation is how long an order is kept after its end before it is destroyed.
const Isolation = license.IsolationDays * 24 * time.Hour

// Grace is how long the Pro edition of container security works after its end.
const Grace = 5 * 24 * time.Hour

const (
	// nearExpiry is how long before its end a license counts as near it; that is
	// how DescribeLicenseGeneral counts.
	nearExpiry = 15 * 24 * time.Hour
	// usualTerm is the term of what does not say its own.
	usualTerm = 365 * 24 * time.Hour
	// shortestTerm is the least that can be one.
	shortestTerm = 24 * time.Hour
)
