package rules

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// MaxFile is how many bytes a rules file may have.
const MaxFile = 64 << 10

// ruleFile is a rules file and the mistakes found in it.
type ruleFile struct {
	name     string
	text     string // without a byte order mark
	builtin  bool   // checked by the tests, so not again at every start
	problems *[]yamlnode.Problem
	warnings *[]yamlnode.Problem
	refused  map[*yaml.Node]bool // reported already: no second mistake for these
	split    [][]rune            // text by lines; nil until it is needed
}

// failAtNode reports a mistake at a node.
func (d *ruleFile) failAtNode(n *yaml.Node, format string, args ...any) {
	d.failAtLine(n.Line, n.Column, format, args...)
}

func (d *ruleFile) failAtLine(line, column int, format string, args ...any) {
	*d.problems = append(*d.problems, d.newProblem(line, column, format, args...))
}

// warnAtLine reports what looks wrong and may be meant.
func (d *ruleFile) warnAtLine(line, column int, format string, args ...any) {
	// a text is read once for each language
	if p := d.newProblem(line, column, format, args...); !slices.Contains(*d.warnings, p) {
		*d.warnings = append(*d.warnings, p)
	}
}

func (d *ruleFile) newProblem(line, column int, format string, args ...any) yamlnode.Problem {
	text := fmt.Sprintf(format, args...)
	return yamlnode.Problem{File: d.name, Line: max(line, 1), Column: max(column, 1), Text: text}
}

// scalarReporter reports what is found in the text of a scalar.
func (d *ruleFile) scalarReporter(n *yaml.Node) problemReporter {
	return problemReporter{
		mistake: func(offset int, text string) {
			line, column := d.positionOf(n, offset)
			if n.Style == 0 && text == endsEarly && strings.Contains(d.lineText(line), " #") {
				text += "; behind a space, # begins a comment: quote the expression"
			}
			d.failAtLine(line, column, "%s", text)
		},
		doubt: func(offset int, text string) {
			line, column := d.positionOf(n, offset)
			d.warnAtLine(line, column, "%s", text)
		},
	}
}

// readRoot reads the only document of the file; nil when there is none to go on
// with.
func (d *ruleFile) readRoot() *yaml.Node {
	if d.builtin {
		if root, ok := yamlnode.ReadPlain(d.text); ok {
			return root
		}
	} else if !d.checkText() {
		return nil
	}
	problems := yamlnode.In(d.name)
	root := problems.Document(d.text, "put all rules into one", "a rules file begins with `version: 1`", syntaxHint)
	*d.problems = append(*d.problems, problems.Sorted()...)
	if root != nil {
		d.refuseNode(root)
	}
	return root
}

// checkText reports a file that is no text or too long.
func (d *ruleFile) checkText() bool {
	if len(d.text) > MaxFile {
		d.failAtLine(1, 1, "the file has %d bytes; a rules file has at most %d", len(d.text), MaxFile)
		return false
	}
	if line, column, reason := yamlnode.TextFault(d.text); reason != "" {
		d.failAtLine(line, column, "%s", reason)
		return false
	}
	return true
}

// refuseNode reports the parts of YAML that a rules file has no use for, and that
// are nearly always a slip: tags, anchors and aliases.
func (d *ruleFile) refuseNode(n *yaml.Node) {
	switch {
	case n.Kind == yaml.AliasNode:
		d.refused[n] = true
		d.failAtNode(n, "aliases (*%s) are not supported; write the value out", n.Value)
	case n.Tag != "" && !strings.HasPrefix(n.Tag, "!!"):
		d.refused[n] = true
		d.failAtNode(n, "YAML reads a ! here as a tag; an expression that begins with ! must be quoted: '%s'",
			d.restOfLine(n))
	case n.Anchor != "":
		d.refused[n] = true
		d.failAtNode(n, "anchors (&%s) are not supported; write the value where it is used", n.Anchor)
	}
	for _, child := range n.Content {
		d.refuseNode(child)
	}
}

// restOfLine is what stands in the file from a node to the end of its line.
func (d *ruleFile) restOfLine(n *yaml.Node) string {
	line := []rune(d.lineText(n.Line))
	return strings.TrimSpace(string(line[min(n.Column-1, len(line)):]))
}

// syntaxHint guesses what was meant by a line that is not YAML.
func syntaxHint(text string, number int) string {
	line := yamlnode.Line(text, number)
	_, value, _ := strings.Cut(line, ": ")
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(value, "!"):
		return "; an expression that begins with ! must be quoted"
	case strings.Contains(line, "{{"):
		return "; a text with {{ }} must be quoted"
	case strings.HasPrefix(value, `"`) || strings.HasPrefix(value, "'"):
		return "; quote the whole value, not a part of it"
	default:
		return guessCutLine(text, number)
	}
}

// guessCutLine guesses that a comment within { } took away the end of the line before the
// one at which YAML gave up, or of that line itself.
func guessCutLine(text string, line int) string {
	for _, number := range []int{line - 1, line} {
		_, value, isOpen := strings.Cut(yamlnode.Line(text, number), "{")
		before, _, isComment := strings.Cut(value, " #")
		if isOpen && isComment && !strings.Contains(before, "}") {
			return fmt.Sprintf("; behind a space, # begins a comment, which cuts line %d: a text with one must be quoted", number)
		}
	}
	return ""
}

// checkVersion reports a version that is not 1.
func (d *ruleFile) checkVersion(root, n *yaml.Node) {
	if n == nil {
		d.failAtNode(root, "version is missing; a rules file begins with `version: 1`")
		return
	}
	if number, ok := d.readInteger(n, "version"); ok && number != 1 {
		d.failAtNode(n, "version %d is not known; this program reads version 1", number)
	}
}
