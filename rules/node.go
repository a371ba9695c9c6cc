package rules

import (
	"reflect"
	"slices"

	"licensewatch/license"
)

// node is a part of an expression. Its answer depends on the frame alone; an
// unknown part makes the whole unknown, except where a node says otherwise.
type node interface {
	eval(f *frame) evalResult
}

// frame is one judgement. It belongs to one goroutine.
type frame struct {
	readings
	work     *int                // steps left for the whole evaluation
	operands *[]any              // room for those of the one operation that runs: only one does at a time
	owner    lazyExpression      // who looks after an order
	evidence *[]license.Evidence // where the leaves are noted; nil: nowhere
}

// spendWork takes work off what is left; false when that is not enough.
func (f *frame) spendWork(work int) bool {
	*f.work -= work
	return *f.work >= 0
}

// isSpent says whether the evaluation has used up its work: then an unknown
// answer says nothing about the data.
func (f *frame) isSpent() bool { return *f.work < 0 }

// isUnseen says whether nobody looks at the leaves: then the ones that decide
// nothing can be left out.
func (f *frame) isUnseen() bool { return f != nil && f.evidence == nil }

// constantNode is a literal.
type constantNode struct{ value any }

func (c constantNode) eval(*frame) evalResult { return knownResult(c.value) }

// fieldNode is a field.
type fieldNode struct{ *field }

func (r fieldNode) eval(f *frame) evalResult {
	if !r.origin.isRead(f.snapshot) {
		return evalResult{missing: []string{string(r.origin.source)}}
	}
	value := r.field.read(&f.readings)
	if value == nil {
		return evalResult{missing: []string{r.name}}
	}
	if r.check != nil {
		if odd := r.check(&f.readings, value); odd.is {
			return r.oddResult(value, odd)
		}
	}
	return knownResult(value)
}

// notNode turns true into false.
type notNode struct{ operand node }

func (n notNode) eval(f *frame) evalResult {
	a := n.operand.eval(f)
	if !a.isKnown() {
		return a
	}
	return knownResult(!a.isTrue())
}

// andNode is true when both sides are, and false as soon as one is.
type andNode struct{ left, right node }

func (n andNode) eval(f *frame) evalResult {
	left := n.left.eval(f)
	if left.isFalse() && f.isUnseen() {
		return left
	}
	right := n.right.eval(f)
	switch {
	case left.isFalse() || right.isFalse():
		return knownResult(false)
	case left.isTrue() && right.isTrue():
		return knownResult(true)
	default:
		return unknownResult(left, right)
	}
}

// orNode is true as soon as one side is, and false when both are.
type orNode struct{ left, right node }

func (n orNode) eval(f *frame) evalResult {
	left := n.left.eval(f)
	if left.isTrue() && f.isUnseen() {
		return left
	}
	right := n.right.eval(f)
	switch {
	case left.isTrue() || right.isTrue():
		return knownResult(true)
	case left.isFalse() && right.isFalse():
		return knownResult(false)
	default:
		return unknownResult(left, right)
	}
}

// conditionalNode is "condition ? then : otherwise". With an unknown condition it is
// what both branches agree on.
type conditionalNode struct{ condition, then, otherwise node }

func (n conditionalNode) eval(f *frame) evalResult {
	condition, then, otherwise := n.condition.eval(f), n.then.eval(f), n.otherwise.eval(f)
	switch {
	case condition.isTrue():
		return then
	case condition.isFalse():
		return otherwise
	case then.isKnown() && otherwise.isKnown() && equalValues(then.value, otherwise.value):
		then.odd = distinctOdd(slices.Clip(then.odd), otherwise.odd)
		return then
	default:
		return unknownResult(condition, then, otherwise)
	}
}

// coalesceNode is "value ?? fallback": the fallback also in place of an empty text.
type coalesceNode struct {
	value, fallback node
	reads           []*field // of both
}

func (n coalesceNode) eval(f *frame) evalResult {
	if a := blameUnread(f, n.reads); len(a.missing) > 0 {
		return a
	}
	value := n.value.eval(f)
	switch {
	case f.isSpent():
		return evalResult{problem: tooMuchWork}
	case value.isKnown() && value.value != "":
		return value
	default:
		return n.fallback.eval(f)
	}
}

// isNilNode is "operand == nil": whether it is not known.
type isNilNode struct {
	operand node
	reads   []*field
}

func (n isNilNode) eval(f *frame) evalResult {
	if a := blameUnread(f, n.reads); len(a.missing) > 0 {
		return a
	}
	a := n.operand.eval(f)
	if f.isSpent() {
		return evalResult{problem: tooMuchWork}
	}
	return knownResult(!a.isKnown())
}

// blameUnread blames the sources of the fields that were not read at all.
func blameUnread(f *frame, fields []*field) evalResult {
	var blamed []evalResult
	for _, field := range fields {
		if !field.origin.isRead(f.snapshot) {
			blamed = append(blamed, evalResult{missing: []string{string(field.origin.source)}})
		}
	}
	return unknownResult(blamed...)
}

// textCallNode is a function for texts.
type textCallNode struct {
	function *textFunction
	argument node
	language license.Language
}

func (n textCallNode) eval(f *frame) evalResult {
	a := n.argument.eval(f)
	if !a.isKnown() {
		return a
	}
	return evalResult{value: n.function.write(wordsOf(n.language), f.now, a.value), odd: a.odd}
}

// equalValues compares two values as == does in an expression.
func equalValues(a, b any) bool {
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
