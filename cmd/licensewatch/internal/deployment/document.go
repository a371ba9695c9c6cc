package deployment

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/suggest"
)

// document is a serverless.yml while it is read.
type document struct {
	file   string
	env    Environment
	timers map[string]int // the names that are taken, with their lines
	hinted bool           // how to load a file of settings has been said
	result *Deployment
}

func (d *document) place(n *yaml.Node) Place {
	return Place{d.file, max(n.Line, 1), max(n.Column, 1)}
}

func (d *document) fail(n *yaml.Node, format string, args ...any) {
	d.result.Mistakes = append(d.result.Mistakes, Finding{Place: d.place(n), Text: fmt.Sprintf(format, args...)})
}

func (d *document) warn(n *yaml.Node, format string, args ...any) {
	d.result.Warnings = append(d.result.Warnings, Finding{Place: d.place(n), Text: fmt.Sprintf(format, args...)})
}

// failSetting and warnSetting are about an environment variable.
func (d *document) failSetting(n *yaml.Node, name, format string, args ...any) {
	d.result.Mistakes = append(d.result.Mistakes, Finding{d.place(n), name, fmt.Sprintf(format, args...)})
}

func (d *document) warnSetting(n *yaml.Node, name, format string, args ...any) {
	d.result.Warnings = append(d.result.Warnings, Finding{d.place(n), name, fmt.Sprintf(format, args...)})
}

// inside is the place of a scalar's part that begins behind so many bytes; the
// scalar's own place when that cannot be told.
func (d *document) inside(n *yaml.Node, offset int) *yaml.Node {
	at := *n
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 || offset > len(n.Value) {
		return &at
	}
	at.Column += utf8.RuneCountInString(n.Value[:offset])
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		at.Column++
	}
	return &at
}

// root reads the only document of the file; nil when there is none to go on
// with.
func (d *document) root(data []byte) *yaml.Node {
	loader, err := yaml.NewLoader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	if err != nil {
		d.failYAML(data, err)
		return nil
	}
	var first yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF) || err == nil && isEmpty(first.Content[0]):
		d.fail(&yaml.Node{}, "the file is empty: licensewatch init DIR writes one to start from")
		return nil
	case err != nil:
		d.failYAML(data, err)
		return nil
	}
	root := first.Content[0]
	if !d.isPlain(root) {
		return nil
	}
	return root
}

// isPlain reports aliases. The tools read them, but where a value comes from
// should be seen where it stands.
func (d *document) isPlain(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode {
		d.fail(n, "aliases (*%s) are not read by this check: write the value out", n.Value)
		return false
	}
	for _, child := range n.Content {
		if !d.isPlain(child) {
			return false
		}
	}
	return true
}

// failYAML reports what the YAML parser could not read, and the slip that is
// most likely behind it.
func (d *document) failYAML(data []byte, err error) {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		d.fail(&yaml.Node{}, "the file is not YAML: %v", err)
		return
	}
	message := at.Message
	lines := strings.Split(string(data), "\n")
	if line := at.Mark.Line; line > 0 && line <= len(lines) && strings.Contains(lines[line-1], "\t") {
		message += "; indent with spaces, not with tabs"
	}
	d.fail(&yaml.Node{Line: at.Mark.Line, Column: at.Mark.Column}, "the file is not YAML: %s", message)
}

func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (n.Tag == "!!null" || strings.TrimSpace(n.Value) == "")
}

// entry is a key of a mapping with its value.
type entry struct{ key, value *yaml.Node }

// mapping reads a mapping that has some of these keys; nil when it is none. An
// unknown key is a mistake where it is likely to be misspelt: the component
// ignores it without a word.
func (d *document) mapping(n *yaml.Node, what string, known []string) map[string]entry {
	if n.Kind != yaml.MappingNode {
		d.fail(n, "%s must be a mapping with %s", what, strings.Join(known, ", "))
		return nil
	}
	entries := map[string]entry{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if first, ok := entries[key.Value]; ok {
			d.fail(key, "%s stands here twice, first in line %d: remove one of them", key.Value, first.key.Line)
			continue
		}
		entries[key.Value] = entry{key, value}
		if slices.Contains(known, key.Value) {
			continue
		}
		if meant := suggest.Nearest(key.Value, known); meant != "" {
			d.fail(key, "%s is no key of %s and would be ignored; did you mean %s?", key.Value, what, meant)
		} else {
			d.warn(key, "%s is no key of %s that is known here: it may be ignored", key.Value, what)
		}
	}
	return entries
}

// text is a scalar with what ${env:…} stands for; false when it is none, or
// something in it is not set.
func (d *document) text(e entry) (string, bool) {
	if e.value == nil || e.value.Kind != yaml.ScalarNode || isEmpty(e.value) {
		return "", false
	}
	text, unset := d.expand(e.value.Value)
	return text, len(unset) == 0
}
