package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"
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

// exprScope says where an expression stands, which decides what it may use.
type exprScope struct {
	orders   bool             // in a rule that judges each order
	fleet    bool             // in a rule about the fleet
	state    bool             // where a change cannot be asked for: in a rule about a state
	language license.Language // of the text it stands in; empty in a condition
}

// problemReporter takes what is found in an expression: how many characters into it that
// begins, and what it is.
type problemReporter struct {
	mistake func(offset int, text string)
	doubt   func(offset int, text string) // it looks wrong, and may be meant
}

// discardReporter is for expressions that were checked before.
var discardReporter = problemReporter{func(int, string) {}, func(int, string) {}}

// startingAt is a report about a part that begins so many characters into the whole.
func (r problemReporter) startingAt(start int) problemReporter {
	return problemReporter{
		mistake: func(offset int, text string) { r.mistake(start+offset, text) },
		doubt:   func(offset int, text string) { r.doubt(start+offset, text) },
	}
}

// compiler turns expressions into nodes. It serves one goroutine; the zero
// value is ready.
type compiler struct {
	config *conf.Config // of the parser

	// Of the expression at hand:
	scope    exprScope
	source   file.Source
	reporter problemReporter
	failed   bool
	reads    []*field
}

// compileCondition compiles an expression that must be true or false. It returns nil
// when there are mistakes; all of them have been reported.
func (c *compiler) compileCondition(text string, at exprScope, to problemReporter) *expression {
	tree := c.parseExpression(text, at, to)
	if tree == nil {
		return nil
	}
	return c.finishExpression(c.compileTest(tree, true), kindBool)
}

// compileNumber compiles an expression that must be a number. It returns nil when there
// are mistakes; all of them have been reported.
func (c *compiler) compileNumber(text string, at exprScope, to problemReporter) *expression {
	return c.compileTyped(text, at, to, kindFloat)
}

// compileText compiles an expression that must be a text. It returns nil when there are
// mistakes; all of them have been reported.
func (c *compiler) compileText(text string, at exprScope, to problemReporter) *expression {
	return c.compileTyped(text, at, to, kindText)
}

func (c *compiler) compileTyped(text string, at exprScope, to problemReporter, want valueKind) *expression {
	tree := c.parseExpression(text, at, to)
	if tree == nil {
		return nil
	}
	root, k := c.compileNode(tree, false)
	if k != kindNone && !k.comparesWith(want) {
		c.failAtNode(tree, "%s is %s; it must be %s", quoteNode(tree), k, want)
	}
	return c.finishExpression(root, k)
}

// compileValue compiles an expression that is printed in a text. It returns nil when
// there are mistakes; all of them have been reported.
func (c *compiler) compileValue(text string, at exprScope, to problemReporter) *expression {
	tree := c.parseExpression(text, at, to)
	if tree == nil {
		return nil
	}
	return c.finishExpression(c.compileNode(tree, false))
}

// compileTemplate compiles a text. It returns nil when there are mistakes; all of them
// have been reported.
func (c *compiler) compileTemplate(text string, at exprScope, to problemReporter) *template {
	t := &template{language: at.language}
	if len(text) > maxText {
		to.mistake(0, "the text is longer than 2000 bytes")
		return nil
	}
	valid, offset := true, 0
	for text != "" {
		literal, rest, found := strings.Cut(text, "{{")
		t.addLiteral(literal)
		if !found {
			break
		}
		offset += utf8.RuneCountInString(literal) + 2
		source, after, closed := cutExpression(rest)
		if !closed {
			to.mistake(offset-2, "{{ is not closed by }}")
			return nil
		}
		if e := c.compileEmbedded(source, at, offset, to); e != nil {
			t.pieces = append(t.pieces, templatePiece{expression: e})
		} else {
			valid = false
		}
		offset += utf8.RuneCountInString(source) + 2
		text = after
	}
	if !valid {
		return nil
	}
	return t
}

// compileEmbedded compiles the expression between {{ and }}, offset characters into
// the text.
func (c *compiler) compileEmbedded(source string, at exprScope, offset int, to problemReporter) *expression {
	if strings.TrimSpace(source) == "" {
		to.mistake(offset, "there is no expression between {{ and }}")
		return nil
	}
	return c.compileValue(source, at, to.startingAt(offset))
}

