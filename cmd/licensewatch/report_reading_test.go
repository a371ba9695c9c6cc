package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/license"
)

// TestReportWithoutArchive: the account as it is now, and files of several days, make the same
// page without evidence.
func TestReportWithoutArchive(t *testing.T) {
	_, settings := simulatedAccount(t, "near-expiry")
	file := filepath.Join(t.TempDir(), "report.html")
	read := func() string {
		page, err := os.ReadFile(file) //nolint:gosec // a file of the test
		if err != nil {
			t.Fatal(err)
		}
		return string(page)
	}
	code, _, errs := command(t, settings, "report", "--live", "--language", "en", "--html", file)
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	page := read()
	wantIn(t, "page", page, "without history", "Order cwp-aaaa ends in 12 days", "Renewal plan", "live")
	for _, left := range []string{`id="evidence"`, `id="said"`, `id="history"`, "nobody, as far as records say"} {
		if strings.Contains(page, left) {
			t.Errorf("without records the page has %s", left)
		}
	}

	var args []string
	for day := range 3 {
		name := filepath.Join(t.TempDir(), "account.json")
		s := newMadeFleet(1, 3, 1, 4).snapshot("100000000001", archiveStart.AddDate(0, 0, day-2), newMadeFleet(1, 3, 1, 4).makeOrders(0))
		var text strings.Builder
		if err := license.WriteSnapshot(&text, s); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append([]string{"--snapshot", name}, args...) // the newest first: their own times count
	}
	code, _, errs = command(t, nil, append(args, "report", "--language", "en", "--html", file)...)
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "page", read(), `id="history"`, "Every day has a record of every account.", `id="deadlines"`)
}

// TestReportOfThePast: with a day that is over the report is as of its end.
func TestReportOfThePast(t *testing.T) {
	dir, _ := newArchiveDir(t)
	out := filepath.Join(t.TempDir(), "tables")
	code, _, errs := commandAt(t, archiveStart.AddDate(0, 1, 0), nil, "report", "--archive", dir, "--to", "2026-11-24", "--csv", out, "--language", "en")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	account := readCSV(t, out, "accounts")[0]
	if account["record"] != archiveAccount+"/2026/11/24/010700Z-4f0002" || account["status"] != "partly" {
		t.Errorf("%v", account)
	}
	for _, row := range readCSV(t, out, "evidence") {
		if row["day"] > "2026-11-24" {
			t.Errorf("a day behind it: %v", row)
		}
	}
	for _, row := range readCSV(t, out, "deadlines") {
		end, err := time.Parse(time.RFC3339, row["end"])
		if err == nil && row["days_left"] != "10" {
			t.Errorf("%s ends in %s days as of Nov 24", end, row["days_left"])
		}
	}
}

// TestLastOfDay: of a day the last reading counts, also where the record behind it does not verify
// or was begun so late that it was read on the next day.
func TestLastOfDay(t *testing.T) {
	for name, test := range map[string]struct {
		after []string
		wrong string
		want  bool
	}{
		"the newest":                         {nil, "", true},
		"the next is of another day":         {[]string{"2026/11/29/010700Z-aaaaaa"}, "", true},
		"one behind it on the day":           {[]string{"2026/11/28/103700Z-aaaaaa", "2026/11/29/010700Z-bbbbbb"}, "", false},
		"the one behind it does not verify":  {[]string{"2026/11/28/103700Z-aaaaaa", "2026/11/29/010700Z-bbbbbb"}, "2026/11/28/103700Z-aaaaaa", true},
		"and one that does follows":          {[]string{"2026/11/28/103700Z-aaaaaa", "2026/11/28/113700Z-bbbbbb"}, "2026/11/28/103700Z-aaaaaa", false},
		"the one behind it is from midnight": {[]string{"2026/11/28/235959Z-aaaaaa"}, "", true},
	} {
		if got := isLastOfDay("2026/11/28/010700Z-4f13b5", test.after, map[string]string{test.wrong: "reading.json: changed"}); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
