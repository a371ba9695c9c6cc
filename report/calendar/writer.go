package calendar

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// writer writes the lines of a calendar (RFC 5545, 3.1). There is one of our own because the
// library's costs the function 32 KB; the tests read what it writes by two libraries.
type writer struct {
	to     io.Writer
	failed error // the first failure
}

// maxLine is how many bytes a line may have; what is longer goes on in the next one, behind a
// blank.
const maxLine = 75

// line writes a property whose value needs no escaping.
func (c *writer) line(name, value string) {
	var out strings.Builder
	rest, room := name+":"+value, maxLine
	for len(rest) > room {
		n := room
		for n > 1 && !utf8.RuneStart(rest[n]) { // a character is not parted
			n--
		}
		out.WriteString(rest[:n] + "\r\n ")
		rest, room = rest[n:], maxLine-1
	}
	out.WriteString(rest + "\r\n")
	if c.failed == nil {
		_, c.failed = io.WriteString(c.to, out.String())
	}
}

// escapes are the characters of a text that mean something else (3.3.11).
var escapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// text writes a property that is text from outside.
func (c *writer) text(name, value string) { c.line(name, escapes.Replace(clean(value))) }

// time writes a property that is a time, in UTC.
func (c *writer) time(name string, at time.Time) { c.line(name, at.UTC().Format("20060102T150405Z")) }
