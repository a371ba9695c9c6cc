package rules

import (
	"slices"

	"licensewatch/license"
)

// evalResult is what an expression gives: a value, or that it is not known and why.
type evalResult struct {
	value   any      // bool, int64, float64, string or map[string]string; nil: not known
	missing []string // when not known: the fields and sources that are to blame
	problem string   // when not known: what went wrong in the expression itself
	// odd are the values that the API does not document: when known, those that
	// the value is or comes from; when not known, those that are to blame.
	odd []license.Value
}

func knownResult(value any) evalResult { return evalResult{value: value} }

func (a evalResult) isKnown() bool { return a.value != nil }
func (a evalResult) isTrue() bool  { return a.value == true }
func (a evalResult) isFalse() bool { return a.value == false }

// findingState puts the answer of a condition in the words of a finding.
func (a evalResult) findingState() license.State {
	switch {
	case a.isTrue():
		return license.Firing
	case a.isFalse():
		return license.OK
	default:
		return license.Unknown
	}
}

// unknownResult blames everything that the unknown ones among the answers blame.
func unknownResult(answers ...evalResult) evalResult {
	var all evalResult
	for _, a := range answers {
		if a.isKnown() {
			continue
		}
		for _, name := range a.missing {
			if !slices.Contains(all.missing, name) {
				all.missing = append(all.missing, name)
			}
		}
		all.odd = distinctOdd(all.odd, a.odd)
		if all.problem == "" {
			all.problem = a.problem
		}
	}
	return all
}
