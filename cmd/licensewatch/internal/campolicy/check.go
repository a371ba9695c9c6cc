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

// checkExcess warns about what a statement allows and nobody needs.
func (c *checker) checkExcess(s statement, needs, off []Need) {
	var used []Need
	here := s.needsHere(needs)
	for _, a := range s.actions {
		found, elsewhere := allowedNeeds(a.text, here), allowedNeeds(a.text, needs)
		used = append(used, found...)
		switch wild := strings.Contains(a.text, "*"); {
		case len(found) == 0 && s.touchesArchive(here) && matchesPattern(withoutPrefix(a.text), "cos:DeleteObject"):
			c.warnExcess(a.at, a.text, "%q is not needed for %s: who may delete there can remove evidence, take it out",
				a.text, whyArchive)
		case wild && len(found) > 0:
			c.warnExcess(a.at, a.text, "%q allows more than is needed: write %s", a.text,
				suggest.List(actionsOf(found), "and"))
		case len(found) > 0:
		case len(elsewhere) > 0:
			c.warnExcess(a.at, a.text, "%q is needed for %s only: not on these objects", a.text, elsewhere[0].Why)
		case len(allowedNeeds(a.text, off)) > 0 && !wild:
			c.warnExcess(a.at, a.text, "%s is not needed: %s is switched off", a.text, allowedNeeds(a.text, off)[0].Why)
		default:
			c.warnExcess(a.at, a.text, "%q is not needed by licensewatch", a.text)
		}
	}
	c.checkWideResources(s, used)
}

// needsHere are the needs that the statement's resources touch, and those of no objects; all
// of them where it touches no objects that are needed, which its resources are told for.
func (s statement) needsHere(needs []Need) []Need {
	isElsewhere := func(n Need) bool {
		return n.Resource != everything && !slices.ContainsFunc(s.resources,
			func(r placedText) bool { return touchesNeed(r.text, n) })
	}
	here := slices.DeleteFunc(slices.Clone(needs), isElsewhere)
	if slices.ContainsFunc(here, hasObjects) {
		return here
	}
	return needs
}

// touchesArchive says whether the archive's objects are among those that the statement is
// about, and no other's.
func (s statement) touchesArchive(here []Need) bool {
	return slices.ContainsFunc(here, hasObjects) &&
		!slices.ContainsFunc(here, func(n Need) bool { return hasObjects(n) && n.Why != whyArchive })
}

func hasObjects(n Need) bool { return n.Resource != everything }

// checkWideResources warns about objects in COS beyond those needed. Actions
// that CAM does not authorize per resource need the widest resource.
func (c *checker) checkWideResources(s statement, used []Need) {
	places := placesOf(used)
	if len(places) == 0 {
		return
	}
	mixed := slices.ContainsFunc(used, func(n Need) bool { return !hasObjects(n) })
	for _, r := range s.resources {
		var touched, covered []Need
		for _, place := range places {
			covering, touching := compareResource(r.text, place.Resource)
			if touching {
				touched = append(touched, place)
			}
			if covering {
				covered = append(covered, place)
			}
		}
		switch {
		case len(touched) == 0:
			c.warnExcess(r.at, r.text, "%q is not needed: %s", r.text, whereTheyLie(places))
		case mixed && isEverything(r.text, "cos"):
			c.warnExcess(r.at, r.text, "%q opens every object in COS: give the cos: actions a statement of their own, with the resource %s", r.text, quotedPlaces(places))
		case len(covered) > 0 && !slices.ContainsFunc(covered,
			func(n Need) bool { return isExactly(r.text, n.Resource) }):
			c.warnExcess(r.at, r.text, "%q covers more objects than are needed: write %s", r.text,
				quotedPlaces(covered))
		}
	}
}

// placesOf is one need for each place in COS.
func placesOf(needs []Need) (places []Need) {
	for _, n := range needs {
		if hasObjects(n) && !slices.ContainsFunc(places, func(p Need) bool { return p.Resource == n.Resource }) {
			places = append(places, n)
		}
	}
	return places
}

func quotedPlaces(places []Need) string {
	var quoted []string
	for _, p := range places {
		quoted = append(quoted, fmt.Sprintf("%q", p.Resource))
	}
	return suggest.List(quoted, "and")
}

func whereTheyLie(places []Need) string {
	var texts []string
	for _, p := range places {
		texts = append(texts, fmt.Sprintf("%s lies in %q", p.Why, p.Resource))
	}
	return suggest.List(texts, "and")
}

// allowedNeeds are the needs that an action of a file allows.
func allowedNeeds(action string, needs []Need) []Need {
	var found []Need
	for _, need := range needs {
		if matchesPattern(withoutPrefix(action), withoutPrefix(need.Action)) {
			found = append(found, need)
		}
	}
	return found
}

func actionsOf(needs []Need) []string {
	var actions []string
	for _, need := range needs {
		actions = append(actions, need.Action)
	}
	return actions
}
