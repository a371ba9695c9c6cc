package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/state"
)

const archiveAccount = "100000000001"

// archiveStart is the first record's time.
var archiveStart = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

// sealedDay is the record of a day, as runs seal them.
func sealedDay(account string, day int) archive.Unsealed {
	at := archiveStart.AddDate(0, 0, day)
	return archive.Unsealed{
		Account: account, Site: "cn", RunID: fmt.Sprintf("4f%04x", day), At: at,
		Program: archive.Program{Version: "v1.9.0", Commit: "abc"}, Mode: "digest",
		Files: []archive.Content{
			archive.Bytes("reading.json", fmt.Appendf(nil, `{"version":1,"read_at":%q,"account":%q,"site":"cn",
"cwp":{"LicenseCnt":317,"UsedLicenseCnt":%d,"NotExpiredLicenseCnt":null},
"orders":[{"ResourceId":"cwp-aaaa","LicenseId":1,"LicenseCnt":%d,"Deadline":"2026-12-04 23:59:59"},{"ResourceId":"cwp-day-%d","LicenseId":2}],
"failed":{"tcss":{"Kind":"permission","Code":"AuthFailure.UnauthorizedOperation"}}}`, at.Format(time.RFC3339), account, 200+day%7, 17+day/2, day)),
			archive.Bytes("findings.json", []byte(`{"version":1,"rules":[{"file":"built-in","sha256":"`+strings.Repeat("ab", 32)+`"}],"findings":[
{"rule":"cwp-order-expiring","subject":"cwp-aaaa","state":"firing","severity":"warning","title":"Order cwp-aaaa ends in 12 days","detail":"17 licenses","deadline":"2026-12-04T15:59:59Z",
"evidence":[{"expression":"order.DaysLeft <= 15","value":"firing","fields":{"order.DaysLeft":"12"}}]}],"ok":118}`)),
			archive.Bytes("messages.json", []byte(`{"version":1,"messages":[
{"id":"4f13b5","kind":"report","mode":"digest","channel":"slack","channel_kind":"slack","channel_id":"0123456789ab","at":"2026-11-22T01:07:03Z","verdict":"accepted","payload":{"text":"Order cwp-aaaa ends in 12 days"}},
{"id":"4f13b5","kind":"report","mode":"digest","channel":"wecom","channel_kind":"wecom","channel_id":"","at":"2026-11-22T01:07:04Z","verdict":"refused","code":"93000","payload":{"msgtype":"markdown"}}],
"export":{"status":"finished","task_id":7}}`)),
			archive.Bytes("machines.json", []byte(`[{"ResourceId":"cwp-aaaa","LicenseId":1,"TotalCount":2,"Machines":[{"MachineName":"web-01"},{"MachineName":null,"InstanceID":"ins-2"}]},
{"ResourceId":"cwp-bbbb","LicenseId":2,"TotalCount":260,"Machines":[{"MachineName":"db-01"}],"Incomplete":true}]`)),
			archive.Bytes("export/license-detail.csv", fmt.Appendf(nil, "day,%d\n", day)),
		},
	}
}

// sealDays seals a record of each day into a directory, and gives the hashes of the
// manifests.
func sealDays(t testing.TB, dir, account string, days ...int) (heads []archive.Link) {
	t.Helper()
	var records []archive.Unsealed
	for _, day := range days {
		records = append(records, sealedDay(account, day))
	}
	return sealRecords(t, dir, records...)
}

// sealRecords seals records into a directory, each after the one before.
func sealRecords(t testing.TB, dir string, records ...archive.Unsealed) (heads []archive.Link) {
	t.Helper()
	store, err := state.OpenArchive("file://"+dir, "test", time.Time{}, state.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var head *archive.Link
	for _, record := range records {
		link, err := archive.Seal(context.Background(), store, record, head)
		if err != nil {
			t.Fatal(err)
		}
		head = &link
		heads = append(heads, link)
	}
	return heads
}

// newArchiveDir is an archive of five records, with a day left out.
func newArchiveDir(t testing.TB) (dir string, heads []archive.Link) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "archive")
	return dir, sealDays(t, dir, archiveAccount, 0, 1, 2, 4, 5)
}

