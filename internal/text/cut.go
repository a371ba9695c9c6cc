package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ellipsis ends a text that was cut.
const Ellipsis = "…"

// Cut shortens a text to at most limit bytes, between runes, with an ellipsis.
func Cut(whole string, limit int) string {
	if len(whole) <= limit {
		return whole
	}
	end := max(0, limit-len(Ellipsis))
	for end > 0 && !utf8.RuneStart(whole[end]) {
		end--
	}
	return whole[:end] + Ellipsis
}

// OneLine makes outside text fit for one line: invalid UTF-8 is replaced, every
// kind of white space becomes a single space, and what cannot be seen is taken
// out: terminal controls, marks that reverse the reading direction, what takes no
// room.
// It stops soon after limit bytes.
func OneLine(outside string, limit int) string {
	var b strings.Builder
	b.Grow(min(len(outside), limit+utf8.UTFMax))
	gap, before := false, rune(0)
	for _, r := range outside { // an invalid byte reads as utf8.RuneError
		switch {
		case b.Len() > limit:
			return b.String()
		case unicode.IsSpace(r):
			gap, before = b.Len() > 0, r
		case IsHidden(r) && !Joins(before, r):
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
