package main

import (
	"fmt"
	"net/http"
	"strings"

	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
)

// The accounts of the demo of many: forty on two sites, of five teams.

const (
	demoRole       = "licensewatch-reader"
	demoExternalID = "demo-external-id"
	demoSelf       = demoAccount    // the function's own account
	demoIntlUser   = "200000000000" // whose keys assume the roles of the other site
	demoKeysUser   = "200000000009" // which has keys of its own
)

// teamAccount is an account of the demo of many.
type teamAccount struct {
	name      string
	yesterday string // its scenario; empty: it lacks nothing
	today     string // the scenario now; empty: as it was
	sick      string // what is wrong with reading it now; see sickness
}

// demoTeam are the accounts of a team.
type demoTeam struct {
	name     string
	site     license.Site
	first    int64 // uin
	accounts []teamAccount
	isMember bool // the organization lists them, not the file
	export   bool // their license details are exported
}

// demoTeams are the accounts, the head office's own besides.
var demoTeams = []demoTeam{
	{name: "pay", site: license.SiteCN, first: 100000000101, accounts: []teamAccount{
		{name: "支付-生产", yesterday: "near-expiry", today: "everything-wrong"}, {name: "支付-预发"}, {name: "支付-测试"},
		{name: "支付-清结算", yesterday: "renewal-off"}, {name: "支付-风控"}, {name: "支付-灾备"}, {name: "pay-hk"},
		{name: "pay-archive"},
	}},
	{name: "web", site: license.SiteCN, first: 100000000201, accounts: []teamAccount{
		{name: "官网-生产"}, {name: "官网-测试"}, {name: "web-login"}, {name: "web-search", sick: "action"},
		{name: "web-images", sick: "action"},
		{name: "web-video"}, {name: "web-ads", yesterday: "not-renewed"}, {name: "web-beta", sick: "garbage"},
		{name: "web-mobile"}, {name: "web-cdn"},
	}},
	{name: "data", site: license.SiteCN, first: 100000000301, accounts: []teamAccount{
		{name: "数据-生产"}, {name: "数据-测试"}, {name: "data-lake", yesterday: "near-expiry"},
		{name: "data-etl", sick: "role"}, {name: "data-ml"}, {name: "data-bi"},
	}},
	{name: "sea", site: license.SiteIntl, first: 200000000101, export: true, accounts: []teamAccount{
		{name: "sea-prod"}, {name: "sea-test", sick: "hangs"}, {name: "Jakarta"}, {name: "Bangkok"}, {name: "sea-game", yesterday: "trial-expired", today: "healthy"},
		{name: "sea-pay", yesterday: "renewal-off"}, {name: "Frankfurt", sick: "export"}, {name: "São Paulo"},
	}},
	{name: "lab", site: license.SiteCN, first: 100000000401, isMember: true, accounts: []teamAccount{
		{name: "lab-1"}, {name: "lab-2", sick: "no role"}, {name: "lab-3"}, {name: "lab-4"}, {name: "lab-5"},
		{name: "lab-6"}, {name: "lab-7"},
	}},
}

// The member that left today, and the one that came.
const (
	demoGone = "lab-6"
	demoNew  = "lab-7"
)

// sickness is what an account answers that cannot be read as it should.
func sickness(sick string) map[string]http.HandlerFunc {
	switch sick {
	case "role":
		return map[string]http.HandlerFunc{"AssumeRole": simulator.APIError("UnauthorizedOperation", "")}
	case "action":
		return map[string]http.HandlerFunc{"DescribeLicenseList": simulator.APIError("AuthFailure.UnauthorizedOperation", "")}
	case "export":
		return map[string]http.HandlerFunc{"ExportLicenseDetail": simulator.APIError("AuthFailure.UnauthorizedOperation", "")}
	case "garbage":
		return map[string]http.HandlerFunc{"*": simulator.Answer("<html>log in</html>")}
	case "hangs":
		return map[string]http.HandlerFunc{"*": simulator.Hang()}
	}
	return nil
}

// demoCloud are the accounts and the members of the organization, as they are today or were
// the day before. Who cannot wait has none that hangs.
func demoCloud(today, waits bool) (accounts []simulator.Account, members []simulator.Member) {
	accounts = []simulator.Account{
		{UIN: demoSelf, Site: license.SiteCN, Self: true},
		{UIN: demoIntlUser, Site: license.SiteIntl, SecretID: "AKIDdemo-intl", SecretKey: "demo-intl-key"},
		{UIN: demoKeysUser, Site: license.SiteIntl, SecretID: "AKIDdemo-own", SecretKey: "demo-own-key"},
	}
	for _, team := range demoTeams {
		for i, a := range team.accounts {
			account := simulator.Account{UIN: fmt.Sprint(team.first + int64(i)), Site: team.site, Scenario: a.yesterday,
				Role: demoRole, ExternalID: demoExternalID}
			if today {
				if a.today != "" {
					account.Scenario = a.today
				}
				if waits || a.sick != "hangs" {
					account.Override = sickness(a.sick)
				}
			}
			if a.sick == "no role" {
				account.Role = ""
			}
			accounts = append(accounts, account)
			if team.isMember && a.name != map[bool]string{true: demoGone, false: demoNew}[today] {
				members = append(members, simulator.Member{UIN: account.UIN, Name: a.name})
			}
		}
	}
	return accounts, members
}

