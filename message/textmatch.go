package message

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// hasText says whether a text holds another one, not as a part of a longer number:
// Dec 1 is not in Dec 12.
func hasText(text, part string) bool {
	for {
		before, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		if !(endsWith(before, isDigit) && startsWith(part, isDigit)) &&
			!(startsWith(after, isDigit) && endsWith(part, isDigit)) {
			return true
		}
		text = after
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// hasNumber says whether a text holds the number, not as a part of another.
func hasNumber(text string, n int64) bool {
	digits := strconv.FormatInt(n, 10)
	for {
		before, after, found := strings.Cut(text, digits)
		if !found {
			return false
		}
		if !endsWith(before, isWordRune) && !startsWith(after, isWordRune) {
			return true
		}
		text = after
	}
}

// isIdentifier says whether a subject is a plain identifier, short enough to
// stand in a title.
func isIdentifier(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '.' && !isWordRune(r)
	})
}

func isWordRune(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_')
}

func startsWith(text string, is func(rune) bool) bool {
	r, width := utf8.DecodeRuneInString(text)
	return width > 0 && is(r)
}

func endsWith(text string, is func(rune) bool) bool {
	r, width := utf8.DecodeLastRuneInString(text)
	return width > 0 && is(r)
}
