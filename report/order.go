package report

import (
	"cmp"
	"strings"
	"time"

	"licensewatch/license"
)

// Order is what ends: an order of CWPP, or container security.
type Order struct {
	Account string // its label
	ID      string // the account's
	Site    license.Site
	Record  string
	Name    string // its subject, as findings have it; "tcss" for container security
	// Key tells it apart within the account, in all records.
	Key     string
	Alias   string
	Owner   string
	Edition Edition
	// LicenseType is the API's; nil for container security, and where it is not known.
	LicenseType *int64
	Resource    string // the resource's id; empty when it tells none
	// Licenses and InUse are licenses, of container security cores; nil when not known.
	Licenses, InUse *int64
	// UsedBefore is how many were in use when it last ran, where it is over; nil: not known.
	UsedBefore *int64
	Begin, End time.Time // zero: not known
	Renewal    Renewal
	State      OrderState
	// IsBought: it was paid for, so that it can be renewed; a trial or gift cannot.
	IsBought bool
	// Machines are those that hang on it; nil: not read.
	Machines *license.BoundMachines
	// MachineNames are the names of all of them, as far as there is room; nil: where there is
	// none, Machines has the first.
	MachineNames []string
	// Moves are how often its end moved in the records, MovedBack those to an earlier day.
	Moves, MovedBack int
	LastMove         time.Time
	LatestEnd        time.Time // the latest that any record has
}

// Renewal is what happens at the end.
type Renewal string

// The renewals.
const (
	RenewsItself   Renewal = "renews"
	NotRenewed     Renewal = "ends"
	RenewalUnknown Renewal = "unknown"
)

// OrderState is where an order stands.
type OrderState string

// The states.
const (
	StateRuns     OrderState = "runs"
	StateIsolated OrderState = "isolated" // over, and kept for a while
	StateEnded    OrderState = "ended"    // over, and not yet said to be isolated
	StateGone     OrderState = "gone"     // destroyed, or listed no more
	StateUnknown  OrderState = "unknown"
)

