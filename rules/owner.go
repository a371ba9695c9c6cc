package rules

import (
	"fmt"

	"github.com/expr-lang/expr/ast"
	"go.yaml.in/yaml/v4"

	"licensewatch/license"
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

// nameOf is the order that is judged, as its readers know it: its name, and what
// the customer calls it.
type nameOf struct{ language license.Language }

func (n nameOf) eval(f *frame) answer {
	if f.order == nil || f.order.Name() == "" {
		return answer{missing: []string{originOrder.field("ResourceId").name}}
	}
	name := f.order.Name()
	if alias := f.order.Alias; alias != nil && *alias != "" {
		name += fmt.Sprintf(wordsOf(n.language).alias, *alias)
	}
	return known(name)
}

// orderCall compiles owner() and name(), which write of the order that is judged.
func (c *compiler) orderCall(n ast.Node, function, instead string, arguments []ast.Node, built node) (node, kind) {
	switch {
	case c.place.language == "":
		return c.failAt(n, "%s() works only in texts; read %s instead", function, instead)
	case len(arguments) > 0:
		return c.failAt(n, "%s() takes no value", function)
	case !c.place.orders:
		return c.failAt(n, "%s() is about an order; it can be used only in a rule with `each: order`", function)
	}
	return built, kindText
}
