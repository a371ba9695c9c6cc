package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// fleetLines are command lines about many accounts that need the memory alone.
var fleetLines = []string{"accounts", "status", "status --account pay-prod", "history", "history --account pay-prod", "ack --list",
	"ack pay-prod/cwp-order-expiring --until 2w --reason x --by y"}

// TestFleetMemoryThatIsNone: what has the memory's name and cannot be read is said by every command,
// and none of them changes it.
func TestFleetMemoryThatIsNone(t *testing.T) {
	for name, change := range map[string]func(whole []byte) []byte{
		"empty":       func([]byte) []byte { return nil },
		"cut":         func(whole []byte) []byte { return whole[:len(whole)/2] },
		"garbage":     func([]byte) []byte { return []byte("licensewatch ledgers 1\nxxxxxxxxxxxxxxxxxxx") },
		"other bytes": func([]byte) []byte { return []byte{0, 1, 2} },
	} {
		t.Run(name, func(t *testing.T) {
			s := newFleetStory(t, storyAccounts)
			s.run("digest")
			file := filepath.Join(s.dir, "ledger.json")
			whole, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			damaged := change(whole)
			if err := os.WriteFile(file, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, line := range fleetLines {
				code, out, errs := commandAt(t, s.now, s.fleetMemoryOnly(), strings.Fields(line)...)
				if code != exitFound || !strings.Contains(errs, "LICENSEWATCH_STATE_URL: ") {
					t.Errorf("%s: exit %d: %s%s", line, code, out, errs)
				}
			}
			if after, err := os.ReadFile(file); err != nil || !bytes.Equal(after, damaged) {
				t.Errorf("%v, or the memory was changed", err)
			}
		})
	}
}

// TestFleetForeignMemory: the memory of another accounts file is read and said to be that; the memory
// of a single account is taken for none of theirs by ack.
func TestFleetForeignMemory(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	other := filepath.Join(t.TempDir(), "others.yaml")
	data, err := os.ReadFile(s.settings["LICENSEWATCH_ACCOUNTS_FILE"])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, data, 0o600); err != nil {
		t.Fatal(err)
	}
	settings := s.fleetMemoryOnly()
	settings["LICENSEWATCH_ACCOUNTS_FILE"] = other
	for _, line := range fleetLines[:6] {
		if strings.Contains(line, "--account") && strings.HasPrefix(line, "status") {
			continue // it names the account
		}
		_, out, errs := commandAt(t, s.now, settings, strings.Fields(line)...)
		wantIn(t, line, out+errs, "this is the memory of the accounts file accounts.yaml, site cn, and LICENSEWATCH_ACCOUNTS_FILE names others.yaml")
	}

	one := newStory(t, "near-expiry")
	one.run("digest")
	settings = s.fleetMemoryOnly()
	settings["LICENSEWATCH_STATE_URL"] = one.settings["LICENSEWATCH_STATE_URL"]
	before := one.store()
	code, out, errs := commandAt(t, s.now, settings, "ack", "pay-prod/cwp-order-expiring", "--until", "2w", "--reason", "x", "--by", "y", "--force")
	if code != exitFound || fmt.Sprint(one.store()) != fmt.Sprint(before) {
		t.Errorf("exit %d, or the memory of a single account was changed: %s", code, out)
	}
	wantIn(t, "ack", errs, "no run has used it with LICENSEWATCH_ACCOUNTS_FILE yet")

	delete(settings, "LICENSEWATCH_ACCOUNTS_FILE")
	settings["LICENSEWATCH_STATE_URL"] = s.settings["LICENSEWATCH_STATE_URL"]
	code, _, errs = commandAt(t, s.now, settings, "status")
	if code != exitFound || !strings.Contains(errs, "the memory of many accounts") {
		t.Errorf("without the file: exit %d: %s", code, errs)
	}
}

