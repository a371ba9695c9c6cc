package fleet

import "slices"

// In a pattern * stands for any characters, ? for one. Letter case counts.
const (
	anyRun = '*'
	anyOne = '?'
)

// matches says whether a text fits a pattern.
func matches(pattern, text string) bool {
	if pattern == text || pattern == string(anyRun) {
		return true
	}
	return fits([]rune(pattern), []rune(text), false)
}

// matchesAny says whether a text fits one of the patterns.
func matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, text) })
}

// covers says whether whatever fits the narrow pattern fits the wide one. It may miss that
// for patterns such as ?* and *?, and never claims it wrongly.
func covers(wide, narrow string) bool {
	return wide == narrow || fits([]rune(wide), []rune(narrow), true)
}

// coversAll says whether each of the narrow patterns is covered by one of the wide ones.
// No wide ones cover everything, and no narrow ones are covered by nothing else.
func coversAll(wide, narrow []string) bool {
	if len(wide) == 0 {
		return true
	}
	return len(narrow) > 0 && !slices.ContainsFunc(narrow, func(n string) bool {
		return !slices.ContainsFunc(wide, func(w string) bool { return covers(w, n) })
	})
}

// fits compares a pattern with characters, some of which may stand for others if they are
// a pattern themselves. It goes back to the last * only, so that it takes no longer than
// the product of the lengths.
func fits(pattern, text []rune, isPattern bool) bool {
	star, mark := -1, 0
	for p, t := 0, 0; t < len(text) || p < len(pattern); {
		switch {
		case p < len(pattern) && pattern[p] == anyRun:
			star, mark = p, t
			p++
		case p < len(pattern) && t < len(text) && fitsOne(pattern[p], text[t], isPattern):
			p, t = p+1, t+1
		case star >= 0 && mark < len(text):
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return true
}

// fitsOne says whether what a character stands for is within what one of a pattern does.
func fitsOne(pattern, character rune, isPattern bool) bool {
	if isPattern && (character == anyRun || character == anyOne) {
		return character == anyOne && pattern == anyOne
	}
	return pattern == anyOne || pattern == character
}

// isExact says whether a pattern fits itself alone.
func isExact(pattern string) bool {
	return !slices.ContainsFunc([]rune(pattern), func(r rune) bool { return r == anyRun || r == anyOne })
}
