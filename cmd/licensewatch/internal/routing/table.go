// Package routing shows who hears of what, and tests it: for each account and rule, by the
// routes of an accounts file.
//
// The files:
//
//	table.go    who hears of what, grouped where it is equal
//	rules.go    the rules, and how a row calls several
//	suite.go    a file of tests
//	run.go      what becomes of them
package routing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"licensewatch/fleet"
	"licensewatch/license"
)

// Table is who hears of what.
type Table struct {
	Groups   []Group   `json:"groups"`
	Channels []Channel `json:"channels"`
}

// Group are accounts of which the same channels hear the same.
type Group struct {
	Accounts []Account `json:"accounts"`
	// Others: members of the organization, which the file does not list. What routes ask of
	// their names is not known.
	Others bool `json:"others,omitempty"`
	// Fleet: no account, but what is said of all together.
	Fleet bool  `json:"fleet,omitempty"`
	Rows  []Row `json:"rows"`
}

// Account names an account.
type Account struct {
	Uin  string `json:"uin"`
	Name string `json:"name"`
}

// Row says who hears of findings.
type Row struct {
	Severities []license.Severity `json:"severities"` // worst first
	Rules      []string           `json:"rules"`
	// Tags are those of the orders; a row without them is for all others.
	Tags     map[string][]string `json:"tags,omitempty"`
	Channels []string            `json:"channels"`

	RulesCalled string `json:"-"` // what a person reads: every rule, tcss-*, two names
}

// Channel says of how many accounts a channel may hear.
type Channel struct {
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Accounts int    `json:"accounts"`
}

// NewTable asks the routes about every account and rule.
func NewTable(f *fleet.Fleet, accounts []fleet.Account, rules []Rule) Table {
	t := Table{Groups: []Group{}, Channels: []Channel{}}
	index, heard := map[string]int{}, map[string]int{}
	add := func(a *fleet.Account, isOther bool) {
		routes := f.RoutesOf(a)
		key := keyOf(routes, isOther)
		i, has := index[key]
		if !has {
			i = len(t.Groups)
			index[key] = i
			t.Groups = append(t.Groups, Group{Accounts: []Account{}, Others: isOther,
				Rows: rowsOf(routes, ofAccounts(rules))})
		}
		if isOther {
			return
		}
		t.Groups[i].Accounts = append(t.Groups[i].Accounts, Account{a.Uin, a.Name})
		for _, name := range routes.All() {
			heard[name]++
		}
	}
	for i := range accounts {
		add(&accounts[i], false)
	}
	if f.Organization != nil {
		add(&fleet.Account{Labels: f.Organization.Labels}, true)
	}
	if whole := ofFleet(rules); len(whole) > 0 && len(accounts) == len(f.Accounts) {
		rows := rowsWith(f.RoutesOf(&fleet.Account{}), whole, nil)
		t.Groups = append(t.Groups, Group{Accounts: []Account{}, Fleet: true, Rows: rows})
	}
	for _, c := range f.Channels {
		t.Channels = append(t.Channels, Channel{c.Name, c.Kind.Name, heard[c.Name]})
	}
	return t
}

// keyOf is the same for accounts of which the same is heard: the same routes fit them.
func keyOf(routes fleet.AccountRoutes, isOther bool) string {
	key := strings.Builder{}
	if isOther {
		key.WriteString("others ")
	}
	for _, route := range routes.Routes() {
		_, _ = fmt.Fprint(&key, route.Line, " ")
	}
	return key.String()
}

