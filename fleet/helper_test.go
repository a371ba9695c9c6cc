package fleet_test

import (
	"errors"
	"strings"
	"testing"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
)

// webhook is a value that nothing may repeat.
const webhook = "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"

// environment is one in which everything is set that the tests' files name.
func environment() map[string]string {
	return map[string]string{
		"LICENSEWATCH_SLACK_SECURITY": webhook,
		"LICENSEWATCH_SLACK_OTHER":    strings.Replace(webhook, "B00000001", "B00000002", 1),
		"LICENSEWATCH_WECOM_PAY":      "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
		"LICENSEWATCH_EXTERNAL_ID":    "external-4711",
		"LICENSEWATCH_SG_SECRET_ID":   "AKIDsgsgsgsgsgsgsg11", "LICENSEWATCH_SG_SECRET_KEY": "sgKey1sgKey2sgKey3",
		"LICENSEWATCH_INTL_SECRET_ID": "AKIDintlintlintl22", "LICENSEWATCH_INTL_SECRET_KEY": "intlKey1intlKey2",
	}
}

func options() fleet.Options {
	return fleet.Options{Environment: environment(), Site: license.SiteCN, Language: license.Chinese, Digest: config.DigestDaily}
}

// load loads a file that is right as a whole.
func load(t *testing.T, text string) *fleet.Fleet {
	t.Helper()
	f, err := fleet.Load("accounts.yaml", []byte(text), options())
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// said is everything that is said about a file: mistakes of the whole, of accounts, and
// warnings, a line each.
func said(text string, options fleet.Options) (wholes, accounts, warnings []string) {
	f, err := fleet.Load("accounts.yaml", []byte(text), options)
	if wrong, ok := errors.AsType[*fleet.Errors](err); ok {
		for _, p := range wrong.Problems {
			wholes = append(wholes, p.String())
		}
	}
	for _, a := range f.LeftOut {
		for _, p := range a.Problems {
			accounts = append(accounts, p.String())
		}
	}
	for _, p := range f.Warnings {
		warnings = append(warnings, p.String())
	}
	return wholes, accounts, warnings
}

// design is the file of the design.
const design = `version: 1
defaults: {role: licensewatch-reader, site: cn, external_id: LICENSEWATCH_EXTERNAL_ID}        # role: a name, or a whole qcs::cam::uin/…:roleName/… with {uin}
sites: {intl: {keys: LICENSEWATCH_INTL}}                # the keys that assume roles on that site: …_SECRET_ID, …_SECRET_KEY
accounts:
  - {uin: "100000000001", name: 支付-生产, labels: {team: pay, env: prod}}
  - {uin: "200000000007", name: Singapore, site: intl, keys: LICENSEWATCH_SG}     # LICENSEWATCH_SG_SECRET_ID, …_SECRET_KEY
  - {uin: "100000000000", name: head office, self: true}                         # the function's own role
organization: {role: licensewatch-reader, exclude: ["100000000099"], labels: {from: organization}}
channels:
  - {name: pay-oncall, kind: wecom, url: LICENSEWATCH_WECOM_PAY, mention: [zhangsan], language: zh, hours: "Mon-Fri 09:00-18:00"}
  - {name: security,   kind: slack, url: LICENSEWATCH_SLACK_SECURITY, mention: [here], language: en}
routes:                                  # the first that fits; with continue the next ones as well
  - {severity: critical, to: [security], continue: true}
  - {labels: {team: pay}, to: [pay-oncall]}
  - {rule: "tcss-*", account: "Singapore", tags: {owner: sea}, to: [security]}
default: [security]
`
