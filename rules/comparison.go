package rules

import (
	"cmp"
	"strings"
)

// comparisonOf gives a comparison of numbers or of texts, which are most of what
// rules are made of: to have the machine for each would take longer to compile
// and to run. It means the same; a test compares the two. nil: the machine does
// it, or says what is wrong.
func comparisonOf(operator string, o *operands) func(left, right any) bool {
	if !o.ok || len(o.kinds) != 2 || len(o.step.inputs) == 0 {
		return nil
	}
	switch left, right := o.kinds[0], o.kinds[1]; {
	case left == kindInt && right == kindInt:
		return ordered(operator, func(a, b any) int { return cmp.Compare(a.(int64), b.(int64)) })
	case left.isNumber() && right.isNumber():
		return ordered(operator, func(a, b any) int { return cmp.Compare(toFloat(a), toFloat(b)) })
	case left == kindText && right == kindText:
		if test := textTests[operator]; test != nil {
			return func(a, b any) bool { return test(a.(string), b.(string)) }
		}
		return ordered(operator, func(a, b any) int { return cmp.Compare(a.(string), b.(string)) })
	default:
		return nil
	}
}

// textTests are the comparisons that only texts have.
var textTests = map[string]func(text, part string) bool{
	"contains": strings.Contains, "startsWith": strings.HasPrefix, "endsWith": strings.HasSuffix,
}

// ordered gives the comparison behind an operator, nil when it is another one.
func ordered(operator string, compare func(a, b any) int) func(a, b any) bool {
	switch operator {
	case "==":
		return func(a, b any) bool { return compare(a, b) == 0 }
	case "!=":
		return func(a, b any) bool { return compare(a, b) != 0 }
	case "<":
		return func(a, b any) bool { return compare(a, b) < 0 }
	case "<=":
		return func(a, b any) bool { return compare(a, b) <= 0 }
	case ">":
		return func(a, b any) bool { return compare(a, b) > 0 }
	case ">=":
		return func(a, b any) bool { return compare(a, b) >= 0 }
	default:
		return nil
	}
}
