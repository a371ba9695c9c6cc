package rules

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// positionOf is where in the file the character of a scalar's value stands:
// exactly, or where the scalar begins when the two cannot be matched.
func (d *ruleFile) positionOf(n *yaml.Node, offset int) (line, column int) {
	value := []rune(n.Value)
	c := scalarCursor{lines: d.splitLines(), line: n.Line - 1, column: n.Column - 1, style: n.Style}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.nextLine() // behind the | or >
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		c.column++
	}
	for _, r := range value[:min(offset, len(value))] {
		if !c.matchRune(r) {
			return n.Line, n.Column
		}
	}
	if offset < len(value) {
		c.skipIndent(value[offset])
	}
	return c.line + 1, c.column + 1
}

// splitLines is the file by lines, in characters.
func (d *ruleFile) splitLines() [][]rune {
	if d.split == nil {
		text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(d.text)
		for line := range strings.SplitSeq(text, "\n") {
			d.split = append(d.split, []rune(line))
		}
	}
	return d.split
}

// lineText is one line of the file, counted from 1; empty when there is none.
func (d *ruleFile) lineText(number int) string {
	lines := d.splitLines()
	if number < 1 || number > len(lines) {
		return ""
	}
	return string(lines[number-1])
}

// scalarCursor walks the file beside a scalar's value.
type scalarCursor struct {
	lines        [][]rune
	line, column int // counted from 0
	style        yaml.Style
}

// currentRune is the character at the cursor; a line break at the end of a line, 0
// at the end of the file.
func (c *scalarCursor) currentRune() rune { return c.peekRune(0) }

func (c *scalarCursor) peekRune(ahead int) rune {
	if c.line >= len(c.lines) {
		return 0
	}
	line := c.lines[c.line]
	if c.column+ahead >= len(line) {
		return '\n'
	}
	return line[c.column+ahead]
}

func (c *scalarCursor) nextLine() { c.line, c.column = c.line+1, 0 }

// matchRune moves behind the next character of the value; false when the file holds
// something else.
func (c *scalarCursor) matchRune(r rune) bool {
	c.skipIndent(r)
	switch current := c.currentRune(); {
	case isBlank(r) && current != r:
		// a folded line: skipIndent goes on later
		return current == '\n' || c.style&yaml.DoubleQuotedStyle != 0 && c.skipEscape()
	case c.style&yaml.DoubleQuotedStyle != 0 && current == '\\':
		return c.skipEscape()
	case current != r || current == 0:
		return false
	case r == '\n':
		c.nextLine()
	case c.style&yaml.SingleQuotedStyle != 0 && r == '\'':
		c.column += 2
	default:
		c.column++
	}
	return true
}

// skipIndent moves over the indentation and the folded line breaks before a
// character that is not blank.
func (c *scalarCursor) skipIndent(r rune) {
	for !isBlank(r) {
		switch {
		case c.currentRune() == '\n':
			c.nextLine()
		case c.currentRune() == ' ' || c.currentRune() == '\t':
			c.column++
		case c.style&yaml.DoubleQuotedStyle != 0 && c.currentRune() == '\\' && c.peekRune(1) == '\n':
			c.nextLine()
		default:
			return
		}
	}
}

// skipEscape moves over an escape sequence of a double-quoted scalar.
func (c *scalarCursor) skipEscape() bool {
	if c.currentRune() != '\\' {
		return false
	}
	length := map[rune]int{'x': 4, 'u': 6, 'U': 10}[c.peekRune(1)]
	c.column += max(length, 2)
	return true
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }
