package rules

import (
	"github.com/expr-lang/expr/ast"
	"go.yaml.in/yaml/v4"
)

// setOwner compiles a file's own expression for who looks after an order. A file
// that extends another one and has none keeps that one's.
func (l *loader) setOwner(d *document, n *yaml.Node) {
	if n != nil {
		l.owner = l.laterAt(located{d, n}, "owner", place{orders: true, state: true}, (*compiler).text)
	}
}

// ownerOf is who looks after the order that is judged; empty when nobody is known
// to.
type ownerOf struct{}

func (ownerOf) eval(f *frame) answer {
	if f.order == nil {
		return known("")
	}
	if name, ok := f.owner.eval(f).value.(string); ok {
		return known(name)
	}
	return known("")
}

// ownerCall compiles owner().
func (c *compiler) ownerCall(n ast.Node, arguments []ast.Node) (node, kind) {
	switch {
	case c.place.language == "":
		return c.failAt(n, "owner() works only in texts; read order.Tags instead")
	case len(arguments) > 0:
		return c.failAt(n, "owner() takes no value")
	case !c.place.orders:
		return c.failAt(n, "owner() is about an order; it can be used only in a rule with `each: order`")
	}
	return ownerOf{}, kindText
}
