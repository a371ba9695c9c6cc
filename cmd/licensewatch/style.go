package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"licensewatch/cmd/licensewatch/internal/terminal"
)

// style writes with colours, or without where nobody would see them.
type style struct{ on bool }

// styleFor uses colours on a terminal, unless NO_COLOR asks for none.
func styleFor(w io.Writer) style {
	if out, ok := w.(*resultWriter); ok {
		w = out.Writer
	}
	file, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return style{}
	}
	info, err := file.Stat()
	return style{on: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

// widthOf is how many columns the terminal has that is written to; 0 where it is
// none, or does not say.
func widthOf(w io.Writer) int {
	if out, ok := w.(*resultWriter); ok {
		w = out.Writer
	}
	file, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// The ANSI codes in use.
const (
	ansiReset  = "\x1b[0m"
	ansiBold   = "\x1b[1m"
	ansiDim    = "\x1b[2m"
	ansiItalic = "\x1b[3m"
	ansiStruck = "\x1b[9m"
	ansiRed    = "\x1b[31m"
	ansiGreen  = "\x1b[32m"
	ansiYellow = "\x1b[33m"
	ansiBlue   = "\x1b[34m"
)

// titleLine is a line across the page that begins with a title.
func (s style) titleLine(title string) terminal.Styled {
	const width = 72
	title = "── " + title + " "
	return s.paint(ansiDim, title+strings.Repeat("─", max(0, width-len([]rune(title)))))
}

// paint colours a text, which may come from anywhere.
func (s style) paint(code, text string) terminal.Styled {
	text = terminal.Safe(text)
	if s.on && code != "" && text != "" {
		text = code + text + ansiReset
	}
	return terminal.Styled(text)
}