// archiveFile is a file of one of the records.
func archiveFile(dir string, head archive.Link, name string) string {
	return filepath.Join(dir, archiveAccount, filepath.FromSlash(head.Record), filepath.FromSlash(name))
}

func TestArchiveVerify(t *testing.T) {
	for name, test := range map[string]struct {
		change func(t *testing.T, dir string, heads []archive.Link)
		args   []string
		code   int
		want   []string
	}{
		"sound": {nil, nil, exitFine, []string{
			"100000000001  5 records, 25 files, ", "from 2026/11/22/010700Z-4f0000 to 2026/11/27/010700Z-4f0005 (",
			"no record on 2026-11-25", "✓ Everything is as it was sealed.", "--anchor"}},
		"days": {nil, []string{"--from", "2026-11-23", "--to", "2026-11-24"}, exitFine, []string{
			"2 records, 10 files", "as it was sealed from 2026-11-23 on up to 2026-11-24."}},
		"no such days": {nil, []string{"--from", "2027-01-01"}, exitFound, []string{"the archive holds no records from 2027-01-01 on"}},
		"changed": {func(t *testing.T, dir string, heads []archive.Link) {
			overwrite(t, archiveFile(dir, heads[1], "messages.json"), "[]")
		}, nil, exitFound, []string{"100000000001/2026/11/23/010700Z-4f0001\n  ✗ messages.json: changed\n", "1 thing is wrong with the archive"}},
		"missing and added": {func(t *testing.T, dir string, heads []archive.Link) {
			if err := os.Rename(archiveFile(dir, heads[1], "findings.json"), archiveFile(dir, heads[1], "x\x1b[2J\u202e")); err != nil {
				t.Fatal(err)
			}
		}, nil, exitFound, []string{"  ✗ findings.json: missing\n", "  ✗ x [2J : added\n", "2 things are wrong"}},
		"a record removed": {func(t *testing.T, dir string, heads []archive.Link) {
			removeRecord(t, dir, heads[2])
		}, nil, exitFound, []string{"100000000001/2026/11/24/010700Z-4f0002\n  ✗ missing: 2026/11/26/010700Z-4f0004 follows it\n"}},
		"the newest removed": {func(t *testing.T, dir string, heads []archive.Link) {
			removeRecord(t, dir, heads[4])
		}, nil, exitFine, nil},
		"a manifest of 5 GB": {func(t *testing.T, dir string, heads []archive.Link) {
			if err := os.Truncate(archiveFile(dir, heads[3], "manifest.json"), 5<<30); err != nil {
				t.Fatal(err)
			}
		}, nil, exitFound, []string{"  ✗ manifest.json: changed: it is larger than it may be\n"}},
		"a link": {func(t *testing.T, dir string, heads []archive.Link) {
			file := archiveFile(dir, heads[0], "reading.json")
			if err := os.Rename(file, filepath.Join(dir, "..", "elsewhere")); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(filepath.Join(dir, "..", "elsewhere"), file); err != nil {
				t.Fatal(err)
			}
		}, nil, exitFound, []string{"  ✗ reading.json: unreadable: "}},
		"empty":           {func(t *testing.T, dir string, _ []archive.Link) { removeAll(t, filepath.Join(dir, archiveAccount)) }, nil, exitFound, []string{"the archive holds no records"}},
		"another account": {nil, []string{"--account", "7"}, exitFound, []string{"--account 7: the archive has 100000000001"}},
		"short anchor":    {nil, []string{"--anchor", "3f9a1c"}, exitUsage, []string{`--anchor "3f9a1c" is no beginning of a hash: write 8 to 64 of the digits`}},
		"odd anchor":      {nil, []string{"--anchor", "3f9a1c0b77eg"}, exitUsage, []string{"is no beginning of a hash"}},
		"unknown anchor":  {nil, []string{"--anchor", "3f9a1c0b77e2"}, exitFound, []string{"the archive\n  ✗ cut off: no record has the hash 3f9a1c0b77e2"}},
		"no day":          {nil, []string{"--from", "yesterday"}, exitUsage, []string{`--from "yesterday" is no date`}},
		"days reversed":   {nil, []string{"--from", "2026-11-24", "--to", "2026-11-23"}, exitUsage, []string{"comes after --to"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, heads := newArchiveDir(t)
			if test.change != nil {
				test.change(t, dir, heads)
			}
			code, out, errs := command(t, nil, append([]string{"archive", "verify", dir}, test.args...)...)
			if code != test.code {
				t.Errorf("exit %d, want %d: %s%s", code, test.code, out, errs)
			}
			wantIn(t, "output", out+errs, test.want...)
			wantTame(t, "output", out+errs)
		})
	}
}

