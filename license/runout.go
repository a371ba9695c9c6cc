package license

import "time"

// RunOut is when licenses run out at the pace of the past: those of an edition, or all.
type RunOut struct {
	// LicenseType is that of the edition; nil: all licenses together.
	LicenseType *int64
	Used, Valid int64 // now
	// Day is noon of the first day on which all are in use, in the zone of the run; zero where the
	// past has no trend that would say so, or not within a year. MayBe is that day at the same
	// pace, whether or not the trend stands out of the noise.
	Day   time.Time `json:",omitzero"`
	MayBe time.Time `json:",omitzero"`
}

// IsNear says whether the day lies within so many days of now.
func (r *RunOut) IsNear(now time.Time, days int) bool {
	if r == nil || r.Day.IsZero() {
		return false
	}
	left := DaysLeft(r.Day, now)
	return left >= 0 && left <= days
}

// RunOutNear is within how many days a run-out is told.
const RunOutNear = 60

// UsedLicenses are the licenses in use on a day, as they were read last.
type UsedLicenses struct {
	Day time.Time // noon, in the zone of the run
	All int64
	// ByEdition are those of the editions, by the LicenseType of an order that was bought by
	// itself, where the account has more than one.
	ByEdition map[int64]int64
}

// EditionUse is how much of one edition is in use.
type EditionUse struct {
	LicenseType int64 // of an order that was bought by itself
	Used, Valid int64
}

// EditionUse is the use of each edition of which there are valid licenses and whose numbers add
// up: what is available and what normal orders have in use are all that are valid.
func (s *Snapshot) EditionUse() []EditionUse {
	if !s.Has(SourceOverview) || !s.Has(SourceOrders) || s.Orders.Incomplete {
		return nil
	}
	used := map[int64]*int64{}
	for i := range s.Orders.List {
		o := &s.Orders.List[i]
		kind, ok := CountedEdition(o.LicenseType)
		if !ok || o.OrderStatus == nil || *o.OrderStatus != OrderNormal {
			continue
		}
		if sum, seen := used[kind]; seen && (sum == nil || o.UsedLicenseCnt == nil) || o.UsedLicenseCnt == nil {
			used[kind] = nil
		} else if seen {
			*sum += max(0, *o.UsedLicenseCnt)
		} else {
			used[kind] = new(max(0, *o.UsedLicenseCnt))
		}
	}
	return s.Overview.EditionUse(used)
}

// EditionUse is the same by what the normal orders of each edition have in use, nil where one of
// them does not tell.
func (o Overview) EditionUse(used map[int64]*int64) (all []EditionUse) {
	for _, e := range []struct {
		kind             int64
		available, valid *int64
	}{
		{LicenseTypePro, o.AvailableProVersionLicenseCnt, o.ProVersionLicenseCnt},
		{LicenseTypeUltimate, o.AvailableFlagshipVersionLicenseCnt, o.FlagshipVersionLicenseCnt},
		{LicenseTypeLightweight, o.AvailableLHLicenseCnt, o.CwpVersionLicenseCnt},
	} {
		if e.available == nil || e.valid == nil || *e.valid <= 0 || used[e.kind] == nil || *e.available+
			*used[e.kind] != *e.valid {
			continue
		}
		all = append(all, EditionUse{e.kind, *used[e.kind], *e.valid})
	}
	return all
}

// CountedEdition is the edition of an order of this type, as the overview counts it: the type of
// those that were bought by themselves.
func CountedEdition(licenseType *int64) (int64, bool) {
	if licenseType == nil {
		return 0, false
	}
	switch *licenseType {
	case LicenseTypeProPostpay, LicenseTypePro, LicenseTypeProSecCenter:
		return LicenseTypePro, true
	case LicenseTypeUltimate, LicenseTypeUltimateSecCenter:
		return LicenseTypeUltimate, true
	case LicenseTypeLightweight:
		return LicenseTypeLightweight, true
	default:
		return 0, false
	}
}
