package rules

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/license"
)

// maxText bounds a title or detail in bytes.
const maxText = 2000

// template is a title or detail in one language: literal pieces and
// expressions.
type template struct {
	language license.Language
	pieces   []templatePiece
}

// templatePiece is an expression, or a literal when there is none.
type templatePiece struct {
	literal    string
	expression *expression
}

// renderText writes the text. What is not known is written as "unknown".
func (t *template) renderText(f *frame) string {
	w := wordsOf(t.language)
	var text []byte
	for _, p := range t.pieces {
		more := p.literal
		if p.expression != nil {
			more = w.printValue(p.expression.root.eval(f).value)
		}
		if t.language == license.Chinese {
			text = appendChinese(text, more)
		} else {
			text = append(text, more...)
		}
	}
	return strings.TrimSpace(string(text))
}

// appendChinese appends a piece of a Chinese text. A piece begins or ends with the
// value of an expression, so only now is it known whether a blank belongs there: it
// stands between a character and a digit or Latin letter, and neither between two
// characters nor beside full-width punctuation.
func appendChinese(text []byte, more string) []byte {
	if len(text) == 0 || more == "" {
		return append(text, more...)
	}
	before, after := strings.TrimSuffix(string(text), " "), strings.TrimPrefix(more, " ")
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(after)
	switch isHan := unicode.Is(unicode.Han, last); {
	case isFullWidth(last), isFullWidth(first), isHan && unicode.Is(unicode.Han, first):
		return append(text[:len(before)], after...)
	case isHan && isLatin(first), isLatin(last) && unicode.Is(unicode.Han, first):
		return append(append(text[:len(before)], ' '), after...)
	default:
		return append(text, more...)
	}
}

func isFullWidth(r rune) bool {
	return strings.ContainsRune("，。；：、（）“”！？《》", r)
}

func isLatin(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// lineBreaks turns what would break a line into spaces: a text is one line.
var lineBreaks = strings.NewReplacer("\n", " ", "\r", " ", "\t", " ")

// addLiteral adds a literal piece.
func (t *template) addLiteral(text string) {
	text = lineBreaks.Replace(strings.ReplaceAll(text, "\r\n", " "))
	if text != "" {
		t.pieces = append(t.pieces, templatePiece{literal: text})
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
