package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
)

// TestReportDaysAreTheReaders: a day that is named begins and ends in the reader's zone, for what
// is read as for what is shown, and a report of the past knows nothing of what came after it.
func TestReportDaysAreTheReaders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	var records []archive.Unsealed
	for day := range 4 {
		for i, later := range []time.Duration{0, 17 * time.Hour} { // at 01:07 and 18:07 UTC
			record := sealedDay(archiveAccount, day*2+i)
			record.At = archiveStart.AddDate(0, 0, day).Add(later)
			records = append(records, record)
		}
	}
	sealRecords(t, dir, records...)
	for zone, want := range map[string][2]string{
		"Asia/Shanghai":    {"2026/11/22/180700Z-4f0001", "2026/11/24/010700Z-4f0004"},
		"America/New_York": {"2026/11/23/180700Z-4f0003", "2026/11/25/010700Z-4f0006"},
	} {
		out := filepath.Join(t.TempDir(), "tables")
		code, _, errs := commandAt(t, archiveStart.AddDate(0, 1, 0), map[string]string{"LICENSEWATCH_TIMEZONE": zone, "LICENSEWATCH_ARCHIVE_URL": "file://" + filepath.ToSlash(dir)}, "report",
			"--from", "2026-11-23", "--to", "2026-11-24", "--csv", out, "--language", "en")
		if code != exitFine {
			t.Fatalf("%s: exit %d: %s", zone, code, errs)
		}
		chain := readCSV(t, out, "chains")[0]
		if chain["first"] != want[0] || chain["head"] != want[1] {
			t.Errorf("%s: records %s to %s, want %v", zone, chain["first"], chain["head"], want)
		}
		if account := readCSV(t, out, "accounts")[0]; account["record"] != archiveAccount+"/"+want[1] {
			t.Errorf("%s: the newest reading is of %s", zone, account["record"])
		}
		for _, row := range readCSV(t, out, "evidence") {
			if row["day"] < "2026-11-23" || row["day"] > "2026-11-24" {
				t.Errorf("%s: a day that was not asked for: %v", zone, row)
			}
		}
	}
}

// TestReportLooksAheadToTheDay: the day to which is looked ahead ends in the reader's zone.
func TestReportLooksAheadToTheDay(t *testing.T) {
	dir, _ := newArchiveDir(t)
	for _, zone := range []string{"Asia/Shanghai", "America/New_York"} {
		file := filepath.Join(t.TempDir(), "report.html")
		code, _, errs := commandAt(t, archiveStart.AddDate(0, 0, 5), map[string]string{"LICENSEWATCH_TIMEZONE": zone, "LICENSEWATCH_ARCHIVE_URL": "file://" + filepath.ToSlash(dir)}, "report",
			"--to", "2027-01-10", "--html", file, "--language", "en")
		page, err := os.ReadFile(file) //nolint:gosec // a file of the test
		if code != exitFine || err != nil {
			t.Fatalf("%s: exit %d: %s (%v)", zone, code, errs, err)
		}
		wantIn(t, "page", string(page), "<li>looks ahead to 2027-01-10</li>")
	}
}

// TestReportOfNoRecord: days without any record give no page, which would look like an all-clear,
// but the days that there are.
func TestReportOfNoRecord(t *testing.T) {
	dir, _ := newArchiveDir(t)
	file := filepath.Join(t.TempDir(), "report.html")
	code, out, errs := commandAt(t, archiveStart.AddDate(0, 1, 0), nil, "report", "--archive", dir, "--from", "2026-10-01", "--to", "2026-10-31",
		"--html", file, "--language", "en")
	if code != exitFound || out != "" {
		t.Errorf("exit %d: %s", code, out)
	}
	wantIn(t, "error", errs, "the archive has no record from 2026-10-01 to 2026-10-31; its records are of 2026-11-22 to 2026-11-2")
	if _, err := os.Stat(file); err == nil {
		t.Error("there is a page")
	}
}

// TestReportRemovesStaleTables: a table of an earlier report that this one does not write is removed
// and named; whatever else has its name or lies beside it stays.
func TestReportRemovesStaleTables(t *testing.T) {
	dir, _ := newArchiveDir(t)
	out := t.TempDir()
	for name, text := range map[string]string{"problems.csv": "account,record,problem\n1,2,3\n", "missing-days.csv": "\uFEFFaccount,missing,days\n1,2,3\n",
		"forecast.csv": "My own, by hand\n1,2\n", "gap.csv": "", "budget.csv": "account,amount\n"} {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, said, errs := command(t, nil, "report", "--archive", dir, "--csv", out, "--language", "en")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", said, "2 tables of an earlier report removed: missing-days.csv and problems.csv")
	for name, want := range map[string]bool{"problems.csv": false, "missing-days.csv": false, "forecast.csv": true, "budget.csv": true, "accounts.csv": true} {
		if _, err := os.Stat(filepath.Join(out, name)); (err == nil) != want {
			t.Errorf("%s is there: %v", name, err == nil)
		}
	}
	if again, err := os.ReadFile(filepath.Join(out, "forecast.csv")); err != nil || !strings.HasPrefix(string(again), "My own") { //nolint:gosec // a file of the test
		t.Errorf("a file of somebody else: %q %v", again, err)
	}
}
