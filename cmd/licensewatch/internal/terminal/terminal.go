// Package terminal makes texts from anywhere safe to print.
package terminal

import (
	"strings"
	"unicode"
)

// Safe puts a space where a character would steer the terminal or turn the order
// of what is read: texts hold what the cloud answered, and what files say.
func Safe(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, text)
}
