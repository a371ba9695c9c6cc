package license

import (
	"strconv"
	"strings"
	"time"
)

// Order is one entry of cwp DescribeLicenseList. A field is nil when the answer
// did not hold it or it could not be understood.
type Order struct {
	LicenseId      *int64  //nolint:revive // the API's own name
	LicenseType    *int64  `documented:"0 1 2 3 6 7"` // see the LicenseType constants
	LicenseStatus  *int64  `documented:"0 1 2 3 4"`   // 0 unused, 1 partly used, 2 used up, 3 unavailable, 4 usable
	LicenseCnt     *int64  // licenses
	UsedLicenseCnt *int64  // licenses in use; 0 once the order is isolated, because they are unbound then
	OrderStatus    *int64  `documented:"1 2 3"` // see the OrderStatus constants
	Deadline       *string // as the API wrote it; empty for pay-as-you-go
	ResourceId     *string //nolint:revive // the API's own name
	AutoRenewFlag  *int64  `documented:"0 1 2"` // see the Renewal constants
	ProjectId      *int64  //nolint:revive // the API's own name
	TaskId         *int64  //nolint:revive // the API's own name
	BuyTime        *string // as the API wrote it
	SourceType     *int64  `documented:"0 1 2 3 4 5"` // see the SourceType constants
	Alias          *string // the name the customer gave it
	Tags           []Tag
	FreezeNum      *int64 // frozen licenses; may be negative

	// What follows is none of the API's; see Snapshot.After.

	// Missed is how many complete lists in a row have lacked the order, which is known
	// from an earlier one.
	Missed int `json:",omitempty"`
	// Twin tells it from other orders with the same ids: 0 for the first one, then 2, 3, …
	Twin int `json:",omitempty"`
	// Twins is the highest number that an order with these ids was given.
	Twins int `json:",omitempty"`
}

// Tag is a resource tag of an order.
type Tag struct {
	TagKey   string
	TagValue string
}

// Values of Order.LicenseType that are documented.
const (
	LicenseTypeProPostpay        = 0 // pay as you go: no deadline
	LicenseTypePro               = 1
	LicenseTypeUltimate          = 2
	LicenseTypeLightweight       = 3
	LicenseTypeProSecCenter      = 6 // bought in the Security Center
	LicenseTypeUltimateSecCenter = 7 // bought in the Security Center
)

// Values of Order.SourceType. All but the first cannot be renewed.
const (
	SourceTypePaid    = 0
	SourceTypeTrial   = 1
	SourceTypeGift    = 2
	SourceTypeTryout  = 3 // "experience" in the API's words
	SourceTypeGiftSSL = 4 // came with an SSL certificate
	SourceTypeGiftCVM = 5 // came with a CVM
)

// Values of Order.OrderStatus.
const (
	OrderNormal    = 1
	OrderIsolated  = 2
	OrderDestroyed = 3
)

// IsolationDays is how many days after its end an order is destroyed.
const IsolationDays = 30

// Values of Order.AutoRenewFlag and PurchaseState.AutomaticRenewal.
const (
	RenewalNotSet = 0
	RenewalOn     = 1
	RenewalOff    = 2
)

// Key tells orders of one list apart: ResourceId, "#" with the LicenseId where there is
// one, and "#" with the number of a twin; empty for an order that tells neither id.
func (o Order) Key() string {
	var key string
	if o.ResourceId != nil {
		key = *o.ResourceId
	}
	if o.LicenseId != nil {
		key += "#" + strconv.FormatInt(*o.LicenseId, 10)
	}
	if key != "" && o.Twin > 0 {
		key += "#" + strconv.Itoa(o.Twin)
	}
	return key
}

// Ended says whether the deadline lies in the past, to the second; nil when the
// deadline is not known.
func (o Order) Ended(now time.Time) *bool {
	return hasEnded(o.Deadline, now)
}

// IsRunning says whether the order protects machines at a time, as far as it
// tells.
func (o Order) IsRunning(at time.Time) bool {
	over := o.Ended(at)
	return o.OrderStatus != nil && *o.OrderStatus == OrderNormal && (over == nil || !*over)
}

// IsLapsed says whether the order is isolated or destroyed.
func (o Order) IsLapsed() bool {
	return o.OrderStatus != nil && (*o.OrderStatus == OrderIsolated || *o.OrderStatus == OrderDestroyed)
}

// Orders is the answer of cwp DescribeLicenseList, all pages together.
type Orders struct {
	List       []Order
	TotalCount int64
	// Incomplete is true when the pages did not add up: an order that is not in
	// List may still exist.
	Incomplete bool
	// Unparsed names the fields, each once, that some order held with a value
	// that makes no sense; there they are nil.
	Unparsed []string `json:"-"`
}

// FullName is the longest name of the order in a finding's subject; empty for one that
// tells neither id.
func (o Order) FullName() string { return strings.TrimPrefix(o.Key(), "#") }

// Find gives the order that a finding's subject names; nil when none does, or when it
// cannot be said which one. That is the one with this FullName, else with this Name, which
// has something behind a "#" where another reading told the LicenseId.
func (o *Orders) Find(subject string) *Order {
	var named, shortly []*Order
	for i := range o.List {
		order := &o.List[i]
		if !strings.HasPrefix(subject, textOrEmpty(order.ResourceId)) { // as nearly all
			continue
		}
		rest, ok := strings.CutPrefix(subject, order.Name())
		switch {
		case !ok || rest == subject:
		case order.FullName() == subject:
			named = append(named, order)
		case rest == "" && order.Twin == 0, strings.HasPrefix(rest, "#") && order.LicenseId == nil:
			shortly = append(shortly, order)
		}
	}
	switch {
	case len(named) == 1:
		return named[0]
	case len(named) == 0 && len(shortly) == 1:
		return shortly[0]
	default:
		return nil
	}
}

// InUse is how many licenses the orders have in use that protect machines at a
// time; nil when not all of them are listed or tell it.
func (o *Orders) InUse(at time.Time) *int64 {
	if o == nil || o.Incomplete {
		return nil
	}
	var total int64
	for _, order := range o.List {
		switch used := order.UsedLicenseCnt; {
		case !order.IsRunning(at) || order.Missed > 0:
		case used == nil || *used < 0 || *used > maxLicenses:
			return nil
		default:
			total += *used
		}
	}
	return &total
}

// maxLicenses is more than any order has: a count beyond it makes no sense.
const maxLicenses = 1e12

// DeadlineTime is Deadline as a time; false when there is none or it cannot be
// read.
func (o Order) DeadlineTime() (time.Time, bool) {
	return parseField(o.Deadline)
}

// DaysLeft is the number of calendar days to Deadline in now's zone; nil when
// the deadline is not known.
func (o Order) DaysLeft(now time.Time) *int64 {
	return daysLeft(o.Deadline, now)
}

// UsedPercent is 100 × UsedLicenseCnt / LicenseCnt; nil when either is unknown or
// there are no licenses.
func (o Order) UsedPercent() *float64 {
	return percentOf(o.UsedLicenseCnt, o.LicenseCnt)
}

func parseField(text *string) (time.Time, bool) {
	if text == nil {
		return time.Time{}, false
	}
	return ParseTime(*text)
}

func hasEnded(text *string, now time.Time) *bool {
	deadline, ok := parseField(text)
	if !ok {
		return nil
	}
	over := !now.Before(deadline)
	return &over
}

func daysLeft(text *string, now time.Time) *int64 {
	deadline, ok := parseField(text)
	if !ok {
		return nil
	}
	days := int64(DaysLeft(deadline, now))
	return &days
}
