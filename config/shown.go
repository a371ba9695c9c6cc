package config

import (
	"slices"
	"strings"
	"unicode"
)

// Shown is a name, of a variable or a timer, as it may be shown. People paste secrets
// where names belong: of one that has the form of a key nothing is left but the prefix.
func Shown(name string) string {
	const hidden = "…"
	rest, ours := settingName(name)
	switch {
	case !hasKey(rest) && !hasKey(name):
		return name
	case ours:
		return strings.TrimSuffix(name, rest) + hidden
	default:
		return hidden
	}
}

// hasKey says whether a name is, or holds, what no name does: the form of a key, or a
// long word in which letters and digits take turns.
func hasKey(name string) bool {
	isBetween := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return isKey(name) || slices.ContainsFunc(strings.FieldsFunc(name, isBetween), func(word string) bool {
		return isKey(word) || isMixed(word)
	})
}

// isMixed is true for words such as a4Kq81Zr00b: a name with a date or a number in it
// has letters and digits beside each other once or twice.
func isMixed(word string) bool {
	const shortest, often = 12, 3
	turns, last := 0, false
	for i, r := range word {
		digit := unicode.IsDigit(r)
		if i > 0 && digit != last {
			turns++
		}
		last = digit
	}
	return len(word) >= shortest && turns >= often
}
