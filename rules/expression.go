package rules

import (
	"slices"

	"licensewatch/license"
)

// expression is a compiled expression.
type expression struct {
	root  node
	kind  kind
	reads []*field // every field in it, each once, in order
}

// readsAny says whether one of the named fields is read.
func (e *expression) readsAny(names ...string) bool {
	return e != nil && slices.ContainsFunc(e.reads, func(f *field) bool { return slices.Contains(names, f.name) })
}

// leaf is a condition that cannot be split further at &&, ||, ! and ?:. It is
// what people see of a judgement.
type leaf struct {
	node  node
	text  func() string // as written
	reads []*field
}

func (l *leaf) eval(f *frame) answer {
	work := leafWork
	if f.isUnseen() {
		work = 1
	}
	if !f.pay(work) {
		return answer{problem: tooMuchWork}
	}
	a := l.node.eval(f)
	if f.isUnseen() {
		return a
	}
	*f.evidence = append(*f.evidence, license.Evidence{Condition: l.text(), State: a.state(), Values: values(f, l.reads)})
	return a
}

// values notes what the fields hold.
func values(f *frame, fields []*field) []license.Value {
	noted := make([]license.Value, len(fields))
	for i, field := range fields {
		a := read{field}.eval(f)
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
