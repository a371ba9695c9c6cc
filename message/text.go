package message

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/internal/text"
)

// escapedRuneSize is the most bytes a rune takes in any channel once it is escaped there.
func escapedRuneSize(r rune) int {
	switch r {
	case '&':
		return len("&amp;")
	case '<', '>':
		return len("&lt;")
	case '[', ']', '*', '`', '#', '~', ':':
		return utf8.RuneLen('＊')
	case '_':
		return utf8.RuneLen('ˍ')
	default:
		return utf8.RuneLen(r)
	}
}

// escapedSize is the most bytes a text takes in any channel once it is escaped there.
func escapedSize(whole string) int {
	n := 0
	for _, r := range whole {
		n += escapedRuneSize(r)
	}
	return n
}

// clip cleans outside text and cuts it so that it takes at most limit bytes in
// every channel, escapes included. A cut falls between runes and shows.
func clip(whole string, limit int) string {
	whole = text.OneLine(whole, limit)
	used, cut := 0, 0
	for i, r := range whole {
		if used+len(text.Ellipsis) <= limit {
			cut = i
		}
		if used += escapedRuneSize(r); used > limit {
			return strings.TrimRight(whole[:cut], " ") + text.Ellipsis
		}
	}
	return whole
}

// clipMiddle is clip for a sentence: what is too long is cut in the middle, so
// that both its subject and its end are still there.
func clipMiddle(whole string, limit int) string {
	whole = text.OneLine(whole, len(whole))
	if escapedSize(whole) <= limit {
		return whole
	}
	used, tail := 0, len(whole)
	for tail > 0 {
		r, width := utf8.DecodeLastRuneInString(whole[:tail])
		if used += escapedRuneSize(r); used > limit/3 {
			break
		}
		tail -= width
	}
	return clip(whole[:tail], limit-limit/3) + whole[tail:]
}

// hasText says whether a text holds another one, not as a part of a longer number:
// Dec 1 is not in Dec 12.
func hasText(text, part string) bool {
	for {
		before, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		if !(endsWith(before, isDigit) && startsWith(part, isDigit)) && !(startsWith(after, isDigit) && endsWith(part, isDigit)) {
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
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool { return r != '.' && !isWordRune(r) })
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
