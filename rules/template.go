package rules

import (
	"strings"
	"unicode/utf8"

	"licensewatch/license"
)

// maxText bounds a title or detail in bytes.
const maxText = 2000

// template is a title or detail in one language: literal pieces and
// expressions.
type template struct {
	language license.Language
	pieces   []piece
}

// piece is an expression, or a literal when there is none.
type piece struct {
	literal    string
	expression *expression
}

// render writes the text. What is not known is written as "unknown".
func (t *template) render(f *frame) string {
	var text strings.Builder
	for _, p := range t.pieces {
		if p.expression == nil {
			text.WriteString(p.literal)
			continue
		}
		text.WriteString(wordsOf(t.language).print(p.expression.root.eval(f).value))
	}
	return strings.TrimSpace(text.String())
}

// template compiles a text. It returns nil when there are mistakes; all of them
// have been reported.
func (c *compiler) template(text string, at place, to report) *template {
	t := &template{language: at.language}
	if len(text) > maxText {
		to.mistake(0, "the text is longer than 2000 bytes")
		return nil
	}
	valid, offset := true, 0
	for text != "" {
		literal, rest, found := strings.Cut(text, "{{")
		t.literal(literal)
		if !found {
			break
		}
		offset += utf8.RuneCountInString(literal) + 2
		source, after, closed := cutExpression(rest)
		if !closed {
			to.mistake(offset-2, "{{ is not closed by }}")
			return nil
		}
		if e := c.embedded(source, at, offset, to); e != nil {
			t.pieces = append(t.pieces, piece{expression: e})
		} else {
			valid = false
		}
		offset += utf8.RuneCountInString(source) + 2
		text = after
	}
	if !valid {
		return nil
	}
	return t
}

// embedded compiles the expression between {{ and }}, offset characters into
// the text.
func (c *compiler) embedded(source string, at place, offset int, to report) *expression {
	if strings.TrimSpace(source) == "" {
		to.mistake(offset, "there is no expression between {{ and }}")
		return nil
	}
	return c.value(source, at, to.from(offset))
}

// blanks turns what would break a line into spaces: a text is one line.
var blanks = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// literal adds a literal piece.
func (t *template) literal(text string) {
	text = blanks.Replace(strings.ReplaceAll(text, "\r\n", " "))
	if text != "" {
		t.pieces = append(t.pieces, piece{literal: text})
	}
}

// cutExpression splits at the first }} that stands in no string of the
// expression.
func cutExpression(text string) (source, after string, closed bool) {
	var quote byte // of the string we are in; 0: none
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\'' || c == '`'):
			quote = c
		case quote == 0 && strings.HasPrefix(text[i:], "}}"):
			return text[:i], text[i+2:], true
		}
	}
	return "", "", false
}
