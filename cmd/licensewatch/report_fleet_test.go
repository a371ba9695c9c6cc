package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"licensewatch/archive"
)

// TestReportOfFleet: names come from what a run of many accounts seals besides their records,
// what was said there was said of each account, and an account without a record is one that
// was not read.
func TestReportOfFleet(t *testing.T) {
	dir, out := filepath.Join(t.TempDir(), "archive"), filepath.Join(t.TempDir(), "tables")
	f := newMadeFleet(2, 4, 3, 2)
	f.seal(t, dir)
	at := archiveStart
	sealRecords(t, dir, archive.Unsealed{Account: "fleet", Site: "cn", RunID: "4f0000", At: at, Mode: "digest",
		Program: archive.Program{Version: "v1", Commit: "abc"}, Files: []archive.Content{
			archive.Bytes("accounts.json", []byte(`{"version":1,"counts":{"read":1,"partly":0,"failed":1,"not_reached":0},"accounts":[
{"account":"100000000001","name":"pay-prod","site":"cn","read":"whole","record":"","sha256":""},
{"account":"100000000009","name":"broken","site":"cn","read":"failed","record":"","sha256":""}]}`)),
			archive.Bytes("messages.json", fmt.Appendf(nil, `{"version":1,"messages":[{"id":"4f0000","kind":"report","mode":"digest","channel":"security","at":%q,"verdict":"accepted","payload":{}}]}`,
				at.Format("2006-01-02T15:04:05Z")))}})
	file := filepath.Join(out, "report.html")
	code, _, errs := command(t, nil, "report", "--archive", dir, "--csv", out, "--html", file, "--language", "en")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	page, err := os.ReadFile(file) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, "page", string(page), `class="t-said-by-day"`)
	statuses := map[string]string{}
	for _, row := range readCSV(t, out, "accounts") {
		statuses[row["account"]] = row["status"]
	}
	if len(statuses) != 3 || statuses["pay-prod (100000000001)"] != "fully" || statuses["100000000002"] != "fully" || statuses["broken (100000000009)"] != "no" {
		t.Errorf("accounts %v", statuses)
	}
	isSaid := func(row map[string]string) bool { return row["account"] == "fleet" && row["channel"] == "security" }
	if said := readCSV(t, out, "said"); !slices.ContainsFunc(said, isSaid) {
		t.Errorf("said %v", said)
	}
	if chains := readCSV(t, out, "chains"); len(chains) != 3 {
		t.Errorf("chains %v", chains)
	}
	code, _, errs = command(t, nil, "report", "--archive", dir, "--csv", out, "--account", "pay-*", "--language", "en")
	if rows := readCSV(t, out, "accounts"); code != exitFine || len(rows) != 1 {
		t.Errorf("exit %d: %s %v", code, errs, rows)
	}
}
