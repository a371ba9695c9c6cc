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

// mismatch says why a step's operands do not fit. The checker's own message is
// used for functions only: of operators it does not know the operands as they
// were written.
func mismatch(n ast.Node, kinds []kind, message string) string {
	if b, ok := n.(*ast.BinaryNode); ok && len(kinds) == 2 {
		return fmt.Sprintf("`%s` does not fit: %s is %s, %s is %s", b.Operator, quote(b.Left), kinds[0], quote(b.Right), kinds[1])
	}
	switch n := n.(type) {
	case *ast.UnaryNode:
		return fmt.Sprintf("`%s` does not fit: %s is %s", n.Operator, quote(n.Node), kinds[0])
	case *ast.MemberNode:
		return fmt.Sprintf("a tag is named by a text, as in order.Tags[\"team\"]; %s is %s", quote(n.Property), kinds[1])
	default:
		return quote(n) + ": " + plainTypes(message)
	}
}

// isTooLarge recognizes the parser's message for an expression of too many
// parts.
func isTooLarge(message string) bool { return strings.HasPrefix(message, "compilation failed") }

// plainTypes puts Go's type names in a message in plainer words.
func plainTypes(message string) string {
	words := strings.NewReplacer("map[string]string", "tags", "float64", "number", "int64", "number", "string", "text",
		"bool", "true or false")
	return strings.TrimSpace(words.Replace(message))
}

// quote is a part of an expression as a message shows it.
func quote(n ast.Node) string {
	const limit = 60
	text := []rune(n.String())
	if len(text) > limit {
		return string(text[:limit]) + "…"
	}
	return string(text)
}

// children are the parts a part is directly made of.
func children(n ast.Node) []ast.Node {
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
		return present(n.Node, n.From, n.To)
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

func present(nodes ...ast.Node) []ast.Node {
	var some []ast.Node
	for _, n := range nodes {
		if n != nil {
			some = append(some, n)
		}
	}
	return some
}

// fits says whether a tree has at most limit parts. Parts that are used twice
// count twice, because everything that walks the tree meets them twice.
func fits(n ast.Node, limit int) bool {
	var count func(ast.Node, int) int
	count = func(n ast.Node, left int) int {
		left--
		for _, child := range children(n) {
			if left <= 0 {
				break
			}
			left = count(child, left)
		}
		return left
	}
	return count(n, limit) > 0
}

// begin is where a part begins: the position of its first token. The parser
// notes the position of an operator, which stands behind its left operand.
func begin(n ast.Node) int {
	first := n.Location().From
	switch n := n.(type) {
	case *ast.ConditionalNode:
		return begin(n.Cond)
	case *ast.UnaryNode:
		return min(first, begin(n.Node))
	}
	for _, child := range children(n) {
		first = min(first, begin(child))
	}
	return first
}
