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
	untold := order("d", license.OrderNormal, "2026-12-12 00:00:00")
	untold.UsedLicenseCnt = nil
	unused := order("e", license.OrderNormal, "2026-12-12 00:00:00")
	unused.UsedLicenseCnt = new(int64(0))
	for name, test := range map[string]struct {
		orders []license.Order
		want   map[license.Language]string
	}{
		"one beside one ahead": {[]license.Order{isolated, ahead}, map[license.Language]string{
			license.English: "Not counted here: 1 order has ended already;", license.Chinese: "未计入已到期的 1 个订单"}},
		"two and no picture": {[]license.Order{isolated, ended}, map[license.Language]string{
			license.English: "Not counted here: 2 orders have ended already;", license.Chinese: "未计入已到期的 2 个订单"}},
		"one that does not tell its use": {[]license.Order{untold, ahead}, map[license.Language]string{
			license.English: "Not counted here: 1 order ends, and it is not known", license.Chinese: "未计入已用数未知的 1 个将到期订单"}},
		"nothing is in use": {[]license.Order{unused}, map[license.Language]string{
			license.English: `<p class="note">No license of the orders that end is in use`, license.Chinese: "将到期订单的授权均未使用"}},
		"none": {[]license.Order{ahead}, map[license.Language]string{license.English: "", license.Chinese: ""}},
	} {
		b := report.NewBuilder(report.Options{Now: now, Until: now.AddDate(1, 0, 0)})
		gatherer := report.NewGatherer("1", "pay")
		gatherer.AddReading(report.Reading{Record: "r", Snapshot: license.Snapshot{ReadAt: now, Orders: &license.Orders{List: test.orders}}})
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
			if says := strings.Contains(out.String(), "Not counted here") || strings.Contains(out.String(), "未计入"); says != (want != "" && name != "nothing is in use") {
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
			g.AddFindings("record", time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC), []report.Finding{{Rule: "cwp-order-expiring",
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

// TestNextQuarter: whether all is renewed until the end of the next quarter; an order of which that
// is not known makes nobody safe, and the machines are those of the orders that are counted, however
// far is looked ahead.
func TestNextQuarter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	order := func(id, deadline string, status, renewal int64) license.Order {
		return license.Order{ResourceId: &id, LicenseType: new(int64(license.LicenseTypePro)), OrderStatus: &status, LicenseCnt: new(int64(5)),
			UsedLicenseCnt: new(int64(3)), AutoRenewFlag: &renewal, Deadline: &deadline}
	}
	renewing := order("a", "2026-12-10 00:00:00", license.OrderNormal, license.RenewalOn)
	ending := order("b", "2026-12-10 00:00:00", license.OrderNormal, license.RenewalOff)
	later := order("c", "2027-02-10 00:00:00", license.OrderNormal, license.RenewalOff)
	for name, test := range map[string]struct {
		orders []license.Order
		want   string
	}{
		"all renew themselves": {[]license.Order{renewing}, "safe · no order ends without renewal"},
		"two end": {[]license.Order{ending, later},
			"not safe: 2 orders end · 1 before it begins, 1 in it; not renewed, 6 machines fall back to Basic"},
		"an end is not known": {[]license.Order{renewing, order("d", "", license.OrderNormal, license.RenewalOff)},
			"not known · no order that is known ends; of 1 order it is not known"},
		"a status that nobody has documented": {[]license.Order{ending, order("d", "2027-01-10 00:00:00", 9, license.RenewalOn)},
			"not safe: 1 order ends · 1 before it begins, 0 in it; not renewed, 3 machines fall back to Basic; of 1 order it is not known"},
		"such a one that ends later": {[]license.Order{renewing, order("d", "2028-01-10 00:00:00", 9, license.RenewalOff)},
			"safe · no order ends without renewal"},
	} {
		b := report.NewBuilder(report.Options{Now: now, Until: now.AddDate(0, 0, 30)})
		gatherer := report.NewGatherer("1", "pay")
		gatherer.AddReading(report.Reading{Record: "r", Snapshot: license.Snapshot{ReadAt: now, Overview: &license.Overview{}, Orders: &license.Orders{List: test.orders}}})
		if err := b.Add(gatherer); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := page.Write(&out, b.Report(), license.English); err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(out.String(), "Until the end of next quarter, 2027-03-31</dt><dd><b>")
		got, _, _ := strings.Cut(after, "</span>")
		if got = strings.ReplaceAll(got, "</b><span>", " · "); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestNeverToldUse: an account that never told its use is in no sum, and the page does not say that
// every day has a record of every account.
func TestNeverToldUse(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	for want, told := range map[string]bool{"Every day has a record of every account.": true,
		"The sums are of 1 of 2 accounts; the others never told their use.": false} {
		b := report.NewBuilder(report.Options{Now: now, From: now.AddDate(0, 0, -2), To: now, Until: now.AddDate(1, 0, 0), HasHistory: true})
		for _, id := range []string{"1", "2"} {
			gatherer := report.NewGatherer(id, "")
			for day := range 3 {
				overview := &license.Overview{UsedLicenseCnt: new(int64(3)), NotExpiredLicenseCnt: new(int64(5))}
				if id == "2" && !told {
					overview = nil
				}
				gatherer.AddReading(report.Reading{Record: "r", Snapshot: license.Snapshot{ReadAt: now.AddDate(0, 0, day-2), Overview: overview}})
			}
			if err := b.Add(gatherer); err != nil {
				t.Fatal(err)
			}
		}
		var out strings.Builder
		if err := page.Write(&out, b.Report(), license.English); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestSentenceAndAcks: what is acknowledged is no headline, and how much of it there is is said.
func TestSentenceAndAcks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 7, 0, 0, license.APIZone)
	critical := report.Finding{Rule: "cwp-order-isolated", Subject: "a", State: license.Firing, Severity: license.Critical, Title: license.Text{En: "a is isolated", Zh: "a 已隔离"}}
	warning := report.Finding{Rule: "cwp-order-expiring", Subject: "b", State: license.Firing, Severity: license.Warning, Title: license.Text{En: "b ends", Zh: "b 即将到期"}}
	for name, test := range map[string]struct {
		acks   []license.Ack
		en, zh string
	}{
		"none": {nil, "1 critical thing needs action now, first: a is isolated.", "有 1 项严重问题需要立即处理，最紧急的是：a 已隔离。"},
		"the critical one": {[]license.Ack{{Rule: critical.Rule}}, "Nothing is critical; of 1 warning the first: b ends. 1 finding is acknowledged.",
			"没有严重问题，有 1 项警告，最紧急的是：b 即将到期。1 项已确认。"},
		"both": {[]license.Ack{{Rule: critical.Rule}, {Rule: warning.Rule}}, "Nothing more needs action. 2 findings are acknowledged.", "没有其他需要处理的事项。2 项已确认。"},
	} {
		b := report.NewBuilder(report.Options{Now: now, Until: now.AddDate(1, 0, 0), Acks: map[string][]license.Ack{"1": test.acks}})
		gatherer := report.NewGatherer("1", "")
		gatherer.AddFindings("r", now, []report.Finding{warning, critical})
		gatherer.AddReading(report.Reading{Record: "r", Snapshot: license.Snapshot{ReadAt: now, Overview: &license.Overview{}}})
		if err := b.Add(gatherer); err != nil {
			t.Fatal(err)
		}
		made := b.Report()
		if en, zh := page.Sentence(made, license.English), page.Sentence(made, license.Chinese); en != test.en || zh != test.zh {
			t.Errorf("%s: %q and %q", name, en, zh)
		}
	}
}
