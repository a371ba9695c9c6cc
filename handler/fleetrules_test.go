package handler_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// sickness makes accounts refuse their role while it holds.
type sickness struct{ holds map[string]bool }

// of are the answers of an account that may be sick.
func (s *sickness) of(names ...string) map[string]map[string]http.HandlerFunc {
	all := map[string]map[string]http.HandlerFunc{}
	for _, name := range names {
		all[name] = map[string]http.HandlerFunc{"AssumeRole": func(rw http.ResponseWriter, r *http.Request) {
			if s.holds[name] {
				simulator.APIError("UnauthorizedOperation", "no")(rw, r)
			} else {
				simulator.Usual()(rw, r)
			}
		}}
	}
	return all
}

// healthyFleet are so many accounts of one team that are well.
func healthyFleet(n int) (accounts []fleetAccount, names []string) {
	for i := range n {
		name := fmt.Sprintf("sea-%d", i)
		accounts = append(accounts, fleetAccount{fmt.Sprint(100000000300 + i), name, "sea", "healthy"})
		names = append(names, name)
	}
	return accounts, names
}

// tickAfter runs after a pause, and says what was posted to Slack by it.
func (w *fleetWorld) tickAfter(pause time.Duration, mode string) (handler.Summary, string) {
	w.t.Helper()
	w.clock = w.clock.Add(pause)
	before := len(w.posted("slack"))
	s, err := w.tick(mode)
	w.clock = w.clock.Add(-time.Hour)
	must(w.t, err)
	return s, strings.Join(w.posted("slack")[before:], "\n")
}

// TestUnreadForADay: an account that no run reads for a day is a finding of the fleet, once; it
// is reminded of, joined by another one, and over when all are read.
func TestUnreadForADay(t *testing.T) {
	accounts, names := healthyFleet(10)
	sick := &sickness{holds: map[string]bool{}}
	w := newFleetWorld(t, accounts, sick.of(names...))
	w.tickAfter(0, "digest")
	sick.holds["sea-4"] = true
	const said = "sea-4 has not been read for a day"
	for range 24 {
		if _, text := w.tickAfter(time.Hour, "alert"); strings.Contains(text, said) {
			t.Errorf("after %s: %s", w.clock.Sub(now), text)
		}
	}
	s, text := w.tickAfter(time.Hour, "alert")
	w.wantContains("a day later", text, said, "warning", "10 accounts")
	if s.Findings.Warning != 1 {
		t.Errorf("the Summary has %+v", s.Findings)
	}
	if _, text = w.tickAfter(time.Hour, "alert"); strings.Contains(text, "a day") {
		t.Errorf("told again: %s", text)
	}
	sick.holds["sea-7"] = true
	_, text = w.tickAfter(23*time.Hour, "alert") // a reminder
	w.wantContains("reminded", text, said)
	_, text = w.tickAfter(25*time.Hour, "alert")
	w.wantContains("another one", text, "2 accounts have not been read for a day", "sea-4 for longest", "worse")
	clear(sick.holds)
	s, text = w.tickAfter(time.Hour, "alert")
	w.wantContains("over", text, "No account has been unread for a day")
	if s.Findings.Warning != 0 {
		t.Errorf("the Summary has %+v", s.Findings)
	}
	if _, text = w.tickAfter(time.Hour, "alert"); text != "" {
		t.Errorf("after all is over: %s", text)
	}
}

