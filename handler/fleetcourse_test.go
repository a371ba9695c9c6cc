package handler_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/ledgers"
)

// changeFile puts other words in the place of some in the accounts file.
func (w *fleetWorld) changeFile(oldnew ...string) {
	w.t.Helper()
	path := w.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	data, err := os.ReadFile(path)
	must(w.t, err)
	must(w.t, os.WriteFile(path, []byte(strings.NewReplacer(oldnew...).Replace(string(data))), 0o600))
}

// TestRemovedAccountOwesNothing: what a chat was owed about an account that the file does not
// list any more is owed no longer.
func TestRemovedAccountOwesNothing(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	w.OverrideChat("wecom", status(429, "busy"))
	if _, err := w.tick("alert"); err == nil {
		t.Error("the platform does not run the event again")
	}
	w.OverrideChat("wecom", nil)
	w.changeFile("  - {uin: \"100000000101\", name: pay-prod, labels: {team: pay}}\n", "")
	tries := len(w.posted("wecom"))
	w.wantTick("alert", handler.OutcomeSent, 2, tries) // what the first only counted
	w.wantTick("alert", handler.OutcomeQuiet, 2, tries)
	for _, remembered := range []int{4, 3} { // for a week
		data, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
		must(t, err)
		if l, err := ledgers.Decode(data); err != nil || len(l.Accounts()) != remembered {
			t.Errorf("%v, remembered: %v", err, l.Accounts())
		}
		w.clock = w.clock.Add(8 * 24 * time.Hour)
		_, _ = w.tick("alert")
	}
}

// TestEndAfterOtherRoutes: who has heard that something fires hears once when it is over,
// also when nothing of the account is routed there any more; of what is new it hears nothing.
func TestEndAfterOtherRoutes(t *testing.T) {
	days := 12
	w := newFleetWorld(t, []fleetAccount{smallFleet[1], smallFleet[3]}, map[string]map[string]http.HandlerFunc{"pay-test": {
		"DescribeLicenseList": func(rw http.ResponseWriter, r *http.Request) { orderEnding(now.AddDate(0, 0, days))(rw, r) }}})
	w.wantTick("alert", handler.OutcomeSent, 0, 1)
	w.changeFile("{labels: {team: pay}, to", "{labels: {team: sea}, to")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	days = 5
	w.wantTick("alert", handler.OutcomeSent, 2, 1)
	days = 400
	w.wantTick("alert", handler.OutcomeSent, 3, 2)
	w.wantContains("pay-oncall", w.last("wecom"), "pay-test")
	w.wantTick("alert", handler.OutcomeQuiet, 3, 2)
	w.clock = w.clock.Add(20 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 4, 3)
	w.wantContains("pay-oncall", w.last("wecom"), "1 个账号")
}

// TestLostLedgersAreToldOnce: that the memory of many accounts could not be read is told once.
func TestLostLedgersAreToldOnce(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), []byte("licensewatch ledgers 1\nnonsense"), 0o600))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.wantContains("security", w.last("slack"), "aside/ledger-")
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	if strings.Contains(w.last("slack"), "aside/ledger-") {
		t.Error("it is told again")
	}
}

// TestNewMembersOfRefusedDigest: members that a digest named which no chat accepted are named
// by the next one.
func TestNewMembersOfRefusedDigest(t *testing.T) {
	w := newFleetWorld(t, smallFleet[:1], nil)
	w.changeFile("accounts:\n", "organization: {labels: {team: sea}}\naccounts:\n")
	w.SetMembers([]simulator.Member{{UIN: "100000000102", Name: "pay-test"}})
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.SetMembers([]simulator.Member{{UIN: "100000000102", Name: "pay-test"}, {UIN: "100000000104", Name: "sea-test"}})
	w.clock = w.clock.Add(23 * time.Hour)
	w.OverrideChat("slack", status(429, "busy"))
	w.OverrideChat("wecom", status(429, "busy"))
	_, _ = w.tick("digest")
	w.OverrideChat("slack", nil)
	w.OverrideChat("wecom", nil)
	w.clock = w.clock.Add(-time.Hour)
	n := len(w.posted("slack"))
	_, _ = w.tick("digest")
	w.clock = w.clock.Add(23 * time.Hour)
	_, _ = w.tick("digest")
	w.wantContains("security", strings.Join(w.posted("slack")[n:], "\n"), "New: 1 account: sea-test (100000000104)")
}

