package message

import (
	"strings"
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
