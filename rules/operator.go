package rules

import (
	"cmp"
	"math"
	"strings"
)

// What an operator of the expression language, or a function of it (builtin.go), gives for values
// that are all known. A test compares every one with what the language's own machine gives.

// operation is an operator or a function for operands of certain kinds. It gives a
// value, or what is wrong with the operands; both empty is a result that cannot be
// written as a number.
type operation func(operands []any) (value any, problem string)

// operatorOf gives the operator for operands of such kinds, and the kind of its result;
// nil when it has none for them.
func operatorOf(operator string, kinds []valueKind) (operation, valueKind) {
	if len(kinds) == 1 {
		return signOf(operator, kinds[0])
	}
	left, right := kinds[0], kinds[1]
	if comparison := comparisonOf(operator, left, right); comparison != nil {
		return comparison, kindBool
	}
	switch whole := left == kindInt && right == kindInt; {
	case operator == "+" && left == kindText && right == kindText:
		return func(o []any) (any, string) { return o[0].(string) + o[1].(string), "" }, kindText
	case operator == "%" && whole:
		return wholeRemainder, kindInt
	case left.isNumber() && right.isNumber():
		return arithmeticOf(operator, whole)
	default:
		return nil, kindNone
	}
}

// comparisonOf gives a comparison; nil when the operator is none for such operands.
func comparisonOf(operator string, left, right valueKind) operation {
	texts := left == kindText && right == kindText
	textTest, orderTest := textTests[operator], orderTests[operator]
	switch {
	case texts && textTest != nil:
		return func(o []any) (any, string) { return textTest(o[0].(string), o[1].(string)), "" }
	case orderTest != nil && (texts || left.isNumber() && right.isNumber()):
		return func(o []any) (any, string) { return orderTest(compareValues(o[0], o[1])), "" }
	case left.comparesWith(right) && (operator == "==" || operator == "!="):
		return func(o []any) (any, string) { return equalValues(o[0], o[1]) == (operator == "=="), "" }
	default:
		return nil
	}
}

// textTests are the comparisons that only texts have.
var textTests = map[string]func(text, part string) bool{
	"contains": strings.Contains, "startsWith": strings.HasPrefix, "endsWith": strings.HasSuffix,
}

// orderTests are the comparisons that numbers and texts have.
var orderTests = map[string]func(order int) bool{
	"==": func(order int) bool { return order == 0 }, "!=": func(order int) bool { return order != 0 },
	"<": func(order int) bool { return order < 0 }, "<=": func(order int) bool { return order <= 0 },
	">": func(order int) bool { return order > 0 }, ">=": func(order int) bool { return order >= 0 },
}

// compareValues compares two numbers or two texts.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		if b, ok := b.(int64); ok {
			return cmp.Compare(a, b)
		}
	}
	return cmp.Compare(toFloat(a), toFloat(b))
}

// signOf gives - and + in front of a number.
func signOf(operator string, k valueKind) (operation, valueKind) {
	switch {
	case !k.isNumber():
		return nil, kindNone
	case operator == "+":
		return func(o []any) (any, string) { return o[0], "" }, k
	case k == kindInt:
		return func(o []any) (any, string) { return wholeDifference(0, o[0].(int64)) }, k
	default:
		return func(o []any) (any, string) { return finiteResult(-toFloat(o[0])) }, k
	}
}

// arithmeticOf gives a calculation, of whole numbers where both are.
func arithmeticOf(operator string, whole bool) (operation, valueKind) {
	ofWhole := map[string]func(a, b int64) (any, string){"+": wholeSum, "-": wholeDifference, "*": wholeProduct}
	if calculate := ofWhole[operator]; whole && calculate != nil {
		return func(o []any) (any, string) { return calculate(o[0].(int64), o[1].(int64)) }, kindInt
	}
	calculate := map[string]func(a, b float64) float64{
		"+": func(a, b float64) float64 { return a + b }, "-": func(a, b float64) float64 { return a - b },
		"*": func(a, b float64) float64 { return a * b }, "/": func(a, b float64) float64 { return a / b },
		"**": math.Pow, "^": math.Pow,
	}[operator]
	if calculate == nil {
		return nil, kindNone
	}
	return func(o []any) (any, string) { return finiteResult(calculate(toFloat(o[0]), toFloat(o[1]))) }, kindFloat
}

// The problems of a calculation; what was calculated is written in front.
const (
	problemTooLarge  = " is too large a number"
	problemNotFinite = " is not a finite number"
	problemDivision  = " divides by zero"
)

func finiteResult(number float64) (any, string) {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return nil, problemNotFinite
	}
	return number, ""
}

func wholeRemainder(o []any) (any, string) {
	if o[1] == int64(0) {
		return nil, problemDivision
	}
	return o[0].(int64) % o[1].(int64), ""
}

// Whole numbers of the machine wrap around where they end, which would make a large
// number a small one.

func wholeSum(a, b int64) (any, string) {
	if b > 0 && a > math.MaxInt64-b || b < 0 && a < math.MinInt64-b {
		return nil, problemTooLarge
	}
	return a + b, ""
}

func wholeDifference(a, b int64) (any, string) {
	if b < 0 && a > math.MaxInt64+b || b > 0 && a < math.MinInt64+b {
		return nil, problemTooLarge
	}
	return a - b, ""
}

func wholeProduct(a, b int64) (any, string) {
	if a != 0 && b != 0 && (a == -1 && b == math.MinInt64 || a*b/a != b) {
		return nil, problemTooLarge
	}
	return a * b, ""
}
