package rules

import (
	"reflect"
	"slices"

	"licensewatch/license"
)

// node is a part of an expression. Its answer depends on the frame alone; an
// unknown part makes the whole unknown, except where a node says otherwise.
type node interface {
	eval(f *frame) answer
}

// frame is one judgement. It belongs to one goroutine.
type frame struct {
	readings
	work     *int                // steps left for the whole evaluation
	operands *[]any              // room for those of the one step that runs: only one does at a time
	owner    later               // who looks after an order
	evidence *[]license.Evidence // where the leaves are noted; nil: nowhere
}

// pay takes work off what is left; false when that is not enough.
func (f *frame) pay(work int) bool {
	*f.work -= work
	return *f.work >= 0
}

// isSpent says whether the evaluation has used up its work: then an unknown
// answer says nothing about the data.
func (f *frame) isSpent() bool { return *f.work < 0 }

// isUnseen says whether nobody looks at the leaves: then the ones that decide
// nothing can be left out.
func (f *frame) isUnseen() bool { return f != nil && f.evidence == nil }

// constant is a literal.
type constant struct{ value any }

func (c constant) eval(*frame) answer { return known(c.value) }

// read is a field.
type read struct{ *field }

func (r read) eval(f *frame) answer {
	if !r.origin.isRead(f.snapshot) {
		return answer{missing: []string{string(r.origin.source)}}
	}
	value := r.field.read(&f.readings)
	if value == nil {
		return answer{missing: []string{r.name}}
	}
	if r.check != nil {
		if odd := r.check(&f.readings, value); odd.is {
			return r.odd(value, odd)
		}
	}
	return known(value)
}

// not turns true into false.
type not struct{ operand node }

func (n not) eval(f *frame) answer {
	a := n.operand.eval(f)
	if !a.isKnown() {
		return a
	}
	return known(!a.isTrue())
}

// all is true when both sides are, and false as soon as one is.
type all struct{ left, right node }

func (n all) eval(f *frame) answer {
	left := n.left.eval(f)
	if left.isFalse() && f.isUnseen() {
		return left
	}
	right := n.right.eval(f)
	switch {
	case left.isFalse() || right.isFalse():
		return known(false)
	case left.isTrue() && right.isTrue():
		return known(true)
	default:
		return unknown(left, right)
	}
}

// anyOf is true as soon as one side is, and false when both are.
type anyOf struct{ left, right node }

func (n anyOf) eval(f *frame) answer {
	left := n.left.eval(f)
	if left.isTrue() && f.isUnseen() {
		return left
	}
	right := n.right.eval(f)
	switch {
	case left.isTrue() || right.isTrue():
		return known(true)
	case left.isFalse() && right.isFalse():
		return known(false)
	default:
		return unknown(left, right)
	}
}

// choice is "condition ? then : otherwise". With an unknown condition it is
// what both branches agree on.
type choice struct{ condition, then, otherwise node }

func (n choice) eval(f *frame) answer {
	condition, then, otherwise := n.condition.eval(f), n.then.eval(f), n.otherwise.eval(f)
	switch {
	case condition.isTrue():
		return then
	case condition.isFalse():
		return otherwise
	case then.isKnown() && otherwise.isKnown() && equal(then.value, otherwise.value):
		then.odd = distinctOdd(slices.Clip(then.odd), otherwise.odd)
		return then
	default:
		return unknown(condition, then, otherwise)
	}
}

// coalesce is "value ?? fallback": the fallback also in place of an empty text.
type coalesce struct {
	value, fallback node
	reads           []*field // of both
}

func (n coalesce) eval(f *frame) answer {
	if a := unread(f, n.reads); len(a.missing) > 0 {
		return a
	}
	value := n.value.eval(f)
	switch {
	case f.isSpent():
		return answer{problem: tooMuchWork}
	case value.isKnown() && value.value != "":
		return value
	default:
		return n.fallback.eval(f)
	}
}

// isNil is "operand == nil": whether it is not known.
type isNil struct {
	operand node
	reads   []*field
}

func (n isNil) eval(f *frame) answer {
	if a := unread(f, n.reads); len(a.missing) > 0 {
		return a
	}
	a := n.operand.eval(f)
	if f.isSpent() {
		return answer{problem: tooMuchWork}
	}
	return known(!a.isKnown())
}

// unread blames the sources of the fields that were not read at all.
func unread(f *frame, fields []*field) answer {
	var blamed []answer
	for _, field := range fields {
		if !field.origin.isRead(f.snapshot) {
			blamed = append(blamed, answer{missing: []string{string(field.origin.source)}})
		}
	}
	return unknown(blamed...)
}

// call is a function for texts.
type call struct {
	function *function
	argument node
	language license.Language
}

func (n call) eval(f *frame) answer {
	a := n.argument.eval(f)
	if !a.isKnown() {
		return a
	}
	return answer{value: n.function.write(wordsOf(n.language), f.now, a.value), odd: a.odd}
}

// equal compares two values as == does in an expression.
func equal(a, b any) bool {
	switch a := a.(type) {
	case int64:
		if b, ok := b.(int64); ok {
			return a == b
		}
		return float64(a) == toFloat(b)
	case float64:
		return a == toFloat(b)
	default:
		return reflect.DeepEqual(a, b)
	}
}
