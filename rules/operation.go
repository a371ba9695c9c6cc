package rules

import (
	"errors"
	"regexp/syntax"

	"github.com/expr-lang/expr/ast"
	bytecode "github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/parser"
)

const (
	// maxRange is the longest range that may stand behind `in`: a leap year.
	maxRange = 366
	// maxPattern bounds the steps of a regular expression, repetitions written out.
	maxPattern = 500
)

// operands gathers the operands of one step.
type operands struct {
	step  *step
	kinds []kind
	ok    bool // none of them has a mistake
}

func newOperands() *operands { return &operands{step: &step{weight: 1}, ok: true} }

// operand gives the tree that stands for one operand in a step: itself when it
// is a literal, else the slot that its value will be put in.
func (c *compiler) operand(n ast.Node, o *operands) ast.Node {
	switch n := n.(type) {
	case *ast.BoolNode:
		return o.add(n, kindBool)
	case *ast.IntegerNode:
		return o.add(n, kindInt)
	case *ast.FloatNode:
		return o.add(n, kindFloat)
	case *ast.StringNode:
		return o.add(n, kindText)
	}
	return c.slot(n, o)
}

// slot compiles an operand by itself and gives the slot for its value.
func (c *compiler) slot(n ast.Node, o *operands) ast.Node {
	built, k := c.build(n, false)
	if k == kindMixed {
		c.failAt(n, "%s is sometimes text and sometimes a number; only a text can print it", quote(n))
		k = kindNone
	}
	if k == kindNone {
		return o.add(n, kindNone)
	}
	index := 0
	for _, in := range o.step.inputs {
		if in.kind == k {
			index++
		}
	}
	o.step.inputs = append(o.step.inputs, input{built, k})
	slot := &ast.MemberNode{Node: &ast.IdentifierNode{Value: slotNames[k]}, Property: &ast.IntegerNode{Value: index}}
	return o.add(slot, k)
}

// slotNames are the names of the members of slots.
var slotNames = map[kind]string{kindBool: "bools", kindInt: "ints", kindFloat: "floats", kindText: "texts", kindTags: "tags"}

func (o *operands) add(n ast.Node, k kind) ast.Node {
	o.kinds = append(o.kinds, k)
	o.ok = o.ok && k != kindNone
	return n
}

// comparison compiles ==, <, contains and their like.
func (c *compiler) comparison(n *ast.BinaryNode) (node, kind) {
	o := newOperands()
	rebuilt := &ast.BinaryNode{Operator: n.Operator, Left: c.operand(n.Left, o), Right: c.operand(n.Right, o)}
	switch n.Operator {
	case "==":
		o.step.odd = oddIfTrue
	case "!=":
		o.step.odd = oddIfFalse
	default:
		o.step.odd = oddIfEqual
	}
	for i, side := range []ast.Node{n.Left, n.Right} {
		if value, ok := literal(side); ok {
			o.step.literal, o.step.literalFirst = value, i == 0
		}
	}
	c.doubtComparison(n)
	if o.step.compare = comparisonOf(n.Operator, o); o.step.compare != nil {
		return o.step, kindBool
	}
	return c.run(n, rebuilt, o)
}

// arithmetic compiles an operator whose result may not be finite, or too large; to
// be able to check it, it is a step of its own.
func (c *compiler) arithmetic(n ast.Node, operator string, parts []ast.Node) (node, kind) {
	o := newOperands()
	o.step.text, o.step.modulo = n.String(), operator == "%"
	rebuilt := make([]ast.Node, len(parts))
	for i, part := range parts {
		if o.step.modulo {
			rebuilt[i] = c.slot(part, o) // also a literal: the divisor is looked at
		} else {
			rebuilt[i] = c.operand(part, o)
		}
	}
	o.step.whole = o.wholeOperation(operator, parts)
	if len(parts) == 1 {
		return c.run(n, &ast.UnaryNode{Operator: operator, Node: rebuilt[0]}, o)
	}
	return c.run(n, &ast.BinaryNode{Operator: operator, Left: rebuilt[0], Right: rebuilt[1]}, o)
}

