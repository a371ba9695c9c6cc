package rules

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// previous is the name of the previous reading: previous.cwp.LicenseCnt is what
// cwp.LicenseCnt was in it.
const previous = "previous"

// previousOrigins are the origins of the previous reading, in the order of
// origins.
var previousOrigins = func() []*origin {
	all := make([]*origin, len(origins))
	for i, o := range origins {
		p := *o
		p.name, p.present = previous+"."+o.name, o
		all[i] = &p
	}
	return all
}()

// previous is what an origin of this reading was in the previous one.
func (o *origin) previous() *origin { return previousOrigins[slices.Index(origins, o)] }

// isPerOrder says whether the origin is one order and not the account.
func (o *origin) isPerOrder() bool { return o.source == license.SourceOrders }

// previousField is the field of an origin of the previous reading, nil when
// there is none.
func (o *origin) previousField(name string) *field {
	present := o.present.field(name)
	if present == nil {
		return nil
	}
	f := &field{origin: o, name: previous + "." + present.name, kind: present.kind, read: func(r *readings) any {
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
	base, ok := unchain(member.Node).(*ast.IdentifierNode)
	if !ok || base.Value != previous {
		return nil
	}
	name, ok := member.Property.(*ast.StringNode)
	if !ok {
		return nil
	}
	if o := originNamed(name.Value); o != nil {
		return o.previous()
	}
	return nil
}

// failPrevious reports a member of previous that is no value.
func (c *compiler) failPrevious(n *ast.MemberNode) (node, kind) {
	name, ok := n.Property.(*ast.StringNode)
	if !ok {
		return c.failAt(n.Property, "name a field of the previous reading, as in previous.%s", originCwp.example())
	}
	if o := originNamed(name.Value); o != nil {
		return c.failAt(n, "previous.%s is not a value; name one of its fields, as in previous.%s", o.name, o.example())
	}
	for _, o := range origins {
		if o.field(name.Value) != nil && (o != originOrder || c.place.orders) {
			return c.failAt(n, "previous has no %s; did you mean previous.%s.%s?", name.Value, o.name, name.Value)
		}
	}
	if meant := suggest.DidYouMean(name.Value, originNames()); meant != "" {
		return c.fail(name.Location().From, "previous has no %s%s", name.Value, meant)
	}
	return c.fail(name.Location().From, "previous has no %s; it has %s", name.Value, suggest.List(originNames(), "and"))
}
