package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// An expression that ends too early, as the parser says it and as we do.
const (
	syntaxEnd = "unexpected token EOF"
	endsEarly = "the expression ends too early"
)

// tokenName matches the parser's way to print a token, as in Operator("&&").
const tokenName = `(Operator|Bracket|Identifier|Number|String|Bytes)\("(.*)"\)`

// plainSyntax puts a message of the parser in plainer words.
func plainSyntax(message string) string {
	switch {
	case message == syntaxEnd || message == "unexpected end of expression":
		return endsEarly
	case isTooLarge(message):
		return "the expression has too many parts; split it into several rules"
	case strings.HasPrefix(message, "invalid integer literal") || strings.HasPrefix(message, "invalid float literal"):
		return "a number in the expression is too large"
	case strings.HasPrefix(message, "Operator (") && strings.Contains(message, "??"):
		return "`??` needs parentheses beside another operator, as in (x ?? 0) == 1"
	default:
		return "the expression cannot be read: " + regexp.MustCompile(tokenName).ReplaceAllString(message, "`$2`")
	}
}

// explainMismatch says why the operands of an operator do not fit.
func explainMismatch(n ast.Node, kinds []valueKind) string {
	switch n := n.(type) {
	case *ast.BinaryNode:
		return fmt.Sprintf("`%s` does not fit: %s is %s, %s is %s", n.Operator, quoteNode(n.Left), kinds[0],
			quoteNode(n.Right), kinds[1])
	case *ast.UnaryNode:
		return fmt.Sprintf("`%s` does not fit: %s is %s", n.Operator, quoteNode(n.Node), kinds[0])
	default:
		return quoteNode(n) + " does not fit"
	}
}

// isTooLarge recognizes the parser's message for an expression of too many
// parts.
func isTooLarge(message string) bool { return strings.HasPrefix(message, "compilation failed") }

// quoteNode gives a part of an expression as a message shows it.
func quoteNode(n ast.Node) string {
	const limit = 60
	text := []rune(n.String())
	if len(text) > limit {
		return string(text[:limit]) + "…"
	}
	return string(text)
}

// childNodes are the parts a part is directly made of.
func childNodes(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		return []ast.Node{n.Node}
	case *ast.BinaryNode:
		return []ast.Node{n.Left, n.Right}
	case *ast.ChainNode:
		return []ast.Node{n.Node}
	case *ast.MemberNode:
		return []ast.Node{n.Node, n.Property}
	case *ast.SliceNode:
		return presentNodes(n.Node, n.From, n.To)
	case *ast.CallNode:
		return append([]ast.Node{n.Callee}, n.Arguments...)
	case *ast.BuiltinNode:
		return n.Arguments
	case *ast.PredicateNode:
		return []ast.Node{n.Node}
	case *ast.ConditionalNode:
		return []ast.Node{n.Cond, n.Exp1, n.Exp2}
	case *ast.VariableDeclaratorNode:
		return []ast.Node{n.Value, n.Expr}
	case *ast.SequenceNode:
		return n.Nodes
	case *ast.ArrayNode:
		return n.Nodes
	case *ast.MapNode:
		return n.Pairs
	case *ast.PairNode:
		return []ast.Node{n.Key, n.Value}
	default:
		return nil
	}
}

func presentNodes(nodes ...ast.Node) []ast.Node {
	var some []ast.Node
	for _, n := range nodes {
		if n != nil {
			some = append(some, n)
		}
	}
	return some
}

// fitsLimit says whether a tree has at most limit parts. Parts that are used twice
// count twice, because everything that walks the tree meets them twice.
func fitsLimit(n ast.Node, limit int) bool {
	var count func(ast.Node, int) int
	count = func(n ast.Node, left int) int {
		left--
		for _, child := range childNodes(n) {
			if left <= 0 {
				break
			}
			left = count(child, left)
		}
		return left
	}
	return count(n, limit) > 0
}

// nodeStart is where a part begins: the position of its first token. The parser
// notes the position of an operator, which stands behind its left operand.
func nodeStart(n ast.Node) int {
	first := n.Location().From
	switch n := n.(type) {
	case *ast.ConditionalNode:
		return nodeStart(n.Cond)
	case *ast.UnaryNode:
		return min(first, nodeStart(n.Node))
	}
	for _, child := range childNodes(n) {
		first = min(first, nodeStart(child))
	}
	return first
}
