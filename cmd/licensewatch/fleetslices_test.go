package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator/cos"
	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
)

// sliced is a story in which each of two slices had its digest, and an alert.
func sliced(t *testing.T) *story {
	t.Helper()
	s := newFleetStory(t, storyAccounts)
	for _, mode := range []string{"digest 1/2", "digest 2/2"} {
		s.run(mode)
		s.now = s.now.Add(time.Minute)
	}
	return s
}

// TestGoldenFleetSlices: the commands show the memories of slices as one, and write to the one that
// has the account.
func TestGoldenFleetSlices(t *testing.T) {
	s := sliced(t)
	const until = " --until 2026-12-10 --reason ordered --by zhangsan"
	text := s.tellFleet("both slices ran", "status", "accounts", "history", "history --account pay-prod",
		"ack pay-prod/cwp-order-expiring"+until, "ack */tcss-cores-uncovered --yes"+until,
		"ack fleet-accounts-unread"+until, "ack fleet-accounts-unread --yes"+until, "ack --list", "status --account fleet*",
		"ack */tcss-cores-uncovered --remove --yes")
	if said := s.run("alert 1/2"); len(said) != 0 {
		t.Errorf("an acknowledgement makes a run speak: %v", said)
	}
	text += s.tellFleet("after an alert of one of them", "ack --list", "status --output json")
	golden(t, "slices-fleet.txt", regexp.MustCompile(`("bytes": |1/2: |2/2: |\d: )[0-9.]+( KB|,)`).ReplaceAllString(text, "${1}0${2}"))
}

