package report

import (
	"time"

	"licensewatch/license"
)

// Metric is a number that is followed day by day.
type Metric int

// The metrics. Licenses are those of CWPP; "used" by edition is what the orders say that run.
const (
	Valid Metric = iota
	Used
	UltimateValid
	UltimateUsed
	ProValid
	ProUsed
	LightweightValid
	LightweightUsed
	Machines            // all
	UltimateMachines    // with the edition
	ProMachines         // likewise
	LightweightMachines // likewise
	BasicMachines       // with the free Basic edition
	Unprotected         // not protected at all
	metrics
)

// Values are the metrics of one reading.
type Values struct {
	known uint32
	n     [metrics]int64
}

// Get is a metric; nil when the reading does not tell it.
func (v *Values) Get(m Metric) *int64 {
	if v.known&(1<<m) == 0 {
		return nil
	}
	n := v.n[m]
	return &n
}

func (v *Values) set(m Metric, n *int64) {
	if n != nil && *n >= 0 {
		v.known |= 1 << m
		v.n[m] = *n
	}
}

// ValuesOf takes the metrics from a reading.
func ValuesOf(s *license.Snapshot) Values {
	var v Values
	if o := s.Overview; o != nil {
		v.set(Valid, o.NotExpiredLicenseCnt)
		v.set(Used, o.UsedLicenseCnt)
	}
	if m := s.Machines; m != nil {
		v.set(Machines, m.MachineCnt)
		v.set(UltimateMachines, m.FlagshipMachineCnt)
		v.set(ProMachines, m.SpecialtyMachineCnt)
		v.set(LightweightMachines, m.LHGeneralDiscountCnt)
		v.set(BasicMachines, m.BaseMachineCnt)
		v.set(Unprotected, m.NotProtectMachineCnt)
	}
	if s.Orders != nil && !s.Orders.Incomplete {
		v.setEditions(s.Orders.List, s.ReadAt)
	}
	return v
}

// setEditions adds up what orders have that run. An order that does not tell its edition or
// its licenses leaves all of it unknown.
func (v *Values) setEditions(orders []license.Order, at time.Time) {
	var valid, used [editions]int64
	for i := range orders {
		o := &orders[i]
		if !o.IsRunning(at) {
			continue
		}
		edition, ok := EditionOf(o.LicenseType)
		if o.LicenseType == nil || ok && (o.LicenseCnt == nil || o.UsedLicenseCnt == nil) {
			return
		}
		if ok && isPrepaid(o) {
			valid[edition] += max(0, *o.LicenseCnt)
			used[edition] += max(0, *o.UsedLicenseCnt)
		}
	}
	for edition, m := range []Metric{Ultimate: UltimateValid, Pro: ProValid, Lightweight: LightweightValid} {
		v.set(m, &valid[edition])
		v.set(m+1, &used[edition])
	}
}

// Edition is what an order is of.
type Edition int

// The editions.
const (
	Ultimate Edition = iota
	Pro
	Lightweight
	editions
	OtherEdition // of CWPP, and not one of these
	Containers   // TCSS, container security: no edition of CWPP
)

// EditionOf is the edition of an order's type; false for one that is none of these.
func EditionOf(licenseType *int64) (Edition, bool) {
	if licenseType == nil {
		return OtherEdition, false
	}
	switch *licenseType {
	case license.LicenseTypeUltimate, license.LicenseTypeUltimateSecCenter:
		return Ultimate, true
	case license.LicenseTypePro, license.LicenseTypeProSecCenter, license.LicenseTypeProPostpay:
		return Pro, true
	case license.LicenseTypeLightweight:
		return Lightweight, true
	default:
		return OtherEdition, false
	}
}

func isPrepaid(o *license.Order) bool {
	return o.LicenseType != nil && *o.LicenseType != license.LicenseTypeProPostpay
}
