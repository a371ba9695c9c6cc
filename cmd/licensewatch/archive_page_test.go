package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/archive"
)

// TestArchiveOfPages: the record of a report for people has its pages and calendars and nothing
// else; it can be listed, shown, written and verified as any other, and a report reads past it.
func TestArchiveOfPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	page := []byte("<!doctype html>" + strings.Repeat("<p>a row</p>", 200_000))
	record := sealedDay(archiveAccount, 1)
	record.Mode, record.Files = "report", []archive.Content{archive.Bytes("report/licensewatch-report.html", page),
		archive.Bytes("report/licensewatch.ics", []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))}
	heads := sealRecords(t, dir, sealedDay(archiveAccount, 0), record, sealedDay(archiveAccount, 2))

	code, out, errs := command(t, nil, "archive", "show", heads[1].Record, "--archive", dir)
	if code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	golden(t, "archive-show-page.txt", out)
	code, out, errs = command(t, nil, "archive", "show", heads[1].Record, "--archive", dir, "--output", "json")
	if documents := wantJSON(t, "show", out); code != exitFine || !holdsText(documents, "report/licensewatch-report.html") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	to := t.TempDir()
	// as the message says it
	code, _, errs = command(t, nil, "archive", "get", archiveAccount+"/"+heads[1].Record, "report/licensewatch-report.html",
		"--archive", dir, "--to", to)
	got, err := os.ReadFile(filepath.Join(to, "licensewatch-report.html")) //nolint:gosec // a file of the test
	if code != exitFine || err != nil || !bytes.Equal(got, page) {
		t.Errorf("exit %d, %v: %d bytes of %d: %s", code, err, len(got), len(page), errs)
	}
	code, out, errs = command(t, nil, "archive", "verify", "--archive", dir)
	if code != exitFine || !strings.Contains(out, "3 records, 12 files") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, errs = command(t, nil, "archive", "history", "cwp.UsedLicenseCnt", "--archive", dir)
	if code != exitFine || strings.Contains(out, "4f0001") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}
