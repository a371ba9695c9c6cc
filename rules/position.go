package rules

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// position is where in the file the character of a scalar's value stands:
// exactly, or where the scalar begins when the two cannot be matched.
func (d *document) position(n *yaml.Node, offset int) (line, column int) {
	value := []rune(n.Value)
	c := cursor{lines: d.lines(), line: n.Line - 1, column: n.Column - 1, style: n.Style}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.newline() // behind the | or >
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		c.column++
	}
	for _, r := range value[:min(offset, len(value))] {
		if !c.match(r) {
			return n.Line, n.Column
		}
	}
	if offset < len(value) {
		c.seek(value[offset])
	}
	return c.line + 1, c.column + 1
}

// lines is the file by lines, in characters.
func (d *document) lines() [][]rune {
	if d.split == nil {
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(d.text)
		for line := range strings.SplitSeq(text, "\n") {
			d.split = append(d.split, []rune(line))
		}
	}
	return d.split
}

// line is one line of the file, counted from 1; empty when there is none.
func (d *document) line(number int) string {
	lines := d.lines()
	if number < 1 || number > len(lines) {
		return ""
	}
	return string(lines[number-1])
}

// cursor walks the file beside a scalar's value.
type cursor struct {
	lines        [][]rune
	line, column int // counted from 0
	style        yaml.Style
}

// current is the character at the cursor; a line break at the end of a line, 0
// at the end of the file.
func (c *cursor) current() rune { return c.peek(0) }

func (c *cursor) peek(ahead int) rune {
	if c.line >= len(c.lines) {
		return 0
	}
	line := c.lines[c.line]
	if c.column+ahead >= len(line) {
		return '\n'
	}
	return line[c.column+ahead]
}

func (c *cursor) newline() { c.line, c.column = c.line+1, 0 }

// match moves behind the next character of the value; false when the file holds
// something else.
func (c *cursor) match(r rune) bool {
	c.seek(r)
	switch current := c.current(); {
	case isBlank(r) && current != r:
		return current == '\n' || c.style&yaml.DoubleQuotedStyle != 0 && c.escape() // a folded line: seek goes on later
	case c.style&yaml.DoubleQuotedStyle != 0 && current == '\\':
		return c.escape()
	case current != r || current == 0:
		return false
	case r == '\n':
		c.newline()
	case c.style&yaml.SingleQuotedStyle != 0 && r == '\'':
		c.column += 2
	default:
		c.column++
	}
	return true
}

// seek moves over the indentation and the folded line breaks before a
// character that is not blank.
func (c *cursor) seek(r rune) {
	for !isBlank(r) {
		switch {
		case c.current() == '\n':
			c.newline()
		case c.current() == ' ' || c.current() == '\t':
			c.column++
		case c.style&yaml.DoubleQuotedStyle != 0 && c.current() == '\\' && c.peek(1) == '\n':
			c.newline()
		default:
			return
		}
	}
}

// escape moves over an escape sequence of a double-quoted scalar.
func (c *cursor) escape() bool {
	if c.current() != '\\' {
		return false
	}
	length := map[rune]int{'x': 4, 'u': 6, 'U': 10}[c.peek(1)]
	c.column += max(length, 2)
	return true
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }
