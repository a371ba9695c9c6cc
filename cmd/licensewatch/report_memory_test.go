package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"licensewatch/internal/proof"
)

// mostReportMemory is what a report may take, in bytes.
const mostReportMemory = 256 << 20

// TestReportMemory: a report of very many accounts and orders takes no more memory than one
// machine gives away. With PROVE it is of 5,000 accounts with 20 orders each.
func TestReportMemory(t *testing.T) {
	accounts, orders, days, most := 20, 200, 2, uint64(mostReportMemory/2) // what the collector has not looked at yet counts as well
	if os.Getenv("PROVE") != "" {
		accounts, orders, days, most = 5_000, 20, 3, mostReportMemory
	}
	dir, out := filepath.Join(t.TempDir(), "archive"), t.TempDir()
	newMadeFleet(accounts, orders, days, 1).seal(t, dir)
	code, errs, peak := commandPeak(t, reportArgs(dir, out)...)
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	t.Logf("proof: a report of %d accounts with %d orders takes %d MB", accounts, accounts*orders, peak>>20)
	if peak > most {
		t.Errorf("it took %d MB, %d are promised", peak>>20, most>>20)
	}
	wantSmallPage(t, out)
}

// reportArgs are those of a report in all forms, of ten years.
func reportArgs(dir, out string) []string {
	return []string{"report", "--archive", dir, "--from", "2016-11-01", "--html", filepath.Join(out, "r.html"),
		"--xlsx", filepath.Join(out, "r.xlsx"), "--csv", filepath.Join(out, "tables"), "--ics", filepath.Join(out, "r.ics")}
}

// wantSmallPage wants a page that can be sent on.
func wantSmallPage(t *testing.T, out string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(out, "r.html"))
	if err != nil || info.Size() > 700_000 {
		t.Errorf("the page: %v, %v", info, err)
	}
}

// TestReportOfYears: a report of an account with a record of every day, and the history of a
// field, take no more memory for many days than for a few. With PROVE there are ten years of them.
func TestReportOfYears(t *testing.T) {
	days := proof.Trials(100, 3650)
	dir, out := filepath.Join(t.TempDir(), "archive"), t.TempDir()
	newMadeFleet(1, 5, days, 1).seal(t, dir)
	for name, test := range map[string]struct {
		args []string
		most uint64
	}{
		"report": {reportArgs(dir, out), mostReportMemory},
		"archive history": {[]string{"archive", "history", "cwp.UsedLicenseCnt", "machines.MachineCnt", "--archive", dir},
			mostMemory},
	} {
		began := time.Now()
		code, errs, peak := commandPeak(t, test.args...)
		if code != exitFine {
			t.Fatalf("%s: exit %d: %s", name, code, errs)
		}
		proof.Report(t, "%s of %d days of one account takes %.1f s and %d MB", name, days, time.Since(began).Seconds(), peak>>20)
		if peak > test.most {
			t.Errorf("%s took %d MB, %d are promised", name, peak>>20, test.most>>20)
		}
	}
	wantSmallPage(t, out)
	rows := readCSV(t, filepath.Join(out, "tables"), "days")
	first, last := archiveStart.AddDate(0, 0, 1-days), archiveStart
	if len(rows) != days || rows[0]["day"] != first.Format(time.DateOnly) || rows[days-1]["day"] != last.Format(time.DateOnly) {
		t.Errorf("there are %d days in the report, want %d", len(rows), days)
	}
}