// TestManyUnreadAtOnce: more than a fifth is critical at once, without a store as well.
func TestManyUnreadAtOnce(t *testing.T) {
	accounts, names := healthyFleet(10)
	sick := &sickness{holds: map[string]bool{"sea-1": true, "sea-2": true}}
	w := newFleetWorld(t, accounts, sick.of(names...))
	if _, text := w.tickAfter(0, "digest"); strings.Contains(text, "as a whole") {
		t.Errorf("a fifth is not more than a fifth: %s", text)
	}
	sick.holds["sea-3"] = true
	s, text := w.tickAfter(time.Hour, "alert")
	w.wantContains("more than a fifth", text, "3 of 10 accounts could not be read", "critical")
	if s.Findings.Critical != 1 {
		t.Errorf("the Summary has %+v", s.Findings)
	}
	s, text = w.tickAfter(time.Hour, "digest")
	w.wantContains("digest", text, "The fleet as a whole needs action · 7 well · 3 could not be read", "3 of 10 accounts could not be read",
		"3 accounts could not be read: sea-1, sea-2, sea-3")
	if strings.Count(text, "3 of 10 accounts could not be read") > 2 { // Slack's fallback text, and the row
		t.Errorf("it is said over and over: %s", text)
	}
	delete(w.settings, "LICENSEWATCH_STATE_URL")
	_, text = w.tickAfter(time.Hour, "alert")
	w.wantContains("without a store", text, "3 of 10 accounts could not be read")
	clear(sick.holds)
	if _, text = w.tickAfter(time.Hour, "alert"); text != "" {
		t.Errorf("all are read, and it says %s", text)
	}
	if s.Accounts.Failed != 3 {
		t.Errorf("%+v", s.Accounts)
	}
}

// TestFleetForgetsWithItsMemory: a run whose memory is gone counts the day anew, and says at
// once what needs no memory.
func TestFleetForgetsWithItsMemory(t *testing.T) {
	accounts, names := healthyFleet(10)
	sick := &sickness{holds: map[string]bool{"sea-4": true}}
	w := newFleetWorld(t, accounts, sick.of(names...))
	w.tickAfter(0, "alert")
	w.tickAfter(23*time.Hour, "alert")
	must(t, os.Remove(filepath.Join(w.dir, "ledger.json")))
	if s, text := w.tickAfter(2*time.Hour, "alert"); strings.Contains(text, "a day") || s.Findings.Warning != 0 {
		t.Errorf("%+v, %s", s.Findings, text)
	}
	_, text := w.tickAfter(24*time.Hour, "alert")
	w.wantContains("a day later", text, "sea-4 has not been read for a day")
}

// TestFleetFindingsAreRouted: by rule and severity; routes of accounts, labels and tags lead
// elsewhere, and default is the last.
func TestFleetFindingsAreRouted(t *testing.T) {
	for routes, hears := range map[string]string{
		`{rule: "fleet-*", to: [pay-oncall]}`:                                                    "wecom",
		`{severity: critical, to: [pay-oncall]}`:                                                 "wecom",
		`{account: "*", to: [pay-oncall]}`:                                                       "wecom",
		`{severity: warning, to: [pay-oncall]}`:                                                  "slack",
		`{account: "sea-*", to: [pay-oncall]}`:                                                   "slack",
		`{labels: {team: "*"}, to: [pay-oncall]}`:                                                "slack",
		`{rule: "fleet-*", tags: {owner: "*"}, to: [pay-oncall]}`:                                "slack",
		`{rule: "fleet-*", to: [pay-oncall], continue: true}, {rule: "fleet-*", to: [security]}`: "both",
	} {
		accounts, names := healthyFleet(4)
		sick := &sickness{holds: map[string]bool{"sea-0": true}}
		w := newFleetWorld(t, accounts, sick.of(names...))
		w.changeFile("  - {severity: critical, to: [security], continue: true}\n", "", "  - {labels: {team: pay}, to: [pay-oncall]}\n", "",
			"routes:\n", "routes: ["+routes+"]\n")
		_, err := w.tick("alert")
		must(t, err)
		slack, wecom := strings.Contains(w.last("slack"), "1 of 4 accounts could not be read"), strings.Contains(w.last("wecom"), "4 个账号中有 1 个读取失败")
		if slack != (hears != "wecom") || wecom != (hears != "slack") {
			t.Errorf("%s: Slack hears %v, WeCom %v", routes, slack, wecom)
		}
	}
}

