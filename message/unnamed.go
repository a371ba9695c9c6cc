package message

import (
	"strings"
)

// unnamedFacts are the facts that the report's message does not name when it shows so many
// rows. Those of a group are named together.
func (c *composer) unnamedFacts(rows int) (facts []string) {
	if c.lead == leadFinding || c.lead == leadResolved { // the first item is the headline
		rows = max(rows, 1)
	}
	items, over, shown := c.items[min(rows, len(c.items)):], resolvedInOrder(*c.report), c.bounds.resolved
	if c.listsOnlyResolved() {
		shown = rows
	}
	for _, i := range items {
		for k := range i.findings {
			facts = append(facts, i.findings[k].Fact())
		}
	}
	ends := map[string]int{} // by rule; what many orders have in common is told by their number
	for _, o := range over {
		rule, _, _ := strings.Cut(o.Key, "/")
		ends[rule]++
	}
	for k := shown; k < len(over); k++ {
		if rule, _, _ := strings.Cut(over[k].Key, "/"); ends[rule] < groupFrom {
			facts = append(facts, over[k].Fact())
		}
	}
	return append(facts, c.watch.unnamedFacts()...)
}
