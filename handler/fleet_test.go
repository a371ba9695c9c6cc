package handler_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// fleetWorld is a cloud of many accounts, with two chats of two teams.
type fleetWorld struct {
	*remembering
	invoked func(simulator.Invocation) // what is done with an event of the function's own; nil: nothing
}

// fleetAccount is an account of the tests.
type fleetAccount struct{ uin, name, team, scenario string }

var smallFleet = []fleetAccount{
	{"100000000101", "pay-prod", "pay", "near-expiry"},
	{"100000000102", "pay-test", "pay", "healthy"},
	{"100000000103", "sea-prod", "sea", "everything-wrong"},
	{"100000000104", "sea-test", "sea", "healthy"},
}

func newFleetWorld(t *testing.T, accounts []fleetAccount, sick map[string]map[string]http.HandlerFunc, settings ...string) *fleetWorld {
	t.Helper()
	world := &fleetWorld{}
	o := simulator.Options{Invoked: func(i simulator.Invocation) {
		if world.invoked != nil {
			world.invoked(i)
		}
	}}
	var file strings.Builder
	file.WriteString("version: 1\ndefaults: {role: licensewatch-reader, external_id: LICENSEWATCH_EXTERNAL_ID}\naccounts:\n")
	for _, a := range accounts {
		o.Accounts = append(o.Accounts, simulator.Account{UIN: a.uin, Site: license.SiteCN, Scenario: a.scenario, Role: "licensewatch-reader", ExternalID: "external-1", Override: sick[a.name]})
		_, _ = fmt.Fprintf(&file, "  - {uin: %q, name: %s, labels: {team: %s}}\n", a.uin, a.name, a.team)
	}
	file.WriteString(`channels:
  - {name: pay-oncall, kind: wecom, url: LICENSEWATCH_WECOM_PAY, language: zh, hours: always}
  - {name: security, kind: slack, url: LICENSEWATCH_SLACK_SECURITY, language: en, hours: always}
routes:
  - {severity: critical, to: [security], continue: true}
  - {labels: {team: pay}, to: [pay-oncall]}
default: [security]
`)
	path := filepath.Join(t.TempDir(), "accounts.yaml")
	must(t, os.WriteFile(path, []byte(file.String()), 0o600))
	dir := t.TempDir()
	w := newWorldOf(t, o, append([]string{"LICENSEWATCH_STATE_URL", "file://" + dir, "LICENSEWATCH_ACCOUNTS_FILE", path,
		"LICENSEWATCH_SLACK_WEBHOOK_URL", "", "LICENSEWATCH_WECOM_WEBHOOK_URL", "", "LICENSEWATCH_EXTERNAL_ID", "external-1"}, settings...)...)
	w.set("LICENSEWATCH_WECOM_PAY", w.WebhookURL("wecom"))
	w.set("LICENSEWATCH_SLACK_SECURITY", w.WebhookURL("slack"))
	world.remembering = &remembering{world: w, dir: dir, clock: now}
	return world
}

// last is what a chat was posted last.
func (w *fleetWorld) last(channel string) string {
	posts := w.posted(channel)
	if len(posts) == 0 {
		return ""
	}
	return posts[len(posts)-1]
}

// TestFleet: every account is read by its own role, and each chat hears once of those and of
// what is routed to it; the next runs say what is new.
func TestFleet(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if a := s.Accounts; a == nil || *a != (handler.AccountCounts{Read: 4}) || s.AccountSources["tcss"]["ok"] != 4 {
		t.Errorf("the Summary has %+v, %v", a, s.AccountSources)
	}
	w.wantContains("pay-oncall", w.last("wecom"), "2 个账号中有 1 个需要处理", "pay-prod：订单 `cwp-aaaa` 将于 12 天后到期", "另有：容器安全试用将于 6 天后结束")
	w.wantContains("security", w.last("slack"), "1 of 4 accounts needs action · 3 well", "sea-prod: Order `cwp-aaaa` ends in 2 days", "and 5 more")
	if strings.Contains(w.last("wecom"), "sea-") || strings.Contains(w.last("slack"), "pay-prod") {
		t.Error("a chat hears of what is not routed to it")
	}
	w.wantTick("alert", handler.OutcomeSent, 2, 1) // what the digest only counted
	w.wantContains("security", w.last("slack"), "CWPP licenses are nearly used up")
	w.wantTick("alert", handler.OutcomeQuiet, 2, 1)
	w.clock = w.clock.Add(21 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 3, 2)
}

