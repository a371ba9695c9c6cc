package rules_test

import (
	"fmt"
	"math"

	"pgregory.net/rapid"

	"licensewatch/license"
)

// model is an expression with its meaning, worked out the long way round. Its
// value is a bool, an int64 or a float64, or nil when it is not known.
type model struct {
	text    string
	meaning func(s *license.Snapshot) any
	reads   bool // tcss, which may have failed
}

// literal expressions and fields.
func number(n int64) model {
	return model{text: fmt.Sprint(n), meaning: func(*license.Snapshot) any { return n }}
}

func truth(b bool) model {
	return model{text: fmt.Sprint(b), meaning: func(*license.Snapshot) any { return b }}
}

var numberFields = []model{
	{text: "cwp.LicenseCnt", meaning: func(s *license.Snapshot) any { return open(s.Overview.LicenseCnt) }},
	{text: "cwp.UsedLicenseCnt", meaning: func(s *license.Snapshot) any { return open(s.Overview.UsedLicenseCnt) }},
	{text: "tcss.State", reads: true, meaning: func(s *license.Snapshot) any {
		if s.PurchaseState == nil {
			return nil
		}
		return open(s.PurchaseState.State)
	}},
}

var truthFields = []model{
	{text: "cwp.AutoOpenStatus", meaning: func(s *license.Snapshot) any { return open(s.Overview.AutoOpenStatus) }},
	{text: "cwp.AutoRepurchaseSwitch", meaning: func(s *license.Snapshot) any { return open(s.Overview.AutoRepurchaseSwitch) }},
}

