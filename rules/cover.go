package rules

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// maxCovers bounds covered_by.
const maxCovers = 20

// compileCover compiles which rules tell already what this one says.
func (l *loader) compileCover(r *rule, e *ruleEntry, at exprScope) {
	r.coveredWhen = l.compileLater(e, "covered_when", at, (*compiler).compileCondition)
	by, ok := e.values["covered_by"]
	if ok {
		e.covers = by.readCoverIDs()
		for _, element := range e.covers {
			r.coveredBy = append(r.coveredBy, element.Value)
		}
		return
	}
	if when, alone := e.values["covered_when"]; alone {
		when.doc.failAtNode(when.node, "covered_when says when covered_by counts, which this rule does not have")
	}
}

// readCoverIDs reads the ids of covered_by, each once.
func (v locatedValue) readCoverIDs() []*yaml.Node {
	elements, ok := v.doc.readList(v.node, "covered_by")
	if !ok {
		return nil
	}
	if len(elements) > maxCovers {
		v.doc.failAtNode(v.node, "covered_by has more than %d entries", maxCovers)
		return nil
	}
	var valid []*yaml.Node
	for _, element := range elements {
		id, ok := v.doc.readScalar(element, "an entry of covered_by")
		switch {
		case !ok:
		case slices.ContainsFunc(valid, func(other *yaml.Node) bool { return other.Value == id }):
			v.doc.failAtNode(element, "covered_by has %s twice", id)
		default:
			valid = append(valid, element)
		}
	}
	return valid
}

// checkCovers reports the rules of covered_by that there are not, that can never
// fire on the same subject, or that are covered by this one in turn. A rule that
// is switched off is one that there is, and so is a built-in one that is left out.
func checkCovers(entries []*ruleEntry) {
	byID := make(map[string]*ruleEntry, len(entries))
	ids := make([]string, 0, len(entries))
	for _, e := range entries {
		byID[e.id] = e
		ids = append(ids, e.id)
	}
	nameless := byID[""] != nil // then one that seems to be missing may be there
	var circles []string        // the rules in those that were reported
	for _, e := range entries {
		by := e.values["covered_by"]
		if len(e.covers) == 0 || by.doc.builtin { // a test looks at those
			continue
		}
		for _, element := range e.covers {
			other := byID[element.Value]
			switch {
			case other == nil && (nameless || isBuiltin(element.Value)):
			case other == nil:
				by.doc.failAtNode(element, "there is no rule %s%s", element.Value,
					suggest.DidYouMean(element.Value, ids))
			case e.judgesFleet() != other.judgesFleet():
				by.doc.failAtNode(element, "%s is not about the same: rules with `each: fleet` and others never fire together", element.Value)
			case e.judgesOrders() && !other.judgesOrders():
				by.doc.failAtNode(element, "%s is about the whole account and never fires on an order; an order can only be covered by a rule with `each: order`", element.Value)
			}
		}
		if circle := e.findCoverCircle(byID); circle != nil && !slices.Contains(circles, e.id) {
			by.doc.failAtNode(by.node, "covered_by leads back to the rule itself: %s; none of them would be told",
				strings.Join(circle, " → "))
			circles = append(circles, circle...)
		}
	}
}

// isBuiltin says whether a built-in rule has the id. A file of one's own may have
// left that rule out: then it never fires.
func isBuiltin(id string) bool {
	l := &loader{}
	isSame := func(e *ruleEntry) bool { return e.id == id }
	return slices.ContainsFunc(l.builtinEntries(stateFile), isSame) ||
		slices.ContainsFunc(l.builtinEntries(changeFile), isSame)
}

func (e *ruleEntry) judgesOrders() bool { return e.values["each"].node != nil && !e.judgesFleet() }

func (e *ruleEntry) judgesFleet() bool { return e.values["each"].scalarValue() == eachFleet }

// findCoverCircle finds the way along covered_by from a rule to itself; nil when there is none.
func (e *ruleEntry) findCoverCircle(byID map[string]*ruleEntry) []string {
	seen := map[*ruleEntry]bool{}
	var walk func(at *ruleEntry, path []string) []string
	walk = func(at *ruleEntry, path []string) []string {
		for _, element := range at.covers {
			next := append(slices.Clone(path), element.Value)
			if element.Value == e.id {
				return next
			}
			other := byID[element.Value]
			if other == nil || seen[other] {
				continue
			}
			seen[other] = true
			if found := walk(other, next); found != nil {
				return found
			}
		}
		return nil
	}
	return walk(e, []string{e.id})
}

// markCovered marks the findings of which another one tells already. What covers may be
// covered itself: then what tells is the one at the end.
func (e *evaluation) markCovered(findings []license.Finding) {
	by := e.firingByRule(findings)
	if len(by) == 0 {
		return
	}
	var teller func(f *license.Finding) string
	teller = func(f *license.Finding) string {
		if f.CoveredBy != "" || f.State != license.Firing && !f.Lingers {
			return f.CoveredBy
		}
		for _, id := range f.Covers {
			at, fires := by[id].coveringIndex(f.Subject)
			if !fires {
				continue
			}
			f.CoveredBy = findings[at].Key()
			if last := teller(&findings[at]); last != "" {
				f.CoveredBy = last
			}
			return f.CoveredBy
		}
		return ""
	}
	for i := range findings {
		teller(&findings[i])
	}
	for i := range findings {
		if findings[i].CoveredBy != "" && findings[i].State == license.Firing {
			findings[i].State = license.Covered
		}
	}
}

// firingFindings are the findings of one rule that fire: their places, by subject, and
// the one that is told for all of them.
type firingFindings struct {
	bySubject map[string]int
	worst     int
}

// coveringIndex is the place of the finding that covers one about this subject, which
// is empty for the whole account.
func (f *firingFindings) coveringIndex(subject string) (int, bool) {
	if f == nil {
		return 0, false
	}
	if subject == "" {
		return f.worst, true
	}
	at, ok := f.bySubject[subject]
	return at, ok
}

// firingByRule are the findings that fire of the rules that cover others, by rule.
func (e *evaluation) firingByRule(findings []license.Finding) map[string]*firingFindings {
	var covering []string
	for _, j := range e.judged {
		covering = append(covering, j.rule.coveredBy...)
	}
	all := map[string]*firingFindings{}
	for _, j := range e.judged {
		if !slices.Contains(covering, j.rule.id) {
			continue
		}
		for at := j.first; at < j.to; at++ {
			f := &findings[at]
			if f.State != license.Firing {
				continue
			}
			if all[f.Rule] == nil {
				all[f.Rule] = &firingFindings{bySubject: map[string]int{}, worst: at}
			}
			those := all[f.Rule]
			those.bySubject[f.Subject] = at
			if f.Severity.Rank() > findings[those.worst].Severity.Rank() {
				those.worst = at
			}
		}
	}
	return all
}