// TestArchiveVerifyAnchors: what was cut off at the end shows by an anchor.
func TestArchiveVerifyAnchors(t *testing.T) {
	dir, heads := newArchiveDir(t)
	anchor := strings.ToUpper(heads[4].Short())
	code, out, errs := command(t, nil, "archive", "verify", "--archive", "file://"+dir, "--anchor", anchor, "--anchor", heads[0].SHA256)
	if code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "It holds what the 2 anchors knew.")
	removeRecord(t, dir, heads[4])
	code, out, _ = command(t, nil, "archive", "verify", dir, "--anchor", anchor, "--output", "json")
	var answer struct {
		Sound   bool
		Defects []archive.Defect `json:"problems"`
		Chains  []archive.Chain
	}
	if err := json.Unmarshal([]byte(out), &answer); err != nil || code != exitFound {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if answer.Sound || len(answer.Defects) != 1 || answer.Defects[0].Reason != archive.CutOff || answer.Chains[0].Records != 4 {
		t.Errorf("%+v", answer)
	}
}

func TestArchiveOpen(t *testing.T) {
	dir, heads := newArchiveDir(t)
	for name, test := range map[string]struct {
		settings map[string]string
		args     []string
		code     int
		want     string
	}{
		"by setting": {map[string]string{"LICENSEWATCH_ARCHIVE_URL": "file://" + dir}, nil, exitFine, "5 records"},
		"no archive": {nil, nil, exitUsage, "LICENSEWATCH_ARCHIVE_URL is not set"},
		"an account": {nil, []string{dir + "/" + archiveAccount}, exitUsage,
			archiveAccount + " is the folder of one account, not an archive: name the folder above it"},
		"a record":    {nil, []string{archiveFile(dir, heads[1], "")}, exitUsage, "is the folder of one record, not an archive: name the folder that"},
		"a day":       {nil, []string{filepath.Dir(archiveFile(dir, heads[1], ""))}, exitUsage, "is the folder of one day, not an archive: name the folder that"},
		"a month":     {nil, []string{filepath.Join(dir, archiveAccount, "2026", "11")}, exitUsage, "is the folder of one year or month, not an archive"},
		"a year":      {nil, []string{filepath.Join(dir, archiveAccount, "2026")}, exitUsage, "is the folder of one year or month, not an archive"},
		"above it":    {nil, []string{filepath.Dir(dir)}, exitUsage, "is no archive, but holds some: name one of them, " + filepath.Base(dir)},
		"no such URL": {nil, []string{"file://" + dir + "-gone"}, exitUsage, "--archive: " + dir + "-gone is no directory"},
		"no such setting": {map[string]string{"LICENSEWATCH_ARCHIVE_URL": "file://" + dir + "-gone"}, nil, exitFound,
			"the archive holds no records: " + dir + "-gone is not there"},
		"wrong settings":  {map[string]string{"LICENSEWATCH_SITE": "us"}, []string{dir}, exitFine, "5 records"}, // a copy needs none
		"no directory":    {nil, []string{dir + "-gone"}, exitUsage, "is no directory"},
		"an odd URL":      {nil, []string{"s3://bucket"}, exitUsage, "--archive names a store that does not exist"},
		"a bucket":        {nil, []string{"cos://licensewatch-1250000000/a?region=ap-guangzhou&endpoint=http://127.0.0.1:1"}, exitFound, "the archive: "},
		"twice":           {nil, []string{dir, "--archive", dir}, exitUsage, "leave one out"},
		"a second folder": {nil, []string{dir, dir}, exitUsage, "verify takes a URL or directory and nothing else"},
		"memory unreadable": {map[string]string{"LICENSEWATCH_ARCHIVE_URL": "file://" + dir, "LICENSEWATCH_STATE_URL": "file:///nonexistent/a/b"},
			nil, exitFound, "LICENSEWATCH_STATE_URL: "},
	} {
		code, out, errs := command(t, test.settings, append([]string{"archive", "verify"}, test.args...)...)
		if code != test.code || !strings.Contains(out+errs, test.want) {
			t.Errorf("%s: exit %d: %s%s", name, code, out, errs)
		}
	}
}

