package rules

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"

	"licensewatch/license"
)

const (
	// maxExpression bounds an expression's length in bytes, and with it the depth
	// of its parentheses.
	maxExpression = 2000
	// maxNodes bounds the parts of an expression. A chained comparison uses its
	// middle twice, so that a short text could hold very many of them.
	maxNodes = 1000
)

// place says where an expression stands, which decides what it may use.
type place struct {
	orders   bool             // in a rule that judges each order
	state    bool             // where a change cannot be asked for: in a rule about a state
	language license.Language // of the text it stands in; empty in a condition
}

// report takes what is found in an expression: how many characters into it that
// begins, and what it is.
type report struct {
	mistake func(offset int, text string)
	doubt   func(offset int, text string) // it looks wrong, and may be meant
}

// unheard is for expressions that were checked before.
var unheard = report{func(int, string) {}, func(int, string) {}}

// from is a report about a part that begins so many characters into the whole.
func (r report) from(start int) report {
	return report{
		mistake: func(offset int, text string) { r.mistake(start+offset, text) },
		doubt:   func(offset int, text string) { r.doubt(start+offset, text) },
	}
}

// compiler turns expressions into nodes. It serves one goroutine; the zero
// value is ready.
type compiler struct {
	config *conf.Config // of the parser

	// Of the expression at hand:
	place  place
	source file.Source
	report report
	failed bool
	reads  []*field
}

// condition compiles an expression that must be true or false. It returns nil
// when there are mistakes; all of them have been reported.
func (c *compiler) condition(text string, at place, to report) *expression {
	tree := c.parse(text, at, to)
	if tree == nil {
		return nil
	}
	return c.finish(c.test(tree, true), kindBool)
}

// number compiles an expression that must be a number. It returns nil when there
// are mistakes; all of them have been reported.
func (c *compiler) number(text string, at place, to report) *expression {
	return c.typed(text, at, to, kindFloat)
}

// text compiles an expression that must be a text. It returns nil when there are
// mistakes; all of them have been reported.
func (c *compiler) text(text string, at place, to report) *expression {
	return c.typed(text, at, to, kindText)
}

func (c *compiler) typed(text string, at place, to report, want kind) *expression {
	tree := c.parse(text, at, to)
	if tree == nil {
		return nil
	}
	root, k := c.build(tree, false)
	if k != kindNone && !k.likens(want) {
		c.failAt(tree, "%s is %s; it must be %s", quote(tree), k, want)
	}
	return c.finish(root, k)
}

// value compiles an expression that is printed in a text. It returns nil when
// there are mistakes; all of them have been reported.
func (c *compiler) value(text string, at place, to report) *expression {
	tree := c.parse(text, at, to)
	if tree == nil {
		return nil
	}
	return c.finish(c.build(tree, false))
}

func (c *compiler) finish(root node, k kind) *expression {
	if c.failed {
		return nil
	}
	return &expression{root: root, kind: k, reads: distinct(c.reads)}
}

// parse begins a new expression and returns its tree, nil when it has none.
func (c *compiler) parse(text string, at place, to report) ast.Node {
	if c.config == nil {
		c.config = conf.CreateNew()
		c.config.MaxNodes = maxNodes
	}
	c.place, c.report, c.failed, c.reads, c.source = at, to, false, nil, file.NewSource(text)
	if len(text) > maxExpression {
		c.fail(0, "the expression is longer than %d bytes", maxExpression)
		return nil
	}
	tree, err := parser.ParseWithConfig(text, c.config)
	if err != nil {
		c.failSyntax(text, err)
		return nil
	}
	if !fits(tree.Node, maxNodes) {
		c.fail(0, "the expression has too many parts; split it into several rules")
		return nil
	}
	return tree.Node
}

// fail reports a mistake.
func (c *compiler) fail(offset int, format string, args ...any) (node, kind) {
	c.failed = true
	c.report.mistake(offset, fmt.Sprintf(format, args...))
	return nil, kindNone
}

// failAt reports a mistake where a part of the expression begins.
func (c *compiler) failAt(n ast.Node, format string, args ...any) (node, kind) {
	return c.fail(begin(n), format, args...)
}

// failSyntax reports what the parser could not read.
func (c *compiler) failSyntax(text string, err error) {
	var located *file.Error
	if !errors.As(err, &located) {
		located = &file.Error{Message: err.Error()}
	}
	offset, length := located.From, utf8.RuneCountInString(text)
	switch {
	case offset > length || located.Message == syntaxEnd:
		offset = length
	case isTooLarge(located.Message):
		offset = 0
	}
	c.fail(offset, "%s", plainSyntax(located.Message))
}

