package rules

import (
	"strings"

	"github.com/expr-lang/expr/ast"
)

const (
	// maxWork bounds one evaluation, so that no rules file can keep a run from its
	// end or use up its memory. 10 000 orders under the built-in rules, compared
	// with a previous reading, take less than half of it; all of it takes about a
	// second.
	maxWork = 6_000_000
	// leafWork is the work of noting one leaf as evidence, in steps.
	leafWork = 10
	// textPerStep is how many bytes of text make a step as heavy again.
	textPerStep = 64
)

// tooMuchWork is the problem of every rule that is left when maxWork is used up.
const tooMuchWork = "the rules take too much work for this many orders; shorten their conditions"

// operationNode is one operator or function with its operands. It runs only when every operand
// is known, so it never meets a nil.
type operationNode struct {
	apply    operation
	operands []node
	weight   int      // work of one run on short texts
	written  ast.Node // of what may go wrong
	odd      oddRule
}

func (s *operationNode) eval(f *frame) evalResult {
	var few [4]evalResult
	answers := few[:0]
	allKnown, anyOdd := true, false
	for _, operand := range s.operands {
		a := operand.eval(f)
		answers = append(answers, a)
		allKnown, anyOdd = allKnown && a.isKnown(), anyOdd || len(a.odd) > 0
	}
	if !allKnown {
		return unknownResult(answers...)
	}
	if !s.spendWork(f, answers) {
		return evalResult{problem: tooMuchWork}
	}
	result := s.applyOperation(f, answers)
	if anyOdd {
		return s.judgeOdd(result, answers)
	}
	return result
}

// applyOperation gives the result. All answers are known.
func (s *operationNode) applyOperation(f *frame, answers []evalResult) evalResult {
	values := (*f.operands)[:0]
	for _, a := range answers {
		values = append(values, a.value)
	}
	*f.operands = values
	value, problem := s.apply(values)
	switch {
	case problem == "":
		return knownResult(value)
	case strings.HasPrefix(problem, " "): // what was calculated stands in front
		return evalResult{problem: s.written.String() + problem}
	default:
		return evalResult{problem: problem}
	}
}

// spendWork takes the work of one run off what is left; false when it is not enough.
func (s *operationNode) spendWork(f *frame, answers []evalResult) bool {
	work := s.weight
	for _, a := range answers {
		if text, ok := a.value.(string); ok {
			work += s.weight * (len(text) / textPerStep)
		}
	}
	return f.spendWork(work)
}
