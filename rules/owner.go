package rules

import (
	"fmt"
	"unicode/utf8"

	"licensewatch/license"
)

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