// membership compiles `in`, with a list, a range or the tags behind it.
func (c *compiler) membership(n *ast.BinaryNode) (node, kind) {
	o := newOperands()
	o.step.odd = oddIfTrue
	left := c.operand(n.Left, o)
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		o.step.weight += len(right.Nodes)
		list := &ast.ArrayNode{Nodes: make([]ast.Node, len(right.Nodes))}
		for i, element := range right.Nodes {
			list.Nodes[i] = c.operand(element, o)
			if k := o.kinds[i+1]; o.ok && !k.likens(o.kinds[0]) {
				return c.failAt(element, "%s is %s, but %s is %s", quote(element), k, quote(n.Left), o.kinds[0])
			}
		}
		return c.run(n, &ast.BinaryNode{Operator: "in", Left: left, Right: list}, o)
	case *ast.BinaryNode:
		if right.Operator == ".." {
			return c.inRange(n, left, right, o)
		}
	}
	tags := c.operand(n.Right, o)
	if k := o.kinds[1]; o.ok && k != kindTags {
		return c.failAt(n.Right, "%s is %s; behind `in` stands a list like [1, 2], a range like 1..30, or order.Tags", quote(n.Right), k)
	}
	return c.run(n, &ast.BinaryNode{Operator: "in", Left: left, Right: tags}, o)
}

func (c *compiler) inRange(n *ast.BinaryNode, left ast.Node, bounds *ast.BinaryNode, o *operands) (node, kind) {
	low, lowOK := literalInt(bounds.Left)
	high, highOK := literalInt(bounds.Right)
	switch {
	case !lowOK || !highOK:
		return c.failAt(bounds, "the ends of a range must be whole numbers, like 1..30")
	case low > high:
		return c.failAt(bounds, "the range %s is empty: its ends are the wrong way round", quote(bounds))
	case high-low >= maxRange:
		return c.failAt(bounds, "the range is longer than %d numbers; compare with <= and >= instead", maxRange)
	case o.ok && !o.kinds[0].isNumber():
		return c.failAt(n.Left, "%s is %s; a range holds numbers", quote(n.Left), o.kinds[0])
	}
	o.step.weight += high - low
	list := &ast.BinaryNode{Operator: "..", Left: bounds.Left, Right: bounds.Right}
	return c.run(n, &ast.BinaryNode{Operator: "in", Left: left, Right: list}, o)
}

// literalInt is the value of a whole number that is written out.
func literalInt(n ast.Node) (int, bool) {
	sign := 1
	if minus, ok := n.(*ast.UnaryNode); ok && minus.Operator == "-" {
		sign, n = -1, minus.Node
	}
	number, ok := n.(*ast.IntegerNode)
	if !ok || number.Value > 1_000_000 { // far beyond every range, far from an overflow
		return 0, false
	}
	return sign * number.Value, true
}

// matches compiles a test with a regular expression, which must be written out.
func (c *compiler) matches(n *ast.BinaryNode) (node, kind) {
	pattern, ok := n.Right.(*ast.StringNode)
	if !ok {
		return c.failAt(n.Right, "the pattern behind `matches` must be a text in quotes")
	}
	parsed, err := syntax.Parse(pattern.Value, syntax.Perl)
	if err != nil {
		return c.failAt(pattern, "the pattern is not a regular expression: %s", patternProblem(err))
	}
	size := patternSize(parsed)
	if size > maxPattern {
		return c.failAt(pattern, "the pattern is too large; use a smaller repetition")
	}
	o := newOperands()
	o.step.weight += size
	rebuilt := &ast.BinaryNode{Operator: n.Operator, Left: c.operand(n.Left, o), Right: c.operand(pattern, o)}
	return c.run(n, rebuilt, o)
}

// patternSize estimates the steps of a regular expression, without compiling
// what may be very large.
func patternSize(pattern *syntax.Regexp) int {
	size := 1
	if pattern.Op == syntax.OpLiteral {
		size = len(pattern.Rune)
	}
	for _, part := range pattern.Sub {
		size += patternSize(part)
	}
	if pattern.Op == syntax.OpRepeat {
		size *= max(pattern.Min, pattern.Max, 1)
	}
	return size
}

func patternProblem(err error) string {
	var located *syntax.Error
	if errors.As(err, &located) {
		return located.Code.String()
	}
	return err.Error()
}

// run type-checks and compiles a step. n is the step as it was written.
func (c *compiler) run(n, rebuilt ast.Node, o *operands) (node, kind) {
	if !o.ok {
		return nil, kindNone
	}
	tree := &parser.Tree{Node: rebuilt, Source: c.source}
	result, err := c.checker.Check(tree, c.config)
	if err != nil {
		return c.failAt(n, "%s", mismatch(n, o.kinds, reason(err)))
	}
	program, err := bytecode.Compile(tree, c.config)
	if err != nil {
		return c.failAt(n, "%s cannot be compiled", quote(n))
	}
	o.step.program = program
	k := kindOf(result)
	if o.step.odd == oddNever && k == kindText {
		o.step.odd = oddKept // texts print what there is
	}
	if k == kindNone {
		return c.failAt(n, "%s gives a value that rules cannot use", quote(n))
	}
	return o.step, k
}
