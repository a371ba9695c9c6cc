package routing_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"licensewatch/cmd/licensewatch/internal/routing"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/notify"
	"licensewatch/rules"
)

func builtinRules(t *testing.T) []routing.Rule {
	t.Helper()
	descriptions, err := rules.Describe("", nil)
	if err != nil {
		t.Fatal(err)
	}
	return routing.RulesOf(descriptions)
}

func randomFleet(r *rand.Rand) *fleet.Fleet {
	names := []string{"a", "b", "c"}
	f := &fleet.Fleet{Default: []string{"c"}}
	for _, name := range names {
		f.Channels = append(f.Channels, fleet.Channel{Name: name, Kind: notify.KindOf("slack")})
	}
	one := func(words ...string) string { return words[r.IntN(len(words))] }
	for line := range r.IntN(6) {
		route := fleet.Route{Line: line + 10, To: []string{one(names...)}, Continue: r.IntN(3) == 0}
		if r.IntN(2) == 0 {
			route.Accounts = []string{one("pay*", "shop", "*1")}
		}
		if r.IntN(2) == 0 {
			route.Rules = []string{one("tcss-*", "cwp-expired", "*-expir*", "cwp-*")}
		}
		if r.IntN(2) == 0 {
			route.Severities = []license.Severity{license.Severity(one("critical", "warning", "info"))}
		}
		if r.IntN(3) == 0 {
			route.Tags = map[string][]string{"owner": {one("sea", "x*")}}
		}
		f.Routes = append(f.Routes, route)
	}
	return f
}

// TestTable: every account is in one group; of its rows without tags exactly one is about
// each rule and severity, and has the channels that the routes give; one with tags has
// those that they give for such an order.
func TestTable(t *testing.T) {
	t.Parallel()
	ruleList := builtinRules(t)
	r := rand.New(rand.NewPCG(3, 12)) //nolint:gosec // the same routes every time
	tagged := 0
	for range 300 {
		f := randomFleet(r)
		var accounts []fleet.Account
		for i, name := range []string{"pay-1", "pay-2", "shop", "other"} {
			accounts = append(accounts, fleet.Account{Uin: strconv.Itoa(10000 + i), Name: name})
		}
		table := routing.NewTable(f, accounts, ruleList)
		for i := range accounts {
			var groups []routing.Group
			for _, group := range table.Groups {
				if slices.Contains(group.Accounts, routing.Account{Uin: accounts[i].Uin, Name: accounts[i].Name}) {
					groups = append(groups, group)
				}
			}
			if len(groups) != 1 {
				t.Fatalf("%s is in %d groups", accounts[i].Name, len(groups))
			}
			checkRows(t, f, &accounts[i], groups[0].Rows, ruleList)
			for _, row := range groups[0].Rows {
				tagged += len(row.Tags)
			}
		}
	}
	if tagged < 100 {
		t.Errorf("%d rows with tags show little", tagged)
	}
}

func checkRows(t *testing.T, f *fleet.Fleet, a *fleet.Account, rows []routing.Row, ruleList []routing.Rule) {
	t.Helper()
	for _, rule := range ruleList {
		if rule.Fleet { // it is about no account
			continue
		}
		for _, severity := range rule.Severities {
			found := 0
			for _, row := range rows {
				if !slices.Contains(row.Rules, rule.ID) || !slices.Contains(row.Severities, severity) {
					continue
				}
				finding := fleet.Finding{Rule: rule.ID, Severity: severity}
				if len(row.Tags) > 0 {
					finding.Tags = map[string]string{"owner": map[string]string{"sea": "sea", "x*": "xyz"}[row.Tags["owner"][0]]}
				} else {
					found++
				}
				if want := f.ChannelsFor(a, finding); !slices.Equal(row.Channels, want) {
					t.Errorf("%s, %+v: %v, want %v", a.Name, finding, row.Channels, want)
				}
			}
			if found != 1 {
				t.Errorf("%s: %d rows are about %s %s", a.Name, found, severity, rule.ID)
			}
		}
	}
}

// TestRulesOf: rules that can be critical or info besides what they say have both; those
// that are switched off are left out.
func TestRulesOf(t *testing.T) {
	t.Parallel()
	const text = `version: 1
rules:
  - {id: both, severity: warning, when: cwp.LicenseCnt > 0, critical_when: cwp.LicenseCnt > 9, info_when: cwp.LicenseCnt < 5, title: x}
  - {id: gone, enabled: false, severity: warning, when: cwp.LicenseCnt > 0, title: x}
  - {id: order, each: order, severity: critical, when: order.LicenseCnt > 0, title: x}
`
	descriptions, err := rules.Describe("x", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	got := routing.RulesOf(descriptions)
	if len(got) != 2 || got[0].Each || !got[1].Each || routing.SeverityWords(got[0].Severities) != "any severity" || routing.SeverityWords(got[1].Severities) != "critical" {
		t.Errorf("%+v", got)
	}
}
