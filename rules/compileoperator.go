package rules

import (
	"errors"
	"math"
	"regexp"
	"regexp/syntax"

	"github.com/expr-lang/expr/ast"
)

const (
	// maxRange is the longest range that may stand behind `in`: a leap year.
	maxRange = 366
	// maxPattern bounds the steps of a regular expression, repetitions written out.
	maxPattern = 500
)

func (c *compiler) compileBinary(n *ast.BinaryNode, leaves bool) (node, valueKind) {
	switch {
	case isAnd(n.Operator):
		return andNode{c.compileTest(n.Left, leaves), c.compileTest(n.Right, leaves)}, kindBool
	case isOr(n.Operator):
		return orNode{c.compileTest(n.Left, leaves), c.compileTest(n.Right, leaves)}, kindBool
	}
	switch n.Operator {
	case "??":
		return c.compileCoalesce(n)
	case "==", "!=":
		if isNilLiteral(n.Left) || isNilLiteral(n.Right) {
			return c.compileIsNil(n)
		}
		c.doubtComparison(n)
	case "in":
		return c.compileMembership(n)
	case "matches":
		return c.compileMatches(n)
	case "..":
		return c.failAtNode(n, "a range like 1..30 can only stand behind `in`")
	case "+", "-", "*", "/", "%", "**", "^":
	default:
		c.doubtComparison(n)
	}
	return c.compileOperator(n, n.Operator, n.Left, n.Right)
}

func (c *compiler) compileConditional(n *ast.ConditionalNode, leaves bool) (node, valueKind) {
	condition := c.compileTest(n.Cond, leaves)
	if leaves {
		return conditionalNode{condition, c.compileTest(n.Exp1, true), c.compileTest(n.Exp2, true)}, kindBool
	}
	then, k1 := c.compileNode(n.Exp1, false)
	otherwise, k2 := c.compileNode(n.Exp2, false)
	return conditionalNode{condition, then, otherwise}, commonKind(k1, k2)
}

func (c *compiler) compileCoalesce(n *ast.BinaryNode) (node, valueKind) {
	before := len(c.reads)
	value, k1 := c.compileNode(n.Left, false)
	fallback, k2 := c.compileNode(n.Right, false)
	return coalesceNode{value, fallback, distinctFields(c.reads[before:])}, commonKind(k1, k2)
}

func (c *compiler) compileIsNil(n *ast.BinaryNode) (node, valueKind) {
	operand := n.Left
	if isNilLiteral(operand) {
		operand = n.Right
	}
	before := len(c.reads)
	built, _ := c.compileNode(operand, false)
	question := isNilNode{built, distinctFields(c.reads[before:])}
	if n.Operator == "!=" {
		return notNode{question}, kindBool
	}
	return question, kindBool
}

func isNilLiteral(n ast.Node) bool {
	_, ok := n.(*ast.NilNode)
	return ok
}

// compileOperands compiles the operands of an operation. ok is false when one of them has a mistake.
func (c *compiler) compileOperands(parts ...ast.Node) (built []node, kinds []valueKind, ok bool) {
	ok = true
	for _, part := range parts {
		operand, k := c.compileNode(part, false)
		if k == kindMixed {
			c.failAtNode(part, "%s is sometimes text and sometimes a number; only a text can print it", quoteNode(part))
			k = kindNone
		}
		built, kinds, ok = append(built, operand), append(kinds, k), ok && k != kindNone
	}
	return built, kinds, ok
}

// compileOperator compiles ==, <, +, contains and their like, and a sign in front of a number.
func (c *compiler) compileOperator(n ast.Node, operator string, parts ...ast.Node) (node, valueKind) {
	operands, kinds, ok := c.compileOperands(parts...)
	if !ok {
		return nil, kindNone
	}
	apply, k := operatorOf(operator, kinds)
	if apply == nil {
		return c.failAtNode(n, "%s", explainMismatch(n, kinds))
	}
	s := &operationNode{apply: apply, operands: operands, weight: 1, written: n}
	switch {
	case k != kindBool: // no answer, which may be odd
	case operator == "==":
		s.odd = oddIfTrue
	case operator == "!=":
		s.odd = oddIfFalse
	default:
		s.odd = oddIfEqual
	}
	if k == kindText {
		s.odd = oddKept // texts print what there is
	}
	return s, k
}

