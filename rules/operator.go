package rules

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What an operator or a function of the expression language gives for values that are
// all known. A test compares every one with what the language's own machine gives.

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

// builtinFunction is a function of the expression language that rules may call.
type builtinFunction struct {
	least, most int         // operands
	takes       []valueKind // each operand is of one of these kinds; kindFloat: any number
	gives       valueKind   // kindNone: what it takes
	apply       operation
}

// builtinFunctions are those that give the same answer every time and whose result is no larger
// than what they are given.
var builtinFunctions = map[string]*builtinFunction{
	"abs":   {1, 1, []valueKind{kindFloat}, kindNone, absoluteValue},
	"ceil":  {1, 1, []valueKind{kindFloat}, kindFloat, roundedBy(math.Ceil)},
	"floor": {1, 1, []valueKind{kindFloat}, kindFloat, roundedBy(math.Floor)},
	"round": {1, 1, []valueKind{kindFloat}, kindFloat, roundedBy(math.Round)},
	"int":   {1, 1, []valueKind{kindFloat, kindText}, kindInt, toWhole},
	"max":   {1, math.MaxInt, []valueKind{kindFloat}, kindNone, extremeValue(1)},
	"min":   {1, math.MaxInt, []valueKind{kindFloat}, kindNone, extremeValue(-1)},
	"len":   {1, 1, []valueKind{kindText, kindTags}, kindInt, lengthOf},
	"string": {1, 1, []valueKind{kindBool, kindFloat, kindText, kindTags}, kindText, func(o []any) (any, string) {
		return fmt.Sprint(o[0]), ""
	}},
	"lower": {1, 1, []valueKind{kindText}, kindText, ofText(func(s, _ string) any {
		return strings.ToLower(s)
	}, "")},
	"upper": {1, 1, []valueKind{kindText}, kindText, ofText(func(s, _ string) any {
		return strings.ToUpper(s)
	}, "")},
	"trim": {1, 2, []valueKind{kindText}, kindText, trimText},
	"trimPrefix": {1, 2, []valueKind{kindText}, kindText, ofText(func(s, part string) any {
		return strings.TrimPrefix(s, part)
	}, " ")},
	"trimSuffix": {1, 2, []valueKind{kindText}, kindText, ofText(func(s, part string) any {
		return strings.TrimSuffix(s, part)
	}, " ")},
	"hasPrefix": {2, 2, []valueKind{kindText}, kindBool, ofText(func(s, part string) any {
		return strings.HasPrefix(s, part)
	}, "")},
	"hasSuffix": {2, 2, []valueKind{kindText}, kindBool, ofText(func(s, part string) any {
		return strings.HasSuffix(s, part)
	}, "")},
	"indexOf": {2, 2, []valueKind{kindText}, kindInt, ofText(func(s, part string) any {
		return int64(strings.Index(s, part))
	}, "")},
	"lastIndexOf": {2, 2, []valueKind{kindText}, kindInt, ofText(func(s, part string) any {
		return int64(strings.LastIndex(s, part))
	}, "")},
}

// explainMismatch says why the function does not take operands of such kinds; empty when it does.
func (b *builtinFunction) explainMismatch(kinds []valueKind) string {
	switch n := len(kinds); {
	case b.least == b.most && n != b.least:
		return fmt.Sprintf("invalid number of arguments (expected %d, got %d)", b.least, n)
	case n < b.least:
		return fmt.Sprintf("invalid number of arguments (expected at least %d, got %d)", b.least, n)
	case n > b.most:
		return fmt.Sprintf("invalid number of arguments (expected at most %d, got %d)", b.most, n)
	}
	for _, k := range kinds {
		if !b.isFor(k) {
			wanted := make([]string, len(b.takes))
			for i, taken := range b.takes {
				wanted[i] = taken.String()
			}
			return fmt.Sprintf("it takes %s, and this is %s", strings.Join(wanted, " or "), k)
		}
	}
	return ""
}

func (b *builtinFunction) isFor(k valueKind) bool {
	for _, taken := range b.takes {
		if k == taken || taken == kindFloat && k == kindInt {
			return true
		}
	}
	return false
}

func absoluteValue(o []any) (any, string) {
	if whole, ok := o[0].(int64); ok && whole < 0 {
		return wholeDifference(0, whole)
	} else if ok {
		return whole, ""
	}
	return finiteResult(math.Abs(toFloat(o[0])))
}

func roundedBy(round func(float64) float64) operation {
	return func(o []any) (any, string) { return finiteResult(round(toFloat(o[0]))) }
}

func toWhole(o []any) (any, string) {
	switch value := o[0].(type) {
	case string:
		number, err := strconv.Atoi(value)
		if err != nil {
			return nil, "invalid operation: int(" + value + ")"
		}
		return int64(number), ""
	case float64:
		if value < math.MinInt64 || value >= math.MaxInt64 {
			return nil, problemTooLarge
		}
		return int64(value), ""
	default:
		return value, ""
	}
}

// extremeValue gives the greatest of numbers, or with -1 the least.
func extremeValue(sign int) operation {
	return func(o []any) (any, string) {
		best := o[0]
		for _, value := range o[1:] {
			if compareValues(value, best) == sign {
				best = value
			}
		}
		return best, ""
	}
}

func lengthOf(o []any) (any, string) {
	switch value := o[0].(type) {
	case string:
		return int64(utf8.RuneCountInString(value)), ""
	default:
		return int64(len(value.(map[string]string))), ""
	}
}

func trimText(o []any) (any, string) {
	if len(o) == 1 {
		return strings.TrimSpace(o[0].(string)), ""
	}
	return strings.Trim(o[0].(string), o[1].(string)), ""
}

// ofText is a function of a text and a part, which is otherwise where it is left out.
func ofText(f func(text, part string) any, otherwise string) operation {
	return func(o []any) (any, string) {
		part := otherwise
		if len(o) == 2 {
			part = o[1].(string)
		}
		return f(o[0].(string), part), ""
	}
}
