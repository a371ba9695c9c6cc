package config

import (
	"strings"

	"licensewatch/internal/suggest"
)

// didYouMean is " (did you mean X?)" when one of the options is near the value,
// else empty.
func didYouMean[T ~string](value string, options []T) string {
	value = strings.ToLower(value)
	begins := func(value, word string) bool {
		return len(value) > 1 && (strings.HasPrefix(value, word) || strings.HasPrefix(word, value))
	}
	for _, isMeant := range []func(value, word string) bool{isNear, begins} {
		for _, option := range options {
			if isMeant(value, string(option)) {
				return " (did you mean " + string(option) + "?)"
			}
		}
	}
	return ""
}

// nearestName is the name that was probably meant by one that does not exist:
// the only one that has all its words (SLACK_URL for SLACK_WEBHOOK_URL, LANG for
// LANGUAGE), else the one that is nearest in letters. It is empty when none is
// near.
func nearestName(unknown string, names []string) string {
	var havingWords []string
	best, bestDistance := "", 0
	for _, name := range names {
		if hasWords(name, unknown) {
			havingWords = append(havingWords, name)
		}
		if d := suggest.Distance(unknown, name); isNear(unknown, name) && (best == "" || d < bestDistance) {
			best, bestDistance = name, d
		}
	}
	if len(havingWords) == 1 {
		return havingWords[0]
	}
	return best
}

// hasWords says whether every word of part begins some word of name; words are
// separated by underscores.
func hasWords(name, part string) bool {
	for word := range strings.SplitSeq(part, "_") {
		if word == "" || !strings.Contains("_"+name, "_"+word) {
			return false
		}
	}
	return true
}

// isNear says whether at most a third of the longer word has to be changed to
// get the other.
func isNear(a, b string) bool {
	return 3*suggest.Distance(a, b) <= max(len(a), len(b))
}