// TestSickAccounts: an account that is refused, hangs or answers garbage costs itself alone,
// and is named with its cause; accounts of one cause together.
func TestSickAccounts(t *testing.T) {
	accounts := slices.Clone(smallFleet)
	sick := map[string]map[string]http.HandlerFunc{}
	for i, h := range []map[string]http.HandlerFunc{
		{"AssumeRole": simulator.APIError("UnauthorizedOperation", "no")}, {"AssumeRole": simulator.APIError("UnauthorizedOperation", "no")},
		{"*": simulator.Answer("<html>")}, {"*": simulator.Reset()}, {"DescribeLicenseList": simulator.APIError("UnauthorizedOperation", "no")},
	} {
		name := fmt.Sprintf("sick-%d", i)
		accounts = append(accounts, fleetAccount{fmt.Sprint(100000000200 + i), name, "pay", "healthy"})
		sick[name] = h
	}
	w := newFleetWorld(t, accounts, sick)
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if a := *s.Accounts; a != (handler.AccountCounts{Read: 5, Partly: 1, Failed: 4}) {
		t.Errorf("the Summary has %+v", a)
	}
	if got := s.AccountSources["cwp.orders"]; got["ok"] != 4 || got["UnauthorizedOperation"] != 3 {
		t.Errorf("of the orders the Summary has %v", got)
	}
	w.wantContains("security", w.last("slack"), "1 of 9 accounts needs action · 3 well · 4 could not be read · 1 read in part",
		"2 accounts could not be read: sick-0, sick-1", "sts:AssumeRole", "1 account could not be read: sick-2", "sea-prod: Order `cwp-aaaa`")
	w.wantContains("pay-oncall", w.last("wecom"), "7 个账号中有 1 个需要处理 · 1 个正常 · 4 个读取失败 · 1 个只读到一部分")
}

// TestFleetSaysWhatOneSays: of every account a fleet's chat hears what a function hears that
// watches it alone.
func TestFleetSaysWhatOneSays(t *testing.T) {
	for _, scenario := range []string{"near-expiry", "everything-wrong", "trial-expired", "not-renewed", "healthy"} {
		alone := newRemembering(t, scenario)
		one := alone.wantTick("digest", handler.OutcomeSent, 1, 1)
		w := newFleetWorld(t, []fleetAccount{{"100000000101", "first", "sea", scenario}, {"100000000102", "second", "sea", "source-down"}}, nil)
		many := w.wantTick("digest", handler.OutcomeSent, 1, 0)
		both := newRemembering(t, "source-down")
		other := both.wantTick("digest", handler.OutcomeSent, 1, 1)
		want := one.Findings
		want.Critical, want.Warning, want.Info = want.Critical+other.Findings.Critical, want.Warning+other.Findings.Warning, want.Info+other.Findings.Info
		want.Covered, want.Unknown = want.Covered+other.Findings.Covered, want.Unknown+other.Findings.Unknown
		if many.Findings != want {
			t.Errorf("%s: %+v, one by one %+v", scenario, many.Findings, want)
		}
	}
}

// TestFleetRerun: a chat that does not take its message is sent the same by the rerun of the
// event, and nobody else hears twice.
func TestFleetRerun(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	w.OverrideChat("wecom", status(429, "busy"))
	if _, err := w.runAt(digestEvent); err == nil {
		t.Error("the platform does not run the event again")
	}
	w.OverrideChat("wecom", nil)
	refused := len(w.posted("wecom"))
	s, err := w.runAt(digestEvent)
	if err != nil || s.Outcome != handler.OutcomeSent {
		t.Errorf("the rerun: %v, %+v", err, s)
	}
	if got := len(w.posted("wecom")) - refused; got != 1 || len(w.posted("slack")) != 1 {
		t.Errorf("the rerun posts %d, Slack has %d", got, len(w.posted("slack")))
	}
	w.wantContains("pay-oncall", w.last("wecom"), "2 个账号中有 1 个需要处理", "pay-prod：订单 `cwp-aaaa`")
	w.clock = w.clock.Add(time.Hour)
	if _, err := w.tick("alert"); err != nil {
		t.Error(err)
	}
	if got := len(w.posted("wecom")) - refused; got != 1 {
		t.Errorf("WeCom has %d posts", got)
	}
}

