package license

import "time"

// PurchaseState is the answer of tcss DescribePurchaseStateInfo. A field is nil
// when the answer did not hold it, held null, or held something that could not
// be understood; only State is nearly always there.
type PurchaseState struct {
	State                   *int64  `documented:"0 1 2 3 4"` // see the State constants
	SubState                *string // of State 4: see the SubState constants; of other States nothing is documented
	AllCoresCnt             *int64  // cores, protected or not
	CoresCnt                *int64  // protected cores
	UndefendCoresCnt        *int64  // cores that are not protected (sic)
	AuthorizedCoresCnt      *int64  // cores bought
	GivenAuthorizedCoresCnt *int64  // cores of the trial
	TrialCoresCnt           *int64  // cores of the trial, newer field
	CurrentFlexibleCoresCnt *int64  // elastic cores in use
	FlexibleCoresLimit      *int64  // elastic cores allowed
	NoContainerCoresCnt     *int64  // cores of hosts without containers
	DefendClusterCoresCnt   *int64  // protected cores in clusters
	DefendHostCoresCnt      *int64  // protected cores on hosts
	DefendPolicy            *string // what is protected: Part, …
	InquireKey              *string // billing key
	ImageCnt                *int64  // images
	AuthorizedImageCnt      *int64  // images with a license
	PurchasedAuthorizedCnt  *int64  // image licenses bought
	GivenAuthorizedCnt      *int64  // image licenses of the trial
	BeginTime               *string // as the API wrote it
	ExpirationTime          *string // as the API wrote it
	AutomaticRenewal        *int64  `documented:"0 1 2"` // see the Renewal constants; other values were seen

	// Unparsed names the fields the answer held with a value that makes no
	// sense; they are nil.
	Unparsed []string `json:"-"`
}

// Values of PurchaseState.State.
const (
	StateNeverBought = 0 // may be tried and bought
	StateTrialOver   = 1 // may only be bought: trial refused or over
	StateTrial       = 2
	StatePro         = 3
	StateExpired     = 4 // Pro edition ended; SubState says isolated or destroyed
)

// Values of PurchaseState.SubState, spelt as the API spells them. The two sites
// and their samples have three spellings of the same thing, a destroyed plan.
const (
	SubStateNormal      = "NORMAL"
	SubStateIsolated    = "ISOLATE"
	SubStateDestroyed   = "DESTROED"
	SubStateDestroyedEn = "DESTROYED"
	SubStateTerminated  = "TERMINATED"
)

// Isolated says whether SubState says so.
func (p PurchaseState) Isolated() bool {
	return p.SubState != nil && *p.SubState == SubStateIsolated
}

// Destroyed says whether SubState says so, in any of its spellings.
func (p PurchaseState) Destroyed() bool {
	if p.SubState == nil {
		return false
	}
	switch *p.SubState {
	case SubStateDestroyed, SubStateDestroyedEn, SubStateTerminated:
		return true
	default:
		return false
	}
}

// Contradicts says whether State and SubState cannot both be true: a plan that is
// said to run and to be isolated or destroyed. Then neither is known.
func (p PurchaseState) Contradicts() bool {
	return p.State != nil && *p.State != StateExpired && (p.Isolated() || p.Destroyed())
}

// Ended says whether ExpirationTime lies in the past, to the second; nil when it
// is not known.
func (p PurchaseState) Ended(now time.Time) *bool {
	return hasEnded(p.ExpirationTime, now)
}

// ExpirationDate is ExpirationTime as a time; false when there is none or it
// cannot be read.
func (p PurchaseState) ExpirationDate() (time.Time, bool) {
	return parseField(p.ExpirationTime)
}

// DaysLeft is the number of calendar days to ExpirationTime in now's zone; nil
// when that is not known.
func (p PurchaseState) DaysLeft(now time.Time) *int64 {
	return daysLeft(p.ExpirationTime, now)
}
