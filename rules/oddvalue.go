package rules

import (
	"reflect"
	"slices"

	"github.com/expr-lang/expr/ast"

	"licensewatch/license"
)

// A value of an enumerated field that the API does not document is odd: nobody
// knows what it means. It can be printed, and be compared with itself; every
// other question about it has no answer.

// oddity is what the check of a value gives.
type oddity struct {
	is   bool
	text string // what it holds, where that is more than the value
	// impossible: it contradicts another field, so that there is no value at all.
	impossible bool
}

// checkOf gives the check of a member, nil for one whose values are not
// enumerated.
func checkOf(name string, member reflect.StructField) func(*readings, any) oddity {
	values, ok := license.EnumerationOf(member)
	switch {
	case name == "tcss.SubState":
		return func(r *readings, _ any) oddity { return oddity{is: r.snapshot.PurchaseState.SubStateIsOdd()} }
	case name == "tcss.State":
		return func(r *readings, value any) oddity {
			if text := r.snapshot.PurchaseState.Contradiction(); text != "" {
				return oddity{true, text, true}
			}
			return oddity{is: !values.Documents(value)}
		}
	case ok:
		return func(_ *readings, value any) oddity { return oddity{is: !values.Documents(value)} }
	default:
		return nil
	}
}

// oddResult is the answer of a field that holds an odd value.
func (r fieldNode) oddResult(value any, odd oddity) evalResult {
	if odd.text == "" {
		odd.text = license.ValueText(value)
	}
	a := evalResult{value: value, odd: []license.Value{{Field: r.name, Text: odd.text, Known: true}}}
	if odd.impossible {
		a.value, a.missing = nil, []string{r.name}
	}
	return a
}

// oddRule says what an operation with an odd operand is worth.
type oddRule uint8

const (
	oddNever   oddRule = iota // nothing
	oddKept                   // its result, which is odd itself
	oddIfTrue                 // its result, when it is true: the operand is what it is compared with
	oddIfFalse                // its result, when it is false: likewise
	oddIfEqual                // its result, when both operands are the same
)

// judgeOdd gives the answer of an operation of which an operand is odd.
func (s *operationNode) judgeOdd(result evalResult, answers []evalResult) evalResult {
	var odd []license.Value
	for _, a := range answers {
		odd = distinctOdd(odd, a.odd)
	}
	switch decided := s.isDecided(result, answers); {
	case !result.isKnown() || decided:
		return result
	case s.odd == oddKept:
		result.odd = odd
		return result
	}
	unknown := evalResult{odd: odd}
	for _, v := range odd {
		if !slices.Contains(unknown.missing, v.Field) {
			unknown.missing = append(unknown.missing, v.Field)
		}
	}
	return unknown
}

// isDecided says whether the operands are the same, so that it does not matter
// what they mean.
func (s *operationNode) isDecided(result evalResult, answers []evalResult) bool {
	switch s.odd {
	case oddIfTrue:
		return result.isTrue()
	case oddIfFalse:
		return result.isFalse()
	case oddIfEqual:
		return len(answers) == 2 && equalValues(answers[0].value, answers[1].value)
	default:
		return false
	}
}

// literalValue is the value of a part that is written out; nil for another one.
func literalValue(n ast.Node) any {
	switch n := n.(type) {
	case *ast.BoolNode:
		return n.Value
	case *ast.IntegerNode:
		return int64(n.Value)
	case *ast.FloatNode:
		return n.Value
	case *ast.StringNode:
		return n.Value
	default:
		return nil
	}
}

// distinctOdd adds values that are not there yet.
func distinctOdd(all, more []license.Value) []license.Value {
	for _, v := range more {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}
