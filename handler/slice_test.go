package handler_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// manyAccounts are enough for every slice of four to have some.
func manyAccounts(n int) []fleetAccount {
	scenarios := []string{"healthy", "near-expiry", "everything-wrong", "trial-expired", "not-renewed", "source-down"}
	accounts := make([]fleetAccount, n)
	for i := range accounts {
		accounts[i] = fleetAccount{fmt.Sprint(100000000101 + i), fmt.Sprintf("account-%02d", i), []string{"pay", "sea"}[i%2], scenarios[i%len(scenarios)]}
	}
	return accounts
}

// sumCounts adds up what runs counted.
func sumCounts(a, b handler.Counts) handler.Counts {
	return handler.Counts{Critical: a.Critical + b.Critical, Warning: a.Warning + b.Warning, Info: a.Info + b.Info, Covered: a.Covered + b.Covered, Unknown: a.Unknown + b.Unknown}
}

// TestSlicesSayWhatOneRunSays: the slices together find what one run finds, each says which
// it is and names its own accounts only, and has a memory of its own.
func TestSlicesSayWhatOneRunSays(t *testing.T) {
	accounts := manyAccounts(18)
	one := newFleetWorld(t, accounts, nil)
	want, err := one.tick("digest")
	must(t, err)
	w := newFleetWorld(t, accounts, nil)
	var sum handler.Counts
	read := 0
	for i := range 4 {
		s, err := w.tick(fmt.Sprintf("digest %d/4", i+1))
		must(t, err)
		sum, read = sumCounts(sum, s.Findings), read+s.Accounts.Read
		said := w.last("slack")
		w.wantContains("security", said, fmt.Sprintf("slice %d of 4", i+1))
		for _, a := range accounts {
			if slice := (fleet.Slice{Number: i + 1, Of: 4}); strings.Contains(said, a.name) && !slice.Has(a.uin) {
				t.Errorf("slice %d of 4 names %s", i+1, a.name)
			}
		}
		if _, err := os.Stat(fmt.Sprintf("%s/slice-%d-of-4/ledger.json", w.dir, i+1)); err != nil {
			t.Error(err)
		}
	}
	if sum != want.Findings || read != want.Accounts.Read {
		t.Errorf("the slices count %+v of %d accounts, one run %+v of %d", sum, read, want.Findings, want.Accounts.Read)
	}
	w.wantContains("pay-oncall", w.last("wecom"), "片，共 4 片")
	for i := range 4 {
		w.untilQuiet(fmt.Sprintf("alert %d/4", i+1))
	}
}

// soon is tick, a minute later.
func (w *fleetWorld) soon(argument string) handler.Summary {
	w.t.Helper()
	at := w.clock.Add(time.Minute)
	s, err := w.tick(argument)
	w.clock = at
	must(w.t, err)
	return s
}

// untilQuiet runs until all is said that a message only counted.
func (w *fleetWorld) untilQuiet(argument string) {
	w.t.Helper()
	for range 8 {
		if s := w.soon(argument); s.Outcome != handler.OutcomeSent {
			return
		}
	}
	w.t.Errorf("%s says again and again", argument)
}

// TestSlicesTakeOver: who goes from one run to slices, and from few slices to more, is told
// nothing anew, and a slice does not write where another one remembers.
func TestSlicesTakeOver(t *testing.T) {
	w := newFleetWorld(t, manyAccounts(12), nil)
	if _, err := w.tick("digest"); err != nil {
		t.Fatal(err)
	}
	w.untilQuiet("alert")
	before, err := os.ReadFile(w.dir + "/ledger.json")
	must(t, err)
	posts := len(w.posted("slack")) + len(w.posted("wecom"))
	for _, of := range []int{2, 4, 8} {
		for i := range of {
			if s := w.soon(fmt.Sprintf("alert %d/%d", i+1, of)); s.Outcome == handler.OutcomeSent || s.Memory != "ok" {
				t.Errorf("%d/%d: %+v", i+1, of, s)
			}
		}
	}
	if n := len(w.posted("slack")) + len(w.posted("wecom")); n != posts {
		t.Errorf("%d posts by slices: %s", n-posts, w.last("slack"))
	}
	after, err := os.ReadFile(w.dir + "/ledger.json")
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("the memory of all accounts has changed")
	}
	w.clock = w.clock.Add(9 * 24 * time.Hour) // what is so old is begun anew
	if s, err := w.tick("alert 2/3"); err != nil || s.Outcome != handler.OutcomeSent {
		t.Errorf("%v, %+v", err, s)
	}
}