func overwrite(t *testing.T, file, content string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func removeAll(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func removeRecord(t *testing.T, dir string, head archive.Link) {
	t.Helper()
	removeAll(t, archiveFile(dir, head, ""))
}

// TestArchiveRemembered: verify compares with the newest record that a run's memory knows.
func TestArchiveRemembered(t *testing.T) {
	sim, settings := simulatedAccount(t, "near-expiry")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	dir := filepath.Join(t.TempDir(), "archive")
	settings["LICENSEWATCH_ARCHIVE_URL"] = "file://" + dir
	settings["LICENSEWATCH_STATE_URL"] = "file://" + filepath.Join(t.TempDir(), "state")
	if code, out, errs := command(t, settings, "run"); code != exitFine {
		t.Fatalf("exit %d: %s%s", code, out, errs)
	}
	code, out, errs := command(t, settings, "archive", "verify")
	if code != exitFine || !strings.Contains(out, "It holds the newest record that the memory knows.") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	code, out, errs = command(t, settings, "archive", "show", listedRecord(t, settings))
	if code != exitFine || !strings.Contains(out, "Slack: accepted") || !strings.Contains(out, "UsedLicenseCnt") ||
		!strings.Contains(out, "cwp-aaaa: 33 machines: web-01, ") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	removeAll(t, dir)
	code, out, _ = command(t, settings, "archive", "verify")
	if code != exitFound || !strings.Contains(out, "cut off: the store remembers it") {
		t.Errorf("without the archive: exit %d: %s", code, out)
	}
}

// listedRecord is the only record of the settings' archive.
func listedRecord(t *testing.T, settings map[string]string) string {
	t.Helper()
	_, out, _ := command(t, settings, "archive", "list")
	name, _, _ := strings.Cut(out, " ")
	return name
}

// TestArchiveShowSays what is worth reading of a record that is not like others.
func TestArchiveShowSays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	record := sealedDay(archiveAccount, 0)
	record.Files = []archive.Content{
		archive.Bytes("findings.json", []byte(`{"version":1,"findings":[{"rule":"tcss-ended","state":"unknown","severity":"critical","title":""}],"ok":0}`)),
		archive.Bytes("reading.json", []byte(`{"version":1,"tcss":{"State":null},"cwp":{"LicenseCnt":0,"`+strings.Repeat("A", 90)+`":1}}`)),
		archive.Bytes("messages.json", []byte(`{"version":1,"messages":[]}`)),
	}
	head := sealRecords(t, dir, record)[0]
	overwrite(t, archiveFile(dir, head, "messages.json"), "[]")
	code, out, errs := command(t, nil, "archive", "show", "4f0000", "--archive", dir)
	if code != exitFound {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out,
		"  unknown   critical  tcss-ended\n", // and no colon without a title
		"  cwp       "+strings.Repeat("A", 90)+" 1,\n            LicenseCnt 0\n",
		"  tcss      nothing was told\n",
		"✗ Not shown: 2026/11/22/010700Z-4f0000: messages.json: it does not hold what was sealed\n")
}

// TestArchiveOfOthers: whoever may not read an archive is told to be allowed that, and no more.
func TestArchiveOfOthers(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("NOT TESTED: root may read everything")
	}
	dir, _ := newArchiveDir(t)
	folder := filepath.Join(dir, archiveAccount)
	if err := os.Chmod(folder, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) }) //nolint:gosec // a folder of the test
	for _, args := range [][]string{{"archive", "verify", dir}, {"archive", "history", "--archive", dir, "cwp.LicenseCnt"},
		{"report", "--archive", dir, "--html", filepath.Join(t.TempDir(), "r.html")}} {
		_, out, errs := command(t, nil, args...)
		if text := out + errs; !strings.Contains(text, " read in "+dir) || strings.Contains(text, "write") {
			t.Errorf("%v: %s", args, text)
		}
	}
}
