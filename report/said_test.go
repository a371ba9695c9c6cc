package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
	"licensewatch/report"
)

// TestSaidByDay: a message of many accounts counts once, and says of how many it was; those
// that accounts had by themselves are added up.
func TestSaidByDay(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)
	digest := func(day int, channel, verdict, code string) report.Message {
		return report.Message{At: first.AddDate(0, 0, day), Channel: channel, Kind: "report", Mode: "digest", Verdict: verdict, Code: code}
	}
	b := report.NewBuilder(report.Options{Now: first.AddDate(0, 0, 2), From: first, To: first.AddDate(0, 0, 1), HasHistory: true})
	fleet := report.NewGatherer("fleet", "")
	fleet.AddMessages("fleet/2026/11/22/a", []report.Message{digest(1, "security", "accepted", ""), digest(1, "pay", "refused", "403")})
	b.AddFleet(fleet)
	for i := range 3 {
		g := report.NewGatherer(fmt.Sprint("10000000000", i), "")
		g.AddMessages("own", []report.Message{digest(0, "security", "accepted", ""), digest(1, "security", "accepted", "")})
		if i == 0 {
			g.AddMessages("own", []report.Message{digest(1, "pay", "refused", "403")})
		}
		if err := b.Add(g); err != nil {
			t.Fatal(err)
		}
	}
	var rows []string
	for _, table := range b.Report().Tables(license.English) {
		for i := range table.Len {
			if table.Key != "said-by-day" {
				continue
			}
			var cells []string
			for j, cell := range table.Row(i) {
				cells = append(cells, cell.Plain(table.Columns[j].Kind, time.UTC))
			}
			rows = append(rows, strings.Join(cells, " "))
		}
	}
	want := `2026-11-22 pay digest 1 0 1 0 403 fleet/2026/11/22/a
2026-11-22 security digest 3 1 0 0  fleet/2026/11/22/a
2026-11-21 security digest 3 3 0 0  `
	if got := strings.Join(rows, "\n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestMachineNames: all names of an order's machines are in the table, as far as a workbook's
// cell has room; how many there are more is said.
func TestMachineNames(t *testing.T) {
	t.Parallel()
	for machines, want := range map[int]struct{ named, unlisted int }{3: {3, 0}, 20: {20, 0}, 250: {250, 0}, 5000: {3000, 2000}} {
		o := order("cwp-a", "2026-12-07 00:00:00", nil)
		binding := license.Binding{ResourceId: o.ResourceId, LicenseId: o.LicenseId}
		for i := range machines {
			binding.Machines = append(binding.Machines, license.BoundMachine{MachineName: new(fmt.Sprintf("web-%04d", i))})
		}
		r := reportOf(t, license.Snapshot{Orders: &license.Orders{List: []license.Order{o}}, Bindings: &license.Bindings{List: []license.Binding{binding}}})
		for _, table := range r.Tables(license.English) {
			if table.Key != "coverage" {
				continue
			}
			names := table.Row(0)[6]
			if len(names.List) != want.named || names.Unlisted != int64(want.unlisted) || strings.Count(names.Text, "web-") != want.named {
				t.Errorf("of %d machines %d are named, %d are not", machines, len(names.List), names.Unlisted)
			}
			if more := fmt.Sprintf(" and %d more", want.unlisted); strings.HasSuffix(names.Text, more) != (want.unlisted > 0) {
				t.Errorf("it ends with %q", names.Text[len(names.Text)-20:])
			}
		}
	}
}
