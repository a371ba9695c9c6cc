package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"licensewatch/internal/suggest"
)

// compileMember compiles a field, or the value of a tag.
func (c *compiler) compileMember(n *ast.MemberNode) (node, valueKind) {
	base := unwrapChain(n.Node)
	if name, ok := base.(*ast.IdentifierNode); ok {
		return c.compileField(n, name)
	}
	if o := c.previousOrigin(base); o != nil {
		return c.compileFieldOf(n, base, o)
	}
	if tags, ok := base.(*ast.MemberNode); ok {
		if built, k := c.compileMember(tags); k == kindTags || k == kindNone {
			return c.compileTag(n, built, k)
		}
	}
	return c.failAtNode(n, "%s has no fields; only %s have", quoteNode(n.Node), suggest.List(append(originNames(), "order.Tags"), "and"))
}

// unwrapChain takes the mark of optional chaining off, which means nothing here:
// an unknown part makes the whole unknown anyway.
func unwrapChain(n ast.Node) ast.Node {
	if chain, ok := n.(*ast.ChainNode); ok {
		return unwrapChain(chain.Node)
	}
	return n
}

func (c *compiler) compileField(n *ast.MemberNode, base *ast.IdentifierNode) (node, valueKind) {
	if base.Value == previousName {
		return c.failPrevious(n)
	}
	o := originNamed(base.Value)
	if o == nil {
		return c.failName(base)
	}
	return c.compileFieldOf(n, base, o)
}

// compileFieldOf compiles a field of an origin, which stands at base.
func (c *compiler) compileFieldOf(n *ast.MemberNode, base ast.Node, o *origin) (node, valueKind) {
	if o.isPerOrder() && !c.scope.orders {
		return c.failAtNode(base, "%s can be read only in a rule with `each: order`", o.name)
	}
	if o.present != nil && c.scope.state {
		return c.failAtNode(base, "%s can be read here only when the rule's `when` reads previous as well: a change lasts for one run, and the finding does not", o.name)
	}
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		return c.failAtNode(n.Property, "name the field of %s, as in %s", o.name, o.exampleField())
	}
	f := o.findField(name.Value)
	if f == nil {
		return c.failAtOffset(name.Location().From, "%s has no field %s%s", o.name, name.Value, suggestField(o, name.Value))
	}
	c.reads = append(c.reads, f)
	return fieldNode{f}, f.kind
}

// suggestField names the field that was meant, or whose field it is.
func suggestField(o *origin, name string) string {
	if meant := suggest.DidYouMean(name, o.fieldNames()); meant != "" {
		return meant
	}
	for _, other := range origins {
		if other.findField(name) != nil && o.present != nil {
			return "; it is a field of " + other.inPrevious().name
		}
		if other.findField(name) != nil {
			return "; it is a field of " + other.name
		}
	}
	return "; its fields are those of the API's " + o.info.Action
}

// compileTag compiles order.Tags["key"]; a tag that is not there is an empty text.
func (c *compiler) compileTag(n *ast.MemberNode, tags node, k valueKind) (node, valueKind) {
	operands, kinds, ok := c.compileOperands(n.Property)
	switch {
	case !ok || k == kindNone:
		return nil, kindNone
	case kinds[0] != kindText:
		return c.failAtNode(n, "a tag is named by a text, as in order.Tags[\"team\"]; %s is %s", quoteNode(n.Property), kinds[0])
	}
	return &operationNode{operands: append([]node{tags}, operands...), weight: 1, odd: oddKept, apply: func(o []any) (any, string) {
		return o[0].(map[string]string)[o[1].(string)], ""
	}}, kindText
}

// failName reports a name that is no value.
func (c *compiler) failName(n *ast.IdentifierNode) (node, valueKind) {
	if n.Value == previousName {
		return c.failAtNode(n, "previous is not a value; name a field of the previous reading, as in previous.%s", originCwp.exampleField())
	}
	if o := originNamed(n.Value); o != nil {
		return c.failAtNode(n, "%s is not a value; name one of its fields, as in %s", o.name, o.exampleField())
	}
	for _, o := range origins {
		if o.findField(n.Value) != nil && (o != originOrder || c.scope.orders) {
			return c.failAtNode(n, "there is no %s; did you mean %s.%s?", n.Value, o.name, n.Value)
		}
	}
	if builtinFunctions[n.Value] != nil || textFunctions[n.Value] != nil || slices.Contains(loopFunctions, n.Value) {
		return c.failAtNode(n, "%s is a function; it is called as %s(…)", n.Value, n.Value)
	}
	return c.failAtNode(n, "there is no %s%s", n.Value, suggest.DidYouMean(n.Value, append(originNames(), previousName, "true", "false", "nil")))
}

// failMethod reports a call of what is no function.
func (c *compiler) failMethod(n *ast.CallNode) (node, valueKind) {
	if member, ok := n.Callee.(*ast.MemberNode); ok {
		if inner, ok := member.Node.(*ast.BuiltinNode); ok { // now().Year(): now is the mistake
			if _, k := c.compileNode(inner, false); k == kindNone {
				return nil, kindNone
			}
		}
	}
	return c.failAtNode(n, "%s cannot be called; fields are written without ()", quoteNode(n.Callee))
}

// failUnsupported reports the parts of the expression language that a
// three-valued condition cannot be made of.
func (c *compiler) failUnsupported(n ast.Node) (node, valueKind) {
	switch n := n.(type) {
	case *ast.NilNode:
		return c.failAtNode(n, "nil can only be compared, as in order.Deadline == nil")
	case *ast.VariableDeclaratorNode:
		return c.failAtNode(n, "`let` is not supported; write the value where it is used")
	case *ast.SequenceNode:
		return c.failAtNode(n, "`;` is not supported; write one expression, joined by && or ||")
	case *ast.ArrayNode:
		return c.failAtNode(n, "a list can only stand behind `in`")
	case *ast.MapNode:
		return c.failAtNode(n, "{…} is not supported in an expression")
	case *ast.SliceNode:
		return c.failAtNode(n, "[a:b] is not supported; use startsWith, endsWith, contains or matches")
	default:
		return c.failAtNode(n, "%s is not supported in a rule", quoteNode(n))
	}
}