func open[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// strict combines two values that must both be known.
func strict(a, b model, text string, f func(x, y any) any) model {
	return model{text: text, reads: a.reads || b.reads, meaning: func(s *license.Snapshot) any {
		x, y := a.meaning(s), b.meaning(s)
		if x == nil || y == nil {
			return nil
		}
		return f(x, y)
	}}
}

// lenient wraps what handles nil itself: unknown when it reads a failed source.
func lenient(m model) model {
	inner := m.meaning
	m.meaning = func(s *license.Snapshot) any {
		if m.reads && s.PurchaseState == nil {
			return nil
		}
		return inner(s)
	}
	return m
}

// generator draws expressions; nils allows those that handle nil themselves.
type generator struct {
	t      *rapid.T
	nils   bool
	simple bool // nothing that computes a value from a field without doubting it
}

func (g generator) pick(label string, n int) int { return rapid.IntRange(0, n-1).Draw(g.t, label) }

func (g generator) number(depth int) model {
	if depth == 0 || g.pick("leaf", 3) == 0 {
		if g.pick("literal", 2) == 0 {
			return number(rapid.Int64Range(0, 4).Draw(g.t, "number"))
		}
		return rapid.SampledFrom(numberFields).Draw(g.t, "field")
	}
	a, b := g.number(depth-1), g.number(depth-1)
	switch g.pick("number", 6) {
	case 0:
		op := rapid.SampledFrom([]string{"+", "-", "*"}).Draw(g.t, "op")
		return strict(a, b, fmt.Sprintf("(%s %s %s)", a.text, op, b.text), func(x, y any) any { return arithmetic(op, x, y) })
	case 1:
		return strict(a, b, fmt.Sprintf("(%s / %s)", a.text, b.text), func(x, y any) any { return finiteResult(float(x) / float(y)) })
	case 2:
		c := g.truth(depth - 1)
		return conditional(c, a, b)
	case 3:
		return strict(a, a, fmt.Sprintf("(-%s)", a.text), func(x, _ any) any { return arithmetic("-", int64(0), x) })
	case 4:
		if g.simple {
			return a
		}
		return strict(a, b, fmt.Sprintf("max(%s, %s)", a.text, b.text), func(x, y any) any {
			if float(x) < float(y) {
				return y
			}
			return x
		})
	default:
		if !g.nils {
			return a
		}
		return lenient(model{text: fmt.Sprintf("(%s ?? %s)", a.text, b.text), reads: a.reads || b.reads, meaning: func(s *license.Snapshot) any {
			if x := a.meaning(s); x != nil {
				return x
			}
			return b.meaning(s)
		}})
	}
}

func (g generator) truth(depth int) model {
	if depth == 0 || g.pick("leaf", 4) == 0 {
		if g.pick("literal", 4) == 0 {
			return truth(rapid.Bool().Draw(g.t, "truth"))
		}
		return rapid.SampledFrom(truthFields).Draw(g.t, "field")
	}
	switch g.pick("truth", 7) {
	case 0:
		return both(g.truth(depth-1), g.truth(depth-1), rapid.SampledFrom([]string{"&&", "and"}).Draw(g.t, "op"))
	case 1:
		return oneOf(g.truth(depth-1), g.truth(depth-1), rapid.SampledFrom([]string{"||", "or"}).Draw(g.t, "op"))
	case 2:
		a := g.truth(depth - 1)
		return strict(a, a, fmt.Sprintf("!(%s)", a.text), func(x, _ any) any { return x == false })
	case 3:
		return conditional(g.truth(depth-1), g.truth(depth-1), g.truth(depth-1))
	case 4:
		a, b, c := g.number(depth-1), g.number(depth-1), g.number(depth-1)
		in := strict(a, b, "", func(x, y any) any { return float(x) == float(y) })
		return strict(strict(in, c, "", func(x, _ any) any { return x }), strict(a, c, "", func(x, y any) any { return float(x) == float(y) }),
			fmt.Sprintf("(%s in [%s, %s])", a.text, b.text, c.text), func(x, y any) any { return x == true || y == true })
	case 5:
		a := g.number(depth - 1)
		if !g.nils {
			return strict(a, a, fmt.Sprintf("(%s == %s)", a.text, a.text), func(any, any) any { return true })
		}
		return lenient(model{text: fmt.Sprintf("(%s == nil)", a.text), reads: a.reads, meaning: func(s *license.Snapshot) any { return a.meaning(s) == nil }})
	default:
		a, b := g.number(depth-1), g.number(depth-1)
		op := rapid.SampledFrom([]string{"==", "!=", "<", "<=", ">", ">="}).Draw(g.t, "op")
		return strict(a, b, fmt.Sprintf("(%s %s %s)", a.text, op, b.text), func(x, y any) any { return compare(op, float(x), float(y)) })
	}
}

func both(a, b model, op string) model {
	return model{text: fmt.Sprintf("(%s %s %s)", a.text, op, b.text), reads: a.reads || b.reads, meaning: func(s *license.Snapshot) any {
		x, y := a.meaning(s), b.meaning(s)
		if x == false || y == false {
			return false
		}
		if x == nil || y == nil {
			return nil
		}
		return true
	}}
}

func oneOf(a, b model, op string) model {
	return model{text: fmt.Sprintf("(%s %s %s)", a.text, op, b.text), reads: a.reads || b.reads, meaning: func(s *license.Snapshot) any {
		x, y := a.meaning(s), b.meaning(s)
		if x == true || y == true {
			return true
		}
		if x == nil || y == nil {
			return nil
		}
		return false
	}}
}

func conditional(c, a, b model) model {
	text := fmt.Sprintf("(%s ? %s : %s)", c.text, a.text, b.text)
	return model{text: text, reads: c.reads || a.reads || b.reads, meaning: func(s *license.Snapshot) any {
		x, y := a.meaning(s), b.meaning(s)
		switch c.meaning(s) {
		case true:
			return x
		case false:
			return y
		}
		if x == nil || y == nil {
			return nil
		}
		if x == y || isNumber(x) && isNumber(y) && float(x) == float(y) {
			return x
		}
		return nil
	}}
}

func isNumber(v any) bool {
	_, isBool := v.(bool)
	return !isBool
}

func arithmetic(op string, x, y any) any {
	a, aInt := x.(int64)
	b, bInt := y.(int64)
	if !aInt || !bInt {
		switch op {
		case "+":
			return finiteResult(float(x) + float(y))
		case "-":
			return finiteResult(float(x) - float(y))
		default:
			return finiteResult(float(x) * float(y))
		}
	}
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	default:
		return a * b
	}
}

func compare(op string, x, y float64) bool {
	switch op {
	case "==":
		return x == y
	case "!=":
		return x != y
	case "<":
		return x < y
	case "<=":
		return x <= y
	case ">":
		return x > y
	default:
		return x >= y
	}
}

func finiteResult(x float64) any {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return x
}

func float(v any) float64 {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v.(float64)
}
