package ruletest

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// What the findings that no expectation names may be.
const (
	othersSilent    = "silent"     // neither firing nor unknown; the default
	othersNotFiring = "not-firing" // unknown is allowed
	othersAny       = "any"
)

// expectation is one finding that a test wants. What is nil or empty is not
// looked at.
type expectation struct {
	line, column  int
	rule, subject string
	state         license.State
	severity      license.Severity
	title, detail wording
	over          wording
	daysLeft      *int64
	machines      *int64
	missing       []string
	coveredBy     string // a finding, or the rule of one
	lingers       *bool
	owner         *string
}

// expectationKeys are the keys an expectation can have.
var expectationKeys = []string{
	"rule", "subject", "state", "severity", "title", "detail", "over", "days_left", "machines", "owner", "missing",
	"covered_by", "lingers",
}

// readExpectations reads the findings that a test wants; only are the rules it looks
// at, none for all.
func (l *loader) readExpectations(n *yaml.Node, only []string) []expectation {
	elements, _ := l.List(n, "expect")
	var all []expectation
	for _, element := range elements {
		values := l.Mapping(element, "an expectation", expectationKeys...)
		if values == nil {
			continue
		}
		e := l.readExpectation(element, values)
		if e.rule == "" {
			continue
		}
		if len(only) > 0 && !slices.Contains(only, e.rule) {
			l.Fail(values["rule"], "the test looks only at %s: add %s to only, or leave only out",
				suggest.List(only, "and"), e.rule)
		}
		for _, other := range all {
			if other.rule == e.rule && other.subject == e.subject {
				l.Fail(element, "%s is expected in line %d already", findingKey(e.rule, e.subject), other.line)
			}
		}
		all = append(all, e)
	}
	return all
}

// findingKey names a finding as an alert does.
func findingKey(rule, subject string) string {
	return license.Finding{Rule: rule, Subject: subject}.Key()
}

func (l *loader) readExpectation(n *yaml.Node, values map[string]*yaml.Node) expectation {
	e := expectation{line: n.Line, column: n.Column, state: license.Firing}
	if values["rule"] == nil {
		l.Fail(n, "the expectation names no rule")
	} else {
		e.rule, _ = l.ruleID(values["rule"], "rule")
	}
	if v := values["subject"]; v != nil {
		e.subject, _ = l.readScalar(v, "subject")
	}
	if v := values["state"]; v != nil {
		e.state = license.State(l.readWord(v, "state", string(license.Firing), string(license.Covered),
			string(license.Unknown), string(license.OK)))
	}
	if v := values["severity"]; v != nil {
		e.severity = license.Severity(l.readWord(v, "severity", string(license.Info), string(license.Warning),
			string(license.Critical)))
	}
	for key, field := range map[string]**int64{"days_left": &e.daysLeft, "machines": &e.machines} {
		if v := values[key]; v != nil {
			if number, ok := l.readInteger(v, key); ok {
				*field = &number
			}
		}
	}
	e.title = l.readWording(values["title"], "title")
	e.detail = l.readWording(values["detail"], "detail")
	e.over = l.readWording(values["over"], "over")
	if v := values["missing"]; v != nil {
		e.missing = l.readWords(v, "missing")
	}
	if v := values["covered_by"]; v != nil {
		e.coveredBy, _ = l.readScalar(v, "covered_by")
	}
	if v := values["owner"]; v != nil {
		e.owner = new(v.Value)
	}
	if v := values["lingers"]; v != nil {
		e.lingers = new(l.readWord(v, "lingers", "true", "false") == "true")
	}
	l.checkPossible(&e, values)
	return e
}

// checkPossible reports what can never be there in the state that is expected. Without a
// state, it is the one that the other keys speak of.
func (l *loader) checkPossible(e *expectation, values map[string]*yaml.Node) {
	lingers := e.lingers != nil && *e.lingers
	if values["state"] == nil {
		switch {
		case values["covered_by"] != nil:
			e.state = license.Covered
		case lingers:
			e.state = license.OK
		}
	}
	if e.state == "" { // reported already
		return
	}
	told := []license.State{license.Firing, license.Covered}
	if lingers {
		told = append(told, license.OK)
	}
	for name, states := range map[string][]license.State{
		"title": told, "detail": told, "over": told, "missing": {license.Unknown}, "covered_by": {license.Covered},
	} {
		if n := values[name]; n != nil && !slices.Contains(states, e.state) {
			l.Fail(n, "%s is there only when a finding is %s; this one is expected to be %s", name, states[0], e.state)
		}
	}
	if lingers && e.state != license.OK {
		l.Fail(values["lingers"], "what lingers is %s: the rule is not true any more; this one is expected to be %s",
			license.OK, e.state)
	}
	if n := values["severity"]; n != nil && e.state == license.OK && !lingers {
		l.Fail(n, "a finding that is ok has no severity; leave it out")
	}
}