// demoChannel is a chat of the demo of many accounts.
type demoChannel struct{ name, kind, variable, rest string }

var demoChannels = []demoChannel{
	{"security", "slack", "LICENSEWATCH_SLACK_SECURITY", `mention: [here], language: en, hours: always`},
	{"pay-oncall", "wecom", "LICENSEWATCH_WECOM_PAY",
		`mention: [zhangsan], language: zh, hours: "Mon-Fri 09:00-18:00"`},
	{"web-oncall", "feishu", "LICENSEWATCH_FEISHU_WEB", `language: zh`},
	{"data-team", "feishu", "LICENSEWATCH_FEISHU_DATA", `language: zh, digest: changes`},
	{"sea-oncall", "slack", "LICENSEWATCH_SLACK_SEA", `language: en, hours: "Mon-Fri 08:00-20:00"`},
}

// demoChannelNames are what the file calls them.
func demoChannelNames() []string {
	var names []string
	for _, c := range demoChannels {
		names = append(names, c.name)
	}
	return names
}

// demoAccountsFile is the accounts file. With a language all channels speak that.
func demoAccountsFile(language string) string {
	var b strings.Builder
	b.WriteString("version: 1\ndefaults: {role: " + demoRole + ", external_id: LICENSEWATCH_EXTERNAL_ID}\n" +
		"sites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n")
	fmt.Fprintf(&b, "  - {uin: %q, name: head office, self: true}\n", demoSelf)
	fmt.Fprintf(&b, "  - {uin: %q, name: Singapore, site: intl, keys: LICENSEWATCH_SG, labels: {team: sea}}\n",
		demoKeysUser)
	for _, team := range demoTeams {
		if team.isMember {
			continue
		}
		for i, a := range team.accounts {
			export := ""
			if team.export {
				export = ", export: true"
			}
			fmt.Fprintf(&b, "  - {uin: \"%d\", name: %s, site: %s, labels: {team: %s}%s}\n", team.first+int64(i), a.name, team.site, team.name, export)
		}
	}
	b.WriteString("organization: {labels: {team: lab}}\nchannels:\n")
	for _, c := range demoChannels {
		rest := c.rest
		if language != "" {
			rest = strings.NewReplacer("language: en", "language: "+language, "language: zh", "language: "+
				language).Replace(rest)
		}
		fmt.Fprintf(&b, "  - {name: %s, kind: %s, url: %s, %s}\n", c.name, c.kind, c.variable, rest)
	}
	b.WriteString(`routes:
  - {severity: critical, to: [security], continue: true}
  - {labels: {team: pay}, to: [pay-oncall]}
  - {labels: {team: web}, to: [web-oncall]}
  - {labels: {team: data}, to: [data-team]}
  - {labels: {team: sea}, to: [sea-oncall]}
default: [security]
`)
	return b.String()
}

// demoFleetSettings are the settings of the function: the chats are those of one simulator,
// the cloud may be another one.
func demoFleetSettings(chats, cloud *simulator.Simulator, accountsFile, stateURL string) map[string]string {
	id, key, token := cloud.Credentials()
	settings := map[string]string{
		"LICENSEWATCH_API_ENDPOINT":   cloud.CloudURL(),
		"LICENSEWATCH_ACCOUNTS_FILE":  accountsFile,
		"LICENSEWATCH_STATE_URL":      stateURL,
		"LICENSEWATCH_EXTERNAL_ID":    demoExternalID,
		"LICENSEWATCH_INTL_SECRET_ID": "AKIDdemo-intl", "LICENSEWATCH_INTL_SECRET_KEY": "demo-intl-key",
		"LICENSEWATCH_SG_SECRET_ID": "AKIDdemo-own", "LICENSEWATCH_SG_SECRET_KEY": "demo-own-key",
		"TENCENTCLOUD_SECRETID":     id,
		"TENCENTCLOUD_SECRETKEY":    key,
		"TENCENTCLOUD_SESSIONTOKEN": token,
	}
	for i, hook := range demoHooks() {
		settings[demoChannels[i].variable] = chats.WebhookURLs(demoChannels[i].kind, hook+1)[hook]
	}
	return settings
}

// demoHooks are which webhook of its kind each channel has.
func demoHooks() []int {
	var hooks []int
	count := map[string]int{}
	for _, c := range demoChannels {
		hooks = append(hooks, count[c.kind])
		count[c.kind]++
	}
	return hooks
}

// demoChannelOf is which channel of the file a post of the simulator went to.
func demoChannelOf(post simulator.Post) (index int) {
	kind := notify.KindOf(post.Channel).Name
	for i, hook := range demoHooks() {
		if c := demoChannels[i]; c.kind == kind &&
			(post.Channel == kind || post.Channel == fmt.Sprintf("%s[%d]", kind, hook)) {
			return i
		}
	}
	return -1
}
