package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/license"
)

// TestReportWordsChanges: a record's words are in the language of its run. What changed is said
// in the report's where the reading before is there, and else in the record's.
func TestReportWordsChanges(t *testing.T) {
	const id, inRecord = "100000000001", "主机安全未防护的主机增加 12 台：现有 12 台，之前 0 台"
	const inEnglish = "CWPP does not protect 12 more machines: 12, before 0"
	reading := func(day int, unprotected int64) *license.Snapshot {
		return &license.Snapshot{Account: id, Site: license.SiteCN, ReadAt: archiveStart.AddDate(0, 0, day),
			Wanted: []license.Source{license.SourceMachines},
			Machines: &license.Machines{MachineCnt: new(int64(246)), FlagshipMachineCnt: new(int64(209)),
				BaseMachineCnt: new(int64(25)), NotProtectMachineCnt: &unprotected}}
	}
	failed := &license.Snapshot{Account: id, Site: license.SiteCN, ReadAt: archiveStart.AddDate(0, 0, -1),
		Wanted:   []license.Source{license.SourceMachines},
		Failures: map[license.Source]*license.Failure{license.SourceMachines: {Code: "AuthFailure"}}}
	now := reading(0, 12)
	for name, test := range map[string]struct {
		before []*license.Snapshot
		want   string
	}{
		"the reading before":             {[]*license.Snapshot{reading(-1, 0)}, inEnglish},
		"behind one that failed":         {[]*license.Snapshot{reading(-2, 0), failed}, inEnglish},
		"no reading before":              {nil, inRecord},
		"another reading before than it": {[]*license.Snapshot{reading(-1, 5)}, inRecord},
	} {
		t.Run(name, func(t *testing.T) {
			dir, out := filepath.Join(t.TempDir(), "archive"), filepath.Join(t.TempDir(), "tables")
			var records []archive.Unsealed
			for i, s := range append(test.before, now) {
				records = append(records, chineseRecord(t, s, reading(-1, 0), byte('a'+i)))
			}
			sealRecords(t, dir, records...)
			code, _, errs := command(t, nil, "report", "--archive", dir, "--csv", out, "--language", "en")
			if code != exitFine {
				t.Fatalf("exit %d: %s", code, errs)
			}
			var whats []string
			for _, row := range readCSV(t, out, "findings") {
				if row["rule"] == "cwp-machines-newly-unprotected" {
					whats = append(whats, row["what"])
				}
			}
			if len(whats) != 1 || whats[0] != test.want {
				t.Errorf("%q, not %q", whats, test.want)
			}
		})
	}
}

// chineseRecord is a record of a reading whose findings are in Chinese, and compared with
// another reading.
func chineseRecord(t *testing.T, s, before *license.Snapshot, id byte) archive.Unsealed {
	t.Helper()
	var reading bytes.Buffer
	if err := license.WriteSnapshot(&reading, *s); err != nil {
		t.Fatal(err)
	}
	findings := []map[string]any{}
	for _, f := range judgedFindings(builtInRules(t), s.After(before, s.ReadAt), s.ReadAt) {
		findings = append(findings, map[string]any{"rule": f.Rule, "subject": f.Subject, "state": f.State,
			"severity": f.Severity, "title": f.Title.Zh, "detail": f.Detail.Zh})
	}
	judged, err := json.Marshal(map[string]any{"version": 1, "findings": findings})
	if err != nil {
		t.Fatal(err)
	}
	return archive.Unsealed{Account: s.Account, Site: "cn", RunID: strings.Repeat(string(id), 6), At: s.ReadAt.Add(time.Second),
		Program: archive.Program{Version: "v1", Commit: "abc"}, Mode: "digest",
		Files: []archive.Content{archive.Bytes("reading.json", reading.Bytes()), archive.Bytes("findings.json", judged)}}
}
