package rules

import (
	"fmt"
	"slices"
	"time"

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
	return c.failAtNode(n, "%s has no fields; only %s have", quoteNode(n.Node),
		suggest.List(append(originNames(), "order.Tags", "account.Labels"), "and"))
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
	switch {
	case c.canRead(o):
	case c.scope.fleet:
		return c.failAtNode(base, "%s is of one account; a rule with `each: fleet` reads what all are together, as in %s", o.name, originFleet.exampleField())
	case o == originFleet:
		return c.failAtNode(base, "%s can be read only in a rule with `each: fleet`", o.name)
	default:
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
		return c.failAtOffset(name.Location().From, "%s has no field %s%s", o.name, name.Value,
			suggestField(o, name.Value))
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
	if o.info.Action == "" {
		return "; it has " + suggest.List(o.fieldNames(), "and")
	}
	return "; its fields are those of the API's " + o.info.Action
}

// compileTag compiles order.Tags["key"] and account.Labels["key"]; one that is not there is an
// empty text.
func (c *compiler) compileTag(n *ast.MemberNode, tags node, k valueKind) (node, valueKind) {
	operands, kinds, ok := c.compileOperands(n.Property)
	switch {
	case !ok || k == kindNone:
		return nil, kindNone
	case kinds[0] != kindText:
		return c.failAtNode(n, "a tag or label is named by a text, as in order.Tags[\"team\"]; %s is %s",
			quoteNode(n.Property),
			kinds[0])
	}
	return &operationNode{operands: append([]node{tags}, operands...), weight: 1, odd: oddKept,
		apply: func(o []any) (any, string) {
			return o[0].(map[string]string)[o[1].(string)], ""
		}}, kindText
}

// failName reports a name that is no value.
func (c *compiler) failName(n *ast.IdentifierNode) (node, valueKind) {
	if n.Value == previousName {
		return c.failAtNode(n, "previous is not a value; name a field of the previous reading, as in previous.%s",
			originCwp.exampleField())
	}
	if o := originNamed(n.Value); o != nil {
		return c.failAtNode(n, "%s is not a value; name one of its fields, as in %s", o.name, o.exampleField())
	}
	for _, o := range origins {
		if o.findField(n.Value) != nil && c.canRead(o) {
			return c.failAtNode(n, "there is no %s; did you mean %s.%s?", n.Value, o.name, n.Value)
		}
	}
	if builtinFunctions[n.Value] != nil || textFunctions[n.Value] != nil || slices.Contains(loopFunctions, n.Value) {
		return c.failAtNode(n, "%s is a function; it is called as %s(…)", n.Value, n.Value)
	}
	return c.failAtNode(n, "there is no %s%s", n.Value,
		suggest.DidYouMean(n.Value, append(originNames(), previousName, "true", "false", "nil")))
}

// previousOrigin is the origin that is written as in previous.cwp, nil when n
// is none.
func (c *compiler) previousOrigin(n ast.Node) *origin {
	member, ok := n.(*ast.MemberNode)
	if !ok {
		return nil
	}
	base, ok := unwrapChain(member.Node).(*ast.IdentifierNode)
	if !ok || base.Value != previousName {
		return nil
	}
	name, ok := member.Property.(*ast.StringNode)
	if !ok {
		return nil
	}
	if o := originNamed(name.Value); o != nil && o.isOfSource() {
		return o.inPrevious()
	}
	return nil
}

// failPrevious reports a member of previous that is no value.
func (c *compiler) failPrevious(n *ast.MemberNode) (node, valueKind) {
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		return c.failAtNode(n.Property, "name a field of the previous reading, as in previous.%s",
			originCwp.exampleField())
	}
	switch o := originNamed(name.Value); {
	case o == nil:
	case !o.isOfSource():
		return c.failAtNode(n, "previous has no %s: it is no reading; write %s", o.name, o.exampleField())
	default:
		return c.failAtNode(n, "previous.%s is not a value; name one of its fields, as in previous.%s", o.name,
			o.exampleField())
	}
	for _, o := range origins {
		if o.isOfSource() && o.findField(name.Value) != nil && c.canRead(o) {
			return c.failAtNode(n, "previous has no %s; did you mean previous.%s.%s?", name.Value, o.name, name.Value)
		}
	}
	if meant := suggest.DidYouMean(name.Value, sourceNames()); meant != "" {
		return c.failAtOffset(name.Location().From, "previous has no %s%s", name.Value, meant)
	}
	return c.failAtOffset(name.Location().From, "previous has no %s; it has %s", name.Value,
		suggest.List(sourceNames(), "and"))
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

// doubtAt reports a part of the expression that looks wrong.
func (c *compiler) doubtAt(n ast.Node, format string, args ...any) {
	c.reporter.doubt(nodeStart(n), fmt.Sprintf(format, args...))
}

// doubtComparison looks at a comparison with each side first.
func (c *compiler) doubtComparison(n *ast.BinaryNode) {
	c.doubtPercent(n, n.Left, n.Right)
	c.doubtPercent(n, n.Right, n.Left)
	c.doubtDate(n, n.Left, n.Right)
	c.doubtDate(n, n.Right, n.Left)
}

// doubtPercent warns of a share where a percentage is compared.
func (c *compiler) doubtPercent(n, side, other ast.Node) {
	if _, name := memberName(side); name != "UsedPercent" {
		return
	}
	value := literalValue(other)
	if number := toFloat(value); number > 0 && number <= 1 {
		c.doubtAt(n, "UsedPercent goes from 0 to 100, so that %s is %g %%; for %g %% write %g", quoteNode(other),
			number, number*100, number*100)
	}
}

// doubtDate warns of a date that is compared as a text.
func (c *compiler) doubtDate(n *ast.BinaryNode, side, other ast.Node) {
	base, name := memberName(side)
	switch name {
	case "Deadline", "ExpirationTime", "BuyTime", "BeginTime":
	default:
		return
	}
	instead := "rules compare dates by the days left only, as in " + base + ".DaysLeft <= 30"
	switch n.Operator {
	case "<", "<=", ">", ">=":
		c.doubtAt(n, "%s is a text, which is compared letter by letter and not as a date; %s", quoteNode(side), instead)
	case "==", "!=":
		value := literalValue(other)
		text, _ := value.(string)
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			c.doubtAt(n, "%s has a time of day as well, like %s 00:00:00, and never equals %s; %s", quoteNode(side),
				text, quoteNode(other), instead)
		}
	}
}

// memberName is the field that a part reads, also with a fallback behind it.
func memberName(n ast.Node) (base, name string) {
	switch n := unwrapChain(n).(type) {
	case *ast.MemberNode:
		if property, ok := n.Property.(*ast.StringNode); ok {
			return unwrapChain(n.Node).String(), property.Value
		}
	case *ast.BinaryNode:
		if n.Operator == "??" {
			return memberName(n.Left)
		}
	}
	return "", ""
}

// canRead says whether an expression may read the origin.
func (c *compiler) canRead(o *origin) bool {
	switch {
	case c.scope.fleet || o == originFleet:
		return c.scope.fleet && o == originFleet
	default:
		return !o.isPerOrder() || c.scope.orders
	}
}
