package message

import (
	"io"

	"licensewatch/license"
)

// terminalLimit is how much text a terminal gets, in bytes; it scrolls, so only
// absurd reports are cut.
const terminalLimit = 16 * 1024

// Terminal writes the report for people at a prompt: the same document as the
// chats get. With color it uses ANSI escape sequences. The error is w's.
func Terminal(w io.Writer, r license.Report, color bool) error {
	m := terminalMarkup(color)
	text, _ := fitToLimits(func(b bounds) document {
		return composeDocument(r, b)
	}, func(d document, rows int) (string, bool) {
		page := m.documentText(d, rows)
		return page, len(page) <= terminalLimit
	})
	_, err := io.WriteString(w, text+"\n")
	return err
}

// terminalMarkup needs no escaping: clean has taken out every control character.
func terminalMarkup(color bool) *markup {
	m := &markup{
		escape: func(text string) string { return text },
		link:   func(label, url string) string { return label + " <" + url + ">" },
		indent: "   ",
	}
	if !color {
		return m
	}
	const reset = "\x1b[0m"
	m.strong = pair{"\x1b[1m", "\x1b[22m"}
	m.code = pair{"\x1b[36m", "\x1b[39m"}
	m.tones = map[tone]pair{
		toneMuted:   {"\x1b[2m", "\x1b[22m"},
		toneCaution: {"\x1b[33m", "\x1b[39m"},
		toneAlarm:   {"\x1b[31m", "\x1b[39m"},
	}
	m.headline = pair{"\x1b[1m", reset}
	m.context = pair{"\x1b[2m", reset}
	m.footer = pair{"\x1b[2m", reset}
	return m
}
