package rules

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"licensewatch/internal/suggest"
)

// textFunction is one that only texts may call: it writes a value in the language
// of the text.
type textFunction struct {
	takes valueKind
	write func(w *valueWords, now time.Time, value any) string
}

// textFunctions are the functions for texts.
var textFunctions = map[string]*textFunction{
	"days":    {kindInt, func(w *valueWords, _ time.Time, v any) string { return w.daysText(v.(int64)) }},
	"date":    {kindText, func(w *valueWords, now time.Time, v any) string { return w.dateText(v.(string), now) }},
	"edition": {kindInt, func(w *valueWords, _ time.Time, v any) string { return w.editionName(v.(int64)) }},
	"state":   {kindInt, func(w *valueWords, _ time.Time, v any) string { return w.stateName(v.(int64)) }},
	"renewal": {kindInt, func(w *valueWords, _ time.Time, v any) string { return w.renewalName(v.(int64)) }},
	"percent": {kindFloat, func(_ *valueWords, _ time.Time, v any) string { return percentText(toFloat(v)) }},
	"source":  {kindInt, func(w *valueWords, _ time.Time, v any) string { return w.sourceName(v.(int64)) }},
	"when":    {kindText, func(w *valueWords, now time.Time, v any) string { return w.whenText(v.(string), now) }},
	"owner":   {}, // takes nothing, like the next
	"name":    {},
}

// loopFunctions are the functions of the expression language that look through a list.
var loopFunctions = []string{
	"all", "any", "count", "filter", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "map", "none",
	"one", "reduce", "sortBy", "sum",
}

// clockFunctions are the functions of the expression language that know a time.
var clockFunctions = []string{"now", "date", "duration", "timezone"}

// compileCall compiles a function call, whatever kind of function it is.
func (c *compiler) compileCall(n ast.Node, name string, arguments []ast.Node) (node, valueKind) {
	if f := textFunctions[name]; f != nil && (c.scope.language != "" || !slices.Contains(clockFunctions, name)) {
		return c.compileTextCall(n, name, f, arguments)
	}
	switch {
	case slices.Contains(loopFunctions, name):
		return c.failAtNode(n, "%s(…) looks through a list, which rules cannot do; a rule with `each: order` is judged once for every order", name)
	case slices.Contains(clockFunctions, name):
		return c.failAtNode(n, "%s() is not allowed: a rule must give the same answer for the same data; use order.DaysLeft or tcss.DaysLeft", name)
	case builtinFunctions[name] == nil:
		return c.failAtNode(n, "there is no function %s%s", name, c.suggestFunction(name))
	}
	operands, kinds, ok := c.compileOperands(arguments...)
	if !ok {
		return nil, kindNone
	}
	f := builtinFunctions[name]
	if wrong := f.explainMismatch(kinds); wrong != "" {
		return c.failAtNode(n, "%s: %s", quoteNode(n), wrong)
	}
	k := f.gives
	if k == kindNone {
		k = kinds[0]
		for _, other := range kinds { // any of them may be the result
			k = commonKind(k, other)
		}
	}
	odd := oddKept
	if k == kindBool {
		odd = oddNever
	}
	return &operationNode{apply: f.apply, operands: operands, weight: 1, written: n, odd: odd}, k
}

// compileTextCall compiles a call of one of the functions for texts.
func (c *compiler) compileTextCall(n ast.Node, name string, f *textFunction, arguments []ast.Node) (node, valueKind) {
	switch name {
	case "owner":
		return c.compileOrderCall(n, name, "order.Tags", arguments, ownerNode{})
	case "name":
		return c.compileOrderCall(n, name, "order.ResourceId", arguments, orderNameNode{c.scope.language})
	}
	if c.scope.language == "" {
		return c.failAtNode(n, "%s() writes words and works only in texts", name)
	}
	if len(arguments) != 1 {
		return c.failAtNode(n, "%s() takes one value", name)
	}
	argument, k := c.compileNode(arguments[0], false)
	if k == kindNone {
		return nil, kindNone
	}
	if k != f.takes && !(f.takes == kindFloat && k.isNumber()) {
		return c.failAtNode(arguments[0], "%s() takes %s, but %s is %s", name, f.takes, quoteNode(arguments[0]), k)
	}
	return textCallNode{f, argument, c.scope.language}, kindText
}

// compileOrderCall compiles owner() and name(), which write of the order that is judged.
func (c *compiler) compileOrderCall(n ast.Node, function, instead string, arguments []ast.Node,
	built node) (node, valueKind) {
	switch {
	case c.scope.language == "":
		return c.failAtNode(n, "%s() works only in texts; read %s instead", function, instead)
	case len(arguments) > 0:
		return c.failAtNode(n, "%s() takes no value", function)
	case !c.scope.orders:
		return c.failAtNode(n, "%s() is about an order; it can be used only in a rule with `each: order`", function)
	}
	return built, kindText
}

// suggestFunction names the function that was meant, or all there are.
func (c *compiler) suggestFunction(name string) string {
	names := slices.Collect(maps.Keys(builtinFunctions))
	if c.scope.language != "" {
		names = slices.AppendSeq(names, maps.Keys(textFunctions))
	}
	slices.Sort(names)
	if meant := suggest.DidYouMean(name, names); meant != "" {
		return meant
	}
	return "; there are " + strings.Join(names, ", ")
}
