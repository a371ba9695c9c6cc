package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/page"
)

// TestMissingDays: accounts that lack a record of a day are named where others have one; a day
// that all lack, the days before an account's first record, and today are not theirs.
func TestMissingDays(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 1, 1, 0, 0, 0, time.UTC)
	b := report.NewBuilder(report.Options{Now: first.AddDate(0, 0, 9), From: first, To: first.AddDate(0, 0, 9), HasHistory: true})
	for i, days := range []string{"0123 56789", "0 23 5678", "0 23 5678", "   3 56789", "0123 56x89"} {
		g := report.NewGatherer(fmt.Sprint(i), "")
		for n, day := range days {
			switch day {
			case ' ':
			case 'x':
				g.AddRecord(fmt.Sprint(i, "-", n), first.AddDate(0, 0, n), "", "changed")
			default:
				g.AddRecord(fmt.Sprint(i, "-", n), first.AddDate(0, 0, n), "hash", "")
			}
		}
		if err := b.Add(g); err != nil {
			t.Fatal(err)
		}
	}
	r := b.Report()
	var rows []string
	for _, table := range r.Tables(license.English) {
		for i := range table.Len {
			if cells := table.Row(i); table.Key == "missing-days" {
				rows = append(rows, fmt.Sprint(cells[0].Text, ": ", cells[1].Number, " ", cells[2].Text))
			}
		}
	}
	if got, want := strings.Join(rows, "; "), "1: 1 2026-11-02; 2: 1 2026-11-02"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for language, want := range map[license.Language]string{
		license.English: "<li>1, 2: 1 day (2026-11-02)</li>", license.Chinese: "<li>1、2：1 天（2026-11-02）</li>"} {
		var out strings.Builder
		if err := page.Write(&out, r, language); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
