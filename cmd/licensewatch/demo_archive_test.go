package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemoArchive: the demo leaves an archive that the commands it names accept.
func TestDemoArchive(t *testing.T) {
	t.Chdir(t.TempDir()) // where the report is written
	dir := filepath.Join(t.TempDir(), "evidence")
	code, out, errs := command(t, nil, "demo", "--archive", dir, "--at", "2026-11-28T09:07:00+08:00")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "Evidence until Nov 27: ", `"status": "sealed"`, "  licensewatch archive verify "+dir+"\n")
	for line := range strings.SplitSeq(out, "\n") {
		args, ok := strings.CutPrefix(line, "  licensewatch ")
		if !ok {
			continue
		}
		code, out, errs := command(t, nil, strings.Fields(args)...)
		if code != exitFine {
			t.Errorf("%s: exit %d: %s%s", args, code, out, errs)
		}
		if strings.Contains(args, "verify") {
			wantIn(t, args, out, "12 records", "no record on 2026-11-22")
		}
	}
	code, _, errs = command(t, nil, "demo", "--archive", dir)
	if code != exitUsage {
		t.Errorf("a directory that is there: exit %d", code)
	}
	wantIn(t, "error", errs, "name a directory that is not there yet")
}

// TestDemoQuarter: the page that the function makes of a quarter says what happened in it.
func TestDemoQuarter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "quarter")
	code, out, errs := command(t, nil, "demo", "--scenario", "quarter", "--mode", "report", "--archive", dir,
		"--at", "2026-11-28T09:07:00+08:00")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, `"records": 89`, `"broken": 0`)
	_, verified, _ := command(t, nil, "archive", "verify", dir)
	wantIn(t, "archive", verified, "no record from 2026-10-03 to 2026-10-04", "Everything is as it was sealed.")
	pages, err := filepath.Glob(filepath.Join(dir, "*", "2026", "11", "28", "*", "report", "licensewatch-report.html"))
	if err != nil || len(pages) != 1 {
		t.Fatalf("%v, %v", pages, err)
	}
	page, err := os.ReadFile(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, "page", string(page), "cwp-dddd is isolated", "data-team", "2026-12-27", "</b> by lin on 2026-11-24",
		"renewal is with purchasing", "2026-10-03 to 2026-10-04")
}
