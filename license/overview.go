package license

import "math"

// Overview is the answer of cwp DescribeLicenseGeneral. All counts are
// licenses; one license protects one machine. A field is nil when the answer
// did not hold it or it could not be understood: absent is not zero.
//
// The counts need not add up: a published sample has LicenseCnt 0 beside
// ExpireLicenseCnt 10.
type Overview struct {
	LicenseCnt                         *int64 // all, with isolated and expired ones
	AvailableLicenseCnt                *int64 // available
	AvailableProVersionLicenseCnt      *int64 // available Pro, pay-as-you-go included
	AvailableFlagshipVersionLicenseCnt *int64 // available Ultimate
	NearExpiryLicenseCnt               *int64 // ending within 15 days
	ExpireLicenseCnt                   *int64 // expired, deleted ones left out
	AutoOpenStatus                     *bool  // automatic upgrade is on
	// what new machines get
	ProtectType                    *string `documented:"PROVERSION_POSTPAY PROVERSION_PREPAY FLAGSHIP_PREPAY"`
	IsOpenStatusHistory            *bool   // automatic upgrade was ever on
	UsedLicenseCnt                 *int64  // in use
	NotExpiredLicenseCnt           *int64  // not expired
	FlagshipVersionLicenseCnt      *int64  // Ultimate in valid orders
	ProVersionLicenseCnt           *int64  // Pro in valid orders
	CwpVersionLicenseCnt           *int64  // Lightweight in valid orders
	AvailableLHLicenseCnt          *int64  // available Lightweight
	AutoRepurchaseSwitch           *bool   // automatic top-up is on
	AutoRepurchaseRenewSwitch      *bool   // orders made by the top-up renew themselves
	DestroyOrderNum                *int64  // destroyed orders
	RepurchaseRenewSwitch          *bool   // renewal switch of the automatic top-up
	AutoBindRaspSwitch             *bool   // RASP is bound to new machines
	AutoOpenRaspSwitch             *bool   // RASP is enabled on new machines
	AutoDowngradeSwitch            *bool   // scaling down is on: the number of licenses shrinks by itself
	AvailableAISecurityLicenseCnt  *int64  // available AI Protection
	AISecurityVersionLicenseCnt    *int64  // AI Protection, all
	ApplicationAvailableLicenseCnt *int64  // available application protection and Ultimate

	// Unparsed names the fields the answer held with a value that makes no
	// sense; they are nil.
	Unparsed []string `json:"-"`
}

// UsedPercent is 100 × UsedLicenseCnt / NotExpiredLicenseCnt; nil when either is
// unknown or there are no licenses to use.
func (o Overview) UsedPercent() *float64 {
	return percentOf(o.UsedLicenseCnt, o.NotExpiredLicenseCnt)
}

// percentOf guards the division: rules must never see an infinity or NaN.
func percentOf(part, whole *int64) *float64 {
	if part == nil || whole == nil || *part < 0 || *whole <= 0 {
		return nil
	}
	p := 100 * float64(*part) / float64(*whole)
	return &p
}

// WholePercent is a percentage without decimals, for people. It is rounded down:
// 89.6 % is not yet the 90 % of a rule, nor 99.9 % all.
func WholePercent(percent float64) int64 {
	const inexact = 1e-9 // 28.999999999999996 is 29
	return int64(math.Floor(percent + inexact))
}
