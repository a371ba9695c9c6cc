package ruletest

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/rules"
)

// MaxFile is how many bytes a test file may have.
const MaxFile = 1 << 20

// document is a test file and the mistakes found in it.
type document struct {
	name     string
	lines    []string
	mistakes []rules.Problem
	reported map[rules.Problem]bool // what stands at the top is read for every test
}

func newDocument(name, text string) *document {
	return &document{name: name, lines: strings.Split(text, "\n"), reported: map[rules.Problem]bool{}}
}

// fail reports a mistake at a node.
func (d *document) fail(n *yaml.Node, format string, args ...any) {
	d.failAt(n.Line, n.Column, format, args...)
}

func (d *document) failAt(line, column int, format string, args ...any) {
	d.report(rules.Problem{File: d.name, Line: max(line, 1), Column: max(column, 1), Text: fmt.Sprintf(format, args...)})
}

func (d *document) report(mistake rules.Problem) {
	if !d.reported[mistake] {
		d.reported[mistake] = true
		d.mistakes = append(d.mistakes, mistake)
	}
}

// sorted gives the mistakes in the order of the file; those of the rules file
// come behind its own.
func (d *document) sorted() []rules.Problem {
	slices.SortStableFunc(d.mistakes, func(a, b rules.Problem) int {
		if a.File != b.File {
			return cmp.Compare(rank(d, a), rank(d, b))
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d.mistakes
}

func rank(d *document, p rules.Problem) int {
	if p.File == d.name {
		return 0
	}
	return 1
}

// begins says how a test file begins, for those that do not.
const begins = "a test file begins with `version: 1`"

// root reads the only document of the file; nil when there is none to go on
// with.
func (d *document) root(text string) *yaml.Node {
	if len(text) > MaxFile {
		d.failAt(1, 1, "the file has %d bytes; a test file has at most %d", len(text), MaxFile)
		return nil
	}
	loader, err := yaml.NewLoader(strings.NewReader(text))
	if err != nil {
		d.failYAML(err)
		return nil
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF):
		d.failAt(1, 1, "the file is empty; %s", begins)
		return nil
	case err != nil:
		d.failYAML(err)
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.fail(&second, "a second document begins here, which would not be read; put all tests into one")
	case !errors.Is(err, io.EOF):
		d.failYAML(err)
	}
	if len(first.Content) == 0 || isNull(first.Content[0]) {
		d.failAt(1, 1, "the file is empty; %s", begins)
		return nil
	}
	if d.refuse(first.Content[0]) {
		return nil
	}
	return first.Content[0]
}

// refuse reports the parts of YAML that a test file has no use for: tags,
// anchors and aliases. It says whether there are any.
func (d *document) refuse(n *yaml.Node) bool {
	refused := true
	switch {
	case n.Kind == yaml.AliasNode:
		d.fail(n, "aliases (*%s) are not supported; write the value out", n.Value)
	case n.Tag != "" && !strings.HasPrefix(n.Tag, "!!"):
		d.fail(n, "YAML reads a ! here as a tag; quote a text that begins with !")
	case n.Anchor != "":
		d.fail(n, "anchors (&%s) are not supported; write the value where it is used, or once at the top of the file", n.Anchor)
	default:
		refused = false
	}
	for _, child := range n.Content {
		refused = d.refuse(child) || refused
	}
	return refused
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
	hint := ""
	if line := at.Mark.Line; line >= 1 && line <= len(d.lines) {
		hint = slip(d.lines[line-1])
	}
	d.failAt(at.Mark.Line, at.Mark.Column, "the file is not YAML: %s%s", message, hint)
}

// slip guesses what was meant by a line that is not YAML.
func slip(line string) string {
	_, value, _ := strings.Cut(line, ": ")
	switch {
	case strings.Contains(line, "\t"):
		return "; indent with spaces, not with tabs"
	case strings.Contains(value, ": "):
		return "; a text that holds a colon and a space must be quoted"
	default:
		return ""
	}
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
