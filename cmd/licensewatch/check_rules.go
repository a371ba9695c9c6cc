package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/rules"
	"licensewatch/setup"
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
	k := newCheckReport(c)
	set, err := rules.Load(o.rules, data)
	k.addMistakes(err)
	if set != nil {
		k.addLoadedRules(set, o.rules)
	}
	return k.report(o.isJSON())
}

// checkRules checks the rules file, and that its rules have something to judge.
func (c *checkReport) checkRules(settings config.Config) {
	set, err := setup.LoadRules(settings.RulesFile)
	c.addMistakes(err)
	if set == nil {
		return
	}
	c.addLoadedRules(set, rulesName(settings))
	for _, id := range set.IDs() {
		if slices.Contains(rules.Default().IDs(), id) {
			continue
		}
		c.checkNeedsAccounts(settings, id, set.NeedsAccounts(id))
		missing := unwatchedSource(set.Sources(id), settings.Sources)
		if missing == "" {
			continue
		}
		c.addWarning("%s: rule %s is never judged: it reads %s, which LICENSEWATCH_SOURCES leaves out",
			settings.RulesFile, id, missing)
	}
}

// checkNeedsAccounts warns of a rule that judges what only an accounts file tells.
func (c *checkReport) checkNeedsAccounts(settings config.Config, id, needs string) {
	switch {
	case needs == "" || settings.AccountsFile != "":
	case needs == "fleet":
		c.addWarning("%s: rule %s is never judged: it is about all accounts of an accounts file, which "+
			setup.AccountsSetting+" does not name",
			settings.RulesFile, id)
	default:
		c.addWarning("%s: rule %s reads %s, which is not known: an accounts file tells it, and "+setup.AccountsSetting+
			" names none",
			settings.RulesFile, id, needs)
	}
}

// addLoadedRules says what was loaded, and what of it looks wrong.
func (c *checkReport) addLoadedRules(set *rules.Set, from string) {
	c.addFact("rules", "%s from %s", countOf(set.Len(), "rule"), from)
	for _, w := range set.Warnings() {
		c.warnings = append(c.warnings, deployment.Finding{Place: deployment.Place{File: w.File, Line: w.Line,
			Column: w.Column}, Text: w.Text})
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

// unwatchedSource is what the settings do not read of what a rule does: the product, or the
// source of it; empty where they read all.
func unwatchedSource(reads, read []license.Source) string {
	for _, source := range reads {
		service := source.Info().Service
		isSame := func(other license.Source) bool { return other.Info().Service == service }
		switch {
		case slices.Contains(read, source):
		case slices.ContainsFunc(read, isSame):
			return string(source)
		default:
			return service
		}
	}
	return ""
}

func rulesName(c config.Config) string {
	if c.RulesFile == "" {
		return "the built-in set"
	}
	return c.RulesFile
}
