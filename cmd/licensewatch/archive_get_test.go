package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/archive"
)

func TestArchiveList(t *testing.T) {
	dir, heads := newArchiveDir(t)
	overwrite(t, archiveFile(dir, heads[1], "manifest.json"), `{"format":1}`)
	code, out, errs := command(t, nil, "archive", "list", "--archive", dir, "--to", "2026-11-24")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "output", out, "2026/11/22/010700Z-4f0000  digest  "+heads[0].Short()+"   5 files", "✗ the manifest: it does not hold what was sealed", "3 records of 100000000001")
	wantIn(t, "errors", errs, "of 1 record the manifest cannot be read")
	if strings.Contains(out, "2026/11/26") {
		t.Errorf("a later one: %s", out)
	}
	_, out, _ = command(t, nil, "archive", "list", "--archive", dir, "--output", "json")
	wantIn(t, "JSON", out, `"sha256": "`+heads[4].SHA256, `"sealed": false`)
	sealDays(t, dir, "100000000002", 0)
	code, _, errs = command(t, nil, "archive", "list", "--archive", dir)
	if code != exitFound || !strings.Contains(errs, "whose records? Write --account and 100000000001 or 100000000002") {
		t.Errorf("exit %d: %s", code, errs)
	}
	code, out, _ = command(t, nil, "archive", "list", "--archive", dir, "--account", "100000000002")
	if code != exitFine || !strings.Contains(out, "1 record of 100000000002") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestArchiveShow(t *testing.T) {
	dir, heads := newArchiveDir(t)
	code, out, errs := command(t, nil, "archive", "show", heads[1].Record, "--archive", dir)
	if code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	golden(t, "archive-show.txt", out)
	for _, name := range []string{"4f0001", archiveAccount + "/" + heads[1].Record, heads[1].Record + "/"} {
		if code, again, errs := command(t, nil, "archive", "show", name, "--archive", dir); code != exitFine || again != out {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
	}
	code, out, _ = command(t, nil, "archive", "show", "4f0001", "--archive", dir, "--output", "json")
	if documents := wantJSON(t, "show", out); code != exitFine || !holdsText(documents, "cwp-order-expiring") || !holdsText(documents, heads[1].SHA256) {
		t.Errorf("exit %d: %s", code, out)
	}
	overwrite(t, archiveFile(dir, heads[1], "messages.json"), `{"version":1}`)
	code, out, errs = command(t, nil, "archive", "show", "4f0001", "--archive", dir)
	if code != exitFound || strings.Contains(out, "Said:") || !strings.Contains(errs, "messages.json: it does not hold what was sealed") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	for name, want := range map[string]string{
		"../../etc":                 "is no record: write its name",
		"4f000":                     "run's id at its end; it may be of " + heads[0].Record + ", " + heads[1].Record + ", ",
		"2026/11/23":                "run's id at its end; it may be of " + heads[1].Record + "\n",
		"2026/11/25/010700Z-4f0003": "there is no such record",
		"abcdef":                    "no record of 100000000001 is of run abcdef",
	} {
		if code, _, errs := command(t, nil, "archive", "show", name, "--archive", dir); code != exitFound || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
	}
}

// TestArchiveGetOfTwins: of two records of one run's id both are named.
func TestArchiveGetOfTwins(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "archive")
	one, other := sealedDay(archiveAccount, 0), sealedDay(archiveAccount, 1)
	other.RunID = one.RunID
	heads := sealRecords(t, dir, one, other)
	code, _, errs := command(t, nil, "archive", "get", one.RunID, "--archive", dir, "--to", t.TempDir())
	if want := "which one? " + heads[0].Record + " and " + heads[1].Record + " are of run " + one.RunID; code != exitFound || !strings.Contains(errs, want) {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestArchiveGet(t *testing.T) {
	dir, heads := newArchiveDir(t)
	to := filepath.Join(t.TempDir(), "out")
	code, out, errs := command(t, nil, "archive", "get", "4f0001", "--archive", dir, "--to", to)
	if code != exitFine || strings.Count(out, "\n") != 6 {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	for _, name := range []string{"manifest.json", "reading.json", "export/license-detail.csv"} {
		want, err := os.ReadFile(archiveFile(dir, heads[1], name))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(to, name)); err != nil || !bytes.Equal(got, want) { //nolint:gosec // a file of the test
			t.Errorf("%s: %v: %s", name, err, got)
		}
	}
	code, _, errs = command(t, nil, "archive", "get", "4f0001", "--archive", dir, "--to", to)
	if code != exitFound || !strings.Contains(errs, filepath.Join(to, "manifest.json")+" exists already, and is not replaced") {
		t.Errorf("exit %d: %s", code, errs)
	}
	alone := t.TempDir()
	code, _, errs = command(t, nil, "archive", "get", "4f0001", "export/license-detail.csv", "--archive", dir, "--to", alone)
	if _, err := os.Stat(filepath.Join(alone, "license-detail.csv")); code != exitFine || err != nil {
		t.Errorf("exit %d, %v: %s", code, err, errs)
	}
}

// TestArchiveGetRefuses: whatever is in the way or wrong, nothing is left behind, and
// nothing is written outside.
func TestArchiveGetRefuses(t *testing.T) {
	outside := t.TempDir()
	for name, test := range map[string]struct {
		prepare func(t *testing.T, dir, to string, head archive.Link)
		file    string
		want    string
	}{
		"changed": {func(t *testing.T, dir, _ string, head archive.Link) {
			overwrite(t, archiveFile(dir, head, "findings.json"), "{}")
		}, "findings.json", "it does not hold what was sealed"},
		"longer": {func(t *testing.T, dir, _ string, head archive.Link) {
			if err := os.Truncate(archiveFile(dir, head, "findings.json"), 5<<30); err != nil {
				t.Fatal(err)
			}
		}, "findings.json", "it does not hold what was sealed"},
		"gone": {func(t *testing.T, dir, _ string, head archive.Link) {
			removeAll(t, archiveFile(dir, head, "findings.json"))
		}, "findings.json", "it is gone"},
		"not of the record": {nil, "../../../../../etc/passwd", "has no file"},
		"a link out": {func(t *testing.T, _, to string, _ archive.Link) {
			if err := os.Symlink(outside, filepath.Join(to, "export")); err != nil {
				t.Fatal(err)
			}
		}, "", "cannot be written"},
		"a link to nothing": {func(t *testing.T, _, to string, _ archive.Link) {
			if err := os.Symlink(filepath.Join(outside, "new"), filepath.Join(to, "findings.json")); err != nil {
				t.Fatal(err)
			}
		}, "findings.json", "exists already"},
		"a hostile manifest": {func(t *testing.T, dir, _ string, head archive.Link) {
			file := archiveFile(dir, head, "manifest.json")
			data, err := os.ReadFile(file) //nolint:gosec // a file of the test
			if err != nil {
				t.Fatal(err)
			}
			overwrite(t, file, strings.Replace(string(data), `"findings.json"`, `"../../findings.json"`, 1))
		}, "", "it names a file that no record has"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, heads := newArchiveDir(t)
			to := t.TempDir()
			if test.prepare != nil {
				test.prepare(t, dir, to, heads[1])
			}
			args := []string{"archive", "get", "4f0001", "--archive", dir, "--to", to}
			if test.file != "" {
				args = append(args[:3:3], append([]string{test.file}, args[3:]...)...)
			}
			code, out, errs := command(t, nil, args...)
			if code != exitFound || !strings.Contains(errs, test.want) {
				t.Errorf("exit %d: %s%s", code, out, errs)
			}
			if info, err := os.Stat(filepath.Join(to, "findings.json")); err == nil && test.file != "" {
				t.Errorf("%s of %d bytes is left", info.Name(), info.Size())
			}
			if left, err := os.ReadDir(outside); err != nil || len(left) > 0 {
				t.Errorf("outside there is %v (%v)", left, err)
			}
		})
	}
}

// TestArchiveListKnown: a manifest that is another one than the record after it knows is said,
// also where that one is of another day, or there is a folder in between.
func TestArchiveListKnown(t *testing.T) {
	dir, heads := newArchiveDir(t)
	file := archiveFile(dir, heads[2], "manifest.json")
	data, err := os.ReadFile(file) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, file, strings.Replace(string(data), `"mode":"digest"`, `"mode":"alert"`, 1))
	if err := os.MkdirAll(archiveFile(dir, archive.Link{Record: "2026/11/25/010700Z-4f0003"}, ""), 0o700); err != nil {
		t.Fatal(err)
	}
	const want = "✗ the manifest: 2026/11/26/010700Z-4f0004, which follows it, knows another one"
	for last, count := range map[string]string{"2026-11-24": "3 records", "2026-11-25": "4 records", "2026-11-27": "6 records"} {
		code, out, errs := command(t, nil, "archive", "list", "--archive", dir, "--to", last)
		if code != exitFound || strings.Count(out, want) != 1 || !strings.Contains(out, "2026/11/24/010700Z-4f0002  alert ") {
			t.Errorf("%s: exit %d: %s%s", last, code, out, errs)
		}
		wantIn(t, last, out, count+" of 100000000001")
	}
	_, out, _ := command(t, nil, "archive", "list", "--archive", dir, "-o", "json")
	wantJSON(t, "list", out)
	wantIn(t, "JSON", out, `"problem": "the manifest: 2026/11/26`)
	if code, out, _ := command(t, nil, "archive", "list", "--archive", dir, "--to", "2026-11-23"); code != exitFine || strings.Contains(out, "✗") {
		t.Errorf("before it: exit %d: %s", code, out)
	}
}
