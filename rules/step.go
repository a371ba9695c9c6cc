package rules

import (
	"errors"
	"fmt"
	"math"

	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
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
	// memoryBudget bounds the values one step may create: more than the longest
	// list that can be written.
	memoryBudget = 2 * maxNodes
)

// tooMuchWork is the problem of every rule that is left when maxWork is used up.
const tooMuchWork = "the rules take too much work for this many orders; shorten their conditions"

// step is one operator or function with its operands, compiled by itself. It
// runs only when every operand is known, so it never meets a nil.
type step struct {
	program      *vm.Program                // nil for a comparison
	compare      func(left, right any) bool // nil for everything else
	inputs       []input
	weight       int             // work of one run on short texts
	text         string          // as written; only for arithmetic
	whole        *wholeOperation // with whole numbers: its result may be too large; else nil
	modulo       bool            // the second input must not be zero
	odd          oddRule
	literal      any // the operand of a comparison that is no input; nil: both are inputs
	literalFirst bool
}

// input is an operand that is no literal, with the kind of slot it is put in.
type input struct {
	node node
	kind kind
}

// slots is the environment that steps are compiled against: their operands,
// by kind and in order.
type slots struct {
	Bools  []bool              `expr:"bools"`
	Ints   []int64             `expr:"ints"`
	Floats []float64           `expr:"floats"`
	Texts  []string            `expr:"texts"`
	Tags   []map[string]string `expr:"tags"`
}

func (s *step) eval(f *frame) answer {
	var few [4]answer
	answers := few[:0]
	allKnown := true
	for _, in := range s.inputs {
		a := in.node.eval(f)
		answers = append(answers, a)
		allKnown = allKnown && a.isKnown()
	}
	if !allKnown {
		return unknown(answers...)
	}
	if s.modulo && answers[1].value == int64(0) {
		return answer{problem: s.text + " divides by zero"}
	}
	if s.whole.overflows(answers) {
		return answer{problem: s.text + " is too large a number"}
	}
	if !s.pay(f, answers) {
		return answer{problem: tooMuchWork}
	}
	result := s.run(f, answers)
	for _, a := range answers {
		if len(a.odd) > 0 {
			return s.judgeOdd(result, answers)
		}
	}
	return result
}

// run gives the result. All answers are known.
func (s *step) run(f *frame, answers []answer) answer {
	if s.compare == nil {
		f.slots.fill(s.inputs, answers)
		return s.finish(f.machine.Run(s.program, &f.slots))
	}
	switch {
	case len(answers) == 2:
		return known(s.compare(answers[0].value, answers[1].value))
	case s.literalFirst:
		return known(s.compare(s.literal, answers[0].value))
	default:
		return known(s.compare(answers[0].value, s.literal))
	}
}

// pay takes the work of one run off what is left; false when it is not enough.
func (s *step) pay(f *frame, answers []answer) bool {
	work := s.weight
	for _, a := range answers {
		if text, ok := a.value.(string); ok {
			work += s.weight * (len(text) / textPerStep)
		}
	}
	return f.pay(work)
}

// fill replaces what the slots hold. All answers are known.
func (s *slots) fill(inputs []input, answers []answer) {
	s.Bools, s.Ints, s.Floats, s.Texts, s.Tags = s.Bools[:0], s.Ints[:0], s.Floats[:0], s.Texts[:0], s.Tags[:0]
	for i, in := range inputs {
		switch value := answers[i].value; in.kind {
		case kindBool:
			s.Bools = append(s.Bools, value.(bool))
		case kindInt:
			s.Ints = append(s.Ints, value.(int64))
		case kindFloat:
			s.Floats = append(s.Floats, toFloat(value))
		case kindText:
			s.Texts = append(s.Texts, value.(string))
		default:
			s.Tags = append(s.Tags, value.(map[string]string))
		}
	}
}

// finish turns what the machine returned into an answer.
func (s *step) finish(value any, err error) answer {
	if err != nil {
		return answer{problem: reason(err)}
	}
	switch value := value.(type) {
	case int:
		return known(int64(value))
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return answer{problem: s.text + " is not a finite number"}
		}
		return known(value)
	case bool, int64, string:
		return known(value)
	default:
		return answer{problem: fmt.Sprintf("an operation gave a value of an unexpected type (%T)", value)}
	}
}

// reason is the message of a machine's error without the source it quotes.
func reason(err error) string {
	var located *file.Error
	if errors.As(err, &located) {
		return located.Message
	}
	return err.Error()
}

// toFloat is a number as float64; NaN for anything else.
func toFloat(value any) float64 {
	switch value := value.(type) {
	case int64:
		return float64(value)
	case float64:
		return value
	default:
		return math.NaN()
	}
}