func (c *compiler) finishExpression(root node, k valueKind) *expression {
	if c.failed {
		return nil
	}
	return &expression{root: root, kind: k, reads: distinctFields(c.reads)}
}

// parseExpression begins a new expression and returns its tree, nil when it has none.
func (c *compiler) parseExpression(text string, at exprScope, to problemReporter) ast.Node {
	if c.config == nil {
		c.config = &conf.Config{MaxNodes: maxNodes} // all that the parser reads; CreateNew copies a table of functions
	}
	c.scope, c.reporter, c.failed, c.reads, c.source = at, to, false, nil, file.NewSource(text)
	if len(text) > maxExpression {
		c.failAtOffset(0, "the expression is longer than %d bytes", maxExpression)
		return nil
	}
	tree, err := parser.ParseWithConfig(text, c.config)
	if err != nil {
		c.failSyntax(text, err)
		return nil
	}
	if !fitsLimit(tree.Node, maxNodes) {
		c.failAtOffset(0, "the expression has too many parts; split it into several rules")
		return nil
	}
	return tree.Node
}

// failAtOffset reports a mistake.
func (c *compiler) failAtOffset(offset int, format string, args ...any) (node, valueKind) {
	c.failed = true
	c.reporter.mistake(offset, fmt.Sprintf(format, args...))
	return nil, kindNone
}

// failAtNode reports a mistake where a part of the expression begins.
func (c *compiler) failAtNode(n ast.Node, format string, args ...any) (node, valueKind) {
	return c.failAtOffset(nodeStart(n), format, args...)
}

// failSyntax reports what the parser could not read.
func (c *compiler) failSyntax(text string, err error) {
	located, ok := errors.AsType[*file.Error](err)
	if !ok {
		located = &file.Error{Message: err.Error()}
	}
	offset, length := located.From, utf8.RuneCountInString(text)
	switch {
	case offset > length || located.Message == syntaxEnd:
		offset = length
	case isTooLarge(located.Message):
		offset = 0
	}
	c.failAtOffset(offset, "%s", plainSyntax(located.Message))
}

// compileTest compiles a part that must be true or false. With leaves its leaves note
// themselves as evidence.
func (c *compiler) compileTest(n ast.Node, leaves bool) node {
	if leaves && !isComposite(n) {
		before := len(c.reads)
		condition := c.compileTest(n, false)
		return &leafNode{node: condition, text: sync.OnceValue(n.String), reads: distinctFields(c.reads[before:])}
	}
	built, k := c.compileNode(n, leaves)
	if k != kindBool && k != kindNone {
		c.failAtNode(n, "%s is %s; a condition must be true or false", quoteNode(n), k)
	}
	return built
}

// isComposite says whether a condition is made of others.
func isComposite(n ast.Node) bool {
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

// compileNode compiles any part. leaves is handed on to the conditions it is made of.
func (c *compiler) compileNode(n ast.Node, leaves bool) (node, valueKind) {
	switch n := n.(type) {
	case *ast.BoolNode:
		return constantNode{n.Value}, kindBool
	case *ast.IntegerNode:
		return constantNode{int64(n.Value)}, kindInt
	case *ast.FloatNode:
		return constantNode{n.Value}, kindFloat
	case *ast.StringNode:
		return constantNode{n.Value}, kindText
	case *ast.ChainNode:
		return c.compileNode(n.Node, leaves)
	case *ast.IdentifierNode:
		return c.failName(n)
	case *ast.MemberNode:
		return c.compileMember(n)
	case *ast.UnaryNode:
		if isComposite(n) {
			return notNode{c.compileTest(n.Node, leaves)}, kindBool
		}
		return c.compileOperator(n, n.Operator, n.Node)
	case *ast.BinaryNode:
		return c.compileBinary(n, leaves)
	case *ast.ConditionalNode:
		return c.compileConditional(n, leaves)
	case *ast.BuiltinNode:
		return c.compileCall(n, n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.compileCall(n, callee.Value, n.Arguments)
		}
		return c.failMethod(n)
	default:
		return c.failUnsupported(n)
	}
}

// distinctFields keeps the first of each field.
func distinctFields(fields []*field) []*field {
	var once []*field
	for _, f := range fields {
		if !slices.ContainsFunc(once, func(o *field) bool { return o.name == f.name }) {
			once = append(once, f)
		}
	}
	return once
}