// compileMembership compiles `in`, with a list, a range or the tags behind it.
func (c *compiler) compileMembership(n *ast.BinaryNode) (node, valueKind) {
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		return c.compileInList(n, right)
	case *ast.BinaryNode:
		if right.Operator == ".." {
			return c.compileInRange(n, right)
		}
	}
	operands, kinds, ok := c.compileOperands(n.Left, n.Right)
	switch {
	case !ok:
		return nil, kindNone
	case kinds[1] != kindTags:
		return c.failAtNode(n.Right, "%s is %s; behind `in` stands a list like [1, 2], a range like 1..30, or order.Tags", quoteNode(n.Right), kinds[1])
	case kinds[0] != kindText:
		return c.failAtNode(n, "%s", explainMismatch(n, kinds))
	}
	return &operationNode{operands: operands, weight: 1, odd: oddIfTrue, apply: func(o []any) (any, string) {
		_, has := o[1].(map[string]string)[o[0].(string)]
		return has, ""
	}}, kindBool
}

func (c *compiler) compileInList(n *ast.BinaryNode, list *ast.ArrayNode) (node, valueKind) {
	operands, kinds, ok := c.compileOperands(append([]ast.Node{n.Left}, list.Nodes...)...)
	for i, k := range kinds[1:] {
		if ok && !k.comparesWith(kinds[0]) {
			return c.failAtNode(list.Nodes[i], "%s is %s, but %s is %s", quoteNode(list.Nodes[i]), k, quoteNode(n.Left),
				kinds[0])
		}
	}
	if !ok {
		return nil, kindNone
	}
	return &operationNode{operands: operands, weight: 1 + len(list.Nodes), odd: oddIfTrue,
		apply: func(o []any) (any, string) {
			for _, element := range o[1:] {
				if equalValues(o[0], element) {
					return true, ""
				}
			}
			return false, ""
		}}, kindBool
}

func (c *compiler) compileInRange(n, bounds *ast.BinaryNode) (node, valueKind) {
	low, lowOK := literalInt(bounds.Left)
	high, highOK := literalInt(bounds.Right)
	operands, kinds, ok := c.compileOperands(n.Left)
	switch {
	case !lowOK || !highOK:
		return c.failAtNode(bounds, "the ends of a range must be whole numbers, like 1..30")
	case low > high:
		return c.failAtNode(bounds, "the range %s is empty: its ends are the wrong way round", quoteNode(bounds))
	case high-low >= maxRange:
		return c.failAtNode(bounds, "the range is longer than %d numbers; compare with <= and >= instead", maxRange)
	case !ok:
		return nil, kindNone
	case !kinds[0].isNumber():
		return c.failAtNode(n.Left, "%s is %s; a range holds numbers", quoteNode(n.Left), kinds[0])
	}
	return &operationNode{operands: operands, weight: 1 + high - low, odd: oddIfTrue,
		apply: func(o []any) (any, string) {
			number := toFloat(o[0])
			return number >= float64(low) && number <= float64(high) && number == math.Trunc(number), ""
		}}, kindBool
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

// compileMatches compiles a test with a regular expression, which must be written out.
func (c *compiler) compileMatches(n *ast.BinaryNode) (node, valueKind) {
	pattern, ok := n.Right.(*ast.StringNode)
	if !ok {
		return c.failAtNode(n.Right, "the pattern behind `matches` must be a text in quotes")
	}
	parsed, err := syntax.Parse(pattern.Value, syntax.Perl)
	if err != nil {
		return c.failAtNode(pattern, "the pattern is not a regular expression: %s", patternProblem(err))
	}
	size := patternSize(parsed)
	if size > maxPattern {
		return c.failAtNode(pattern, "the pattern is too large; use a smaller repetition")
	}
	expression, err := regexp.Compile(pattern.Value)
	if err != nil {
		return c.failAtNode(pattern, "the pattern is not a regular expression: %s", patternProblem(err))
	}
	operands, kinds, ok := c.compileOperands(n.Left, n.Right)
	switch {
	case !ok:
		return nil, kindNone
	case kinds[0] != kindText:
		return c.failAtNode(n, "%s", explainMismatch(n, kinds))
	}
	return &operationNode{operands: operands, weight: 1 + size, apply: func(o []any) (any, string) {
		return expression.MatchString(o[0].(string)), ""
	}}, kindBool
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
	if located, ok := errors.AsType[*syntax.Error](err); ok {
		return located.Code.String()
	}
	return err.Error()
}
