package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/rules"
)

// onlyRules checks a file of rules without anything around it.
func (o check) onlyRules(c console) error {
	if o.env != "" || o.serverless != "" || o.noServerless {
		return errors.New("--rules checks a file of rules and nothing else: leave --env, --serverless and --no-serverless out")
	}
	data, err := readFile(o.rules)
	if err != nil {
		return fmt.Errorf("--rules: %w", err)
	}
	k := newChecker(c)
	set, err := rules.Load(o.rules, data)
	k.failed(err)
	if set != nil {
		k.read(set, o.rules)
	}
	return k.report(o.isJSON())
}

// rules checks the rules file, and that its rules have something to judge.
func (c *checker) rules(settings config.Config) {
	set, err := handler.LoadRules(settings.RulesFile)
	c.failed(err)
	if set == nil {
		return
	}
	c.read(set, rulesName(settings))
	for _, id := range set.IDs() {
		if slices.Contains(rules.Default().IDs(), id) || judges(set, id, settings.Sources) {
			continue
		}
		c.warn("%s: rule %s is never judged: it reads %s, which LICENSEWATCH_SOURCES leaves out", settings.RulesFile, id, leftOut(settings.Sources))
	}
}

// read says what was loaded, and what of it looks wrong.
func (c *checker) read(set *rules.Set, from string) {
	c.fact("rules", "%s from %s", counted(set.Len(), "rule"), from)
	for _, w := range set.Warnings() {
		c.warnings = append(c.warnings, deployment.Finding{Place: deployment.Place{File: w.File, Line: w.Line, Column: w.Column}, Text: w.Text})
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
