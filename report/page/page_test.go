package page_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/page"
)

// TestGapNamesWhatIsOver: what has ended is in no number of the gap, and the page says so.
func TestGapNamesWhatIsOver(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	order := func(id string, status int64, deadline string) license.Order {
		return license.Order{ResourceId: &id, LicenseType: new(int64(license.LicenseTypePro)), OrderStatus: &status, LicenseCnt: new(int64(5)),
			UsedLicenseCnt: new(int64(3)), AutoRenewFlag: new(int64(license.RenewalOff)), Deadline: &deadline}
	}
	isolated := order("a", license.OrderIsolated, "2026-11-10 00:00:00")
	ended := order("b", license.OrderNormal, "2026-11-22 00:00:00")
	ahead := order("c", license.OrderNormal, "2026-12-10 00:00:00")
	for name, test := range map[string]struct {
		orders []license.Order
		want   map[license.Language]string
	}{
		"one beside one ahead": {[]license.Order{isolated, ahead}, map[license.Language]string{
			license.English: "Not counted here: 1 order has ended already;", license.Chinese: "未计入已到期的 1 个订单"}},
		"two and no picture": {[]license.Order{isolated, ended}, map[license.Language]string{
			license.English: "Not counted here: 2 orders have ended already;", license.Chinese: "未计入已到期的 2 个订单"}},
		"none": {[]license.Order{ahead}, map[license.Language]string{license.English: "", license.Chinese: ""}},
	} {
		b := report.NewBuilder(report.Options{Now: now, Until: now.AddDate(1, 0, 0)})
		gatherer := report.NewGatherer("1", "pay")
		gatherer.Reading(report.Reading{Record: "r", Snapshot: license.Snapshot{ReadAt: now, Orders: &license.Orders{List: test.orders}}})
		if err := b.Add(gatherer); err != nil {
			t.Fatal(err)
		}
		r := b.Report()
		for language, want := range test.want {
			var out strings.Builder
			if err := page.Write(&out, r, language); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: the page lacks %q", name, want)
			}
			if says := strings.Contains(out.String(), "Not counted here") || strings.Contains(out.String(), "未计入"); says != (want != "") {
				t.Errorf("%s: the page says that it leaves something out: %v", name, says)
			}
		}
	}
}

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
