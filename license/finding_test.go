package license_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"licensewatch/license"
)

// The worst come first, then the soonest; equals stay in their order.
func TestSortFindings(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same every time
	severities := []license.Severity{license.Info, license.Warning, license.Critical}
	for n := range 60 {
		findings := make([]license.Finding, n)
		for i := range findings {
			day := time.Date(2026, time.December, 1+random.IntN(4), 0, 0, 0, 0, time.UTC)
			findings[i] = license.Finding{Subject: strconv.Itoa(i), Severity: severities[random.IntN(3)], Deadline: day}
		}
		want := slices.Clone(findings)
		slices.SortStableFunc(want, func(a, b license.Finding) int {
			return cmp.Or(b.Severity.Rank()-a.Severity.Rank(), a.Deadline.Compare(b.Deadline))
		})
		license.SortFindings(findings)
		for i := range findings {
			if findings[i].Subject != want[i].Subject {
				t.Fatalf("%d of %d: order %s, want %s", i, n, findings[i].Subject, want[i].Subject)
			}
		}
	}
}