// TestDividedOtherwiseSaysNothingAnew: who divides the accounts into more slices, into fewer, into none
// and back goes on with what was remembered last of each account, wherever that was.
func TestDividedOtherwiseSaysNothingAnew(t *testing.T) {
	accounts := slices.DeleteFunc(manyAccounts(14), func(a fleetAccount) bool { return a.scenario == "source-down" }) // of which alerts speak later
	w := newFleetWorld(t, accounts, nil)
	posts := 0
	for round, of := range []int{4, 0, 3, 4, 6, 2, 0, 4} {
		arguments := []string{"alert"}
		for i := range of {
			arguments = append(arguments[:i], fmt.Sprintf("alert %d/%d", i+1, of))
		}
		for _, argument := range arguments {
			if round == 0 {
				w.untilQuiet(argument)
			} else if s := w.soon(argument); s.Outcome == handler.OutcomeSent || s.Memory != "ok" {
				t.Errorf("round %d, %s: %+v", round, argument, s)
			}
		}
		if round == 0 {
			posts = len(w.said())
		}
	}
	if all := w.said(); len(all) != posts || posts == 0 {
		t.Errorf("of %d posts %d are new:\n%s", len(all), len(all)-posts, strings.Join(all[posts:], "\n"))
	}
	noted, err := os.ReadFile(w.dir + "/divisions.json")
	if must(t, err); strings.Count(string(noted), `"of":`) != 8 || !strings.Contains(string(noted), `"of":6`) {
		t.Errorf("noted is %s", noted)
	}
}

// TestSliceIsNoFleet: the memory of a slice is not that of another run.
func TestSliceIsNoFleet(t *testing.T) {
	w := newFleetWorld(t, manyAccounts(8), nil)
	if _, err := w.tick("digest 2/4"); err != nil {
		t.Fatal(err)
	}
	w.set("LICENSEWATCH_STATE_URL", "file://"+w.dir+"/slice-2-of-4")
	if s, err := w.tick("digest"); err != nil || s.Memory != "OtherOwner" {
		t.Errorf("%v, memory %s", err, s.Memory)
	}
}

// TestWrongDivisions: what names no slice is a mistake that is told, and nothing is read.
func TestWrongDivisions(t *testing.T) {
	for _, argument := range []string{"digest 0/8", "digest 9/8", "digest 2/0", "digest 2/8/1", "digest x/8", "alert 2/65", "digest 2",
		"digest scatter", "digest scatter/0", "digest scatter/65", "digest scatter/x", "digest 2/8 3/8"} {
		w := newFleetWorld(t, smallFleet, nil)
		if _, err := w.tick(argument); err == nil || !strings.Contains(err.Error(), "write digest 2/8") {
			t.Errorf("%s: %v", argument, err)
		}
		w.wantContains(argument, w.last("slack"), "the timer's argument (event Message) names no slice")
		if len(w.Calls()) > 0 {
			t.Errorf("%s: %d calls", argument, len(w.Calls()))
		}
	}
	w := newRemembering(t, "healthy")
	for _, argument := range []string{"digest 2/8", "digest scatter/8"} {
		if _, err := w.tick(argument); err == nil || !strings.Contains(err.Error(), "LICENSEWATCH_ACCOUNTS_FILE") {
			t.Errorf("%s without an accounts file: %v", argument, err)
		}
	}
}

