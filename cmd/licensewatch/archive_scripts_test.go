package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
	"licensewatch/state"
)

// TestVerifyWithoutUs: the scripts of docs/evidence.md say of archives what archive verify
// says.
func TestVerifyWithoutUs(t *testing.T) {
	const cut, tried, left, killed = "the newest removed", "what check leaves", "what a killed run leaves", "a killed run that is told"
	const early = "a run that was killed before it wrote a file"
	for name, change := range map[string]func(t *testing.T, dir string, heads []archive.Link){
		"sound": nil,
		"a byte": func(t *testing.T, dir string, heads []archive.Link) {
			overwrite(t, archiveFile(dir, heads[1], "export/license-detail.csv"), "day,2\n")
		},
		"a file gone": func(t *testing.T, dir string, heads []archive.Link) {
			removeAll(t, archiveFile(dir, heads[2], "findings.json"))
		},
		"a file added": func(t *testing.T, dir string, heads []archive.Link) {
			overwrite(t, archiveFile(dir, heads[2], "export/b"), "")
		},
		"a stray file": func(t *testing.T, dir string, _ []archive.Link) { overwrite(t, filepath.Join(dir, "x"), "") },
		tried:          func(t *testing.T, dir string, _ []archive.Link) { overwrite(t, filepath.Join(dir, "probe"), "") },
		left:           func(t *testing.T, dir string, _ []archive.Link) { overwrite(t, filepath.Join(dir, ".tmp-12"), "{") },
		"a hidden file added": func(t *testing.T, dir string, heads []archive.Link) {
			overwrite(t, archiveFile(dir, heads[2], ".tmp-12"), "{")
		},
		"a folder of its name": func(t *testing.T, dir string, _ []archive.Link) {
			if err := os.Mkdir(filepath.Join(dir, "probe"), 0o700); err != nil {
				t.Fatal(err)
			}
			overwrite(t, filepath.Join(dir, "probe", "x"), "")
		},
		"a record removed": func(t *testing.T, dir string, heads []archive.Link) { removeRecord(t, dir, heads[2]) },
		cut:                func(t *testing.T, dir string, heads []archive.Link) { removeRecord(t, dir, heads[4]) },
		"not sealed": func(t *testing.T, dir string, heads []archive.Link) {
			removeAll(t, archiveFile(dir, heads[4], "manifest.json"))
		},
		killed: func(t *testing.T, dir string, heads []archive.Link) {
			begun := archive.Unsealed{Account: archiveAccount, Site: "cn", RunID: "abcdef", At: testNow.AddDate(1, 0, 0),
				Mode: "digest", Files: []archive.Content{archive.Bytes("reading.json", []byte("{}"))}}
			store, err := state.OpenArchive("file://"+dir, "", time.Time{}, state.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if begun, err = archive.Begin(t.Context(), store, begun, &heads[4]); err != nil {
				t.Fatal(err)
			}
			next := begun
			next.RunID, next.At = "fedcba", begun.At.Add(time.Hour)
			next.Missing = []archive.Missing{{Name: archive.RecordName(begun.At, begun.RunID), Reason: "not sealed"}}
			if _, err := archive.Seal(t.Context(), store, next, &heads[4]); err != nil {
				t.Fatal(err)
			}
		},
		early: func(t *testing.T, dir string, heads []archive.Link) {
			for i, folder := range []string{"", "export"} { // one between records, and one behind them
				begun := archive.RecordName(heads[2+2*i].At().Add(time.Hour), "abcdef")
				if err := os.MkdirAll(filepath.Join(dir, archiveAccount, begun, folder), 0o700); err != nil {
					t.Fatal(err)
				}
			}
		},
		"white space": func(t *testing.T, dir string, heads []archive.Link) {
			replaceIn(t, archiveFile(dir, heads[4], "manifest.json"), `"site":`, `"site": `)
		},
		"another time": func(t *testing.T, dir string, heads []archive.Link) {
			replaceIn(t, archiveFile(dir, heads[4], "manifest.json"), "T01:07:00Z", "T01:07:01Z")
		},
		"a manifest in the middle": func(t *testing.T, dir string, heads []archive.Link) {
			replaceIn(t, archiveFile(dir, heads[2], "manifest.json"), "v1.9.0", "v1.9.1")
		},
		"empty": func(t *testing.T, dir string, _ []archive.Link) { removeAll(t, filepath.Join(dir, archiveAccount)) },
		"no JSON": func(t *testing.T, dir string, heads []archive.Link) {
			overwrite(t, archiveFile(dir, heads[4], "manifest.json"), "{")
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, heads := newArchiveDir(t)
			anchor := heads[4].Short()
			if change != nil {
				change(t, dir, heads)
			}
			for _, anchors := range [][]string{nil, {anchor}} {
				args := []string{"archive", "verify", dir}
				for _, a := range anchors {
					args = append(args, "--anchor", a)
				}
				want, said, _ := command(t, nil, args...)
				if sound := want == exitFine; sound != (change == nil || name == tried || name == left || name == killed || name == early || name == cut && anchors == nil) {
					t.Errorf("archive verify: exit %d: %s", want, said)
				}
				for _, script := range []string{"verify.sh", "verify.py"} {
					if got, out := runScript(t, script, dir, anchors...); got != want {
						t.Errorf("%s %v: exit %d, archive verify %d\n%s\n%s", script, anchors, got, want, out, said)
					}
				}
			}
		})
	}
}