// TestFleetNotReached: accounts for which there was no time are named, and come first in the
// next run.
func TestFleetNotReached(t *testing.T) {
	var mutex sync.Mutex
	var asked []string
	hangs := true
	note := func(name string) map[string]http.HandlerFunc {
		return map[string]http.HandlerFunc{"AssumeRole": func(rw http.ResponseWriter, r *http.Request) {
			mutex.Lock()
			asked = append(asked, name)
			hang := hangs
			mutex.Unlock()
			if hang {
				simulator.Hang()(rw, r)
			} else {
				simulator.Usual()(rw, r)
			}
		}}
	}
	sick := map[string]map[string]http.HandlerFunc{}
	for _, a := range smallFleet {
		sick[a.name] = note(a.name)
	}
	w := newFleetWorld(t, smallFleet, sick)
	w.setConcurrency(2)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	at := w.clock
	s, err := w.runIn(ctx, digestEvent, func(o *handler.Options) { o.Now = func() time.Time { return at } })
	if err != nil || *s.Accounts != (handler.AccountCounts{Failed: 2, NotReached: 2}) {
		t.Fatalf("%v, %+v", err, s.Accounts)
	}
	w.wantContains("security", w.last("slack"), "There was no time for 2 accounts, with which the next run begins: sea-prod, sea-test")
	hangs, asked = false, nil
	w.setConcurrency(1)
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	if first := slices.Sorted(slices.Values(asked[:2])); !slices.Equal(first, []string{"sea-prod", "sea-test"}) {
		t.Errorf("the next run begins with %v", asked)
	}
}

// setConcurrency sets how many accounts are read at once.
func (w *fleetWorld) setConcurrency(n int) {
	path := w.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	data, err := os.ReadFile(path)
	must(w.t, err)
	_, rest, _ := strings.Cut(string(data), "version: 1\n")
	must(w.t, os.WriteFile(path, []byte(fmt.Sprintf("concurrency: %d\nversion: 1\n", n)+rest), 0o600))
}

// TestFleetMistakes: one wrong account is left out and told; a wrong file is a mistake that
// the channels hear of which are right.
func TestFleetMistakes(t *testing.T) {
	accounts := append(slices.Clone(smallFleet), fleetAccount{"abc", "wrong", "pay", "healthy"})
	w := newFleetWorld(t, accounts, nil)
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if s.Accounts.Read != 4 {
		t.Errorf("%+v", s.Accounts)
	}
	w.wantContains("security", w.last("slack"), "1 mistake in the accounts file", "uin must be the account's number")
	if said := w.last("wecom"); strings.Contains(said, "处错误") {
		t.Errorf("pay-oncall, which is not in default, is told the mistake: %s", said)
	}
	path := w.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	data, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, append(data, "standard: [security]\n"...), 0o600))
	if _, err := w.tick("digest"); err == nil {
		t.Error("a wrong file is no error")
	}
	w.wantContains("security", w.last("slack"), "standard")
}

// TestWhoHearsOfMistakes: of a wrong entry hear the channels of default and those that hear of every
// account, or else everybody; in digests, and not in each alert. With digest: changes, nobody else is
// sent a digest for it.
func TestWhoHearsOfMistakes(t *testing.T) {
	const said, wechat = "1 mistake in the accounts file", "处错误"
	tests := map[string]struct {
		edits        [][2]string
		slack, wecom bool
	}{
		"default":                 {nil, true, false},
		"who hears of everything": {[][2]string{{"{labels: {team: pay}, to: [pay-oncall]}", `{rule: "*", to: [pay-oncall], continue: true}`}}, true, true},
		"default hears nothing": {[][2]string{{"  - {severity: critical, to: [security], continue: true}\n", ""},
			{"to: [pay-oncall]}", "to: [pay-oncall]}\n  - {account: sea-prod, to: [third]}\n  - {account: \"*\", to: [pay-oncall]}"},
			{"routes:", "  - {name: third, kind: slack, url: LICENSEWATCH_SLACK_SECURITY, language: en, hours: always}\nroutes:"}}, true, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newFleetWorld(t, smallFleet, nil, "LICENSEWATCH_DIGEST", "changes")
			for _, edit := range test.edits {
				w.changeFile(edit[0], edit[1])
			}
			daily := func(argument string) (slack, wecom string) {
				t.Helper()
				n, m := len(w.posted("slack")), len(w.posted("wecom"))
				w.clock = w.clock.Add(time.Hour)
				_, err := w.tick(argument)
				must(t, err)
				return strings.Join(w.posted("slack")[n:], "\n"), strings.Join(w.posted("wecom")[m:], "\n")
			}
			daily("digest")
			daily("digest")
			w.changeFile("accounts:\n", "accounts:\n  - {uin: \"12\", name: wrong}\n")
			slack, wecom := daily("digest")
			if strings.Contains(slack, said) != test.slack || strings.Contains(wecom, wechat) != test.wecom {
				t.Errorf("it is told: %s\n%s", slack, wecom)
			}
			if !test.wecom && wecom != "" {
				t.Errorf("a digest without anything new: %s", wecom)
			}
			must(t, os.Remove(filepath.Join(w.dir, "ledger.json")))
			if slack, wecom := daily("alert"); slack == "" || wecom == "" || strings.Contains(slack, said) || strings.Contains(wecom, wechat) {
				t.Errorf("an alert tells it: %s %s", slack, wecom)
			}
		})
	}
}

