package license

import "time"

// Order is one entry of cwp DescribeLicenseList. A field is nil when the answer
// did not hold it or it could not be understood.
type Order struct {
	LicenseId      *int64  //nolint:revive // the API's own name
	LicenseType    *int64  // see the LicenseType constants; others exist
	LicenseStatus  *int64  // 0 unused, 1 partly used, 2 used up, 3 unavailable, 4 usable
	LicenseCnt     *int64  // seats
	UsedLicenseCnt *int64  // seats in use
	OrderStatus    *int64  // see the OrderStatus constants
	Deadline       *string // as the API wrote it; empty for pay-as-you-go
	ResourceId     *string //nolint:revive // the API's own name
	AutoRenewFlag  *int64  // see the Renewal constants
	ProjectId      *int64  //nolint:revive // the API's own name
	TaskId         *int64  //nolint:revive // the API's own name
	BuyTime        *string // as the API wrote it
	SourceType     *int64  // 0 paid, 1 trial, 2 gift, 3 experience
	Alias          *string // the name the customer gave it
	Tags           []Tag
	FreezeNum      *int64 // frozen seats; may be negative
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

// Values of Order.OrderStatus.
const (
	OrderNormal    = 1
	OrderIsolated  = 2
	OrderDestroyed = 3
)

// Values of Order.AutoRenewFlag and PurchaseState.AutomaticRenewal.
const (
	RenewalNotSet = 0
	RenewalOn     = 1
	RenewalOff    = 2
)

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
// there are no seats.
func (o Order) UsedPercent() *float64 {
	return percent(o.UsedLicenseCnt, o.LicenseCnt)
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

func parseField(text *string) (time.Time, bool) {
	if text == nil {
		return time.Time{}, false
	}
	return ParseTime(*text)
}

func daysLeft(text *string, now time.Time) *int64 {
	deadline, ok := parseField(text)
	if !ok {
		return nil
	}
	days := int64(DaysLeft(deadline, now))
	return &days
}
