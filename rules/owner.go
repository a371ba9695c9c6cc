package rules

import (
	"fmt"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"licensewatch/license"
)

// setOwner compiles a file's own expression for who looks after an order. A file
// that extends another one and has none keeps that one's.
func (l *loader) setOwner(d *ruleFile, n *yaml.Node) {
	if n != nil {
		l.owner = l.compileLaterValue(locatedValue{d, n}, "owner", exprScope{orders: true, state: true}, (*compiler).compileText)
	}
}

// ownerNode is who looks after the order that is judged; empty when nobody is known
// to.
type ownerNode struct{}

func (ownerNode) eval(f *frame) evalResult {
	if f.order == nil {
		return knownResult("")
	}
	if name, ok := f.owner.eval(f).value.(string); ok {
		return knownResult(name)
	}
	return knownResult("")
}

// orderNameNode is the order that is judged, as its readers know it: its name, and what
// the customer calls it.
type orderNameNode struct{ language license.Language }

func (n orderNameNode) eval(f *frame) evalResult {
	if f.order == nil || f.order.Name() == "" {
		return evalResult{missing: []string{originOrder.findField("ResourceId").name}}
	}
	name := f.order.Name()
	if alias := f.order.Alias; alias != nil && *alias != "" {
		name += fmt.Sprintf(wordsOf(n.language).alias, shortAlias(*alias))
	}
	return knownResult(name)
}

// maxAlias is how many characters a text has of what the customer calls an order: behind a
// longer name nobody would see what is said of it.
const maxAlias = 72

// shortAlias is the alias, cut where it is too long.
func shortAlias(alias string) string {
	n := 0
	for i := range alias {
		if n++; n == maxAlias && utf8.RuneCountInString(alias[i:]) > 1 {
			return alias[:i] + "…"
		}
	}
	return alias
}
