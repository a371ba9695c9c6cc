package rules

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// MaxFile is how many bytes a rules file may have.
const MaxFile = 64 << 10

// document is a rules file and the mistakes found in it.
type document struct {
	name     string
	text     string // without a byte order mark
	builtin  bool   // checked by the tests, so not again at every start
	problems *[]Problem
	warnings *[]Problem
	refused  map[*yaml.Node]bool // reported already: no second mistake for these
	split    [][]rune            // text by lines; nil until it is needed
}

func (l *loader) document(name, text string) *document {
	text = strings.TrimPrefix(text, "\ufeff")
	return &document{name: name, text: text, problems: &l.problems, warnings: &l.warnings, refused: map[*yaml.Node]bool{}}
}

// fail reports a mistake at a node.
func (d *document) fail(n *yaml.Node, format string, args ...any) {
	d.failAt(n.Line, n.Column, format, args...)
}

func (d *document) failAt(line, column int, format string, args ...any) {
	*d.problems = append(*d.problems, d.problem(line, column, format, args...))
}

// warnAt reports what looks wrong and may be meant.
func (d *document) warnAt(line, column int, format string, args ...any) {
	if p := d.problem(line, column, format, args...); !slices.Contains(*d.warnings, p) { // a text is read once for each language
		*d.warnings = append(*d.warnings, p)
	}
}

func (d *document) problem(line, column int, format string, args ...any) Problem {
	return Problem{File: d.name, Line: max(line, 1), Column: max(column, 1), Text: fmt.Sprintf(format, args...)}
}

// inside reports what is found in the text of a scalar.
func (d *document) inside(n *yaml.Node) report {
	return report{
		mistake: func(offset int, text string) {
			line, column := d.position(n, offset)
			if n.Style == 0 && text == endsEarly && strings.Contains(d.line(line), " #") {
				text += "; behind a space, # begins a comment: quote the expression"
			}
			d.failAt(line, column, "%s", text)
		},
		doubt: func(offset int, text string) {
			line, column := d.position(n, offset)
			d.warnAt(line, column, "%s", text)
		},
	}
}

// root reads the only document of the file; nil when there is none to go on
// with.
func (d *document) root() *yaml.Node {
	if d.builtin {
		if root, ok := readPlain(d.text); ok {
			return root
		}
	} else if !d.isText() {
		return nil
	}
	loader, err := yaml.NewLoader(strings.NewReader(d.text))
	if err != nil {
		d.failYAML(err)
		return nil
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		d.failAt(1, 1, "the file is empty; a rules file begins with `version: 1`")
		return nil
	case err != nil:
		d.failYAML(err)
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.fail(&second, "a second document begins here, which would not be read; put all rules into one")
	case !errors.Is(err, io.EOF):
		d.failYAML(err)
	}
	root := first.Content[0]
	if isNull(root) {
		d.failAt(1, 1, "the file is empty; a rules file begins with `version: 1`")
		return nil
	}
	d.refuse(root)
	return root
}

// isText reports a file that is no text or too long.
func (d *document) isText() bool {
	if len(d.text) > MaxFile {
		d.failAt(1, 1, "the file has %d bytes; a rules file has at most %d", len(d.text), MaxFile)
		return false
	}
	line, column := 1, 0
	for i, r := range d.text {
		column++
		switch {
		case r == '\n':
			line, column = line+1, 0
		case r == utf8.RuneError && !strings.HasPrefix(d.text[i:], string(utf8.RuneError)):
			d.failAt(line, column, "the file is not UTF-8")
			return false
		case unicode.IsControl(r) && r != '\t' && r != '\r':
			d.failAt(line, column, "the file holds a control character (%U)", r)
			return false
		}
	}
	return true
}

// refuse reports the parts of YAML that a rules file has no use for, and that
// are nearly always a slip: tags, anchors and aliases.
func (d *document) refuse(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		d.refused[n] = true
		d.fail(n, "aliases (*%s) are not supported; write the value out", n.Value)
	case n.Tag != "" && !strings.HasPrefix(n.Tag, "!!"):
		d.refused[n] = true
		d.fail(n, "YAML reads a ! here as a tag; an expression that begins with ! must be quoted: '%s'", d.rest(n))
	case n.Anchor != "":
		d.refused[n] = true
		d.fail(n, "anchors (&%s) are not supported; write the value where it is used", n.Anchor)
	}
	for _, child := range n.Content {
		d.refuse(child)
	}
}

// rest is what stands in the file from a node to the end of its line.
func (d *document) rest(n *yaml.Node) string {
	line := []rune(d.line(n.Line))
	return strings.TrimSpace(string(line[min(n.Column-1, len(line)):]))
}

// failYAML reports what the YAML parser could not read, and the slip that is
// most likely behind it.
func (d *document) failYAML(err error) {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		at = &yaml.LoadError{Message: err.Error()}
	}
	message := at.Message
	if at.ContextMsg != "" {
		message = at.ContextMsg + ": " + message
	}
	d.failAt(at.Mark.Line, at.Mark.Column, "the file is not YAML: %s%s", message, cmp.Or(slip(d.line(at.Mark.Line)), d.cut(at.Mark.Line)))
}

// cut guesses that a comment within { } took away the end of the line before the
// one at which YAML gave up, or of that line itself.
func (d *document) cut(line int) string {
	for _, number := range []int{line - 1, line} {
		_, value, isOpen := strings.Cut(d.line(number), "{")
		before, _, isComment := strings.Cut(value, " #")
		if isOpen && isComment && !strings.Contains(before, "}") {
			return fmt.Sprintf("; behind a space, # begins a comment, which cuts line %d: a text with one must be quoted", number)
		}
	}
	return ""
}

// slip guesses what was meant by a line that is not YAML.
func slip(line string) string {
	_, value, _ := strings.Cut(line, ": ")
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(value, "!"):
		return "; an expression that begins with ! must be quoted"
	case strings.Contains(line, "{{"):
		return "; a text with {{ }} must be quoted"
	case strings.Contains(line, "\t"):
		return "; indent with spaces, not with tabs"
	case strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'"):
		return "; quote the whole value, not a part of it"
	case strings.Contains(value, ": "):
		return "; a value that holds a colon and a space must be quoted"
	default:
		return ""
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
