package ruletest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// Run runs the tests whose names are selected, and notes in the coverage which
// rules fired as expected.
func (s *Suite) Run(selected func(name string) bool, covered *Coverage) Result {
	result := Result{File: s.file, Rules: s.rules}
	fired := covered.firedOf(s)
	for _, t := range s.tests {
		if selected(t.name) {
			result.Tests = append(result.Tests, s.runTest(t, fired))
		}
	}
	return result
}

// runTest judges the snapshot of a test, and compares.
func (s *Suite) runTest(t test, fired map[string]bool) Test {
	var findings []license.Finding
	for _, f := range s.set.Evaluate(t.snapshot, t.at) {
		if len(t.only) == 0 || slices.Contains(t.only, f.Rule) {
			findings = append(findings, f)
		}
	}
	result := Test{Name: t.name, Line: t.line}
	expected := map[string]bool{}
	for _, e := range t.expect {
		expected[findingKey(e.rule, e.subject)] = true
		at := slices.IndexFunc(findings, func(f license.Finding) bool {
			return f.Rule == e.rule && f.Subject == e.subject
		})
		if at < 0 {
			result.Failures = append(result.Failures, s.failAbsent(t, e, findings))
			continue
		}
		differences := e.differences(findings[at])
		if len(differences) == 0 {
			fired[e.rule] = fired[e.rule] || e.state == license.Firing || e.state == license.Covered
			continue
		}
		failure := Failure{Line: e.line, Column: e.column, Rule: e.rule, Subject: e.subject, Differences: differences}
		result.Failures = append(result.Failures, failure.withReason(findings[at]))
	}
	for _, f := range findings {
		if !expected[f.Key()] && !t.allowsUnnamed(f) {
			result.Failures = append(result.Failures, t.failUnexpected(f))
		}
	}
	result.Passed = len(result.Failures) == 0
	return result
}

// differences gives what is not as expected. When the state is another one, the rest
// says nothing.
func (e expectation) differences(f license.Finding) []Difference {
	if f.State != e.state {
		return []Difference{{Field: "state", Expected: string(e.state), Got: inWords(f)}}
	}
	var all []Difference
	differ := func(field, expected, got string) {
		if expected != got {
			all = append(all, Difference{Field: field, Expected: expected, Got: got})
		}
	}
	if e.severity != "" {
		differ("severity", string(e.severity), string(f.Severity))
	}
	if e.daysLeft != nil {
		differ("days_left", strconv.FormatInt(*e.daysLeft, 10), daysLeft(f))
	}
	if e.machines != nil {
		differ("machines", strconv.FormatInt(*e.machines, 10), machineList(f))
	}
	if e.owner != nil {
		differ("owner", orNobody(*e.owner), orNobody(f.Owner))
	}
	if e.lingers != nil {
		differ("lingers", strconv.FormatBool(*e.lingers), strconv.FormatBool(f.Lingers))
	}
	if rule, _, _ := strings.Cut(f.CoveredBy, "/"); e.coveredBy != "" && e.coveredBy != rule {
		differ("covered_by", e.coveredBy, f.CoveredBy)
	}
	if e.missing != nil {
		differ("missing", sortedList(e.missing), sortedList(f.Missing))
	}
	return append(all, e.compareTexts(f)...)
}

// compareTexts gives the texts that are not as expected.
func (e expectation) compareTexts(f license.Finding) []Difference {
	var all []Difference
	texts := []struct {
		name   string
		wanted wording
		got    license.Text
	}{{"title", e.title, f.Title}, {"detail", e.detail, f.Detail}, {"over", e.over, f.Over}}
	for _, text := range texts {
		for _, language := range languages {
			if p, ok := text.wanted[language]; ok && !p.matches(text.got.In(language)) {
				all = append(all, Difference{Field: text.name + "." + string(language), Expected: p.String(),
					Got: text.got.In(language)})
			}
		}
	}
	return all
}

// sortedList is a list in an order of its own.
func sortedList(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(slices.Sorted(slices.Values(names)), ", ")
}

func daysLeft(f license.Finding) string {
	if f.DaysLeft == nil {
		return "none: the finding has no deadline that is known"
	}
	return strconv.FormatInt(*f.DaysLeft, 10)
}

func machineList(f license.Finding) string {
	if f.Machines == nil {
		return "none, or not known"
	}
	return strconv.FormatInt(*f.Machines, 10)
}

func orNobody(text string) string {
	if text == "" {
		return "nobody"
	}
	return text
}

// inWords says what a finding says.
func inWords(f license.Finding) string {
	switch f.State {
	case license.Firing:
		return fmt.Sprintf("firing, %s: %s", f.Severity, f.Title.In(license.English))
	case license.Covered:
		return fmt.Sprintf("covered by %s, %s: %s", f.CoveredBy, f.Severity, f.Title.In(license.English))
	default:
		return string(f.State)
	}
}

// allowsUnnamed says whether a finding that no expectation names may be as it is.
func (t test) allowsUnnamed(f license.Finding) bool {
	switch f.State {
	case license.Firing:
		return t.others == othersAny
	case license.Unknown:
		return t.others != othersSilent
	default:
		return true
	}
}

// failUnexpected is the failure of a finding that no expectation names.
func (t test) failUnexpected(f license.Finding) Failure {
	silence := map[string]string{othersSilent: "silence: the test does not name it",
		othersNotFiring: "not firing: the test does not name it"}
	failure := Failure{
		Line: t.place.Line, Column: t.place.Column, Rule: f.Rule, Subject: f.Subject,
		Differences: []Difference{{Field: "state", Expected: silence[t.others], Got: inWords(f)}},
	}
	return failure.withReason(f)
}

// failAbsent is the failure of an expectation about which the rule says nothing at
// all, with the reason.
func (s *Suite) failAbsent(t test, e expectation, findings []license.Finding) Failure {
	var subjects []string
	whole := false
	for _, f := range findings {
		switch {
		case f.Rule != e.rule:
		case f.Subject == "":
			whole = true
		default:
			subjects = append(subjects, f.Subject)
		}
	}
	got := "no finding: "
	switch {
	case len(subjects) > 0:
		got += "the rule judged " + suggest.List(shortenList(subjects), "and")
		if e.subject == "" {
			got += ", each as a subject"
		}
	case whole:
		got += "the rule is about the whole account here; leave the subject out"
	case t.snapshot.Previous == nil && s.isChange(t, e.rule):
		got += "the rule compares with the reading before, and the test has no `previous`"
	default:
		got += "the rule had nothing to judge here"
	}
	return Failure{
		Line: e.line, Column: e.column, Rule: e.rule, Subject: e.subject,
		Differences: []Difference{{Field: "state", Expected: string(e.state), Got: got}},
	}
}

// shortenList keeps a list of subjects readable.
func shortenList(subjects []string) []string {
	const most = 8
	if len(subjects) <= most {
		return subjects
	}
	return append(slices.Clone(subjects[:most]), fmt.Sprintf("%d more", len(subjects)-most))
}

// isChange says whether a rule would say something if there were a reading
// before.
func (s *Suite) isChange(t test, rule string) bool {
	before, now := t.snapshot, t.snapshot
	now.Previous = &before
	return slices.ContainsFunc(s.set.Evaluate(now, t.at), func(f license.Finding) bool {
		return f.Rule == rule && f.Event
	})
}
