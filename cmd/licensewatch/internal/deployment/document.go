package deployment

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
)

// document is a serverless.yml while it is read.
type document struct {
	file   string
	env    Environment
	timers map[string]int // the names that are taken, with their lines
	hinted bool           // how to load a file of settings has been said
	result *Deployment
}

func (d *document) placeOf(n *yaml.Node) Place {
	return Place{d.file, max(n.Line, 1), max(n.Column, 1)}
}

func (d *document) fail(n *yaml.Node, format string, args ...any) {
	d.result.Mistakes = append(d.result.Mistakes, Finding{Place: d.placeOf(n), Text: fmt.Sprintf(format, args...)})
}

func (d *document) warn(n *yaml.Node, format string, args ...any) {
	d.result.Warnings = append(d.result.Warnings, Finding{Place: d.placeOf(n), Text: fmt.Sprintf(format, args...)})
}

// failSetting and warnSetting are about an environment variable.
func (d *document) failSetting(n *yaml.Node, name, format string, args ...any) {
	d.result.Mistakes = append(d.result.Mistakes,
		Finding{d.placeOf(n), config.Shown(name), fmt.Sprintf(format, args...)})
}

func (d *document) warnSetting(n *yaml.Node, name, format string, args ...any) {
	d.result.Warnings = append(d.result.Warnings,
		Finding{d.placeOf(n), config.Shown(name), fmt.Sprintf(format, args...)})
}

// nodeInside is the place of a scalar's part that begins behind so many bytes; the
// scalar's own place when that cannot be told.
func (d *document) nodeInside(n *yaml.Node, offset int) *yaml.Node {
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

// readRoot reads the only document of the file; nil when there is none to go on
// with.
func (d *document) readRoot(data []byte) *yaml.Node {
	if !utf8.Valid(data) {
		d.fail(&yaml.Node{}, "the file is not UTF-8")
		return nil
	}
	root, _, fault := yamlnode.Load(strings.TrimPrefix(string(data), "\ufeff"))
	switch {
	case root == nil && fault != nil:
		d.fail(&yaml.Node{Line: fault.Line, Column: fault.Column}, "the file is not YAML: %s%s", fault.Message,
			tabHint(data, fault.Line))
		return nil
	case root == nil || isEmpty(root):
		d.fail(&yaml.Node{}, "the file is empty: licensewatch init DIR writes one to start from")
		return nil
	case !d.isPlain(root):
		return nil
	}
	return root
}

// tabHint says so when a line that is not YAML holds a tab.
func tabHint(data []byte, number int) string {
	lines := strings.Split(string(data), "\n")
	if number > 0 && number <= len(lines) && strings.Contains(lines[number-1], "\t") {
		return "; indent with spaces, not with tabs"
	}
	return ""
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

func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && (yamlnode.IsNull(n) || strings.TrimSpace(n.Value) == "")
}

// entry is a key of a mapping with its value.
type entry struct{ key, value *yaml.Node }

// readMapping reads a mapping that has some of these keys; nil when it is none. An
// unknown key is a mistake where it is likely to be misspelt: the component
// ignores it without a word.
func (d *document) readMapping(n *yaml.Node, what string, known []string) map[string]entry {
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
			d.warn(key, "%s is no key of %s that is known here: it may be ignored; known are %s", key.Value, what,
				suggest.List(known, "and"))
		}
	}
	return entries
}

// readText is a scalar with what ${env:…} stands for; false when it is none, or
// something in it is not set.
func (d *document) readText(e entry) (string, bool) {
	if e.value == nil || e.value.Kind != yaml.ScalarNode || isEmpty(e.value) {
		return "", false
	}
	text, unset := d.expandPlaceholders(e.value.Value)
	return text, len(unset) == 0
}