// TestOwnFleetRule: a rule of one's own over the totals, and one that asks whose account it is.
func TestOwnFleetRule(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.yaml")
	must(t, os.WriteFile(path, []byte(`version: 1
rules:
  - {id: fleet-seats, each: fleet, severity: warning, when: 'fleet.UsedPercent >= 20', title: 'All accounts: {{ fleet.UsedLicenseCnt }} of {{ fleet.NotExpiredLicenseCnt }}, {{ fleet.Read }} read, {{ fleet.Firing }} findings'}
  - {id: of-pay, severity: critical, when: 'account.Labels["team"] == "pay" && cwp.LicenseCnt > 0', title: '{{ account.Name }} is watched by {{ account.Labels["team"] }}'}
`), 0o600))
	w := newFleetWorld(t, smallFleet, nil, "LICENSEWATCH_RULES_FILE", path)
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if s.Findings.Critical != 2 || s.Findings.Warning != 1 || s.Findings.Unknown != 0 {
		t.Errorf("%+v", s.Findings)
	}
	w.wantContains("security", w.last("slack"), "All accounts: ", "4 read, 2 findings", "pay-prod is watched by pay")
	delete(w.settings, "LICENSEWATCH_ACCOUNTS_FILE") // one account: the fleet rule is quiet, the other unknown
	w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", w.WebhookURL("slack"))
	s = w.wantTick("digest", handler.OutcomeSent, 2, 1)
	if s.Findings.Warning != 0 || s.Findings.Unknown != 1 {
		t.Errorf("one account: %+v", s.Findings)
	}
	w.wantContains("one account", w.last("slack"), "account.Labels")
}

// TestChangesTellMistakes: a channel that hears of changes alone hears of an entry of the
// accounts file that is wrong, of members that come and go, and of a list that is refused; each
// once.
func TestChangesTellMistakes(t *testing.T) {
	accounts, _ := healthyFleet(2)
	w := newFleetWorld(t, accounts, nil, "LICENSEWATCH_DIGEST", "changes")
	w.changeFile("accounts:\n", "organization: {labels: {team: sea}}\naccounts:\n")
	w.SetMembers([]simulator.Member{{UIN: "100000000301", Name: "sea-1"}, {UIN: "100000000300", Name: "sea-0"}})
	daily := func() string {
		_, text := w.tickAfter(24*time.Hour, "digest")
		return text
	}
	quiet := func(when string) {
		t.Helper()
		if text := daily(); text != "" {
			t.Errorf("%s: %s", when, text)
		}
	}
	w.wantContains("the first", daily(), "All 2 accounts are well")
	quiet("nothing new")
	w.changeFile("accounts:\n", "accounts:\n  - {uin: \"12\", name: wrong}\n")
	w.wantContains("wrong", daily(), "1 mistake in the accounts file", "uin must be the account's number")
	quiet("the same mistake")
	w.Override("DescribeOrganizationMembers", simulator.APIError("UnauthorizedOperation", "no"))
	w.wantContains("unlisted", daily(), "could not be listed")
	quiet("the same refusal")
	w.Override("DescribeOrganizationMembers", nil)
	w.SetMembers([]simulator.Member{{UIN: "100000000301", Name: "sea-1"}, {UIN: "100000000300", Name: "sea-0"}, {UIN: "100000000309", Name: "gone"}})
	daily() // listed again, and a new one
	daily()
	w.SetMembers([]simulator.Member{{UIN: "100000000301", Name: "sea-1"}, {UIN: "100000000300", Name: "sea-0"}})
	w.wantContains("gone", daily(), "Left the organization: 1 account: gone (100000000309)")
}

// TestNotesInTheChannelsLanguage: what is told besides the reports is in the language of each
// channel as well.
func TestNotesInTheChannelsLanguage(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	w.OverrideChat("slack", status(404, "channel_not_found"))
	_, err := w.tick("digest")
	must(t, err)
	w.wantContains("a dead channel", w.last("wecom"), "报告未送达：security")
	w.OverrideChat("slack", nil)
	w.changeFile("default: [security]", "default: [security]\nnonsense: 1")
	if _, err := w.tick("digest"); err == nil {
		t.Error("a wrong file is no error")
	}
	w.wantContains("mistakes, to Slack", w.last("slack"), "licensewatch cannot run")
	w.wantContains("mistakes, to WeCom", w.last("wecom"), "无法运行")
}
