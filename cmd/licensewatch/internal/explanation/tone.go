package explanation

import (
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/license"
)

// Tone is how a word is meant, for those who print in colours.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Heading
	Good
	Warning
	Bad
	Faint
)

// Paint colours a text; it may give it back as it is.
type Paint func(tone Tone, text string) terminal.Styled

// tonedText is a text in a tone.
type tonedText struct {
	tone Tone
	text string
}

func withTone(tone Tone, text string) tonedText { return tonedText{tone, text} }

// String is the text without its tone.
func (t tonedText) String() string { return t.text }

// toneOf is the tone of a severity.
func toneOf(s license.Severity) Tone {
	switch s {
	case license.Critical:
		return Bad
	case license.Warning:
		return Warning
	default:
		return Plain
	}
}
