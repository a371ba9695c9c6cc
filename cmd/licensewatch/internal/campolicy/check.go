package campolicy

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/internal/suggest"
)

// Level is how bad a finding is.
type Level string

// The levels.
const (
	Mistake Level = "mistake" // a run would be refused something
	Warning Level = "warning" // more than is needed, or not to be judged from here
)

// Finding is one thing that is wrong with a policy file.
type Finding struct {
	Level  Level  `json:"level"`
	Line   int    `json:"line,omitempty"` // counted from 1; 0 when it is about the whole file
	Column int    `json:"column,omitempty"`
	Text   string `json:"text"`
}

// String is the finding as it stands behind the file's name.
func (f Finding) String() string {
	if f.Line == 0 {
		return " " + f.Text
	}
	return fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Text)
}

// Report is what a comparison found.
type Report struct {
	Findings []Finding // in the order of the file; those about the whole of it come first
	Missing  []string  // actions that are needed and not allowed
	Excess   []string  // what is allowed, as written, and not needed
}

// Mistakes counts the findings that keep a run from working.
func (r Report) Mistakes() int {
	n := 0
	for _, f := range r.Findings {
		if f.Level == Mistake {
			n++
		}
	}
	return n
}

// nowhere is the place of a finding about the whole file.
const nowhere = -1

// checker gathers what it finds.
type checker struct {
	data   []byte
	report Report
}

func (c *checker) addRemark(level Level, at int, format string, args ...any) {
	f := Finding{Level: level, Text: fmt.Sprintf(format, args...)}
	if at != nowhere {
		f.Line, f.Column = lineAndColumn(c.data, at)
	}
	c.report.Findings = append(c.report.Findings, f)
}

func (c *checker) mistake(at int, format string, args ...any) {
	c.addRemark(Mistake, at, format, args...)
}
func (c *checker) warn(at int, format string, args ...any) { c.addRemark(Warning, at, format, args...) }

// warnExcess warns about something that is allowed and not needed.
func (c *checker) warnExcess(at int, what, format string, args ...any) {
	c.report.Excess = append(c.report.Excess, what)
	c.warn(at, format, args...)
}

func (c *checker) sortedReport() Report {
	slices.SortStableFunc(c.report.Findings, func(a, b Finding) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	c.report.Missing = slices.Compact(c.report.Missing)
	return c.report
}

// Check compares a policy file with what is needed. off are permissions that
// other settings would need; they explain what is there for nothing.
func Check(data []byte, needs, off []Need) Report {
	c := &checker{data: data}
	statements, ok := c.parseStatements(policyKeys)
	if !ok {
		return c.report
	}
	for _, need := range needs {
		c.checkAllowed(statements, need)
		c.checkDenied(statements, need)
	}
	for _, s := range statements {
		if s.effect == allow {
			c.checkExcess(s, needs, off)
		}
	}
	return c.sortedReport()
}

// checkAllowed looks for a statement that allows what is needed.
func (c *checker) checkAllowed(statements []statement, need Need) {
	var narrow, conditional *statement
	for i, s := range statements {
		if s.effect != allow || !slices.ContainsFunc(s.actions, func(a placedText) bool {
			return matchesPattern(withoutPrefix(a.text), withoutPrefix(need.Action))
		}) {
			continue
		}
		switch {
		case !slices.ContainsFunc(s.resources, func(r placedText) bool { return coversNeed(r.text, need) }):
			narrow = &statements[i]
		case len(s.conditions) > 0:
			conditional = &statements[i]
		default:
			return
		}
	}
	switch {
	case conditional != nil:
		c.warn(conditional.at, "allows %s only under a condition (%s): whether it holds cannot be told from here",
			need.Action, suggest.List(conditional.conditions, "and"))
		return
	case narrow != nil:
		c.mistake(c.resourceAt(*narrow), "%s is needed on the resource %q, which %s", need.Action, need.Resource,
			wrongPlaceHint(need))
	default:
		c.mistake(nowhere, "%s is not allowed, and is needed for %s%s", need.Action, need.Why,
			misspeltHint(statements, need.Action))
	}
	c.report.Missing = append(c.report.Missing, need.Action)
}

// coversNeed says whether a resource is enough for a need.
func coversNeed(resource string, need Need) bool {
	if need.Resource == everything {
		return isEverything(resource, need.service())
	}
	covering, _ := compareResource(resource, need.Resource)
	return covering
}

func wrongPlaceHint(need Need) string {
	if need.Resource == everything {
		return "is the only one that counts for it: CAM does not authorize it per resource"
	}
	return "this does not cover"
}

// resourceAt is the place of a statement's resource, or of the statement.
func (c *checker) resourceAt(s statement) int {
	if len(s.resources) > 0 {
		return s.resources[0].at
	}
	return s.at
}

// misspeltHint points at an action that differs from the one needed in its letters'
// case alone.
func misspeltHint(statements []statement, action string) string {
	for _, s := range statements {
		for _, a := range s.actions {
			if withoutPrefix(a.text) != withoutPrefix(action) &&
				strings.EqualFold(withoutPrefix(a.text), withoutPrefix(action)) {
				return fmt.Sprintf("; %q is not the same, the letters' case counts", a.text)
			}
		}
	}
	return ""
}

// checkDenied looks for a statement that denies what is needed: it beats every
// other.
func (c *checker) checkDenied(statements []statement, need Need) {
	for _, s := range statements {
		if s.effect != deny || !slices.ContainsFunc(s.resources, func(r placedText) bool {
			return touchesNeed(r.text, need)
		}) {
			continue
		}
		for _, a := range s.actions {
			switch {
			case !matchesPattern(withoutPrefix(a.text), withoutPrefix(need.Action)):
				continue
			case len(s.conditions) > 0:
				c.warn(a.at, "denies %s under a condition (%s): whether it holds cannot be told from here", need.Action,
					suggest.List(s.conditions, "and"))
			default:
				c.report.Missing = append(c.report.Missing, need.Action)
				c.mistake(a.at, "denies %s, which is needed for %s: a deny beats every allow, take it out", need.Action,
					need.Why)
			}
			break
		}
	}
}

func touchesNeed(resource string, need Need) bool {
	if need.Resource == everything {
		return isEverything(resource, need.service())
	}
	_, touching := compareResource(resource, need.Resource)
	return touching
}
