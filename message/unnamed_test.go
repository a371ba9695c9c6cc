package message_test

import (
	"fmt"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/license"
)

// TestUnnamedOfTheRest: what is over and what is no longer watched counts as well; a
// group names its members by their number.
func TestUnnamedOfTheRest(t *testing.T) {
	t.Parallel()
	over := func(r *license.Report, n int) {
		for i := range n {
			r.Resolved = append(r.Resolved, license.Resolved{Key: fmt.Sprintf("over%02d", i), Title: license.Text{En: fmt.Sprintf("over-%02d", i)}, Since: r.At.Add(-time.Hour), At: r.At})
		}
	}
	tests := map[string]struct {
		report func() license.Report
		want   int
	}{
		"260 orders":  {func() license.Report { return scene.ManyOrders(license.English) }, 0},
		"an alert":    {func() license.Report { return scene.Alert(license.English) }, 0},
		"one is over": {func() license.Report { r := scene.OnlyNews(license.English); over(&r, 1); return r }, 0},
		"20 are over": {func() license.Report { r := scene.OnlyNews(license.English); over(&r, 20); return r }, 8},
		"260 orders are over": {func() license.Report {
			r := scene.OnlyNews(license.English)
			for i := range 260 {
				r.Resolved = append(r.Resolved, license.Resolved{Key: fmt.Sprintf("cwp-order-expiring/o%d", i), Title: license.Text{En: "It ends"}, Since: r.At.Add(-time.Hour), At: r.At})
			}
			return r
		}, 0},
		"beside": {func() license.Report { r := scene.Alert(license.English); over(&r, 7); return r }, 3},
		"unwatched": {func() license.Report {
			r := scene.OnlyNews(license.English)
			for i := range 6 {
				r.Unwatched = append(r.Unwatched, license.Unwatched{Rule: fmt.Sprintf("rule%d", i), Count: 1})
			}
			return r
		}, 2},
	}
	for name, test := range tests {
		for _, kind := range []string{"slack", "wecom"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				if got := formats[kind].Report(test.report(), nil).Unnamed; len(got) != test.want {
					t.Errorf("unnamed are %q, want %d", got, test.want)
				}
			})
		}
	}
}
