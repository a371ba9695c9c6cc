package rules

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
