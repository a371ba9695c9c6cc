package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestArchiveHistory(t *testing.T) {
	dir, heads := newArchiveDir(t)
	code, out, errs := command(t, nil, "archive", "history", "cwp.UsedLicenseCnt", "cwp.NotExpiredLicenseCnt", "tcss.AllCoresCnt", "--archive", dir)
	if code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	golden(t, "archive-history.txt", out)
	code, out, _ = command(t, nil, "archive", "history", "cwp.UsedLicenseCnt", "--archive", dir, "--output", "csv", "--from", "2026-11-24")
	if want := "day,record,cwp.UsedLicenseCnt\n2026-11-24,2026/11/24/010700Z-4f0002,202\n2026-11-26,2026/11/26/010700Z-4f0004,204\n2026-11-27,2026/11/27/010700Z-4f0005,205\n"; code != exitFine || out != want {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out, _ = command(t, nil, "archive", "history", "cwp.UsedLicenseCnt", "--archive", dir, "--output", "json")
	if code != exitFine || !strings.Contains(out, `"cwp.UsedLicenseCnt": 205`) {
		t.Errorf("exit %d: %s", code, out)
	}
	overwrite(t, archiveFile(dir, heads[4], "reading.json"), "{}")
	code, out, errs = command(t, nil, "archive", "history", "cwp.UsedLicenseCnt", "--archive", dir)
	if code != exitFound || strings.Contains(out, "205") || !strings.Contains(errs, "2026/11/27/010700Z-4f0005: reading.json: it does not hold what was sealed") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	overwrite(t, archiveFile(dir, heads[2], "reading.json"), "{}")
	_, out, _ = command(t, nil, "archive", "history", "cwp.UsedLicenseCnt", "--archive", dir)
	if !strings.Contains(out, "a record that does not verify on 2026-11-24\nno record on 2026-11-25\n") {
		t.Errorf("a day whose record was altered: %s", out)
	}
	for line, want := range map[string]string{
		"cwp.UsedLicenceCnt": "did you mean cwp.UsedLicenseCnt?",
		"x":                  "write one of cwp.…",
		"":                   "which field?",
	} {
		args := append([]string{"archive", "history", "--archive", dir}, strings.Fields(line)...)
		if code, _, errs := command(t, nil, args...); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%q: exit %d: %s", line, code, errs)
		}
	}
}

// TestCourse: a bar a day, and a gap where there is no value.
func TestCourse(t *testing.T) {
	t.Parallel()
	var days []daysReading
	for _, day := range []struct{ day, value string }{{"2026-11-22", "10"}, {"2026-11-23", "13"}, {"2026-11-24", "null"}, {"2026-11-26", "16"}} {
		days = append(days, daysReading{Day: day.day, Values: map[string]json.RawMessage{"f": json.RawMessage(day.value)}})
	}
	if got, want := courseOf(days, "f", 80), "f  ▁▄  ▇  10 to 16"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	days[3].Values["f"] = json.RawMessage(`"x"`)
	if got, want := courseOf(days[3:], "f", 80), ""; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestArchiveCompare(t *testing.T) {
	dir, heads := newArchiveDir(t)
	code, out, errs := command(t, nil, "archive", "compare", heads[0].Record, heads[3].Record, "--archive", dir)
	if code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	golden(t, "archive-compare.txt", out)
	code, out, _ = command(t, nil, "archive", "compare", "4f0001", "4f0001", "--archive", dir)
	if code != exitFine || !strings.Contains(out, "Nothing changed.") {
		t.Errorf("exit %d: %s", code, out)
	}
	code, out, _ = command(t, nil, "archive", "compare", "4f0000", "4f0004", "--archive", dir, "--output", "json")
	if documents := wantJSON(t, "compare", out); code != exitFine || !holdsText(documents, "order cwp-day-4#2") {
		t.Errorf("exit %d: %s", code, out)
	}
	if code, _, errs := command(t, nil, "archive", "compare", "4f0001", "--archive", dir); code != exitUsage || !strings.Contains(errs, "with which record?") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// TestArchiveHistoryNamesNearest: a field that does not exist is answered by those that were meant.
func TestArchiveHistoryNamesNearest(t *testing.T) {
	dir, _ := newArchiveDir(t)
	for field, want := range map[string]string{
		"cwp.UsedLicenseCount": "; did you mean cwp.UsedLicenseCnt?",
		"cwp.used":             "; there are cwp.UsedLicenseCnt",
		"expired":              "cwp.NotExpiredLicenseCnt",
		"machines.servers":     "; there are machines.",
		"orders.End":           ": write one of cwp.…",
	} {
		if code, _, errs := command(t, nil, "archive", "history", "--archive", dir, field); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d: %s", field, code, errs)
		}
	}
}
