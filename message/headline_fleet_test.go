package message_test

import (
	"fmt"
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// TestFleetAlertWithoutMemory: an alert of many accounts that knows of no changes, as without a
// store, begins with the worst finding, as that of one account does.
func TestFleetAlertWithoutMemory(t *testing.T) {
	t.Parallel()
	r := scene.Alert(license.English)
	r.Fleet = &license.Fleet{FleetCount: license.FleetCount{Accounts: 2, Read: 2}, NeedAction: 1, Well: 1, Sites: []license.Site{license.SiteCN}}
	r.Snapshot = license.Snapshot{}
	for i := range r.Firing {
		r.Firing[i].Account, r.Firing[i].Uin, r.Firing[i].Story = "支付-生产", "100000000001", nil
	}
	if got := message.Headline(r); !strings.HasPrefix(got, "🔴 支付-生产: ") {
		t.Errorf("the headline is %q", got)
	}
}

// TestEveryUnreadAccountCounts: an account that could not be read is named by its cause, or
// counted with those of other causes; one that was read in part is not said to be unread, and
// what only one of several has is not said of all.
func TestEveryUnreadAccountCounts(t *testing.T) {
	fleet := license.Fleet{FleetCount: license.FleetCount{Accounts: 20, Read: 3, Partly: 2, Failed: 16}, Well: 1, Sites: []license.Site{license.SiteCN}}
	for i := range 8 {
		failure := &license.Failure{Kind: license.FailureInternal, Code: fmt.Sprintf("Code%d", i)}
		for k := range 2 {
			u := license.UnreadAccount{Account: fmt.Sprintf("sick-%d-%d", i, k), Source: license.SourceOrders, Failure: failure}
			if i == 0 && k == 0 {
				u.Lasting = license.SourceChange{Since: scene.Now.AddDate(0, 0, -9), Runs: 9}
			}
			fleet.Unread = append(fleet.Unread, u)
		}
	}
	half := license.UnreadAccount{Account: "half", Source: license.SourcePurchaseState, Partly: true, Failure: &license.Failure{Kind: license.FailureTimeout, Code: "Timeout"}}
	for _, name := range []string{"half", "half-2", "half-3"} {
		half.Account = name
		fleet.Unread = append(fleet.Unread, half)
	}
	for language, want := range map[license.Language][]string{
		license.English: {"3 accounts were read in part: half, half-2, half-3 · Container Security", "2 accounts could not be read: sick-0-0, sick-0-1",
			"For other reasons 8 accounts could not be read, or not whole: `Code4` (2), `Code5` (2), `Code6` (2), `Code7` (2)"},
		license.Chinese: {"3 个账号只读到一部分：half、half-2、half-3 · 容器安全", "另有 8 个账号因其他原因读取失败或不完整： `Code4` 2 个、 `Code5` 2 个"},
	} {
		r := scene.AllWell(language)
		r.Fleet, r.Snapshot = &fleet, license.Snapshot{}
		text := message.PlainText(r, nil)
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %q:\n%s", language, part, text)
			}
		}
		if strings.Contains(text, "since") || strings.Contains(text, "自 ") {
			t.Errorf("what is known of one account is said of two:\n%s", text)
		}
	}
}

// TestCriticalAccountsAreNamed: where there is room, the accounts in which something is critical
// are named, also of a group of which only some are told, and of rows that are left out.
func TestCriticalAccountsAreNamed(t *testing.T) {
	for _, rules := range []int{1, 10} { // a group of one rule, or rows that are too many
		for language, mark := range map[license.Language]string{license.English: ": pay-", license.Chinese: "：pay-"} {
			r := scene.AllWell(language)
			r.Fleet, r.Snapshot = &license.Fleet{FleetCount: license.FleetCount{Accounts: 30, Read: 30}, NeedAction: 25, Well: 5, Sites: []license.Site{license.SiteCN}}, license.Snapshot{}
			for i := range 25 {
				f := scene.EverythingWrong(language).Firing[0]
				f.Severity, f.Rule = license.Critical, fmt.Sprintf("rule-%d", i%rules)
				f.Account, f.Uin, f.Subject = fmt.Sprintf("pay-%02d", i), fmt.Sprint(100000000000+i), "cwp-aaaa"
				r.Firing = append(r.Firing, f)
			}
			text := message.PlainText(r, nil)
			for i := range 25 {
				if name := fmt.Sprintf("pay-%02d", i); !strings.Contains(text, name) {
					t.Errorf("%s, %d rules: %s is not named:\n%s", language, rules, name, text)
				}
			}
			if !strings.Contains(text, mark) {
				t.Errorf("%s, %d rules: no list of accounts:\n%s", language, rules, text)
			}
		}
	}
}