// Compare orders by end, then by account and name; one without an end comes last.
func (o *Order) Compare(other *Order) int {
	if o.End.IsZero() != other.End.IsZero() {
		if o.End.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(o.End.Compare(other.End), strings.Compare(o.Account, other.Account),
		strings.Compare(o.Name, other.Name))
}

// DaysLeft are the calendar days to its end, in now's zone.
func (o *Order) DaysLeft(now time.Time) int { return license.DaysLeft(o.End, now) }

// IsOver says whether it has ended, and can still be renewed.
func (o *Order) IsOver() bool { return o.State == StateIsolated || o.State == StateEnded }

// Ends says whether it ends by that time without renewing itself, as far as is known.
func (o *Order) Ends(by time.Time) bool {
	return o.State == StateRuns && o.Renewal != RenewsItself && !o.End.IsZero() && !o.End.After(by)
}

// MayEnd says whether it is not known if it ends by that time without renewing itself.
func (o *Order) MayEnd(by time.Time) bool {
	switch o.State {
	case StateRuns:
		return o.Renewal != RenewsItself && o.End.IsZero()
	case StateUnknown:
		return !o.End.After(by)
	default:
		return false
	}
}

// Losing is how many machines lose their edition when it ends, as far as is known.
func (o *Order) Losing() int64 {
	if o.Edition == Containers || o.InUse == nil {
		return 0
	}
	if o.Licenses != nil {
		return min(*o.InUse, *o.Licenses)
	}
	return *o.InUse
}

// countMachines counts those that hang on it: as they were read, or the licenses in use.
func (o *Order) countMachines() *int64 {
	if o.Machines != nil {
		return &o.Machines.Count
	}
	return o.InUse
}

// idleLicenses is how many of its licenses hang on machines that are stopped or gone; nil when not known.
func (o *Order) idleLicenses() *int64 {
	if o.Machines == nil {
		return nil
	}
	return o.Machines.Idle
}

// neededLicenses is how many licenses are in use on machines that run; nil when not known how many are
// in use, or where it does not run.
func (o *Order) neededLicenses() *int64 {
	if o.InUse == nil || o.State != StateRuns {
		return nil
	}
	needed := *o.InUse
	if idle := o.idleLicenses(); idle != nil {
		needed = max(0, needed-*idle)
	}
	return &needed
}

// toRenew is how many licenses to renew: those needed, or what was in use where it is over.
func (o *Order) toRenew() *int64 {
	switch {
	case !o.IsOver():
		return o.neededLicenses()
	case o.InUse != nil && *o.InUse > 0: // not yet isolated
		return o.InUse
	default:
		return o.UsedBefore
	}
}

// renewableUntil is when it can no more be renewed; zero: not known.
func (o *Order) renewableUntil() time.Time {
	switch {
	case !o.IsOver():
		return o.End
	case o.Edition == Containers || o.End.IsZero():
		return time.Time{}
	default:
		return o.End.AddDate(0, 0, license.IsolationDays)
	}
}

// Months is the order's term in months, to the nearest; 12 where it is not known.
func (o *Order) Months() int {
	if o.Begin.IsZero() || !o.End.After(o.Begin) {
		return 12
	}
	const month = 30.44 * 24
	return max(1, int(o.End.Sub(o.Begin).Hours()/month+.5))
}

// newOrder is an order of a reading.
func newOrder(o *license.Order, subject string, at time.Time) Order {
	edition, _ := EditionOf(o.LicenseType)
	row := Order{Name: subject, Key: o.Key(), Owner: ownerOf(o.Tags), Edition: edition, LicenseType: o.LicenseType,
		Licenses: countOf(o.LicenseCnt), InUse: countOf(o.UsedLicenseCnt), Renewal: RenewalUnknown, State: StateUnknown,
		IsBought: o.SourceType == nil || *o.SourceType == license.SourceTypePaid}
	if o.Alias != nil {
		row.Alias = *o.Alias
	}
	if o.ResourceId != nil {
		row.Resource = *o.ResourceId
	}
	row.End, _ = o.DeadlineTime()
	if o.BuyTime != nil {
		row.Begin, _ = license.ParseTime(*o.BuyTime)
	}
	if o.OrderStatus != nil {
		row.State = map[int64]OrderState{license.OrderNormal: StateRuns, license.OrderIsolated: StateIsolated,
			license.OrderDestroyed: StateGone}[*o.OrderStatus]
	}
	switch over := o.Ended(at); {
	case row.State == "":
		row.State = StateUnknown
	case row.State == StateRuns && over != nil && *over:
		row.State = StateEnded
	}
	row.Renewal = renewalOf(o.AutoRenewFlag)
	return row
}

func renewalOf(flag *int64) Renewal {
	switch {
	case flag == nil:
		return RenewalUnknown
	case *flag == license.RenewalOn:
		return RenewsItself
	case *flag == license.RenewalOff, *flag == license.RenewalNotSet:
		return NotRenewed
	default:
		return RenewalUnknown
	}
}

func countOf(n *int64) *int64 {
	if n == nil || *n < 0 {
		return nil
	}
	return n
}

// ownerOf is who looks after an order, by the tags that the built-in rules take.
func ownerOf(tags []license.Tag) string {
	for _, key := range []string{"owner", "负责人", "team"} {
		for _, tag := range tags {
			if tag.TagKey == key && tag.TagValue != "" {
				return tag.TagValue
			}
		}
	}
	return ""
}

// containers is container security as an order; false where it has no end.
func containers(p *license.PurchaseState, at time.Time) (Order, bool) {
	if p == nil || p.State == nil {
		return Order{}, false
	}
	row := Order{Name: "tcss", Key: "tcss", Edition: Containers, Licenses: countOf(p.AuthorizedCoresCnt),
		InUse: countOf(p.CoresCnt), State: StateUnknown, Renewal: renewalOf(p.AutomaticRenewal)}
	row.End, _ = p.ExpirationDate()
	if p.BeginTime != nil {
		row.Begin, _ = license.ParseTime(*p.BeginTime)
	}
	switch *p.State {
	case license.StateTrial:
		row.Licenses, row.Renewal = countOf(p.TrialCoresCnt), NotRenewed
		row.State = StateRuns
	case license.StatePro:
		row.State, row.IsBought = StateRuns, true
	case license.StateExpired:
		row.State, row.IsBought = StateIsolated, true
		if p.Destroyed() {
			row.State = StateGone
		}
	case license.StateTrialOver:
		row.State = StateGone
	default:
		return Order{}, false
	}
	if row.State == StateRuns && !row.End.IsZero() && !row.End.After(at) {
		row.State = StateEnded
	}
	return row, row.State == StateRuns || !row.End.IsZero()
}
