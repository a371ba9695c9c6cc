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
	daysLeft      *int64
	missing       []string
}

// expectationKeys are the keys an expectation can have.
var expectationKeys = []string{"rule", "subject", "state", "severity", "title", "detail", "days_left", "missing"}

// expectations reads the findings that a test wants; only are the rules it looks
// at, none for all.
func (l *loader) expectations(n *yaml.Node, only []string) []expectation {
	elements, _ := l.List(n, "expect")
	var all []expectation
	for _, element := range elements {
		values := l.Mapping(element, "an expectation", expectationKeys...)
		if values == nil {
			continue
		}
		e := l.expectation(element, values)
		if e.rule == "" {
			continue
		}
		if len(only) > 0 && !slices.Contains(only, e.rule) {
			l.Fail(values["rule"], "the test looks only at %s: add %s to only, or leave only out", suggest.List(only, "and"), e.rule)
		}
		for _, other := range all {
			if other.rule == e.rule && other.subject == e.subject {
				l.Fail(element, "%s is expected in line %d already", key(e.rule, e.subject), other.line)
			}
		}
		all = append(all, e)
	}
	return all
}

// key names a finding as an alert does.
func key(rule, subject string) string { return license.Finding{Rule: rule, Subject: subject}.Key() }

func (l *loader) expectation(n *yaml.Node, values map[string]*yaml.Node) expectation {
	e := expectation{line: n.Line, column: n.Column, state: license.Firing}
	if values["rule"] == nil {
		l.Fail(n, "the expectation names no rule")
	} else {
		e.rule, _ = l.ruleID(values["rule"], "rule")
	}
	if v := values["subject"]; v != nil {
		e.subject, _ = l.scalar(v, "subject")
	}
	if v := values["state"]; v != nil {
		e.state = license.State(l.word(v, "state", string(license.Firing), string(license.Unknown), string(license.OK)))
	}
	if v := values["severity"]; v != nil {
		e.severity = license.Severity(l.word(v, "severity", string(license.Info), string(license.Warning), string(license.Critical)))
	}
	if v := values["days_left"]; v != nil {
		if days, ok := l.integer(v, "days_left"); ok {
			e.daysLeft = &days
		}
	}
	e.title = l.wording(values["title"], "title")
	e.detail = l.wording(values["detail"], "detail")
	if v := values["missing"]; v != nil {
		e.missing = l.words(v, "missing")
	}
	l.fits(e, values)
	return e
}

// fits reports what can never be there in the state that is expected.
func (l *loader) fits(e expectation, values map[string]*yaml.Node) {
	belongs := map[string]license.State{"title": license.Firing, "detail": license.Firing, "missing": license.Unknown}
	for _, name := range []string{"title", "detail", "missing"} {
		if n := values[name]; n != nil && e.state != "" && e.state != belongs[name] {
			l.Fail(n, "%s is there only when a finding is %s; this one is expected to be %s", name, belongs[name], e.state)
		}
	}
	if n := values["severity"]; n != nil && e.state == license.OK {
		l.Fail(n, "a finding that is ok has no severity; leave it out")
	}
}

// words gives a list of words, or a single one.
func (d *document) words(n *yaml.Node, what string) []string {
	elements := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		elements, _ = d.List(n, what)
		if len(elements) == 0 {
			d.Fail(n, "%s is empty", what)
		}
	}
	var all []string
	for _, element := range elements {
		if word, ok := d.scalar(element, what); ok {
			all = append(all, word)
		}
	}
	return all
}
