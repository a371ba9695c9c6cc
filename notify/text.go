package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/internal/text"
)

// ellipsis ends a text that was cut.
const ellipsis = "…"

// clean makes outside text fit for one line: invalid UTF-8 is replaced, every
// kind of white space becomes a single space, and what cannot be seen is taken
// out: terminal controls, marks that reverse the reading direction, what takes no
// room.
// It stops soon after limit bytes.
func clean(outside string, limit int) string {
	var b strings.Builder
	b.Grow(min(len(outside), limit+utf8.UTFMax))
	gap, before := false, rune(0)
	for _, r := range outside { // an invalid byte reads as utf8.RuneError
		switch {
		case b.Len() > limit:
			return b.String()
		case unicode.IsSpace(r):
			gap, before = b.Len() > 0, r
		case text.IsHidden(r) && !text.Joins(before, r):
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
			before = r
		}
	}
	return b.String()
}

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
	whole = clean(whole, limit)
	used, cut := 0, 0
	for i, r := range whole {
		if used+len(ellipsis) <= limit {
			cut = i
		}
		if used += escapedRuneSize(r); used > limit {
			return strings.TrimRight(whole[:cut], " ") + ellipsis
		}
	}
	return whole
}

// clipMiddle is clip for a sentence: what is too long is cut in the middle, so
// that both its subject and its end are still there.
func clipMiddle(whole string, limit int) string {
	whole = clean(whole, len(whole))
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
