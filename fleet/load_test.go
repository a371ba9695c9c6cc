package fleet_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
)

// TestDesign: the file of the design means what the design says.
func TestDesign(t *testing.T) {
	t.Parallel()
	f := load(t, design)
	var got []string
	for _, a := range f.Accounts {
		keys := "own"
		if a.Keys != nil {
			keys = a.Keys.Name + "=" + a.Keys.ID.Reveal()
		}
		got = append(got, fmt.Sprintf("%s %s %s %v self=%t role=%s id=%s keys=%s line=%d", a.Uin, a.Name, a.Site, a.Labels, a.Self, a.Role, a.ExternalID.Reveal(), keys, a.Line))
	}
	for _, c := range f.Channels {
		got = append(got, fmt.Sprintf("%s %s %v %s %v %s %s", c.Name, c.Kind.Name, c.Mention, c.Language, !c.Hours.Always(), c.Digest, c.Webhook.Reveal()[:20]))
	}
	got = append(got, strings.Join(f.Variables, " "))
	want := []string{
		"100000000001 支付-生产 cn map[env:prod team:pay] self=false role=qcs::cam::uin/100000000001:roleName/licensewatch-reader id=external-4711 keys=own line=5",
		"200000000007 Singapore intl map[] self=false role= id= keys=LICENSEWATCH_SG=AKIDsgsgsgsgsgsgsg11 line=6",
		"100000000000 head office cn map[] self=true role= id= keys=own line=7",
		"pay-oncall wecom [zhangsan] zh true daily https://qyapi.weixin",
		"security slack [here] en false daily https://hooks.slack.",
		"LICENSEWATCH_EXTERNAL_ID LICENSEWATCH_INTL_SECRET_ID LICENSEWATCH_INTL_SECRET_KEY LICENSEWATCH_SG_SECRET_ID LICENSEWATCH_SG_SECRET_KEY LICENSEWATCH_SLACK_SECURITY LICENSEWATCH_WECOM_PAY",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(f.Routes) != 3 || f.Concurrency != 32 || len(f.Warnings) > 0 || len(f.LeftOut) > 0 {
		t.Errorf("%d routes, concurrency %d, warnings %v, left out %v", len(f.Routes), f.Concurrency, f.Warnings, f.LeftOut)
	}
	members := f.WithMembers([]fleet.Member{{"100000000099", "excluded"}, {"100000000001", "listed"}, {"100000000005", "Singapore"}, {"100000000006", "new"}})
	var added []string
	for _, a := range members[3:] {
		added = append(added, a.Uin+" "+a.Name+" "+a.Role+" "+a.Labels["from"]+" "+a.ExternalID.Reveal())
	}
	if diff := cmp.Diff([]string{
		"100000000005 100000000005 qcs::cam::uin/100000000005:roleName/licensewatch-reader organization external-4711",
		"100000000006 new qcs::cam::uin/100000000006:roleName/licensewatch-reader organization external-4711",
	}, added); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

// TestWithoutEnvironment: where variables are not looked up, nothing is missed.
func TestWithoutEnvironment(t *testing.T) {
	t.Parallel()
	f, err := fleet.Load("accounts.yaml", []byte(design), fleet.Options{Site: license.SiteCN})
	if err != nil || len(f.Accounts) != 3 || len(f.LeftOut) > 0 || !f.Channels[0].Webhook.IsZero() {
		t.Errorf("%v, %+v", err, f)
	}
}

const twoAccounts = `accounts:
  - {uin: "100000000001", name: one, labels: {team: pay}}
  - {uin: "100000000002", name: two}
`

// mine is a file that is right, of which the tests replace a part.
const mine = `version: 1
defaults: {role: reader}
sites: {intl: {keys: LICENSEWATCH_INTL}}
` + twoAccounts + `channels:
  - {name: security, kind: slack, url: LICENSEWATCH_SLACK_SECURITY}
  - {name: pay, kind: wecom, url: LICENSEWATCH_WECOM_PAY}
routes:
  - {labels: {team: pay}, to: pay}
default: security
`

func TestMistakes(t *testing.T) {
	t.Parallel()
	if w, a, o := said(mine, options()); len(w)+len(a)+len(o) > 0 {
		t.Fatalf("the file itself: %v %v %v", w, a, o)
	}
	for _, m := range wholeMistakes() {
		checkSaid(t, m, "whole")
	}
	for _, m := range accountMistakes() {
		checkSaid(t, m, "account")
	}
	for _, m := range routeMistakes() {
		checkSaid(t, m, "whole")
	}
	for _, m := range doubts() {
		checkSaid(t, m, "warning")
	}
}

// fileMistake is a change of the file, and what is said of it: nothing else is.
type fileMistake struct {
	from, to string
	want     []string
}

func checkSaid(t *testing.T, m fileMistake, where string) {
	t.Helper()
	text := strings.Replace(mine, m.from, m.to, 1)
	if text == mine {
		t.Errorf("%q changes nothing", m.from)
	}
	whole, accounts, warnings := said(text, options())
	got := map[string][]string{"whole": whole, "account": accounts, "warning": warnings}
	for i, line := range got[where] {
		got[where][i] = strings.TrimPrefix(line, "accounts.yaml:")
	}
	if diff := cmp.Diff(map[string][]string{where: m.want}, got, cmp.FilterValues(func(a, b []string) bool { return len(a)+len(b) == 0 }, cmp.Ignore()), ignoreEmpty); diff != "" {
		t.Errorf("%s -> %s (-want +got):\n%s", m.from, m.to, diff)
	}
}

// ignoreEmpty leaves out keys without anything.
var ignoreEmpty = cmp.Transformer("nonEmpty", func(m map[string][]string) map[string]string {
	all := map[string]string{}
	for key, list := range m {
		if len(list) > 0 {
			all[key] = strings.Join(list, "\n")
		}
	}
	return all
})

func wholeMistakes() []fileMistake {
	return []fileMistake{
		{"version: 1\n", "", []string{"1:1: version is missing; an accounts file begins with `version: 1`"}},
		{"version: 1", "version: 2", []string{"1:10: version must be 1: this program reads no other"}},
		{"routes:", "route:", []string{`10:1: an accounts file has no key "route"; did you mean routes?`}},
		{"channels:", "x: [", []string{"8:3: the file is not YAML: while parsing a flow node: did not find expected node content"}},
		{"{role: reader}", "{role: 'qcs::cam::uin/100000000001:roleName/reader'}", []string{"2:18: role is that of one account, and would be assumed for all: write {uin} in the place of its uin"}},
		{"{role: reader}", "{role: 'qcs::cam::{uin}:role/reader'}", []string{"2:18: role is no ARN of a role: those read qcs::cam::uin/{uin}:roleName/licensewatch-reader"}},
		{"{role: reader}", "{role: 'arn:aws:iam::1:role/x'}", []string{"2:18: role must be a role's name, or its ARN as qcs::cam::uin/{uin}:roleName/licensewatch-reader"}},
		{"{role: reader}", "{role: reader, site: us}", []string{`2:32: site must be cn or intl, not "us"`}},
		{"{role: reader}", "{role: reader, external_id: LICENSEWATCH_EXTERNAL}", []string{"2:39: external_id: the environment variable LICENSEWATCH_EXTERNAL is not set; did you mean LICENSEWATCH_EXTERNAL_ID?"}},
		{"{keys: LICENSEWATCH_INTL}", "{keys: LICENSEWATCH_INTL_SECRET_ID}", []string{"3:22: keys must be how both names begin, without _SECRET_ID and _SECRET_KEY: write LICENSEWATCH_INTL"}},
		{"{keys: LICENSEWATCH_INTL}", "{key: X}", []string{`3:15: intl has no keys: write how the names of their variables begin`, `3:16: a site has no key "key"; did you mean keys?`}},
		{"kind: slack, ", "", []string{"8:5: the channel has no kind: write slack, wecom, feishu, dingtalk or webhook"}},
		{"kind: slack", "kind: slak", []string{`8:28: kind must be slack, wecom, feishu, dingtalk or webhook, not "slak"; did you mean slack?`}},
		{"url: LICENSEWATCH_SLACK_SECURITY", "url: " + webhook, []string{"8:40: url holds a secret itself, it seems, which must not stand in the file: put it into an environment variable, and write that variable's name here"}},
		{"url: LICENSEWATCH_WECOM_PAY", "url: 693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", []string{"9:35: url holds a secret itself, it seems, which must not stand in the file: put it into an environment variable, and write that variable's name here"}},
		{"url: LICENSEWATCH_WECOM_PAY", "url: $LICENSEWATCH_WECOM_PAY", []string{"9:35: url must be the name of an environment variable alone: write it without $ and brackets"}},
		{"url: LICENSEWATCH_WECOM_PAY", "url: SCF_WECOM", []string{"9:35: url names a variable that only the platform sets: choose one that begins with LICENSEWATCH_"}},
		{"url: LICENSEWATCH_WECOM_PAY", "url: LICENSEWATCH_SLACK_SECURITY", []string{"9:35: url: what LICENSEWATCH_SLACK_SECURITY holds is a Slack webhook, and the channel's kind is wecom: write kind: slack, or another variable"}},
		{"url: LICENSEWATCH_WECOM_PAY", "url: LICENSEWATCH_WECOM_PAI", []string{"9:35: url: the environment variable LICENSEWATCH_WECOM_PAI is not set; did you mean LICENSEWATCH_WECOM_PAY?"}},
		{"url: LICENSEWATCH_WECOM_PAY}", "url: LICENSEWATCH_WECOM_PAY, language: cn, hours: 9-18, digest: weekly, mention: 138 0013}", []string{
			`9:69: language must be zh or en, not "cn"; did you mean en?`, `9:80: hours: "9" is no time of a 24-hour clock with its minutes; write always, or times like 09:00-21:00 or Mon-Fri 09:00-18:00, comma separated`,
			`9:94: digest must be daily or changes, not "weekly"`, `9:111: mention: "138 0013" cannot be called: write @all or the user id of the member (in the admin console: Contacts, the member's account), without < > and spaces`,
		}},
		{"name: pay, ", "name: security, ", []string{`9:12: name "security" is taken by the channel in line 8`, `11:31: there is no channel "pay"; there is only security`}},
		{"to: pay}", "to: pai}", []string{`11:31: there is no channel "pai"; did you mean pay?`}},
		{"to: pay}", "to: [pay, pay]}", []string{`11:37: to has "pay" twice: write it once`}},
		{"to: pay}", "too: pay}", []string{`11:5: the route has no to: write the names of the channels that hear of it`, `11:27: a route has no key "too"; did you mean to?`}},
		{"to: pay}", "severity: urgent, to: pay}", []string{`11:37: severity must be critical, warning or info, not "urgent"`}},
		{"default: security\n", "", []string{"1:1: default is missing: nobody would hear of what fits no route; list the channels that do"}},
		{"default: security\n", "default: []\n", []string{"12:10: default is an empty list: leave it out, or write what belongs there"}},
		{"default: security\n", "default: security\nconcurrency: 1000\n", []string{"13:14: concurrency must be a whole number from 1 to 256"}},
		{twoAccounts, "accounts: []\n", []string{"4:11: accounts is an empty list: no account would be watched"}},
		{twoAccounts, "", []string{"1:1: accounts is missing: no account would be watched"}},
		{"channels:", "x:\n  a: 1\nchannels:", []string{`7:1: an accounts file has no key "x"; it has version, defaults, sites, accounts, organization, channels, routes, default and concurrency`}},
		{"to: pay}", "to: *pay}", []string{`11:31: the file is not YAML: unknown anchor referenced; quote a pattern that begins with *`}},
		{"to: pay}", "to: *Zk4Qv8Lw2Xn6Rt1Yp9Bc}", []string{`11:31: the file is not YAML: unknown anchor referenced; quote a pattern that begins with *`}},
	}
}

func accountMistakes() []fileMistake {
	const same = "5:5: "
	return []fileMistake{
		{`uin: "100000000001", `, "", []string{same + "the account has no uin"}},
		{`"100000000001"`, "1.00000000001E+11", []string{"5:11: uin must be the account's number (the console shows it as account ID), digits alone, in quotes"}},
		{`"100000000002"`, `"100000000001"`, []string{"6:11: uin \"100000000001\" is taken by the account in line 5"}},
		{"name: two", "name: one", []string{"6:33: name \"one\" is taken by the account in line 5"}},
		{"name: two", `name: "100000000001"`, []string{"6:33: name \"100000000001\" is taken by the account in line 5"}},
		{"name: two", "naem: two", []string{`6:27: an account has no key "naem"; did you mean name?`}},
		{"name: two", "name: two, role: 'qcs::cam::uin/100000000009:roleName/reader'", []string{"6:44: role is that of another account: write {uin} in the place of its uin"}},
		{"name: two", "name: two, role: reader, keys: LICENSEWATCH_SG", []string{"6:58: the account has role and keys: it is read in one of these ways, leave the others out"}},
		{"name: two", "name: two, keys: LICENSEWATCH_HK", []string{"6:44: keys: the environment variable LICENSEWATCH_HK_SECRET_ID is not set", "6:44: keys: the environment variable LICENSEWATCH_HK_SECRET_KEY is not set"}},
		{"name: two", "name: two, keys: LICENSEWATCH_INTEL", []string{"6:44: keys: the environment variable LICENSEWATCH_INTEL_SECRET_ID is not set; did you mean LICENSEWATCH_INTL_SECRET_ID?", "6:44: keys: the environment variable LICENSEWATCH_INTEL_SECRET_KEY is not set; did you mean LICENSEWATCH_INTL_SECRET_KEY?"}},
		{"name: two", "name: two, keys: AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA", []string{"6:44: keys holds a secret itself, it seems, which must not stand in the file: put it into an environment variable, and write that variable's name here"}},
		{"name: two", "name: two, self: yes", []string{"6:44: self must be true or false"}},
		{"name: two", "name: two, self: true, site: intl", []string{"6:44: self is the account of the function, which is on site cn (LICENSEWATCH_SITE), not on intl"}},
		{"name: two", "name: two, self: true, external_id: LICENSEWATCH_EXTERNAL_ID", []string{"6:63: external_id goes with a role, and self assumes none: leave it out"}},
		{"name: two", "name: two, labels: [x]", []string{"6:46: labels must be a mapping (key: value), not a list"}},
		{"name: one, labels: {team: pay}}", "name: one, labels: {team: pay}, self: true}\n  - {uin: \"100000000003\", self: true}", []string{"6:33: self stands at the account in line 5 already: the function belongs to one"}},
		{"defaults: {role: reader}\n", "organization: {role: reader}\n", []string{"5:5: the account has no role, no keys and no self: say how it is read, or write a role into defaults", "6:5: the account has no role, no keys and no self: say how it is read, or write a role into defaults"}},
		{"sites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n", "accounts:\n  - {uin: \"200000000001\", site: intl}\n", []string{"4:5: the account is on site intl, where no role can be assumed with the function's keys (site cn): write sites: {intl: {keys: …}}, or keys at the account"}},
	}
}

func routeMistakes() []fileMistake {
	hidden := func(line int, by string) []string {
		return []string{fmt.Sprintf("%d:5: the route can never be reached: whatever fits it fits %s before it, without continue; put it first, or remove it", line, by)}
	}
	const route = "  - {labels: {team: pay}, to: pay}\n"
	return []fileMistake{
		{route, "  - {to: pay}\n  - {severity: critical, to: security}\n", hidden(12, "the route in line 11")},
		{route, "  - {rule: \"tcss-*\", to: pay}\n  - {rule: tcss-expired, to: security}\n", hidden(12, "the route in line 11")},
		{route, "  - {account: \"*\", to: pay}\n  - {rule: \"tcss-*\", to: security}\n", hidden(12, "the route in line 11")},
		{route, "  - {labels: {team: [pay, \"shop*\"]}, to: pay}\n  - {labels: {team: pay, env: prod}, tags: {a: b}, to: security}\n", hidden(12, "the route in line 11")},
		{route, "  - {severity: [critical, warning], to: pay}\n  - {severity: info, to: security}\n  - {rule: x, to: security}\n", hidden(13, "the routes in lines 11 and 12")},
	}
}

// doubts are what may be meant.
func doubts() []fileMistake {
	const route = "  - {labels: {team: pay}, to: pay}\n"
	return []fileMistake{
		{"to: pay}", "to: security}", []string{"9:12: channel pay hears nothing: it is in no route, and not in default"}},
		{"{team: pay}, to", "{taem: pay}, to", []string{"11:5: the route fits none of the accounts; none has a label taem"}},
		{"{team: pay}, to", "{team: pya}, to", []string{"11:5: the route fits none of the accounts; did you mean team: pay?"}},
		{"{labels: {team: pay}, to", "{account: onne, to", []string{"11:5: the route fits none of the accounts; did you mean one?"}},
		{"kind: wecom, url: LICENSEWATCH_WECOM_PAY", "kind: slack, url: LICENSEWATCH_SLACK_SECURITY", []string{"9:5: channel pay leads to the same chat as security, which is told twice of what goes to both"}},
		// what looks hidden and is not
		{route, "  - {labels: {team: pay}, to: pay, continue: true}\n  - {labels: {team: pay}, to: security}\n", nil},
		{route, "  - {labels: {team: pay}, to: pay}\n  - {labels: {team: \"*\"}, to: security}\n", nil},
		{route, "  - {rule: \"tcss-?\", to: pay}\n  - {rule: \"tcss-*\", to: security}\n", nil},
		{route, "  - {severity: critical, to: pay}\n  - {severity: [warning, critical], to: security}\n", nil},
	}
}

// TestSecretsAreNotRepeated: whatever stands where, no message holds a secret that was put
// into the file or that a variable holds.
func TestSecretsAreNotRepeated(t *testing.T) {
	t.Parallel()
	secrets := []string{webhook, "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", "AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA", "Gu5t9xGARNpq86cd98joQYCN3Cozk1qA", "xoxb-12345678-abcdefgh"}
	for _, secret := range secrets {
		for _, part := range []string{"reader", "LICENSEWATCH_INTL", "one", "pay", "security", "slack", "LICENSEWATCH_SLACK_SECURITY", "team", "\"100000000001\"", "labels", "1\n", "accounts"} {
			for _, quote := range []string{"", "'", "\""} {
				text := strings.Replace(mine, part, quote+secret+quote, 1)
				whole, accounts, warnings := said(text, options())
				all := strings.Join(append(append(whole, accounts...), warnings...), "\n")
				for _, key := range []string{secret, secret[len(secret)/2:], "abcdefghijkl", "693a91f6", "AKIDsg", "AKIDintl"} {
					if strings.Contains(all, key) {
						t.Errorf("%s in the place of %q: %s", secret, part, all)
					}
				}
			}
		}
	}
	f := load(t, design)
	if printed := fmt.Sprintf("%+v %#v", f, f.Accounts); strings.Contains(printed, "AKID") || strings.Contains(printed, "hooks.slack") {
		t.Error("a fleet prints its secrets")
	}
}

// TestPartOfAWrongFile: the channels that are right can be told of the mistakes.
func TestPartOfAWrongFile(t *testing.T) {
	t.Parallel()
	f, err := fleet.Load("accounts.yaml", []byte(strings.Replace(mine, "WECOM_PAY", "GONE", 1)), options())
	if err == nil || len(f.Channels) != 1 || f.Channels[0].Name != "security" || len(f.Accounts) != 2 {
		t.Errorf("%v, %d channels, %d accounts", err, len(f.Channels), len(f.Accounts))
	}
	if !strings.HasPrefix(err.Error(), "1 mistake in the accounts file: accounts.yaml:9:35: url: ") {
		t.Error(err)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"the file has more than 4194304 bytes": "version: 1\n# " + strings.Repeat("x", fleet.MaxFile),
		"one file has at most 10000":           "version: 1\naccounts:\n" + strings.Repeat("  - {uin: \"100000000001\"}\n", fleet.MaxAccounts+1),
		"the file is empty":                    "\ufeff# nothing\n",
		"the file is not UTF-8":                "version: 1\n\xff\xfe",
		"1:11: the file holds a control":       "version: 1\x00\n",
		"a second document begins here":        mine + "---\nversion: 1\n",
		"must be a mapping":                    "LICENSEWATCH_SLACK_WEBHOOK_URL='x'\n",
	} {
		if whole, _, _ := said(text, options()); !strings.Contains(strings.Join(whole, "\n"), name) {
			t.Errorf("%s: %.300v", name, whole)
		}
	}
}

// TestChannelDefaults: what a channel does not say is as in the settings.
func TestChannelDefaults(t *testing.T) {
	t.Parallel()
	o := fleet.OptionsOf(config.Config{Site: license.SiteIntl, Language: license.English, Digest: config.DigestChanges, Hours: license.Hours{Windows: make([]license.HoursWindow, 1)}}, environment())
	f, err := fleet.Load("x", []byte(mine), o)
	if err != nil {
		t.Fatal(err)
	}
	c := f.Channels[0]
	if c.Language != license.English || c.Digest != config.DigestChanges || c.Hours.Always() || f.Accounts[0].Site != license.SiteIntl || !reflect.DeepEqual(f.Accounts[0].Keys.Name, "LICENSEWATCH_INTL") {
		t.Errorf("%+v", c)
	}
}

// TestRoles: every form in which a role may be written, and the ARN that it becomes.
func TestRoles(t *testing.T) {
	t.Parallel()
	for role, want := range map[string]string{
		"reader":                         "qcs::cam::uin/100000000002:roleName/reader",
		"a.b_c-d@e+f=g":                  "qcs::cam::uin/100000000002:roleName/a.b_c-d@e+f=g",
		"qcs::cam::uin/{uin}:roleName/x": "qcs::cam::uin/100000000002:roleName/x",
		"qcs::cam::uin/100000000002:role/4611686018":             "qcs::cam::uin/100000000002:role/4611686018",
		"qcs::cam::uin/{uin}:role/tencentcloudServiceRoleName/x": "qcs::cam::uin/100000000002:role/tencentcloudServiceRoleName/x",
		"qcs::cam::uin/{uin}:group/x":                            "",
		"qcs::cam::uin/{uin}:roleName/":                          "",
		"qcs::sts::uin/{uin}:roleName/x":                         "",
		"two words":                                              "",
		"{uin}":                                                  "",
	} {
		f := load(t, strings.Replace(mine, "name: two", "name: two, role: \""+role+"\"", 1))
		if want == "" {
			if len(f.LeftOut) != 1 {
				t.Errorf("%s is taken", role)
			}
			continue
		}
		if len(f.Accounts) != 2 || f.Accounts[1].Role != want {
			t.Errorf("%s: %+v", role, f.LeftOut)
		}
	}
}