// TestSlicesSealSideBySide: slices share an archive, each with a chain of its own beside those
// of its accounts. What waits in the memory of all accounts is not theirs to seal.
func TestSlicesSealSideBySide(t *testing.T) {
	w := newFleetArchive(t, manyAccounts(6), nil)
	must(t, os.WriteFile(w.archive, nil, 0o600)) // no folder: the record of the fleet has to wait
	if s, err := w.tick("digest"); err != nil || s.Archive.Status == handler.ArchiveSealed {
		t.Fatalf("%v, %+v", err, s.Archive)
	}
	must(t, os.Remove(w.archive))
	for i := range 2 {
		s, err := w.tick(fmt.Sprintf("digest %d/2", i+1))
		must(t, err)
		if s.Archive.Status != handler.ArchiveSealed {
			t.Errorf("slice %d: %+v", i+1, s.Archive)
		}
	}
	want := map[string]int{"fleet-1-2": 1, "fleet-2-2": 1, "fleet": 0}
	for _, a := range manyAccounts(6) {
		want[a.uin] = 1
	}
	w.verify(want)
	w.clock = w.clock.Add(24 * time.Hour)
	for i := range 2 {
		s, err := w.tick(fmt.Sprintf("digest %d/2", i+1))
		must(t, err)
		w.wantContains("the second digest", w.last("slack"), "Evidence until Nov 22: `")
		if s.Archive.Status != handler.ArchiveSealed {
			t.Errorf("slice %d: %+v", i+1, s.Archive)
		}
	}
	w.verify(map[string]int{"fleet-1-2": 2, "fleet-2-2": 2, "fleet": 0})
}

// TestSliceEndsNothingOfAll: what was found of all accounts together is not over because a
// slice, which begins with the memory of all, has none of those that could not be read.
func TestSliceEndsNothingOfAll(t *testing.T) {
	accounts := manyAccounts(12)
	sick := map[string]map[string]http.HandlerFunc{}
	for _, a := range accounts {
		if (fleet.Slice{Number: 2, Of: 2}).Has(a.uin) {
			sick[a.name] = map[string]http.HandlerFunc{"AssumeRole": simulator.APIError("UnauthorizedOperation", "no")}
		}
	}
	w := newFleetWorld(t, accounts, sick)
	_, err := w.tick("digest")
	must(t, err)
	w.wantContains("all", w.last("slack"), fmt.Sprintf("%d of 12 accounts could not be read* — critical", len(sick)))
	for range 3 {
		w.untilQuiet("alert 1/2")
		w.clock = w.clock.Add(24 * time.Hour)
	}
	for _, said := range w.posted("slack") {
		if strings.Contains(said, "No account has been unread") {
			t.Errorf("slice 1 of 2 says of the others: %s", said)
		}
	}
	w.soon("alert 2/2")
	w.wantContains("slice 2 of 2", w.last("slack"), fmt.Sprintf("%d of %d accounts could not be read", len(sick), len(sick)))
}

// TestDividedOtherwiseForksNothing: who divides the accounts into other slices and back, within
// days, goes on with the chain of each account, though the older memories know older records.
func TestDividedOtherwiseForksNothing(t *testing.T) {
	w := newFleetArchive(t, manyAccounts(6), nil)
	days := []int{4, 2, 4, 1, 2, 4, 1}
	for _, of := range days {
		for i := range of {
			argument := "digest"
			if of > 1 {
				argument = fmt.Sprintf("digest %d/%d", i+1, of)
			}
			s, err := w.tick(argument)
			must(t, err)
			if s.Archive.Status != handler.ArchiveSealed {
				t.Errorf("%s: %+v", argument, s.Archive)
			}
		}
		w.clock = w.clock.Add(23 * time.Hour)
	}
	want := map[string]int{"fleet": 2, "fleet-2-4": 3, "fleet-1-2": 2}
	for _, a := range manyAccounts(6) {
		want[a.uin] = len(days)
	}
	w.verify(want)
}