// TestVerifyOfNothing: what is no archive is called that, and is no finding.
func TestVerifyOfNothing(t *testing.T) {
	dir, _ := newArchiveDir(t)
	for _, script := range []string{"verify.sh", "verify.py"} {
		for folder, want := range map[string]struct {
			code int
			text string
		}{
			"":                         {2, "usage: " + script + " FOLDER"},
			dir + "-gone":              {2, "usage: " + script + " FOLDER"},
			t.TempDir():                {1, "no records; the folder to name is the one that holds the folders of the accounts"},
			dir + "/" + archiveAccount: {1, "no records; the folder to name is the one that holds the folders of the accounts"},
		} {
			code, out := runScript(t, script, folder)
			if code != want.code || !strings.Contains(out, want.text) || strings.Contains(out, "as they were sealed") {
				t.Errorf("%s %q: exit %d: %s", script, folder, code, out)
			}
		}
	}
}

// TestEvidenceShowsTheScripts: the page has them as they are, short enough to be read.
func TestEvidenceShowsTheScripts(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"verify.sh", "verify.py"} {
		script, err := os.ReadFile("../../docs/" + name) //nolint:gosec // a file of the repository
		if err != nil || !strings.Contains(string(page), string(script)+"```\n") {
			t.Errorf("docs/evidence.md does not show docs/%s (%v)", name, err)
		}
		if lines := strings.Count(string(script), "\n"); lines > 58 {
			t.Errorf("docs/%s has %d lines", name, lines)
		}
	}
}

// runScript runs a script of docs, and gives its exit code and what it said.
func runScript(t *testing.T, script, dir string, anchors ...string) (code int, out string) {
	t.Helper()
	needs, shell := []string{"python3"}, "python3"
	if strings.HasSuffix(script, ".sh") {
		needs, shell = []string{"sh", "awk", "jq", "sha256sum"}, "sh"
	}
	for _, tool := range needs {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("NOT TESTED: docs/%s needs %s, which is not on this machine", script, tool)
		}
	}
	path, err := filepath.Abs("../../docs/" + script)
	if err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), shell, append([]string{path, dir}, anchors...)...).CombinedOutput() //nolint:gosec // our own
	code = -1
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // as it is
		code = exit.ExitCode()
	} else if err == nil {
		code = 0
	}
	return code, string(said)
}

func replaceIn(t *testing.T, file, before, after string) {
	t.Helper()
	data, err := os.ReadFile(file) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(data), before, after, 1)
	if changed == string(data) {
		t.Fatalf("%s has no %q", file, before)
	}
	overwrite(t, file, changed)
}

// TestAnchorsOfThreeVerifiers: archive verify and the scripts take an anchor in capitals, and refuse
// what is none as a wrong use, in words.
func TestAnchorsOfThreeVerifiers(t *testing.T) {
	dir, heads := newArchiveDir(t)
	overwrite(t, dir+"/"+archiveAccount+"/\xff", "a name that is no text") // which whoever prints it has to survive
	for anchor, want := range map[string]string{
		strings.ToUpper(heads[2].Short()): "",
		"ABCDEF0123":                      "no record has the hash",
		"abc":                             "8 to 64 of the digits 0-9 and a-f",
		"no hash at all":                  "8 to 64 of the digits 0-9 and a-f",
		"........":                        "8 to 64 of the digits 0-9 and a-f",
	} {
		code, out, errs := command(t, nil, "archive", "verify", dir, "--anchor", anchor)
		if isWrongUse := strings.HasPrefix(want, "8 to"); isWrongUse != (code == exitUsage) || isWrongUse && !strings.Contains(errs, want) {
			t.Errorf("%q: archive verify: exit %d: %s%s", anchor, code, out, errs)
		}
		for _, script := range []string{"verify.sh", "verify.py"} {
			got, out := runScript(t, script, dir, anchor)
			if got != code || !strings.Contains(out, want) || strings.Contains(out, "Traceback") || want == "" && strings.Contains(out, "no record has") {
				t.Errorf("%q: %s: exit %d, archive verify %d: %s", anchor, script, got, code, out)
			}
		}
	}
}
