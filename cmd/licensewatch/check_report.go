package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/notify"
	"licensewatch/rules"
)

// checkReport gathers what a check finds.
type checkReport struct {
	console     console
	environment map[string]string           // all variables, with what a file has in their place
	places      map[string]deployment.Place // of the settings that a file gives
	told        map[string]bool             // settings whose mistake is in the list already

	facts              []checkFact
	warnings, mistakes []deployment.Finding
}

// checkFact is something that is as it should be, or good to know.
type checkFact struct {
	About string `json:"about"`
	Text  string `json:"text"`
}

func newCheckReport(c console) *checkReport {
	return &checkReport{console: c, environment: config.ProcessEnvironment(), places: map[string]deployment.Place{},
		told: map[string]bool{}}
}

func (c *checkReport) addFact(about, format string, args ...any) {
	c.facts = append(c.facts, checkFact{about, fmt.Sprintf(format, args...)})
}

// addWarning is about no place and no setting.
func (c *checkReport) addWarning(format string, args ...any) {
	c.warnings = append(c.warnings, deployment.Finding{Text: fmt.Sprintf(format, args...)})
}

// settingFinding is a finding about a setting, with its place where a file gives it.
func (c *checkReport) settingFinding(setting, text string) deployment.Finding {
	return deployment.Finding{Place: c.places[setting], Setting: setting, Text: text}
}

// failSetting adds a mistake, unless the file's own check has said it better.
func (c *checkReport) failSetting(name, text string) {
	if !c.told[name] && !c.isOtherWebhook(name) {
		c.mistakes = append(c.mistakes, c.settingFinding(name, text))
	}
}

// isOtherWebhook says whether a webhook is missed only because the file's check
// found another one wrong.
func (c *checkReport) isOtherWebhook(name string) bool {
	kinds := notify.ChannelKinds()
	if _, isSet := c.environment[name]; isSet || name != kinds[0].WebhookSetting {
		return false
	}
	return slices.ContainsFunc(kinds[1:], func(k *notify.ChannelKind) bool { return c.told[k.WebhookSetting] })
}

// addMistakes adds the mistakes that an error of the settings or the rules holds.
func (c *checkReport) addMistakes(err error) {
	settings, inSettings := errors.AsType[*config.Errors](err)
	file, inRules := errors.AsType[*rules.Errors](err)
	accounts, inAccounts := errors.AsType[*fleet.Errors](err)
	switch {
	case err == nil:
	case inAccounts:
		for _, p := range accounts.Problems {
			c.mistakes = append(c.mistakes, findingOf(p))
		}
	case inSettings:
		for _, p := range settings.Mistakes {
			c.failSetting(p.Setting, p.Text)
		}
	case inRules:
		for _, p := range file.Problems {
			c.mistakes = append(c.mistakes, deployment.Finding{Place: deployment.Place{File: p.File, Line: p.Line,
				Column: p.Column}, Text: p.Text + operatorMeant(p.Text)})
		}
	default:
		c.mistakes = append(c.mistakes, deployment.Finding{Text: err.Error()})
	}
}

// report prints everything, the worst last, next to the prompt.
func (c *checkReport) report(asJSON bool) error {
	sortFindings(c.mistakes)
	sortFindings(c.warnings)
	if asJSON {
		if err := c.console.printJSON(c.jsonResult()); err != nil {
			return err
		}
	} else {
		c.print()
	}
	if len(c.mistakes) > 0 {
		return &exitError{text: countOf(len(c.mistakes), "mistake") + " to correct"}
	}
	return nil
}

// sortFindings keeps what is about one file together, in the order of its lines;
// the files, and what is about none, stay in the order in which they came.
func sortFindings(list []deployment.Finding) {
	rank := map[string]int{}
	for _, f := range list {
		if _, ok := rank[f.File]; !ok {
			rank[f.File] = len(rank)
		}
	}
	slices.SortStableFunc(list, func(a, b deployment.Finding) int {
		return cmp.Or(cmp.Compare(rank[a.File], rank[b.File]), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column))
	})
}

func (c *checkReport) print() {
	lines := newCheckList(c.console.out)
	for _, f := range c.facts {
		lines.good(f.About + ": " + f.Text)
	}
	for _, w := range c.warnings {
		lines.warn(w.String())
	}
	for _, m := range c.mistakes {
		lines.bad(m.String())
	}
}

// checkResult is the JSON document.
type checkResult struct {
	OK       bool           `json:"ok"`
	Mistakes []checkFinding `json:"mistakes"`
	Warnings []checkFinding `json:"warnings"`
	Facts    []checkFact    `json:"facts"`
}

// checkFinding is a mistake or a warning of the document; what it has not is
// left out.
type checkFinding struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Setting string `json:"setting,omitempty"`
	Text    string `json:"text"`
}

func (c *checkReport) jsonResult() checkResult {
	return checkResult{
		OK:       len(c.mistakes) == 0,
		Mistakes: checkFindings(c.mistakes),
		Warnings: checkFindings(c.warnings),
		Facts:    append([]checkFact{}, c.facts...),
	}
}

func checkFindings(list []deployment.Finding) []checkFinding {
	all := []checkFinding{}
	for _, f := range list {
		all = append(all, checkFinding{f.File, f.Line, f.Column, f.Setting, f.Text})
	}
	return all
}
