package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// storyAccount is one of the accounts of a story of many.
type storyAccount struct {
	uin, name, labels, scenario string
	site                        license.Site
	sick                        map[string]http.HandlerFunc
}

// denied refuses everything by the policy.
var denied = simulator.APIError("UnauthorizedOperation", "no")

var storyAccounts = []storyAccount{
	{uin: "100000000101", name: "pay-prod", labels: "team: pay, env: prod", scenario: "near-expiry"},
	{uin: "100000000102", name: "pay-test", labels: "team: pay, env: test", scenario: "healthy"},
	{uin: "100000000103", name: "sea-prod", labels: "team: sea", scenario: "everything-wrong", site: license.SiteIntl},
	{uin: "100000000104", name: "sea-test", labels: "team: sea", scenario: "healthy", site: license.SiteIntl},
	{uin: "100000000105", name: "lab-1", scenario: "healthy", sick: map[string]http.HandlerFunc{"AssumeRole": denied}},
	{uin: "100000000106", name: "lab-2", scenario: "healthy", sick: map[string]http.HandlerFunc{"AssumeRole": denied}},
	{uin: "100000000107", name: "lab-3", scenario: "healthy", sick: map[string]http.HandlerFunc{"DescribeLicenseList": denied}},
}

// newFleetStory is a story of many accounts on both sites, which two chats hear of.
func newFleetStory(t *testing.T, accounts []storyAccount) *story {
	t.Helper()
	begin := testNow.AddDate(0, 0, -3)
	o := simulator.Options{Now: func() time.Time { return begin }}
	var file strings.Builder
	file.WriteString("version: 1\ndefaults: {role: licensewatch-reader, external_id: LICENSEWATCH_EXTERNAL_ID}\n" +
		"sites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n")
	for _, a := range accounts {
		if a.site == "" {
			a.site = license.SiteCN
		}
		o.Accounts = append(o.Accounts, simulator.Account{UIN: a.uin, Site: a.site, Scenario: a.scenario, Role: "licensewatch-reader",
			ExternalID: "external-1", Override: a.sick})
		fmt.Fprintf(&file, "  - {uin: %q, name: %s, site: %s, labels: {%s}}\n", a.uin, a.name, a.site, a.labels)
	}
	o.Accounts = append(o.Accounts, simulator.Account{UIN: "200000000001", Site: license.SiteIntl, SecretID: "AKIDintl", SecretKey: "intl-key"})
	file.WriteString(`channels:
  - {name: pay-oncall, kind: wecom, url: LICENSEWATCH_WECOM_PAY, language: zh, hours: always}
  - {name: security, kind: slack, url: LICENSEWATCH_SLACK_SECURITY, language: en, hours: always}
routes:
  - {severity: critical, to: [security], continue: true}
  - {labels: {team: pay}, to: [pay-oncall]}
default: [security]
`)
	s := &story{t: t, sim: simulator.New(o), dir: t.TempDir(), now: begin}
	if err := s.sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.sim.Close)
	path := filepath.Join(t.TempDir(), "accounts.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	id, key, token := s.sim.Credentials()
	s.settings = map[string]string{
		"LICENSEWATCH_API_ENDPOINT":    s.sim.CloudURL(),
		"LICENSEWATCH_LANGUAGE":        "en",
		"LICENSEWATCH_STATE_URL":       "file://" + s.dir,
		"LICENSEWATCH_ACCOUNTS_FILE":   path,
		"LICENSEWATCH_EXTERNAL_ID":     "external-1",
		"LICENSEWATCH_WECOM_PAY":       s.sim.WebhookURL("wecom"),
		"LICENSEWATCH_SLACK_SECURITY":  s.sim.WebhookURL("slack"),
		"LICENSEWATCH_INTL_SECRET_ID":  "AKIDintl",
		"LICENSEWATCH_INTL_SECRET_KEY": "intl-key",
		"TENCENTCLOUD_SECRET_ID":       id,
		"TENCENTCLOUD_SECRET_KEY":      key,
		"TENCENTCLOUD_TOKEN":           token,
	}
	return s
}

// fleetMemoryOnly are the settings that a laptop needs: the file, the store, the language.
func (s *story) fleetMemoryOnly() map[string]string {
	return map[string]string{
		"LICENSEWATCH_STATE_URL":     s.settings["LICENSEWATCH_STATE_URL"],
		"LICENSEWATCH_ACCOUNTS_FILE": s.settings["LICENSEWATCH_ACCOUNTS_FILE"],
		"LICENSEWATCH_LANGUAGE":      "en",
	}
}

