package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
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
	type record struct {
		at, readAt string
		used       int
		file       string // which is changed; empty: none
	}
	const morning = "2026-11-28T01:07:00Z"
	for name, test := range map[string]struct {
		records []record
		want    map[string]string // in use, by day
	}{
		"the later one": {[]record{{morning, morning, 3, ""}, {"2026-11-28T10:37:00Z", "2026-11-28T10:37:01Z", 5, ""}},
			map[string]string{"2026-11-28": "5"}},
		"its reading does not verify": {[]record{{morning, morning, 3, ""}, {"2026-11-28T10:37:00Z", "2026-11-28T10:37:01Z", 5, archive.ReadingName}},
			map[string]string{"2026-11-28": "3"}},
		"another file of it does not": {[]record{{morning, morning, 3, ""}, {"2026-11-28T10:37:00Z", "2026-11-28T10:37:01Z", 5, "messages.json"}},
			map[string]string{"2026-11-28": "3"}},
		"it was read after midnight": {[]record{{morning, morning, 3, ""}, {"2026-11-28T23:59:58Z", "2026-11-29T00:00:01Z", 5, ""}},
			map[string]string{"2026-11-28": "3", "2026-11-29": "5"}},
	} {
		dir, out := t.TempDir(), filepath.Join(t.TempDir(), "tables")
		for i := range 10 { // of the last records each is read
			at := time.Date(2026, 12, 1+i, 1, 7, 0, 0, time.UTC).Format(time.RFC3339)
			test.records = append(test.records, record{at, at, 9, ""})
		}
		var sealed []archive.Unsealed
		for i, r := range test.records {
			at, err := time.Parse(time.RFC3339, r.at)
			if err != nil {
				t.Fatal(err)
			}
			reading := fmt.Appendf(nil, `{"version":1,"read_at":%q,"cwp":{"UsedLicenseCnt":%d,"NotExpiredLicenseCnt":9}}`, r.readAt, r.used)
			sealed = append(sealed, archive.Unsealed{Account: archiveAccount, Site: "cn", RunID: fmt.Sprintf("4f%04x", i), At: at, Mode: "digest",
				Files: []archive.Content{archive.Bytes("messages.json", []byte(`{"version":1,"messages":[]}`)), archive.Bytes(archive.ReadingName, reading)}})
		}
		for i, link := range sealRecords(t, dir, sealed...) {
			if changed := test.records[i].file; changed != "" {
				if err := os.WriteFile(filepath.Join(dir, archiveAccount, filepath.FromSlash(link.Record), changed), []byte("{}"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		commandAt(t, time.Date(2026, 12, 11, 1, 0, 0, 0, time.UTC), nil, "report", "--archive", dir, "--csv", out, "--language", "en")
		for _, row := range readCSV(t, out, "days-by-account") {
			if want, is := test.want[row["day"]]; is && row["used"] != want || !is && row["day"] < "2026-12" {
				t.Errorf("%s: %s licenses are in use on %s, want %q", name, row["used"], row["day"], want)
			}
			delete(test.want, row["day"])
		}
		if len(test.want) > 0 {
			t.Errorf("%s: no row for %v", name, test.want)
		}
	}
}
