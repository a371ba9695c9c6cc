package rules

import (
	"time"

	"licensewatch/license"
)

// What follows is for people who ask about rules. No run needs it.

// Description is a rule as its file has it, switched off or not.
type Description struct {
	ID       string
	Severity license.Severity
	Each     bool // judged once for every order
	Fleet    bool // about all accounts together
	Change   bool // compares with the reading before
	Enabled  bool
	// Place is "file:line" of what decides about it: of its condition, or of what
	// switches it off.
	Place string

	When     Condition
	Info     *Condition       // nil: never info by itself
	Critical *Condition       // nil: never critical by itself
	Clear    *Condition       // what ends it; nil: When is false
	Sources  []license.Source // that its condition reads, in its order

	CoveredBy   []string   // rules that tell of it already while they fire
	CoveredWhen *Condition // when they count; nil: always

	Measure  string    // an expression; empty: it has none
	WorseBy  float64   // how much more of it is worse; 0: nothing
	WorseAt  []float64 // the measures that are worse each, smallest first
	Machines string    // an expression; empty: those of the order

	RemindAt    []int64       // days left, greatest first
	RemindEvery time.Duration // 0: not at intervals
	RemindLater time.Duration // in place of RemindEvery after a week; 0: nothing
}

// Condition is an expression as it is written, and how its answer comes about.
type Condition struct {
	Text string
	Tree Branch
}

// Branch is a part of a condition: an operator and what it stands between, or a
// leaf, which is judged as a whole. The leaves are in the order of a finding's
// evidence: those of when, and behind them those of info_when, critical_when and
// covered_when of a finding that fires, or those of clear_when of one that does not.
// A finding that lingers has those of when, clear_when, info_when, critical_when and
// covered_when.
type Branch struct {
	Operator string // "&&", "||", "!" or "?:"; empty for a leaf
	Parts    []Branch
}

// Leaves counts the leaves of the branch.
func (b Branch) Leaves() int {
	if b.Operator == "" {
		return 1
	}
	n := 0
	for _, part := range b.Parts {
		n += part.Leaves()
	}
	return n
}

// Answer is the branch's answer when its leaves have these, one for each.
func (b Branch) Answer(leaves []license.State) license.State {
	return b.nodeOf(&leaves).eval(nil).findingState()
}

// nodeOf gives the branch the logic of a condition again, with the leaves' answers
// in their places.
func (b Branch) nodeOf(leaves *[]license.State) node {
	parts := make([]node, len(b.Parts))
	for i, part := range b.Parts {
		parts[i] = part.nodeOf(leaves)
	}
	switch b.Operator {
	case "&&":
		return andNode{parts[0], parts[1]}
	case "||":
		return orNode{parts[0], parts[1]}
	case "!":
		return notNode{parts[0]}
	case "?:":
		return conditionalNode{parts[0], parts[1], parts[2]}
	}
	state := (*leaves)[0]
	*leaves = (*leaves)[1:]
	if state == license.Unknown {
		return constantNode{} // nil: not known
	}
	return constantNode{state == license.Firing}
}

// Describe describes the rules of a file, which Load reads, in their order; no
// data stands for the built-in rules. It fails where Load finds a mistake in a rule.
func Describe(name string, data []byte) ([]Description, error) {
	l := &loader{}
	var entries []*ruleEntry
	if data == nil {
		entries = append(l.builtinEntries(stateFile), l.builtinEntries(changeFile)...)
	} else {
		entries = l.readEntries(l.newRuleFile(name, string(data)))
	}
	var all []Description
	for _, e := range entries {
		if r, enabled := l.compileRule(e); len(l.problems) == 0 {
			all = append(all, e.describeRule(r, enabled))
		}
	}
	checkCovers(entries)
	if err := asError(l.problems, string(data)); err != nil {
		return nil, err
	}
	return all, nil
}

func (e *ruleEntry) describeRule(r *rule, enabled bool) Description {
	d := Description{
		ID: r.id, Severity: r.severity, Each: r.each, Fleet: r.fleet, Change: r.change, Enabled: enabled,
		Place: e.values["when"].fileLine(),
		When:  e.conditionOf("when", r.when), Info: e.laterCondition("info_when", r.info),
		Critical: e.laterCondition("critical_when", r.critical),
		Clear:    e.laterCondition("clear_when", r.clear), CoveredBy: r.coveredBy,
		CoveredWhen: e.laterCondition("covered_when", r.coveredWhen),
		WorseBy:     r.worseBy, WorseAt: r.worseAt, Machines: e.values["machines"].scalarValue(),
		RemindAt: r.remindAt, RemindEvery: r.remindEvery, RemindLater: r.remindLater,
	}
	if r.measure != nil {
		d.Measure = e.values["measure"].scalarValue()
	}
	if !enabled {
		d.Place = e.values["enabled"].fileLine()
	}
	d.Sources = r.sourcesRead()
	return d
}

func (e *ruleEntry) conditionOf(key string, compiled *expression) Condition {
	return Condition{Text: e.values[key].scalarValue(), Tree: branchOf(compiled.root)}
}

func (e *ruleEntry) laterCondition(key string, compiled lazyExpression) *Condition {
	if compiled == nil {
		return nil
	}
	c := e.conditionOf(key, compiled())
	return &c
}

// branchOf is what people see of a node.
func branchOf(n node) Branch {
	switch n := n.(type) {
	case andNode:
		return Branch{"&&", []Branch{branchOf(n.left), branchOf(n.right)}}
	case orNode:
		return Branch{"||", []Branch{branchOf(n.left), branchOf(n.right)}}
	case notNode:
		return Branch{"!", []Branch{branchOf(n.operand)}}
	case conditionalNode:
		return Branch{"?:", []Branch{branchOf(n.condition), branchOf(n.then), branchOf(n.otherwise)}}
	default:
		return Branch{}
	}
}