// rowsOf are the rows of accounts that these routes fit.
func rowsOf(routes fleet.AccountRoutes, rules []Rule) []Row {
	rows := rowsWith(routes, rules, nil)
	var orders []Rule
	for _, rule := range rules {
		if rule.Each {
			orders = append(orders, rule)
		}
	}
	for _, tags := range tagsAsked(routes) {
		for _, row := range rowsWith(routes, orders, tags) {
			if row = row.without(routes, orders); len(row.Rules) > 0 {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// rowsWith are the rows for orders with tags that fit these patterns, or for everything
// without tags.
func rowsWith(routes fleet.AccountRoutes, rules []Rule, tags map[string][]string) []Row {
	var blocks [][]Row // a severity each, or several that read the same
	for _, severity := range []license.Severity{license.Critical, license.Warning, license.Info} {
		able := having(rules, severity)
		var ofSeverity []Row
		for _, rule := range able {
			channels := routes.Channels(fleet.Finding{Rule: rule, Severity: severity, Tags: exampleOf(tags)})
			i := slices.IndexFunc(ofSeverity, func(r Row) bool { return slices.Equal(r.Channels, channels) })
			if i < 0 {
				i = len(ofSeverity)
				ofSeverity = append(ofSeverity, Row{Severities: []license.Severity{severity}, Tags: tags,
					Channels: channels})
			}
			ofSeverity[i].Rules = append(ofSeverity[i].Rules, rule)
		}
		nameRows(ofSeverity, able, routes)
		blocks = mergeBlock(blocks, ofSeverity)
	}
	return slices.Concat(blocks...)
}

// nameRows says of each row which rules it is about. Those that a route names come first,
// and the most of the others last, as every other rule.
func nameRows(rows []Row, able []string, routes fleet.AccountRoutes) {
	slices.SortStableFunc(rows, func(a, b Row) int {
		_, aNamed := patternsOf(a.Rules, able, routes)
		_, bNamed := patternsOf(b.Rules, able, routes)
		if aNamed != bNamed {
			return map[bool]int{true: -1, false: 1}[aNamed]
		}
		return cmp.Compare(len(a.Rules), len(b.Rules))
	})
	for i := range rows {
		isRest := i > 0 && i == len(rows)-1
		rows[i].RulesCalled = callRules(rows[i].Rules, able, routes, isRest)
	}
}

// mergeBlock adds the rows of a further severity. When a person would read the same as of
// another one, they become a part of that.
func mergeBlock(blocks [][]Row, rows []Row) [][]Row {
	readsSame := func(a, b Row) bool { return a.RulesCalled == b.RulesCalled && slices.Equal(a.Channels, b.Channels) }
	i := slices.IndexFunc(blocks, func(block []Row) bool { return slices.EqualFunc(block, rows, readsSame) })
	if i < 0 {
		return append(blocks, rows)
	}
	for j, row := range rows {
		same := &blocks[i][j]
		same.Severities = append(same.Severities, row.Severities...)
		for _, rule := range row.Rules {
			if !slices.Contains(same.Rules, rule) {
				same.Rules = append(same.Rules, rule)
			}
		}
	}
	return blocks
}

// without takes out the rules of which the same is heard without the tags.
func (r Row) without(routes fleet.AccountRoutes, rules []Rule) Row {
	isSame := func(rule string) bool {
		return !slices.ContainsFunc(r.Severities, func(severity license.Severity) bool {
			plain := routes.Channels(fleet.Finding{Rule: rule, Severity: severity})
			return slices.Contains(having(rules, severity), rule) && !slices.Equal(plain, r.Channels)
		})
	}
	left := slices.DeleteFunc(slices.Clone(r.Rules), isSame)
	if len(left) < len(r.Rules) {
		r.RulesCalled = callRules(left, having(rules, r.Severities[0]), routes, false)
	}
	r.Rules = left
	return r
}

// tagsAsked are the tags that routes ask for, each once.
func tagsAsked(routes fleet.AccountRoutes) []map[string][]string {
	var all []map[string][]string
	for _, route := range routes.Routes() {
		isSame := func(tags map[string][]string) bool {
			return maps.EqualFunc(tags, route.Tags, slices.Equal[[]string])
		}
		if len(route.Tags) > 0 && !slices.ContainsFunc(all, isSame) {
			all = append(all, route.Tags)
		}
	}
	return all
}

// exampleOf are tags that fit the patterns.
func exampleOf(patterns map[string][]string) map[string]string {
	if len(patterns) == 0 {
		return nil
	}
	tags := map[string]string{}
	for name, list := range patterns {
		tags[name] = strings.NewReplacer("*", "", "?", "x").Replace(list[0])
	}
	return tags
}