// test compiles a part that must be true or false. With leaves its leaves note
// themselves as evidence.
func (c *compiler) test(n ast.Node, leaves bool) node {
	if leaves && !splits(n) {
		before := len(c.reads)
		condition := c.test(n, false)
		return &leaf{node: condition, text: sync.OnceValue(n.String), reads: distinct(c.reads[before:])}
	}
	built, k := c.build(n, leaves)
	if k != kindBool && k != kindNone {
		c.failAt(n, "%s is %s; a condition must be true or false", quote(n), k)
	}
	return built
}

// splits says whether a condition is made of others.
func splits(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return n.Operator == "!" || n.Operator == "not"
	case *ast.BinaryNode:
		return isAnd(n.Operator) || isOr(n.Operator)
	case *ast.ConditionalNode:
		return true
	default:
		return false
	}
}

func isAnd(operator string) bool { return operator == "&&" || operator == "and" }
func isOr(operator string) bool  { return operator == "||" || operator == "or" }

// build compiles any part. leaves is handed on to the conditions it is made of.
func (c *compiler) build(n ast.Node, leaves bool) (node, kind) {
	switch n := n.(type) {
	case *ast.BoolNode:
		return constant{n.Value}, kindBool
	case *ast.IntegerNode:
		return constant{int64(n.Value)}, kindInt
	case *ast.FloatNode:
		return constant{n.Value}, kindFloat
	case *ast.StringNode:
		return constant{n.Value}, kindText
	case *ast.ChainNode:
		return c.build(n.Node, leaves)
	case *ast.IdentifierNode:
		return c.failName(n)
	case *ast.MemberNode:
		return c.member(n)
	case *ast.UnaryNode:
		if splits(n) {
			return not{c.test(n.Node, leaves)}, kindBool
		}
		return c.operator(n, n.Operator, n.Node)
	case *ast.BinaryNode:
		return c.binary(n, leaves)
	case *ast.ConditionalNode:
		return c.choice(n, leaves)
	case *ast.BuiltinNode:
		return c.called(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.called(n, callee.Value, n.Arguments)
		}
		return c.failMethod(n)
	default:
		return c.failUnsupported(n)
	}
}

func (c *compiler) binary(n *ast.BinaryNode, leaves bool) (node, kind) {
	switch {
	case isAnd(n.Operator):
		return all{c.test(n.Left, leaves), c.test(n.Right, leaves)}, kindBool
	case isOr(n.Operator):
		return anyOf{c.test(n.Left, leaves), c.test(n.Right, leaves)}, kindBool
	}
	switch n.Operator {
	case "??":
		return c.coalesce(n)
	case "==", "!=":
		if isNilLiteral(n.Left) || isNilLiteral(n.Right) {
			return c.isNil(n)
		}
		c.doubtComparison(n)
	case "in":
		return c.membership(n)
	case "matches":
		return c.matches(n)
	case "..":
		return c.failAt(n, "a range like 1..30 can only stand behind `in`")
	case "+", "-", "*", "/", "%", "**", "^":
	default:
		c.doubtComparison(n)
	}
	return c.operator(n, n.Operator, n.Left, n.Right)
}

func (c *compiler) choice(n *ast.ConditionalNode, leaves bool) (node, kind) {
	condition := c.test(n.Cond, leaves)
	if leaves {
		return choice{condition, c.test(n.Exp1, true), c.test(n.Exp2, true)}, kindBool
	}
	then, k1 := c.build(n.Exp1, false)
	otherwise, k2 := c.build(n.Exp2, false)
	return choice{condition, then, otherwise}, either(k1, k2)
}

func (c *compiler) coalesce(n *ast.BinaryNode) (node, kind) {
	before := len(c.reads)
	value, k1 := c.build(n.Left, false)
	fallback, k2 := c.build(n.Right, false)
	return coalesce{value, fallback, distinct(c.reads[before:])}, either(k1, k2)
}

func (c *compiler) isNil(n *ast.BinaryNode) (node, kind) {
	operand := n.Left
	if isNilLiteral(operand) {
		operand = n.Right
	}
	before := len(c.reads)
	built, _ := c.build(operand, false)
	question := isNil{built, distinct(c.reads[before:])}
	if n.Operator == "!=" {
		return not{question}, kindBool
	}
	return question, kindBool
}

func isNilLiteral(n ast.Node) bool {
	_, ok := n.(*ast.NilNode)
	return ok
}

// distinct keeps the first of each field.
func distinct(fields []*field) []*field {
	var once []*field
	for _, f := range fields {
		if !slices.ContainsFunc(once, func(o *field) bool { return o.name == f.name }) {
			once = append(once, f)
		}
	}
	return once
}