// TestFleetNamesMachines: machines that lose their protection are named where that is wanted.
func TestFleetNamesMachines(t *testing.T) {
	for setting, want := range map[string]string{"names": "33 machines lose Ultimate: ", "count": "33 machines lose Ultimate"} {
		w := newFleetWorld(t, []fleetAccount{{"100000000103", "sea-prod", "sea", "near-expiry"}}, nil, "LICENSEWATCH_MACHINES", setting)
		w.wantTick("digest", handler.OutcomeSent, 1, 0)
		w.wantContains(setting, w.last("slack"), want)
		if hasNames := strings.Contains(w.last("slack"), "lose Ultimate: "); hasNames != (setting == "names") {
			t.Errorf("%s: %s", setting, w.last("slack"))
		}
	}
}

// TestFleetTellsWhatCannotBeJudged: an alert about nothing but that says how much it is.
func TestFleetTellsWhatCannotBeJudged(t *testing.T) {
	w := newFleetWorld(t, []fleetAccount{{"100000000103", "sea-prod", "sea", "undocumented"}}, nil)
	for range 6 {
		if _, err := w.tick("alert"); err != nil {
			t.Fatal(err)
		}
	}
	w.wantPosts(1, 0)
	w.wantContains("security", w.last("slack"), "could not be made")
	if strings.Contains(w.last("slack"), "0 accounts") {
		t.Error(w.last("slack"))
	}
}

// TestBlankAccountsFile: a name of blanks is none, and the channels of the settings are told.
func TestBlankAccountsFile(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_ACCOUNTS_FILE", " ")
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
}

// TestEndAfterOtherName: who has heard of a finding hears its end, also where the channel has
// another name and other routes at once, or its name has passed to another chat.
func TestEndAfterOtherName(t *testing.T) {
	for name, change := range map[string]func(w *fleetWorld){
		"renamed": func(w *fleetWorld) {
			w.edit("name: pay-oncall", "name: payments")
			w.edit("to: [pay-oncall]", "to: [security]")
		},
		"the name passed on": func(w *fleetWorld) {
			w.edit("name: pay-oncall", "name: payments")
			w.edit("name: security", "name: pay-oncall")
			w.edit("[security]", "[pay-oncall]")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newFleetWorld(t, smallFleet, nil)
			w.wantTick("digest", handler.OutcomeSent, 1, 1)
			change(w)
			s, err := w.tick("alert")
			if err != nil || len(w.posted("wecom")) != 1 {
				t.Errorf("%v, %+v: it hears of what is not over: %s", err, s, w.last("wecom"))
			}
			w.untilQuiet("alert")
			w.Override("DescribeLicenseList", orderEnding(now.AddDate(1, 0, 0)))
			for range 3 {
				w.soon("alert")
			}
			if got := w.posted("wecom"); len(got) < 2 || !strings.Contains(got[len(got)-1], "pay-prod") {
				t.Errorf("the end is not heard: %d posts, %s", len(got), w.last("wecom"))
			}
		})
	}
}

// TestCallsOnceARun: a channel that is owed several messages calls its people once.
func TestCallsOnceARun(t *testing.T) {
	list := simulator.Usual()
	w := newFleetWorld(t, smallFleet, map[string]map[string]http.HandlerFunc{"sea-test": {
		"DescribeLicenseList": func(rw http.ResponseWriter, r *http.Request) { list(rw, r) }}})
	w.edit("kind: slack,", "kind: slack, mention: [here],")
	w.OverrideChat("slack", status(500, "busy"))
	_, _ = w.tick("digest")
	before := len(w.posted("slack"))
	w.OverrideChat("slack", nil)
	list = orderEnding(now.AddDate(0, 0, 2))
	w.soon("alert")
	calls, posts := 0, w.posted("slack")[before:]
	for _, post := range posts {
		calls += strings.Count(post, "<!here>")
	}
	if len(posts) < 2 || calls != 1 {
		t.Errorf("%d calls in %d posts: %s", calls, len(posts), posts)
	}
}
