package simulator

import (
	"fmt"
	"testing"
)

// TestScenariosAddUp: what the overview of a scenario counts is what its orders
// have, so that no message of the demo contradicts itself. The rules of counting
// are those of the API page, not of our client.
func TestScenariosAddUp(t *testing.T) {
	t.Parallel()
	all := Scenarios()
	for day := range QuarterDays {
		s := quarterBefore(day + 1)
		s.Name += fmt.Sprint(" ", day+1)
		all = append(all, s)
	}
	for _, s := range all {
		if s.published != "" { // a published answer, which does not add up
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			want := sumsOf(s.orders)
			for name, sum := range want {
				got, counted := s.overview[name]
				if !counted {
					t.Errorf("%s is left to the published answer, and the orders have %d", name, sum)
				} else if fmt.Sprint(got) != fmt.Sprint(sum) {
					t.Errorf("%s is %v, and the orders have %d", name, got, sum)
				}
			}
		})
	}
}

// sumsOf counts orders as the overview does.
func sumsOf(orders []orderTemplate) map[string]int {
	sums := map[string]int{
		"LicenseCnt": 0, "NotExpiredLicenseCnt": 0, "UsedLicenseCnt": 0, "AvailableLicenseCnt": 0,
		"FlagshipVersionLicenseCnt": 0, "AvailableFlagshipVersionLicenseCnt": 0, "ProVersionLicenseCnt": 0, "AvailableProVersionLicenseCnt": 0,
		"NearExpiryLicenseCnt": 0, "ExpireLicenseCnt": 0, "DestroyOrderNum": 0,
	}
	for _, o := range orders {
		isDated := o.licenseType != proPostpay
		switch {
		case o.status == destroyed:
			sums["DestroyOrderNum"]++
			continue
		case o.status == isolated, isDated && o.ends < 0:
			sums["LicenseCnt"] += o.seats
			sums["ExpireLicenseCnt"] += o.seats
			sums["UsedLicenseCnt"] += o.used
			continue
		}
		edition := "ProVersion"
		if o.licenseType == ultimate {
			edition = "FlagshipVersion"
		}
		sums["LicenseCnt"] += o.seats
		sums["NotExpiredLicenseCnt"] += o.seats
		sums["UsedLicenseCnt"] += o.used
		sums["AvailableLicenseCnt"] += o.seats - o.used
		sums[edition+"LicenseCnt"] += o.seats
		sums["Available"+edition+"LicenseCnt"] += o.seats - o.used
		if isDated && o.ends <= 15 {
			sums["NearExpiryLicenseCnt"] += o.seats
		}
	}
	return sums
}
