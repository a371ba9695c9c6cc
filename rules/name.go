package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"licensewatch/internal/suggest"
)

// member compiles a field, or the value of a tag.
func (c *compiler) member(n *ast.MemberNode) (node, kind) {
	base := unchain(n.Node)
	if name, ok := base.(*ast.IdentifierNode); ok {
		return c.field(n, name)
	}
	if o := c.previousOrigin(base); o != nil {
		return c.fieldOf(n, base, o)
	}
	if tags, ok := base.(*ast.MemberNode); ok {
		if built, k := c.member(tags); k == kindTags || k == kindNone {
			return c.tag(n, built, k)
		}
	}
	return c.failAt(n, "%s has no fields; only %s have", quote(n.Node), suggest.List(append(originNames(), "order.Tags"), "and"))
}

// unchain takes the mark of optional chaining off, which means nothing here:
// an unknown part makes the whole unknown anyway.
func unchain(n ast.Node) ast.Node {
	if chain, ok := n.(*ast.ChainNode); ok {
		return unchain(chain.Node)
	}
	return n
}

func (c *compiler) field(n *ast.MemberNode, base *ast.IdentifierNode) (node, kind) {
	if base.Value == previous {
		return c.failPrevious(n)
	}
	o := originNamed(base.Value)
	if o == nil {
		return c.failName(base)
	}
	return c.fieldOf(n, base, o)
}

// fieldOf compiles a field of an origin, which stands at base.
func (c *compiler) fieldOf(n *ast.MemberNode, base ast.Node, o *origin) (node, kind) {
	if o.isPerOrder() && !c.place.orders {
		return c.failAt(base, "%s can be read only in a rule with `each: order`", o.name)
	}
	if o.present != nil && c.place.state {
		return c.failAt(base, "%s can be read here only when the rule's `when` reads previous as well: a change lasts for one run, and the finding does not", o.name)
	}
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		return c.failAt(n.Property, "name the field of %s, as in %s", o.name, o.example())
	}
	f := o.field(name.Value)
	if f == nil {
		return c.fail(name.Location().From, "%s has no field %s%s", o.name, name.Value, suggestField(o, name.Value))
	}
	c.reads = append(c.reads, f)
	return read{f}, f.kind
}

// suggestField names the field that was meant, or whose field it is.
func suggestField(o *origin, name string) string {
	if meant := suggest.DidYouMean(name, o.fieldNames()); meant != "" {
		return meant
	}
	for _, other := range origins {
		if other.field(name) != nil && o.present != nil {
			return "; it is a field of " + other.previous().name
		}
		if other.field(name) != nil {
			return "; it is a field of " + other.name
		}
	}
	return "; its fields are those of the API's " + o.info.Action
}

// tag compiles order.Tags["key"]; a tag that is not there is an empty text.
func (c *compiler) tag(n *ast.MemberNode, tags node, k kind) (node, kind) {
	operands, kinds, ok := c.operands(n.Property)
	switch {
	case !ok || k == kindNone:
		return nil, kindNone
	case kinds[0] != kindText:
		return c.failAt(n, "a tag is named by a text, as in order.Tags[\"team\"]; %s is %s", quote(n.Property), kinds[0])
	}
	return &step{operands: append([]node{tags}, operands...), weight: 1, odd: oddKept, apply: func(o []any) (any, string) {
		return o[0].(map[string]string)[o[1].(string)], ""
	}}, kindText
}

// failName reports a name that is no value.
func (c *compiler) failName(n *ast.IdentifierNode) (node, kind) {
	if n.Value == previous {
		return c.failAt(n, "previous is not a value; name a field of the previous reading, as in previous.%s", originCwp.example())
	}
	if o := originNamed(n.Value); o != nil {
		return c.failAt(n, "%s is not a value; name one of its fields, as in %s", o.name, o.example())
	}
	for _, o := range origins {
		if o.field(n.Value) != nil && (o != originOrder || c.place.orders) {
			return c.failAt(n, "there is no %s; did you mean %s.%s?", n.Value, o.name, n.Value)
		}
	}
	if builtins[n.Value] != nil || textFunctions[n.Value] != nil || slices.Contains(loops, n.Value) {
		return c.failAt(n, "%s is a function; it is called as %s(…)", n.Value, n.Value)
	}
	return c.failAt(n, "there is no %s%s", n.Value, suggest.DidYouMean(n.Value, append(originNames(), previous, "true", "false", "nil")))
}

// failMethod reports a call of what is no function.
func (c *compiler) failMethod(n *ast.CallNode) (node, kind) {
	if member, ok := n.Callee.(*ast.MemberNode); ok {
		if inner, ok := member.Node.(*ast.BuiltinNode); ok { // now().Year(): now is the mistake
			if _, k := c.build(inner, false); k == kindNone {
				return nil, kindNone
			}
		}
	}
	return c.failAt(n, "%s cannot be called; fields are written without ()", quote(n.Callee))
}

// failUnsupported reports the parts of the expression language that a
// three-valued condition cannot be made of.
func (c *compiler) failUnsupported(n ast.Node) (node, kind) {
	switch n := n.(type) {
	case *ast.NilNode:
		return c.failAt(n, "nil can only be compared, as in order.Deadline == nil")
	case *ast.VariableDeclaratorNode:
		return c.failAt(n, "`let` is not supported; write the value where it is used")
	case *ast.SequenceNode:
		return c.failAt(n, "`;` is not supported; write one expression, joined by && or ||")
	case *ast.ArrayNode:
		return c.failAt(n, "a list can only stand behind `in`")
	case *ast.MapNode:
		return c.failAt(n, "{…} is not supported in an expression")
	case *ast.SliceNode:
		return c.failAt(n, "[a:b] is not supported; use startsWith, endsWith, contains or matches")
	default:
		return c.failAt(n, "%s is not supported in a rule", quote(n))
	}
}
