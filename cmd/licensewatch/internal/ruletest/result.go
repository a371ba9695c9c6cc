package ruletest

import (
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// Result is what a test file gave.
type Result struct {
	File string `json:"file"`
	// the path of the rules file, or BuiltIn; empty when the file has mistakes
	Rules string `json:"rules,omitempty"`
	// of the file and of those that it names; then no test was run
	Mistakes []yamlnode.Problem `json:"mistakes,omitempty"`
	Tests    []Test             `json:"tests,omitempty"`
}

// Test is what one test gave.
type Test struct {
	Name     string    `json:"name"`
	Line     int       `json:"line"`
	Passed   bool      `json:"passed"`
	Failures []Failure `json:"failures,omitempty"`
}

// Failure is a finding that is not as expected.
type Failure struct {
	Line        int          `json:"line"` // of the expectation; of `expect` for a finding that none names
	Column      int          `json:"column"`
	Rule        string       `json:"rule"`
	Subject     string       `json:"subject,omitempty"`
	Differences []Difference `json:"differences"`
	Conditions  []Condition  `json:"conditions,omitempty"` // why the rule says what it says
	Missing     []string     `json:"missing,omitempty"`    // the fields and sources that are not known
	Problem     string       `json:"problem,omitempty"`    // why the rule itself could not be judged
}

// Finding names the finding as an alert does.
func (f Failure) Finding() string { return findingKey(f.Rule, f.Subject) }

// Difference is one thing that is not as expected.
type Difference struct {
	Field    string `json:"field"` // a key of an expectation; of a text with its language, as in title.en
	Expected string `json:"expected"`
	Got      string `json:"got"`
}

// Condition is one condition of a rule with what it read.
type Condition struct {
	Text   string  `json:"condition"`
	Answer string  `json:"answer"` // true, false or unknown
	Values []Value `json:"values,omitempty"`
}

// Value is a field and what it held.
type Value struct {
	Field string `json:"field"`
	Value string `json:"value"` // in JSON notation, or unknown
}

// answers puts the state of a condition in words.
var answers = map[license.State]string{license.Firing: "true", license.OK: "false", license.Unknown: "unknown"}

// withReason gives the failure with why the rule says what it says.
func (f Failure) withReason(finding license.Finding) Failure {
	for _, e := range finding.Evidence {
		c := Condition{Text: e.Condition, Answer: answers[e.State]}
		for _, v := range e.Values {
			c.Values = append(c.Values, Value{Field: v.Field, Value: v.Text})
		}
		f.Conditions = append(f.Conditions, c)
	}
	f.Missing, f.Problem = finding.Missing, finding.Problem
	return f
}