// tellFleet is a transcript, in which the accounts file has a short name.
func (s *story) tellFleet(title string, lines ...string) string {
	s.t.Helper()
	text := "== " + title + "\n\n" + transcript(s.t, s.now, s.fleetMemoryOnly(), lines...)
	return strings.ReplaceAll(text, s.settings["LICENSEWATCH_ACCOUNTS_FILE"], "accounts.yaml")
}

// TestGoldenAccounts: what accounts says in the course of a story, from the file and the memory.
func TestGoldenAccounts(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	text := s.tellFleet("before the first run", "accounts")
	s.run("digest")
	text += s.tellFleet("after a digest", "accounts", "accounts --state failed", "accounts --label team=sea",
		"accounts --account pay-* --output json", "accounts --account pay-prood", "accounts --label team", "accounts --state bad",
		"accounts --account lab-? --label team=sea")
	golden(t, "accounts.txt", text)
}

// TestGoldenFleetStatus: what status says of many accounts.
func TestGoldenFleetStatus(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	text := s.tellFleet("before the first run", "status")
	s.sim.OverrideChat("wecom", simulator.Status(http.StatusInternalServerError, "<html>"))
	s.run("digest")
	s.now = s.now.Add(30 * time.Minute)
	s.run("alert")
	text += s.tellFleet("WeCom is down", "status", "status --account pay-*", "status --account lab-1", "status --output json",
		"status --account sea-test --output json")
	golden(t, "status-fleet.txt", regexp.MustCompile(`("bytes": |file: )[0-9.]+`).ReplaceAllString(text, "${1}0"))
}

// TestGoldenFleetAck: acknowledgements of one account and of several, in the course of a story.
func TestGoldenFleetAck(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	const until = " --until 2026-12-10 --reason ordered --by zhangsan"
	text := s.tellFleet("before the first run", "ack --list", "ack pay-prod/cwp-order-expiring"+until)
	s.run("digest")
	s.run("alert")
	text += s.tellFleet("after a digest", "ack cwp-order-expiring"+until, "ack pay-prod"+until, "ack pay-prood/cwp-order-expiring"+until,
		"ack pay-prod/cwp-order-expirin"+until, "ack pay-prod/cwp-order-expiring/cwp-aaab"+until, "ack pay-prod/cwp-order-expiring/cwp-aaaa"+until,
		"ack 100000000102/cwp-expired"+until, "ack */tcss-cores-uncovered"+until, "ack */tcss-cores-uncovered --yes"+until,
		"ack */tcss-cores-uncovered --yes"+until, "ack --account sea-* tcss-expired"+until, "ack --list", "ack --list --account sea-prod --output json",
		"ack */tcss-cores-uncovered --remove", "ack */tcss-cores-uncovered --remove --yes", "ack */tcss-cores-uncovered --remove --yes",
		"ack pay-test/gone --remove", "ack --list", "status --account pay-prod")
	s.now = s.now.Add(2 * time.Minute)
	if said := s.run("alert"); len(said) != 0 {
		t.Errorf("an acknowledgement makes a run speak: %v", said)
	}
	golden(t, "ack-fleet.txt", text)
}

// tellWhole is tellFleet with all settings of the function.
func (s *story) tellWhole(title string, lines ...string) string {
	s.t.Helper()
	text := "== " + title + "\n\n" + transcript(s.t, s.now, s.settings, lines...)
	return strings.ReplaceAll(text, s.settings["LICENSEWATCH_ACCOUNTS_FILE"], "accounts.yaml")
}

// TestGoldenFleetExplain: one of many accounts is explained by its own reading and memory, and
// only for the channels that hear of it.
func TestGoldenFleetExplain(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	s.now = s.now.Add(time.Minute)
	before := s.store()
	text := s.tellWhole("after a digest", "explain", "explain cwp-order-expiring", "explain cwp-order-expiring/cwp-aaaa", "explain pay-*", "explain pay-prod --firing",
		"explain pay-prod/cwp-order-expiring/cwp-aaaa", "explain 100000000103/tcss-expired", "explain lab-1/cwp-expired",
		"explain --account pay-prod tcss-trial-ending --no-memory", "explain pay-prod/cwp-order-expiring/cwp-zzzz")
	if fmt.Sprint(before) != fmt.Sprint(s.store()) {
		t.Error("explain changed the store")
	}
	golden(t, "explain-fleet.txt", regexp.MustCompile(`request [0-9a-f-]+`).ReplaceAllString(text, "request …"))
}

