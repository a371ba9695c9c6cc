package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestAnothersMemory: the commands read the memory of another account or site and say
// whose it is, and do not use it as their own.
func TestAnothersMemory(t *testing.T) {
	s := newStory(t, "near-expiry")
	s.settings["LICENSEWATCH_HOURS"] = "always"
	s.run("alert")
	file := filepath.Join(strings.TrimPrefix(s.settings["LICENSEWATCH_STATE_URL"], "file://"), "ledger.json")
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept = bytes.Replace(kept, []byte(`"owner":{"site":"cn"}`), []byte(`"owner":{"site":"cn","account":"100000000009"}`), 1)
	if err := os.WriteFile(file, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(time.Minute)
	const whose = "the memory of account 100000000009, site cn"
	want := func(code int, parts []string, args ...string) {
		t.Helper()
		got, out, errs := commandAt(t, s.now, s.settings, args...)
		out += errs
		if got != code {
			t.Errorf("%s: exit %d, want %d:\n%s", args[0], got, code, out)
		}
		wantIn(t, args[0], out, parts...)
		if len(parts) == 0 && strings.Contains(out, "100000000009") {
			t.Errorf("%s names the owner:\n%s", args[0], out)
		}
	}
	want(exitFine, []string{whose}, "status")
	want(exitFine, []string{whose}, "history")
	want(exitFine, nil, "check", "--no-serverless") // from here only the site is known
	want(exitFine, nil, "explain", "--firing")
	want(exitFound, []string{"✗ state: LICENSEWATCH_STATE_URL leads to " + whose + ", which is left alone: give each account a prefix of its own"}, "doctor")

	s.settings["LICENSEWATCH_SITE"], s.settings["LICENSEWATCH_LANGUAGE"] = "intl", "en"
	want(exitFine, []string{whose, "LICENSEWATCH_SITE is intl", "cwp-order-expiring"}, "status")
	want(exitFine, []string{whose}, "history")
	want(exitFound, []string{"leads to " + whose}, "check", "--no-serverless")
	want(exitFine, []string{"leads to " + whose, "every alert says all that fires"}, "explain", aaaa)
	snapshot := filepath.Join(t.TempDir(), "account.json")
	want(exitFine, nil, "capture", snapshot)
	want(exitFound, []string{"leads to " + whose, "--fresh simulates without it"}, "simulate", "--snapshot", snapshot, "--days", "3")
	want(exitFine, nil, "simulate", "--snapshot", snapshot, "--days", "3", "--fresh")
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, kept) {
		t.Errorf("%v, the memory was changed", err)
	}
	want(exitFine, []string{whose}, "ack", aaaa, "--until", "2d", "--reason", "x", "--by", "y")
	want(exitFine, []string{whose, aaaa}, "ack", "--list")
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(after, []byte(`"owner":{"site":"cn","account":"100000000009"}`)) || bytes.Equal(after, kept) {
		t.Errorf("%v, after an acknowledgement: %s", err, after)
	}
}

// TestCommandsFollowChats: what a command says of a chat is what that chat was told,
// wherever the settings name it.
func TestCommandsFollowChats(t *testing.T) {
	s := newStory(t, "near-expiry")
	s.settings["LICENSEWATCH_HOURS"] = "always"
	first := s.sim.WebhookURL("slack")
	s.settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = first
	delete(s.settings, "LICENSEWATCH_WECOM_WEBHOOK_URL")
	s.run("alert")
	s.settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = strings.Replace(first, "/services/", "/services/x", 1) + "," + first + "/"
	code, out := s.command("explain", aaaa)
	if code != exitFine {
		t.Errorf("exit %d: %s", code, out)
	}
	told := strings.Index(out, "slack[1]")
	if told < 0 || !strings.Contains(out, "slack[0]") {
		t.Fatalf("explain does not name the chats:\n%s", out)
	}
	wantIn(t, "the chat that has moved", out[told:], "told")
	if code, out = s.command("status"); code != exitFine {
		t.Errorf("exit %d: %s", code, out)
	}
	wantIn(t, "status", out, "Slack told")
	s.settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = first + "," + first + "/"
	code, out = s.command("check", "--no-serverless")
	if code != exitFine {
		t.Errorf("exit %d: %s", code, out)
	}
	wantIn(t, "check", out, "LICENSEWATCH_SLACK_WEBHOOK_URL: entry 2 of 2 leads to the same chat as entry 1, which is told once: remove one of them", "1 Slack webhook")
}
