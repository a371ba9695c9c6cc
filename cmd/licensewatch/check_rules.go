package main

import (
	"slices"
	"strings"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/rules"
)

// rules checks the rules file, and that its rules have something to judge.
func (c *checker) rules(settings config.Config) {
	set, err := handler.LoadRules(settings.RulesFile)
	c.failed(err)
	if set == nil {
		return
	}
	c.fact("rules", "%s from %s", counted(set.Len(), "rule"), rulesName(settings))
	for _, id := range set.IDs() {
		if slices.Contains(rules.Default().IDs(), id) || judges(set, id, settings.Sources) {
			continue
		}
		c.warn("%s: rule %s is never judged: it reads %s, which LICENSEWATCH_SOURCES leaves out", settings.RulesFile, id, leftOut(settings.Sources))
	}
}

// operatorMeant is what to write instead of an operator of another language, at
// which the expression ended.
func operatorMeant(text string) string {
	const unread = "the expression cannot be read: unexpected token "
	meant := map[string]string{"`=`": "==, or >= and <=", "`AND`": "&&", "`OR`": "||", "`&`": "&&"}
	token, ok := strings.CutPrefix(text, unread)
	if !ok || meant[token] == "" {
		return ""
	}
	return "; write " + meant[token]
}

// judges says whether a rule has an answer when these sources are read.
func judges(set *rules.Set, id string, sources []license.Source) bool {
	s := license.Snapshot{
		Wanted:   sources,
		Failures: map[license.Source]*license.Failure{},
		Previous: &license.Snapshot{Overview: &license.Overview{}, Orders: &license.Orders{}, PurchaseState: &license.PurchaseState{}},
	}
	for _, source := range sources {
		s.Failures[source] = &license.Failure{Kind: license.FailureNetwork}
	}
	findings := set.Evaluate(s, s.ReadAt, license.English)
	return slices.ContainsFunc(findings, func(f license.Finding) bool { return f.Rule == id })
}

// leftOut is the product that is not read; there are two, and one is.
func leftOut(sources []license.Source) string {
	if slices.Contains(sources, license.SourcePurchaseState) {
		return "cwp"
	}
	return "tcss"
}

func rulesName(c config.Config) string {
	if c.RulesFile == "" {
		return "the built-in set"
	}
	return c.RulesFile
}
