package rules

import (
	"slices"

	"licensewatch/license"
)

// expression is a compiled expression.
type expression struct {
	root  node
	kind  valueKind
	reads []*field // every field in it, each once, in order
}

// readsAny says whether one of the named fields is read.
func (e *expression) readsAny(names ...string) bool {
	return e != nil && slices.ContainsFunc(e.reads, func(f *field) bool { return slices.Contains(names, f.name) })
}

// leafNode is a condition that cannot be split further at &&, ||, ! and ?:. It is
// what people see of a judgement.
type leafNode struct {
	node  node
	text  func() string // as written
	reads []*field
}

func (l *leafNode) eval(f *frame) evalResult {
	work := leafWork
	if f.isUnseen() {
		work = 1
	}
	if !f.spendWork(work) {
		return evalResult{problem: tooMuchWork}
	}
	a := l.node.eval(f)
	if f.isUnseen() {
		return a
	}
	*f.evidence = append(*f.evidence, license.Evidence{Condition: l.text(), State: a.findingState(),
		Values: fieldValues(f, l.reads)})
	return a
}

// fieldValues notes what the fields hold.
func fieldValues(f *frame, fields []*field) []license.Value {
	noted := make([]license.Value, len(fields))
	for i, field := range fields {
		a := fieldNode{field}.eval(f)
		noted[i] = license.Value{Field: field.name, Text: "unknown"}
		switch {
		case a.isKnown():
			noted[i].Text, noted[i].Known = license.ValueText(a.value), true
		case len(a.odd) > 0: // what it holds cannot be true
			noted[i].Text = a.odd[0].Text
		}
	}
	return noted
}
