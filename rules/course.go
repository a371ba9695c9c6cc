package rules

import "slices"

const (
	// maxSteps bounds worse_at.
	maxSteps = 20
	// maxMeasure bounds worse_by and worse_at: far beyond every count, and exact.
	maxMeasure = 1e12
)

// compileCourse compiles what a rule says of the time after it has fired: when it is
// worse, when it is over, and what is true then.
func (l *loader) compileCourse(r *rule, e *ruleEntry, at exprScope) {
	r.clear = l.compileLater(e, "clear_when", at, (*compiler).compileCondition)
	r.measure = l.compileLater(e, "measure", at, (*compiler).compileNumber)
	r.over = l.compileTexts(e, "over", r.scope())
	by, hasBy := e.values["worse_by"]
	steps, hasSteps := e.values["worse_at"]
	if hasBy {
		r.worseBy = by.readWorseBy()
	}
	if hasSteps {
		r.worseAt = steps.readWorseAt()
	}
	measure, measures := e.values["measure"]
	switch {
	case measures && !hasBy && !hasSteps:
		measure.doc.failAtNode(measure.node, "measure says how much; add worse_by or worse_at, which say how much more of it is worse")
	case hasBy && !measures:
		by.doc.failAtNode(by.node, "worse_by counts in measure, which this rule does not have")
	case hasSteps && !measures:
		steps.doc.failAtNode(steps.node, "worse_at counts in measure, which this rule does not have")
	}
	if r.change {
		dropCourse(r, e)
	}
}

// dropCourse takes from a rule about a change what belongs to a state. A file
// that makes a built-in rule one about a change need not say so for each.
func dropCourse(r *rule, e *ruleEntry) {
	for _, key := range []string{"clear_when", "measure", "worse_by", "worse_at", "over"} {
		if v, ok := e.values[key]; ok && !v.doc.builtin {
			e.failChange(v, key, "it belongs")
		}
	}
	r.clear, r.measure, r.worseBy, r.worseAt, r.over = nil, nil, 0, nil, localizedText{}
}

// readWorseBy reads the measure's growth that is worse.
func (v locatedValue) readWorseBy() float64 {
	number, ok := v.doc.readNumber(v.node, "worse_by")
	if ok && (number <= 0 || number > maxMeasure) {
		v.doc.failAtNode(v.node, "worse_by must be more than 0, not %s", v.node.Value)
		return 0
	}
	return number
}

// readWorseAt reads the measures that are worse each, smallest first in whatever order
// they are written.
func (v locatedValue) readWorseAt() []float64 {
	elements, ok := v.doc.readList(v.node, "worse_at")
	if !ok {
		return nil
	}
	if len(elements) == 0 || len(elements) > maxSteps {
		v.doc.failAtNode(v.node, "worse_at has between 1 and %d numbers, like [95, 100]", maxSteps)
		return nil
	}
	var all []float64
	for _, element := range elements {
		number, ok := v.doc.readNumber(element, "an entry of worse_at")
		switch {
		case !ok:
		case number < -maxMeasure || number > maxMeasure:
			v.doc.failAtNode(element, "an entry of worse_at is too large")
		case slices.Contains(all, number):
			v.doc.failAtNode(element, "worse_at has %s twice", element.Value)
		default:
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return all
}