// TestFleetSliceUnreadable: a slice whose memory cannot be read is named, the others are shown, and
// ack says what it did not do.
func TestFleetSliceUnreadable(t *testing.T) {
	s := sliced(t)
	broken := filepath.Join(s.dir, "slice-2-of-2", "ledger.json")
	if err := os.WriteFile(broken, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	const until = " --until 2026-12-10 --reason ordered --by zhangsan"
	text := s.tellFleet("slice 2 of 2 is garbage", "status", "accounts", "ack */tcss-cores-uncovered --yes"+until, "ack --list")
	golden(t, "slices-unreadable.txt", regexp.MustCompile(`(file[^:]*: )[0-9.]+`).ReplaceAllString(text, "${1}0"))
	if data, err := os.ReadFile(broken); err != nil || string(data) != "garbage" {
		t.Errorf("it was changed: %q, %v", data, err)
	}
}

// TestFleetMemoryIsLookedAt: check and doctor look at the memory of many accounts, and at those of
// slices: what a run could not go on with is said.
func TestFleetMemoryIsLookedAt(t *testing.T) {
	one := newFleetStory(t, storyAccounts)
	one.run("digest")
	broken := sliced(t)
	if err := os.WriteFile(filepath.Join(broken.dir, "slice-2-of-2", "ledger.json"), []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	renamed := sliced(t)
	other := filepath.Join(t.TempDir(), "others.yaml")
	if err := os.Rename(renamed.settings["LICENSEWATCH_ACCOUNTS_FILE"], other); err != nil {
		t.Fatal(err)
	}
	renamed.settings["LICENSEWATCH_ACCOUNTS_FILE"] = other
	tests := map[string]struct {
		story *story
		code  int // of check
		want  string
	}{
		"one memory":         {one, exitFine, ""},
		"slices":             {sliced(t), exitFine, ""},
		"a broken slice":     {broken, exitFine, "slice 2 of 2: the ledger cannot be read"},
		"of another file":    {renamed, exitFound, "slice 1 of 2: leads to the memory of account accounts.yaml slice-1-of-2, site cn"},
		"of another file, 2": {renamed, exitFound, "slice 2 of 2: leads to the memory of"},
	}
	for name, test := range tests {
		code, out, errs := commandAt(t, test.story.now, test.story.settings, "check", "--no-serverless")
		_, checks, _ := commandAt(t, test.story.now, test.story.settings, "doctor")
		if code != test.code || strings.Contains(out+checks, "slice ") != (test.want != "") {
			t.Errorf("%s: exit %d: %s%s%s", name, code, out, errs, checks)
		}
		wantIn(t, name+": check", out+errs, "create-only works", test.want)
		wantIn(t, name+": doctor", checks, "create-only works", test.want)
	}
}

// TestFleetAckBeforeTheFirstRun: an acknowledgement for accounts, or a slice of them, that never had a
// run begins a memory as that run would, which goes on with it.
func TestFleetAckBeforeTheFirstRun(t *testing.T) {
	for _, test := range []struct{ before, folder, owner, next string }{
		{"", "", "accounts.yaml", "digest"},
		{"digest 1/2", "slice-2-of-2", "accounts.yaml slice-2-of-2", "digest 2/2"},
	} {
		s := newFleetStory(t, storyAccounts)
		if test.before != "" {
			s.run(test.before)
		}
		args := []string{"ack", "pay-prod/cwp-order-expiring", "--until", "2w", "--reason", "ordered", "--by", "y", "--force"}
		code, _, errs := commandAt(t, s.now, s.fleetMemoryOnly(), args...)
		data, err := os.ReadFile(filepath.Join(s.dir, test.folder, "ledger.json"))
		if err != nil || code != exitFine {
			t.Fatalf("exit %d: %s, %v", code, errs, err)
		}
		memory, err := ledgers.Decode(data)
		if err != nil || memory.Fleet.Owner() != (life.Owner{Site: license.SiteCN, Account: test.owner}) {
			t.Errorf("%v, the memory is that of %v", err, memory.Fleet.Owner())
		}
		s.now = s.now.Add(time.Minute)
		s.run(test.next)
		_, out, _ := commandAt(t, s.now, s.fleetMemoryOnly(), "ack", "--list")
		wantIn(t, "after the run", out, "pay-prod/cwp-order-expiring", "ordered")
	}
}

// TestFleetSliceThatBegins: until a slice has run, its accounts are known by the memory of all; when
// every slice has, that is only named.
func TestFleetSliceThatBegins(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	s.now = s.now.Add(time.Hour)
	s.run("digest 2/2")
	for _, step := range []struct {
		slice string
		note  bool // the memory of all accounts is only named
	}{{"", false}, {"digest 1/2", true}} {
		if step.slice != "" {
			s.run(step.slice)
		}
		code, out, errs := commandAt(t, s.now, s.fleetMemoryOnly(), "accounts", "--output", "json")
		if code != exitFine || strings.Contains(out, `"state": "new"`) || strings.Count(out, `"uin"`) != len(storyAccounts) {
			t.Errorf("%q: exit %d: %s%s", step.slice, code, out, errs)
		}
		if strings.Contains(out, "older memory of all accounts") != step.note {
			t.Errorf("%q: the note: %s", step.slice, out)
		}
	}
}

// TestFleetSliceWithoutTimer: a slice that never ran is named.
func TestFleetSliceWithoutTimer(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest 2/2")
	code, out, errs := commandAt(t, s.now, s.fleetMemoryOnly(), "status")
	if code != exitFound || !strings.Contains(out, "The store knows of no run of slice 1 of 2") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

// TestFleetSlicesOfABucket: the memories are found in a bucket, also where it must not be listed.
func TestFleetSlicesOfABucket(t *testing.T) {
	s := sliced(t)
	bucket := cos.New(cos.Options{SecretID: "AKIDx", SecretKey: "k"})
	copyToBucket(t, bucket, "memory/", s.dir)
	for _, canList := range []bool{true, false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !canList && r.URL.Query().Has("delimiter") {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			bucket.ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		settings := s.fleetMemoryOnly()
		_, want, _ := commandAt(t, s.now, settings, "accounts")
		settings["TENCENTCLOUD_SECRET_ID"], settings["TENCENTCLOUD_SECRET_KEY"] = "AKIDx", "k"
		settings["LICENSEWATCH_STATE_URL"] = "cos://bucket-1250000000/memory?region=ap-guangzhou&endpoint=" + server.URL
		code, out, errs := commandAt(t, s.now, settings, "accounts")
		if code != exitFine || out != want {
			t.Errorf("list %v: exit %d: %s%s\nwant %s", canList, code, out, errs, want)
		}
	}
}
