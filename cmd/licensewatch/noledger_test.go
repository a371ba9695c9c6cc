package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/life"
)

// TestNoLedger: what has the ledger's name and is none is no empty memory.
func TestNoLedger(t *testing.T) {
	large := strings.Repeat("x", 4<<20+1)
	for name, put := range map[string]func(file string) error{
		"a directory": func(file string) error { return os.Mkdir(file, 0o700) },
		"too large":   func(file string) error { return os.WriteFile(file, []byte(large), 0o600) },
		"truncated":   func(file string) error { return os.WriteFile(file, []byte(`{"version":1,`), 0o600) },
		"empty":       func(file string) error { return os.WriteFile(file, nil, 0o600) },
		"newer":       func(file string) error { return os.WriteFile(file, []byte(`{"version":99}`), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStory(t, "near-expiry")
			dir := strings.TrimPrefix(s.settings["LICENSEWATCH_STATE_URL"], "file://")
			if err := os.MkdirAll(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := put(filepath.Join(dir, "ledger.json")); err != nil {
				t.Fatal(err)
			}
			for _, line := range []string{"ack --list", "status", "history", "explain --firing"} {
				if code, out, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...); code != exitFound || !strings.Contains(errs, "LICENSEWATCH_STATE_URL: ") {
					t.Errorf("%s: exit %d:\n%s", line, code, out)
				}
			}
			for _, line := range []string{"check --no-serverless", "doctor"} {
				_, out, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...)
				out += errs
				wantIn(t, line, out, "begins anew: acknowledgements are lost")
				if strings.Contains(out, "readable, writable") {
					t.Errorf("%s is content:\n%s", line, out)
				}
			}
		})
	}
}

// TestAckWithoutMemory: a slip in the store's path makes no directory.
func TestAckWithoutMemory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "slip")
	settings := map[string]string{"LICENSEWATCH_STATE_URL": "file://" + dir}
	args := []string{"ack", "cwp-order-expiring/cwp-aaaa", "--until", "2w", "--reason", "x"}
	code, out, errs := command(t, settings, args...)
	if _, err := os.Stat(dir); code != exitFound || err == nil {
		t.Errorf("exit %d, %v", code, err)
	}
	wantIn(t, "ack", out+errs, "holds no memory at all", "--force")
	code, out, errs = command(t, settings, "ack", "--remove", "cwp-order-expiring/cwp-aaaa")
	if _, err := os.Stat(dir); code != exitFound || err == nil {
		t.Errorf("--remove: exit %d, %v", code, err)
	}
	wantIn(t, "ack --remove", out+errs, "there is no acknowledgement of cwp-order-expiring/cwp-aaaa", "holds no memory at all")
	if code, out, errs = command(t, settings, append(args, "--force")...); code != exitFine {
		t.Errorf("--force: exit %d: %s%s", code, out, errs)
	}
}

// TestNoteNumberedAnew: a note's text is of another time than the names below it.
func TestNoteNumberedAnew(t *testing.T) {
	for headline, want := range map[string]bool{
		"Slack[1] did not take this report": true, "Slack[0] did not take this report": false,
	} {
		m := messageJSON{Kind: life.HeadNote, At: time.Now(), Headline: headline, Channels: []answerJSON{{Channel: "slack[1]", Verdict: life.Accepted}}}
		if got := m.isNumberedAnew(); got != want {
			t.Errorf("%s: %t", headline, got)
		}
	}
}

// TestNoShare: the function does not see a directory of this machine.
func TestNoShare(t *testing.T) {
	for _, setting := range []string{"LICENSEWATCH_STATE_URL", "LICENSEWATCH_ARCHIVE_URL"} {
		text := strings.Replace(checkServerless, "  events:", "      "+setting+": file:///tmp\n  events:", 1)
		for content, want := range map[string]bool{text: true, text + "  cfs:\n    - cfsId: cfs-1\n": false} {
			files(t, map[string]string{"my.env": checkEnv, "serverless.yml": content})
			_, out, errs := command(t, nil, "check", "--env", "my.env", "--offline")
			if strings.Contains(out+errs, setting+": is a directory, and no cfs: is mounted") != want {
				t.Errorf("warned is not %t:\n%s%s", want, out, errs)
			}
		}
	}
}

// TestCheckMakesNothing: a path that is misspelt would look right the next time.
func TestCheckMakesNothing(t *testing.T) {
	dir := t.TempDir()
	settings := map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
		"LICENSEWATCH_STATE_URL": "file://" + dir + "/stote", "LICENSEWATCH_ARCHIVE_URL": "file://" + dir + "/evidense"}
	for range 2 {
		code, out, errs := command(t, settings, "check", "--no-serverless")
		if code != exitFine {
			t.Errorf("exit %d: %s", code, errs)
		}
		wantIn(t, "output", out,
			"! memory: "+dir+"/stote is not there; the first run makes it, and nothing was tried; make it, or correct LICENSEWATCH_STATE_URL",
			"! archive: "+dir+"/evidense is not there; the first run makes it, and nothing was tried; make it, or correct LICENSEWATCH_ARCHIVE_URL")
	}
	settings["LICENSEWATCH_STATE_URL"] += "/below"
	_, out, errs := command(t, settings, "check", "--no-serverless")
	wantIn(t, "output", out+errs, "file store: Get ", ": NoDirectory: "+dir+"/stote/below is not there: mount the share") // said once
}

// TestCheckOfWhatNoRunCanMake: a folder that cannot be made is not promised, and what is wrong is
// said. Root may do anything in a directory of its own, so for root it is one of the kernel's.
func TestCheckOfWhatNoRunCanMake(t *testing.T) {
	above := "/sys/kernel"
	if os.Getuid() != 0 {
		above = t.TempDir()
		if err := os.Chmod(above, 0o500); err != nil { //nolint:gosec // a folder is entered
			t.Fatal(err)
		}
	}
	settings := map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/x",
		"LICENSEWATCH_STATE_URL": "file://" + above + "/memory", "LICENSEWATCH_ARCHIVE_URL": "file://" + above + "/evidence"}
	code, out, errs := command(t, settings, "check", "--no-serverless")
	if code != exitFound {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out+errs, above+"/memory is not there, and no run can make it (", above+"/evidence is not there, and no run can make it (",
		" write in "+above+", or make it")
	if strings.Contains(out+errs, "the first run makes it") {
		t.Errorf("it is promised: %s", out)
	}
}