// TestGoldenFleetHistory: what was said to each channel, what became of it, and times without a run.
func TestGoldenFleetHistory(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.sim.OverrideChat("wecom", simulator.Status(http.StatusInternalServerError, "<html>"))
	s.run("digest")
	s.now = s.now.Add(30 * time.Minute)
	s.run("alert")
	text := s.tellFleet("WeCom is down", "history", "history --account pay-prod", "history --account sea-*")
	s.sim.OverrideChat("wecom", nil)
	s.now = s.now.Add(48 * time.Hour)
	s.run("digest")
	text += s.tellFleet("after a gap", "history", "history --since 1h", "history --output json", "history --account pay-prod --output json")
	golden(t, "history-fleet.txt", text)
}

// TestGoldenFleetDryRun: a dry run prints what each channel would be told, posts nothing and leaves nothing.
func TestGoldenFleetDryRun(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	text := masked(s.tellWhole("many accounts", "run --dry-run", "run --dry-run --account pay-* --mode alert", "run --dry-run --account lab-1", "run --dry-run --account pay-prood",
		"run --account pay-prod"))
	if len(s.sim.Posts()) > 0 || len(s.store()) > 0 {
		t.Errorf("%d posts, %v", len(s.sim.Posts()), s.store())
	}
	golden(t, "run-dry-fleet.txt", regexp.MustCompile(`"run_id":"[0-9a-f]+"|· [0-9a-f]{6}\n`).ReplaceAllString(text, "…\n"))
}

// TestGoldenFleetSendTest: a test message goes to the channels of the file, each in its language.
func TestGoldenFleetSendTest(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	text := s.tellWhole("all take it", "send-test", "send-test --to security --mention", "send-test --to securty", "send-test --to pay-oncall,security --output json")
	posts := s.sim.Posts()
	if len(posts) != 5 || !strings.Contains(string(posts[0].Body)+string(posts[1].Body), "测试消息") {
		t.Errorf("%d posts", len(posts))
	}
	s.sim.OverrideChat("slack", simulator.Status(http.StatusForbidden, "new_word"))
	text += s.tellWhole("Slack refuses", "send-test")
	delete(s.settings, "LICENSEWATCH_WECOM_PAY")
	text += s.tellWhole("a variable is not set", "send-test")
	golden(t, "send-test-fleet.txt", text)
}

// TestGoldenFleetDoctor: every account is read by its own keys, and each cause named once.
func TestGoldenFleetDoctor(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	s.now = time.Now() // the machine's clock is examined
	text := s.tellWhole("many accounts", "doctor", "doctor --account pay-*", "doctor --account lab-? --output json", "doctor --account pay-prood")
	s.settings["LICENSEWATCH_INTL_SECRET_KEY"] = "another-key"
	text += s.tellWhole("wrong keys of the other site", "doctor")
	s.settings["TENCENTCLOUD_SECRET_KEY"] = "another-key"
	text += s.tellWhole("wrong keys of both sites", "doctor")
	text = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(text, "127.0.0.1:…")
	golden(t, "doctor-fleet.txt", text)
}

// TestGoldenAckOfTheFleet: what is said of all accounts together is acknowledged without an
// account, and by the next run as well.
func TestGoldenAckOfTheFleet(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	s.run("digest")
	text := s.tellFleet("after a digest", "status --account fleet", "ack fleet-accounts-unread --until 2026-12-10 --reason ordered --by zhangsan",
		"ack --list", "status --account fleet")
	s.now = s.now.Add(25 * time.Hour)
	for _, said := range s.run("alert") {
		if strings.Contains(said, "fleet-accounts-unread") || strings.Contains(said, "of 7 accounts could not be read") {
			t.Errorf("it is reminded of: %v", said)
		}
	}
	text += s.tellFleet("a day later", "ack fleet/fleet-accounts-unread --remove", "ack --list")
	golden(t, "ack-of-the-fleet.txt", text)
}