// TestOrganization: the members of the organization are watched, listed once a day; who came
// and who went is named once, and a refused listing leaves the last one.
func TestOrganization(t *testing.T) {
	w := newFleetWorld(t, smallFleet[:1], nil)
	path := w.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	data, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, append(data, "organization: {exclude: [\"*-old\"], labels: {team: sea}}\n"...), 0o600))
	members := []string{"100000000102 pay-test", "100000000103 sea-prod", "100000000109 sea-old"}
	w.Override("DescribeOrganizationMembers", func(rw http.ResponseWriter, _ *http.Request) {
		var items []string
		for _, m := range members {
			uin, name, _ := strings.Cut(m, " ")
			items = append(items, fmt.Sprintf(`{"MemberUin":%s,"Name":%q}`, uin, name))
		}
		_, _ = fmt.Fprintf(rw, `{"Response":{"Items":[%s],"Total":%d,"RequestId":"r"}}`, strings.Join(items, ","), len(items))
	})
	first := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if first.Accounts.Read != 3-2 && first.Accounts.Read+first.Accounts.Failed != 3 {
		t.Errorf("%+v", first.Accounts)
	}
	if strings.Contains(w.last("slack"), "New:") {
		t.Error("the first list is news")
	}
	members = append(members[1:], "100000000104 sea-test")
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	w.wantContains("security", w.last("slack"), "New: 1 account: sea-test (100000000104)", "Left the organization: 1 account: pay-test (100000000102)")
	if strings.Contains(w.last("wecom"), "100000000104") {
		t.Errorf("pay-oncall hears of nothing of the organization: %s", w.last("wecom"))
	}
	w.edit("kind: wecom,", "kind: wecom, digest: changes,")
	members = append(members, "100000000110 sea-new")
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 3, 2)
	w.wantContains("security", w.last("slack"), "New: 1 account: sea-new (100000000110)")
	w.edit("labels: {team: sea}}", "labels: {team: pay}}")
	members = members[:len(members)-1]
	w.clock = w.clock.Add(23 * time.Hour)
	w.wantTick("digest", handler.OutcomeSent, 4, 3)
	w.wantContains("pay-oncall", w.last("wecom"), "1 个账号已离开组织：sea-new (100000000110)")
	w.Override("DescribeOrganizationMembers", simulator.APIError("UnauthorizedOperation", "no"))
	w.clock = w.clock.Add(23 * time.Hour)
	last := w.wantTick("digest", handler.OutcomeSent, 5, 4)
	w.wantContains("security", w.last("slack"), "could not be listed", "DescribeOrganizationMembers")
	if n := last.Accounts.Read + last.Accounts.Failed; n != 3 || strings.Contains(w.last("slack"), "New:") {
		t.Errorf("%d accounts are watched: %s", n, w.last("slack"))
	}
}

// TestLedgersAreNoLedger: a run of one account leaves the memory of many alone, and says so;
// the other way round the account's memory is taken over.
func TestLedgersAreNoLedger(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	before, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	w.set("LICENSEWATCH_ACCOUNTS_FILE", "")
	delete(w.settings, "LICENSEWATCH_ACCOUNTS_FILE")
	w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", w.WebhookURL("slack"))
	s := w.wantTick("digest", handler.OutcomeSent, 2, 1)
	after, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	if s.Memory != "OtherOwner" || !bytes.Equal(before, after) {
		t.Errorf("memory %s; the ledgers have changed: %v", s.Memory, !bytes.Equal(before, after))
	}
}

// TestFleetWithoutStore: a digest says how all accounts are, an alert what fires.
func TestFleetWithoutStore(t *testing.T) {
	w := newFleetWorld(t, smallFleet, nil)
	delete(w.settings, "LICENSEWATCH_STATE_URL")
	s := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if s.Memory != "off" || s.Accounts.Read != 4 || strings.Contains(w.last("slack"), "pay-prod") {
		t.Errorf("%+v, %s", s, w.last("slack"))
	}
	w.wantTick("alert", handler.OutcomeSent, 2, 2)
	w.wantContains("security", w.last("slack"), "sea-prod: Order `cwp-aaaa` ends in 2 days")
	if strings.Contains(w.last("wecom"), "sea-") {
		t.Error("pay-oncall hears of another team's accounts")
	}
}
