package explanation

import (
	"strings"

	"licensewatch/license"
	"licensewatch/rules"
)

// newJudgement puts a condition together with the evidence of its leaves; nil when
// they were not all judged.
func newJudgement(c rules.Condition, evidence []license.Evidence) *Judgement {
	if len(evidence) != c.Tree.Leaves() {
		return nil
	}
	j := &Judgement{Leaves: []Leaf{}}
	var answers []license.State
	for _, e := range evidence {
		answers = append(answers, e.State)
		leaf := Leaf{Condition: e.Condition, Answer: stateWord(e.State), Values: []Value{}}
		for _, v := range e.Values {
			leaf.Values = append(leaf.Values, Value{v.Field, v.Text})
		}
		j.Leaves = append(j.Leaves, leaf)
	}
	j.Answer = stateWord(c.Tree.Answer(answers))
	next := 0
	j.Combined = combineAnswers(c.Tree, "", func() string {
		next++
		return j.Leaves[next-1].Answer
	})
	return j
}

// stateWord is the answer behind a state.
func stateWord(s license.State) string {
	switch s {
	case license.Firing:
		return "true"
	case license.OK:
		return "false"
	default:
		return "unknown"
	}
}

// combineAnswers writes a branch with the answers of its leaves, in parentheses where
// the operator around it would take it apart.
func combineAnswers(b rules.Branch, around string, next func() string) string {
	if b.Operator == "" {
		return next()
	}
	parts := make([]string, len(b.Parts))
	for i, part := range b.Parts {
		parts[i] = combineAnswers(part, b.Operator, next)
	}
	var text string
	switch b.Operator {
	case "!":
		return "!" + parts[0]
	case "?:":
		text = parts[0] + " ? " + parts[1] + " : " + parts[2]
	default:
		text = strings.Join(parts, " "+b.Operator+" ")
	}
	if around == "" || around == b.Operator && b.Operator != "?:" {
		return text
	}
	return "(" + text + ")"
}
