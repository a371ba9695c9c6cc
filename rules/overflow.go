package rules

import (
	"math"

	"github.com/expr-lang/expr/ast"
)

// wholeOperation is an operation on whole numbers. Those of the machine wrap
// around where they end, which would make a large number a small one.
type wholeOperation struct {
	operator string
	literals []any // the operands that are written out, nil for those that are inputs
}

// wholeOperation gives the operation, nil when it cannot overflow.
func (o *operands) wholeOperation(operator string, parts []ast.Node) *wholeOperation {
	switch operator {
	case "+", "-", "*", "abs":
		for _, k := range o.kinds {
			if k != kindInt {
				return nil
			}
		}
	case "int":
		if len(o.kinds) != 1 || o.kinds[0] != kindFloat {
			return nil
		}
	default:
		return nil
	}
	w := &wholeOperation{operator, make([]any, len(parts))}
	for i, part := range parts {
		w.literals[i], _ = literal(part)
	}
	return w
}

// overflows says whether the result is no whole number of the machine. All
// answers are known.
func (w *wholeOperation) overflows(answers []answer) bool {
	if w == nil {
		return false
	}
	operands := make([]any, len(w.literals))
	next := 0
	for i, value := range w.literals {
		if value == nil {
			value, next = answers[next].value, next+1
		}
		operands[i] = value
	}
	if w.operator == "int" {
		number := toFloat(operands[0])
		return number < math.MinInt64 || number >= math.MaxInt64
	}
	a, _ := operands[0].(int64)
	if len(operands) == 1 { // -a and abs(a)
		return a == math.MinInt64 && w.operator != "+"
	}
	b, _ := operands[1].(int64)
	switch w.operator {
	case "+":
		return sumOverflows(a, b)
	case "-":
		return b == math.MinInt64 && a >= 0 || b != math.MinInt64 && sumOverflows(a, -b)
	default:
		return productOverflows(a, b)
	}
}

func sumOverflows(a, b int64) bool {
	return b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b
}

func productOverflows(a, b int64) bool {
	if a == 0 || b == 0 {
		return false
	}
	return a == -1 && b == math.MinInt64 || a*b/a != b
}
