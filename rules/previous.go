package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// previousName is the name of the previous reading: previous.cwp.LicenseCnt is what
// cwp.LicenseCnt was in it.
const previousName = "previous"

// previousOrigins are the origins of the previous reading, in the order of
// origins.
var previousOrigins = func() []*origin {
	all := make([]*origin, len(origins))
	for i, o := range origins {
		p := *o
		p.name, p.present = previousName+"."+o.name, o
		all[i] = &p
	}
	return all
}()

// inPrevious is what an origin of this reading was in the previous one.
func (o *origin) inPrevious() *origin { return previousOrigins[slices.Index(origins, o)] }

// isPerOrder says whether the origin is one order and not the account.
func (o *origin) isPerOrder() bool { return o.source == license.SourceOrders }

// previousField is the field of an origin of the previous reading, nil when
// there is none.
func (o *origin) previousField(name string) *field {
	present := o.present.findField(name)
	if present == nil {
		return nil
	}
	f := &field{origin: o, name: previousName + "." + present.name, kind: present.kind, read: func(r *readings) any {
		if r.before == nil || o.isPerOrder() && r.before.order == nil {
			return nil
		}
		return present.read(r.before)
	}}
	if present.check != nil {
		f.check = func(r *readings, value any) oddity { return present.check(r.before, value) }
	}
	return f
}

// readsPrevious says whether a field of the previous reading is read, of the
// given origin when there is one.
func (e *expression) readsPrevious(of ...*origin) bool {
	return e != nil && slices.ContainsFunc(e.reads, func(f *field) bool {
		return f.origin.present != nil && (len(of) == 0 || slices.Contains(of, f.origin.present))
	})
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
	if o := originNamed(name.Value); o != nil {
		return o.inPrevious()
	}
	return nil
}

// failPrevious reports a member of previous that is no value.
func (c *compiler) failPrevious(n *ast.MemberNode) (node, valueKind) {
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		return c.failAtNode(n.Property, "name a field of the previous reading, as in previous.%s", originCwp.exampleField())
	}
	if o := originNamed(name.Value); o != nil {
		return c.failAtNode(n, "previous.%s is not a value; name one of its fields, as in previous.%s", o.name, o.exampleField())
	}
	for _, o := range origins {
		if o.findField(name.Value) != nil && (o != originOrder || c.scope.orders) {
			return c.failAtNode(n, "previous has no %s; did you mean previous.%s.%s?", name.Value, o.name, name.Value)
		}
	}
	if meant := suggest.DidYouMean(name.Value, originNames()); meant != "" {
		return c.failAtOffset(name.Location().From, "previous has no %s%s", name.Value, meant)
	}
	return c.failAtOffset(name.Location().From, "previous has no %s; it has %s", name.Value, suggest.List(originNames(), "and"))
}
