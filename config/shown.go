package config

import (
	"slices"
	"strings"
	"unicode"
)

// Shown is a name, of a variable or a timer, as it may be shown. People paste secrets
// where names belong: of one that may be a key nothing is left but the prefix.
func Shown(name string) string {
	const hidden = "…"
	rest, ours := settingName(name)
	if !ours {
		rest = name
	}
	switch {
	case !hasKey(rest) && !hasKey(name) && !hasLongRun(rest):
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

// hasLongRun is true for a name with more digits in a row than a time has, or with more letters
// than any word. Several words are told by their capitals: LicensewatchDailyAlert.
func hasLongRun(name string) bool {
	const timeDigits, wordLetters, shortestWord = 14, 19, 3
	isDigit := func(r rune) bool { return '0' <= r && r <= '9' }
	isCapital := func(r rune) bool { return 'A' <= r && r <= 'Z' }
	isLetter := func(r rune) bool { return isCapital(r) || 'a' <= r && r <= 'z' }
	for _, digits := range strings.FieldsFunc(name, func(r rune) bool { return !isDigit(r) }) {
		if len(digits) > timeDigits {
			return true
		}
	}
	for _, letters := range strings.FieldsFunc(name, func(r rune) bool { return !isLetter(r) }) {
		for len(letters) > wordLetters {
			next := 1 + strings.IndexFunc(letters[1:], isCapital)
			if next < shortestWord || next > wordLetters {
				return true
			}
			letters = letters[next:]
		}
	}
	return false
}
