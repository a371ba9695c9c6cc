package rules

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"licensewatch/internal/suggest"
)

// function is one that only texts may call: it writes a value in the language
// of the text.
type function struct {
	takes kind
	write func(w *words, now time.Time, value any) string
}

// textFunctions are the functions for texts.
var textFunctions = map[string]*function{
	"days":    {kindInt, func(w *words, _ time.Time, v any) string { return w.days(v.(int64)) }},
	"date":    {kindText, func(w *words, now time.Time, v any) string { return w.date(v.(string), now) }},
	"edition": {kindInt, func(w *words, _ time.Time, v any) string { return w.edition(v.(int64)) }},
	"state":   {kindInt, func(w *words, _ time.Time, v any) string { return w.state(v.(int64)) }},
	"renewal": {kindInt, func(w *words, _ time.Time, v any) string { return w.renewal(v.(int64)) }},
	"percent": {kindFloat, func(_ *words, _ time.Time, v any) string { return percentText(toFloat(v)) }},
	"source":  {kindInt, func(w *words, _ time.Time, v any) string { return w.source(v.(int64)) }},
	"when":    {kindText, func(w *words, now time.Time, v any) string { return w.when(v.(string), now) }},
	"owner":   {}, // takes nothing, like the next
	"name":    {},
}

// loops are the functions of the expression language that look through a list.
var loops = []string{
	"all", "any", "count", "filter", "find", "findIndex", "findLast", "findLastIndex", "groupBy", "map", "none",
	"one", "reduce", "sortBy", "sum",
}

// clocks are the functions of the expression language that know a time.
var clocks = []string{"now", "date", "duration", "timezone"}

// called compiles a function call, whatever kind of function it is.
func (c *compiler) called(n ast.Node, name string, arguments []ast.Node) (node, kind) {
	if f := textFunctions[name]; f != nil && (c.place.language != "" || !slices.Contains(clocks, name)) {
		return c.textCall(n, name, f, arguments)
	}
	switch {
	case slices.Contains(loops, name):
		return c.failAt(n, "%s(…) looks through a list, which rules cannot do; a rule with `each: order` is judged once for every order", name)
	case slices.Contains(clocks, name):
		return c.failAt(n, "%s() is not allowed: a rule must give the same answer for the same data; use order.DaysLeft or tcss.DaysLeft", name)
	case builtins[name] == nil:
		return c.failAt(n, "there is no function %s%s", name, c.suggestFunction(name))
	}
	operands, kinds, ok := c.operands(arguments...)
	if !ok {
		return nil, kindNone
	}
	f := builtins[name]
	if wrong := f.mismatch(kinds); wrong != "" {
		return c.failAt(n, "%s: %s", quote(n), wrong)
	}
	k := f.gives
	if k == kindNone {
		k = kinds[0]
		for _, other := range kinds { // any of them may be the result
			k = either(k, other)
		}
	}
	odd := oddKept
	if k == kindBool {
		odd = oddNever
	}
	return &step{apply: f.apply, operands: operands, weight: 1, text: n.String(), odd: odd}, k
}

// textCall compiles a call of one of the functions for texts.
func (c *compiler) textCall(n ast.Node, name string, f *function, arguments []ast.Node) (node, kind) {
	switch name {
	case "owner":
		return c.orderCall(n, name, "order.Tags", arguments, ownerOf{})
	case "name":
		return c.orderCall(n, name, "order.ResourceId", arguments, nameOf{c.place.language})
	}
	if c.place.language == "" {
		return c.failAt(n, "%s() writes words and works only in texts", name)
	}
	if len(arguments) != 1 {
		return c.failAt(n, "%s() takes one value", name)
	}
	argument, k := c.build(arguments[0], false)
	if k == kindNone {
		return nil, kindNone
	}
	if k != f.takes && !(f.takes == kindFloat && k.isNumber()) {
		return c.failAt(arguments[0], "%s() takes %s, but %s is %s", name, f.takes, quote(arguments[0]), k)
	}
	return call{f, argument, c.place.language}, kindText
}

// suggestFunction names the function that was meant, or all there are.
func (c *compiler) suggestFunction(name string) string {
	names := slices.Collect(maps.Keys(builtins))
	if c.place.language != "" {
		names = slices.AppendSeq(names, maps.Keys(textFunctions))
	}
	slices.Sort(names)
	if meant := suggest.DidYouMean(name, names); meant != "" {
		return meant
	}
	return "; there are " + strings.Join(names, ", ")
}