// TestFleetLockedMemory: a run that holds the memory is named by status, and ack waits for it in vain.
func TestFleetLockedMemory(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	claim := fmt.Sprintf(`{"owner":"4f13b5 WORD","expires":%q}`, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(s.dir, "claim.json"), []byte(claim), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, _ := commandAt(t, s.now, s.fleetMemoryOnly(), "status")
	wantIn(t, "status", out, "held by run 4f13b5, until ")
	if strings.Contains(out, "WORD") {
		t.Error("the word of the lock is shown")
	}
}

// TestFleetAckBesideRuns: acknowledgements that are given while runs go on are all kept, and nothing
// that a run has told is lost.
func TestFleetAckBesideRuns(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	options := session.Options{URL: s.settings["LICENSEWATCH_STATE_URL"]}
	accounts := []string{"100000000101", "100000000103", "100000000102"}
	acked := s.now // the runs move s.now meanwhile
	var all sync.WaitGroup
	for _, uin := range accounts {
		all.Go(func() {
			err := session.EditMany(t.Context(), options, func(l *ledgers.Ledgers) error {
				return l.Edit(uin, ackForTest(acked))
			})
			if err != nil {
				t.Errorf("%s: %v", uin, err)
			}
		})
	}
	for range 3 {
		s.now = s.now.Add(30 * time.Minute)
		s.run("alert")
	}
	all.Wait()
	found, err := session.ReadMany(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	for _, uin := range accounts {
		ledger, err := found.Ledgers.Open(uin)
		if err != nil || len(ledger.Acks(s.now)) != 1 {
			t.Errorf("%s: %v, or its acknowledgement is lost", uin, err)
		}
	}
	if _, err := os.Stat(filepath.Join(s.dir, "claim.json")); err == nil {
		t.Error("the lock is left")
	}
	if said := s.run("alert"); len(said) != 0 {
		t.Errorf("something is told again: %v", said)
	}
}

// TestFleetFileThatIsWrong: mistakes of single accounts are listed, and those accounts are not there;
// a file that is wrong as a whole is the error of every command.
func TestFleetFileThatIsWrong(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	file := s.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(string(data), `name: lab-1, site: cn`, `name: lab-1, site: mars`, 1))
	code, out, errs := commandAt(t, s.now, s.fleetMemoryOnly(), "accounts")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "accounts", out+errs, "1 left out, by a mistake in the file", "left out", `not "mars"`, "1 of 7 accounts would not be watched")
	write(strings.Replace(string(data), "default: [security]", "default: [nobody]", 1))
	for _, line := range append([]string{"explain pay-prod", "doctor", "send-test", "run --dry-run"}, fleetLines...) {
		code, out, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...)
		if code != exitFound || !strings.Contains(out+errs, "nobody") {
			t.Errorf("%s: exit %d: %s%s", line, code, out, errs)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	for _, line := range fleetLines {
		if code, _, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...); code != exitFound || !strings.Contains(errs, "LICENSEWATCH_ACCOUNTS_FILE") {
			t.Errorf("%s without the file: exit %d: %s", line, code, errs)
		}
	}
}

// TestFleetHostileNames: names of the file that steer terminals are shown tame.
func TestFleetHostileNames(t *testing.T) {
	accounts := append([]storyAccount{}, storyAccounts...)
	accounts[0].name = `"pay\e[31m\u202e\u200bprod"`
	accounts[4].name = `"lab\u2066\u0007-1"`
	s := newFleetStory(t, accounts)
	s.run("digest")
	s.run("alert")
	for _, line := range []string{"accounts", "accounts --output json", "status", "status --output json", "status --account 100000000101", "history",
		"history --account 100000000101", "explain 100000000101 --firing", "explain 100000000101/cwp-order-expiring/cwp-aaaa --output json", "doctor", "run --dry-run",
		"ack --list", "ack 1000*/tcss-cores-uncovered --until 2w --reason x --by y", "ack 100000000101/cwp-order-expiring --until 2w --reason x --by y"} {
		_, out, errs := commandAt(t, s.now, s.settings, strings.Fields(line)...)
		wantTame(t, line, out+errs)
	}
}

// ackForTest acknowledges a rule in the ledger of an account.
func ackForTest(now time.Time) func(*life.Ledger) error {
	return func(l *life.Ledger) error {
		return l.Acknowledge(license.Ack{Rule: "cwp-order-expiring", Until: now.AddDate(0, 0, 14), Reason: "x", By: "y"}, now)
	}
}

// TestAccountsWithoutStore: the file alone is worth a look.
func TestAccountsWithoutStore(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	delete(s.settings, "LICENSEWATCH_STATE_URL")
	code, out, errs := commandAt(t, s.now, s.settings, "accounts")
	if code != exitFine {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantIn(t, "accounts", out, "7 accounts of", "LICENSEWATCH_STATE_URL is not set", "pay-prod")
	code, _, errs = commandAt(t, s.now, s.settings, "status")
	if code != exitFound || !strings.Contains(errs, "LICENSEWATCH_STATE_URL is not set") {
		t.Errorf("status: exit %d: %s", code, errs)
	}
}
