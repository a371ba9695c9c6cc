// Package text knows what of a text from outside cannot be seen.
package text

import "unicode"

// IsHidden says whether a rune cannot be seen, but can change what is seen around
// it, steer a terminal, or make two names look the same: controls, marks that turn
// the reading direction, what joins or fills, what takes no room.
func IsHidden(r rune) bool {
	const blankBraille = '\u2800' // a symbol without a dot
	if r <= unicode.MaxASCII {
		return r < ' ' || r == 0x7f
	}
	return r == blankBraille || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector, unicode.Noncharacter_Code_Point)
}

// Joins says whether a rune that IsHidden has something to say behind the one before
// it: emoji and some scripts are written with such.
func Joins(before, r rune) bool {
	const nonJoiner, joiner, emojiStyle = '\u200c', '\u200d', '\ufe0f'
	isSymbol := unicode.In(before, unicode.So, unicode.Sm, unicode.Sk) && before > unicode.MaxASCII || before == 'ℹ'
	switch r {
	case emojiStyle:
		return isSymbol
	case joiner, nonJoiner:
		return isSymbol || before == emojiStyle || unicode.In(before, unicode.Mn, unicode.Arabic)
	default:
		return false
	}
}
