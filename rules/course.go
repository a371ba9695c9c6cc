package rules

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/license"
)

const (
	// maxSteps bounds worse_at.
	maxSteps = 20
	// maxMeasure bounds worse_by and worse_at: far beyond every count, and exact.
	maxMeasure = 1e12
)

// course compiles what a rule says of the time after it has fired: when it is
// worse, when it is over, and what is true then.
func (l *loader) course(r *rule, e *entry, at place) {
	r.clear = l.later(e, "clear_when", at, (*compiler).condition)
	r.measure = l.later(e, "measure", at, (*compiler).number)
	r.over = l.texts(e, "over", r.each)
	by, hasBy := e.values["worse_by"]
	steps, hasSteps := e.values["worse_at"]
	if hasBy {
		r.worseBy = by.amount()
	}
	if hasSteps {
		r.worseAt = steps.amounts()
	}
	measure, measures := e.values["measure"]
	switch {
	case measures && !hasBy && !hasSteps:
		measure.doc.fail(measure.node, "measure says how much; add worse_by or worse_at, which say how much more of it is worse")
	case hasBy && !measures:
		by.doc.fail(by.node, "worse_by counts in measure, which this rule does not have")
	case hasSteps && !measures:
		steps.doc.fail(steps.node, "worse_at counts in measure, which this rule does not have")
	}
	if r.change {
		e.dropCourse(r)
	}
}

// dropCourse takes from a rule about a change what belongs to a state. A file
// that makes a built-in rule one about a change need not say so for each.
func (e *entry) dropCourse(r *rule) {
	for _, key := range []string{"clear_when", "measure", "worse_by", "worse_at", "over"} {
		if v, ok := e.values[key]; ok && !v.doc.builtin {
			e.failChange(v, key, "it belongs")
		}
	}
	r.clear, r.measure, r.worseBy, r.worseAt, r.over = nil, nil, 0, nil, texts{}
}

// amount is the measure's growth that is worse.
func (v located) amount() float64 {
	number, ok := v.doc.number(v.node, "worse_by")
	if ok && (number <= 0 || number > maxMeasure) {
		v.doc.fail(v.node, "worse_by must be more than 0, not %s", v.node.Value)
		return 0
	}
	return number
}

// amounts are the measures that are worse each, smallest first in whatever order
// they are written.
func (v located) amounts() []float64 {
	elements, ok := v.doc.list(v.node, "worse_at")
	if !ok {
		return nil
	}
	if len(elements) == 0 || len(elements) > maxSteps {
		v.doc.fail(v.node, "worse_at has between 1 and %d numbers, like [95, 100]", maxSteps)
		return nil
	}
	var all []float64
	for _, element := range elements {
		number, ok := v.doc.number(element, "an entry of worse_at")
		switch {
		case !ok:
		case number < -maxMeasure || number > maxMeasure:
			v.doc.fail(element, "an entry of worse_at is too large")
		case slices.Contains(all, number):
			v.doc.fail(element, "worse_at has %s twice", element.Value)
		default:
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return all
}

// number gives a number.
func (d *document) number(n *yaml.Node, what string) (float64, bool) {
	value, ok := d.scalar(n, what)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseFloat(value, 64)
	switch isNumber := n.Tag == "!!int" || n.Tag == "!!float"; {
	case err != nil || number != number:
		d.fail(n, "%s must be a number, not %q", what, value)
	case !isNumber:
		d.fail(n, "%s must be a number without quotes", what)
	default:
		return number, true
	}
	return 0, false
}

// group is what is said of several of the rule's findings, behind their number.
func (e *entry) group(each bool) license.Text {
	v, ok := e.values["group"]
	if !ok {
		return license.Text{}
	}
	if !each {
		v.doc.fail(v.node, "group is said of many orders at once; it needs `each: order`")
		return license.Text{}
	}
	if v.node.Kind != yaml.MappingNode || unquoted(v.node) != "" {
		text := v.doc.plain(v.node, "group")
		return license.Text{En: text, Zh: text}
	}
	var group license.Text
	languages := v.doc.mapping(v.node, "group", languageKeys)
	if n := languages["en"]; n != nil {
		group.En = v.doc.plain(n, "group.en")
	}
	if n := languages["zh"]; n != nil {
		group.Zh = v.doc.plain(n, "group.zh")
	}
	if len(v.node.Content) == 0 {
		v.doc.fail(v.node, "group needs en, zh, or both")
	}
	return group
}

// plain gives a text without expressions.
func (d *document) plain(n *yaml.Node, what string) string {
	text, ok := d.scalar(n, what)
	switch {
	case !ok:
		return ""
	case len(text) > maxText:
		d.fail(n, "the text is longer than %d bytes", maxText)
	case strings.Contains(text, "{{"):
		d.fail(n, "%s is a plain text: it is said of many orders at once, so there is nothing for {{ }} to read", what)
	}
	return strings.TrimSpace(blanks.Replace(text))
}
