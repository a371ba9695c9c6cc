package report_test

import (
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/report"
)

// TestSince: what fires does so since the first record in a row that has it. One that does not
// know it ends nothing; one that knows that it does not fire does.
func TestSince(t *testing.T) {
	t.Parallel()
	const rule, subject = "cwp-order-expiring", "cwp-aaaa"
	fires := report.Finding{Rule: rule, Subject: subject, State: license.Firing, Severity: license.Warning}
	unknown := report.Finding{Rule: rule, Subject: subject, State: license.Unknown}
	unread := report.Finding{Rule: rule, State: license.Unknown}
	other := report.Finding{Rule: "tcss-expired", State: license.Unknown}
	covered := report.Finding{Rule: rule, Subject: subject, State: license.Covered}
	for name, test := range map[string]struct {
		days    [][]report.Finding
		since   int // the day
		isOlder bool
	}{
		"from the first record on":      {[][]report.Finding{{fires}, {fires}}, 0, true},
		"from a later one on":           {[][]report.Finding{{}, {fires}, {fires}}, 1, false},
		"again after it was over":       {[][]report.Finding{{fires}, {}, {fires}}, 2, false},
		"it was covered between":        {[][]report.Finding{{fires}, {covered}, {fires}}, 2, false},
		"the orders were not read":      {[][]report.Finding{{}, {fires}, {unread}, {unread}, {fires}}, 1, false},
		"it was not known of the order": {[][]report.Finding{{}, {fires}, {unknown}, {fires}}, 1, false},
		"both in one record":            {[][]report.Finding{{}, {fires}, {unread, fires}, {fires, unread}}, 1, false},
		"another rule was not known":    {[][]report.Finding{{fires}, {other}, {fires}}, 2, false},
		"not known and then over":       {[][]report.Finding{{fires}, {unread}, {}, {unread}, {fires}}, 4, false},
	} {
		g := report.NewGatherer("1", "")
		for day, findings := range test.days {
			g.AddFindings("record", now.AddDate(0, 0, day), findings)
		}
		b := report.NewBuilder(report.Options{Now: now.AddDate(0, 0, 9), From: now, To: now.AddDate(0, 0, 9), HasHistory: true})
		if err := b.Add(g); err != nil {
			t.Fatal(err)
		}
		needs := b.Report().Needs
		if len(needs) != 1 {
			t.Fatalf("%s: %d findings", name, len(needs))
		}
		if got := int(needs[0].Since.Sub(now) / (24 * time.Hour)); got != test.since || needs[0].IsOlder != test.isOlder {
			t.Errorf("%s: since day %d, older %v; want %d, %v", name, got, needs[0].IsOlder, test.since, test.isOlder)
		}
	}
}
