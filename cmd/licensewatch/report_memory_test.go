package main

import (
	"os"
	"path/filepath"
	"testing"
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
	code, errs, peak := commandPeak(t, "report", "--archive", dir, "--from", "2016-12-01", "--html", filepath.Join(out, "r.html"),
		"--xlsx", filepath.Join(out, "r.xlsx"), "--csv", filepath.Join(out, "tables"), "--ics", filepath.Join(out, "r.ics"))
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	t.Logf("proof: a report of %d accounts with %d orders takes %d MB", accounts, accounts*orders, peak>>20)
	if peak > most {
		t.Errorf("it took %d MB, %d are promised", peak>>20, most>>20)
	}
	info, err := os.Stat(filepath.Join(out, "r.html"))
	if err != nil || info.Size() > 700_000 {
		t.Errorf("the page: %v, %v", info, err)
	}
}
