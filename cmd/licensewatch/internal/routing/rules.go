package routing

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/fleet"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/rules"
)

// Rule is what of a rule decides about who hears of its findings.
type Rule struct {
	ID         string
	Severities []license.Severity // that its findings can have
	Each       bool               // it is about orders, which have tags
	Fleet      bool               // it is about all accounts together
}

// ofAccounts are the rules about single accounts, and ofFleet those about all together.
func ofAccounts(all []Rule) []Rule {
	return slices.DeleteFunc(slices.Clone(all), func(r Rule) bool { return r.Fleet })
}

func ofFleet(all []Rule) []Rule {
	return slices.DeleteFunc(slices.Clone(all), func(r Rule) bool { return !r.Fleet })
}

// RulesOf are the rules that are switched on.
func RulesOf(descriptions []rules.Description) []Rule {
	var all []Rule
	for _, d := range descriptions {
		if !d.Enabled {
			continue
		}
		rule := Rule{ID: d.ID, Each: d.Each, Fleet: d.Fleet, Severities: []license.Severity{d.Severity}}
		for severity, when := range map[license.Severity]*rules.Condition{license.Critical: d.Critical,
			license.Info: d.Info} {
			if when != nil && !slices.Contains(rule.Severities, severity) {
				rule.Severities = append(rule.Severities, severity)
			}
		}
		sortWorstFirst(rule.Severities)
		all = append(all, rule)
	}
	return all
}

// having are the ids of the rules whose findings can have a severity.
func having(all []Rule, severity license.Severity) []string {
	var ids []string
	for _, rule := range all {
		if slices.Contains(rule.Severities, severity) {
			ids = append(ids, rule.ID)
		}
	}
	return ids
}

// callRules is what a person reads in the place of many rules: the words of the routes
// where they are just these.
func callRules(ids, able []string, routes fleet.AccountRoutes, isRest bool) string {
	switch {
	case len(ids) == len(able):
		return "every rule"
	case isRest:
		return "every other rule"
	}
	if patterns, isNamed := patternsOf(ids, able, routes); isNamed {
		return strings.Join(patterns, ", ")
	}
	return callSome(ids)
}

// callSome names the first few.
func callSome(ids []string) string {
	const most = 3
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:most-1], ", "), len(ids)-most+1)
}

func sortWorstFirst(severities []license.Severity) {
	slices.SortFunc(severities, func(a, b license.Severity) int { return b.Rank() - a.Rank() })
}

// patternsOf are the patterns of a route that name just these rules.
func patternsOf(ids, able []string, routes fleet.AccountRoutes) (patterns []string, isNamed bool) {
	for _, route := range routes.Routes() {
		if len(route.Rules) > 0 && slices.Equal(ids, fleet.RulesFitting(route.Rules, able)) {
			return route.Rules, true
		}
	}
	return nil, false
}

// SeverityWords lists severities.
func SeverityWords(severities []license.Severity) string {
	const all = 3
	if len(severities) == all {
		return "any severity"
	}
	return suggest.List(severities, "and")
}
