package page_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/page"
)

// TestNeedsNameTheAccount: of several accounts a finding begins with its own, of one it does not.
func TestNeedsNameTheAccount(t *testing.T) {
	t.Parallel()
	for want, accounts := range map[string][]string{
		`<span class="whose">pay (1): </span>Order cwp-aaaa ends</p>`: {"pay", "web"},
		`</span> Order cwp-aaaa ends</p>`:                             {"pay"},
	} {
		b := report.NewBuilder(report.Options{Now: time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)})
		for i, name := range accounts {
			g := report.NewGatherer(string(rune('1'+i)), name)
			g.Findings("record", time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC), []report.Finding{{Rule: "cwp-order-expiring",
				State: license.Firing, Severity: license.Critical, Title: license.Text{En: "Order cwp-aaaa ends"}}})
			if err := b.Add(g); err != nil {
				t.Fatal(err)
			}
		}
		var out strings.Builder
		if err := page.Write(&out, b.Report(), license.English); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("of %v the page lacks %s", accounts, want)
		}
	}
}
