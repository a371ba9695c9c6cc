// Package terminal prints what comes from anywhere: names in the cloud's answers,
// what the memory kept, what files say. It is the command's only way to write to a
// terminal, for people and as JSON.
package terminal

import (
	"fmt"
	"io"
	"strings"

	"licensewatch/internal/text"
)

// Styled is a text of our own that is printed as it is: with colours, on several
// lines. What comes from outside gets into it through this package's functions only.
type Styled string

// Safe is a text on one line: a space stands where a character would end the line,
// steer the terminal, turn the order of what is read, or not be seen.
func Safe(outside string) string {
	before := rune(0)
	return strings.Map(func(r rune) rune {
		if text.IsHidden(r) && !text.Joins(before, r) {
			r = ' '
		}
		before = r
		return r
	}, outside)
}

// Lines are texts, each Safe and on a line of its own.
func Lines(outside []string) Styled {
	lines := make([]string, len(outside))
	for i, line := range outside {
		lines[i] = Safe(line)
	}
	return Styled(strings.Join(lines, "\n"))
}

// Join joins texts that are safe.
func Join(texts []Styled, between string) Styled {
	var b strings.Builder
	for i, text := range texts {
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(string(text))
	}
	return Styled(b.String())
}

// Sprintf is fmt.Sprintf with arguments from anywhere: all but a Styled are made
// Safe.
func Sprintf(format string, args ...any) Styled {
	cleaned := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case Styled:
			cleaned[i] = string(arg)
		case int: // may be a width
			cleaned[i] = arg
		default:
			cleaned[i] = untrustedArgument{arg}
		}
	}
	return Styled(fmt.Sprintf(format, cleaned...))
}

// Printf writes what Sprintf gives. Nothing can be done about a terminal that is
// gone.
func Printf(w io.Writer, format string, args ...any) {
	_, _ = io.WriteString(w, string(Sprintf(format, args...)))
}

// untrustedArgument is an argument that may hold anything.
type untrustedArgument struct{ arg any }

// Format writes what fmt makes of the argument, made Safe.
func (o untrustedArgument) Format(s fmt.State, verb rune) {
	_, _ = io.WriteString(s, Safe(fmt.Sprintf(fmt.FormatString(s, verb), o.arg)))
}
