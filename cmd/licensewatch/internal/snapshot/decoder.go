package snapshot

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/suggest"
)

// decoder reads nodes and gathers the mistakes in them.
type decoder struct {
	file     string
	problems []Problem
}

// fail reports a mistake at a node.
func (d *decoder) fail(n *yaml.Node, format string, args ...any) {
	d.failAt(n.Line, n.Column, format, args...)
}

func (d *decoder) failAt(line, column int, format string, args ...any) {
	d.problems = append(d.problems, Problem{
		File: d.file, Line: max(line, 1), Column: max(column, 1), Text: fmt.Sprintf(format, args...),
	})
}

// member is one key of a mapping with its value.
type member struct{ key, value *yaml.Node }

// members gives what a mapping holds, in its order. Keys that are no words or
// are given twice are reported and left out.
func (d *decoder) members(n *yaml.Node, what string) ([]member, bool) {
	if n.Kind != yaml.MappingNode {
		d.fail(n, "%s must be a mapping (key: value), not %s", what, shape(n))
		return nil, false
	}
	var list []member
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			d.fail(key, "a key must be a word, not %s", shape(key))
		case seen[key.Value]:
			d.fail(key, "%s is given twice", shown(key.Value))
		default:
			seen[key.Value] = true
			list = append(list, member{key, n.Content[i+1]})
		}
	}
	return list, true
}

// keys gives the values of a mapping by key, of the keys that are allowed. What
// else it holds is reported.
func (d *decoder) keys(n *yaml.Node, what string, allowed ...string) (map[string]*yaml.Node, bool) {
	list, ok := d.members(n, what)
	values := map[string]*yaml.Node{}
	for _, m := range list {
		if slices.Contains(allowed, m.key.Value) {
			values[m.key.Value] = m.value
			continue
		}
		hint := suggest.DidYouMean(m.key.Value, allowed)
		if hint == "" {
			hint = "; its keys are " + strings.Join(allowed, ", ")
		}
		d.fail(m.key, "%s has no key %s%s", what, shown(m.key.Value), hint)
	}
	return values, ok
}

// text gives a single value as it is written: a text, or a date that YAML
// recognised as one.
func (d *decoder) text(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" {
		d.fail(n, "%s must be a text%s, not %s", what, inQuotes(n), shape(n))
		return "", false
	}
	return n.Value, true
}

// inQuotes is the hint for what would be a text in quotes.
func inQuotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		return ""
	}
	return " in quotes"
}

// word gives a value that must be one of a few.
func (d *decoder) word(n *yaml.Node, what string, words ...string) (string, bool) {
	value, ok := d.text(n, what)
	if !ok {
		return "", false
	}
	if !slices.Contains(words, value) {
		d.fail(n, "%s must be one of %s, not %s%s", what, strings.Join(words, ", "), shown(value), suggest.DidYouMean(value, words))
		return "", false
	}
	return value, true
}

// shown quotes a part of the file, or as much of it as a message can bear.
func shown(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return fmt.Sprintf("%q", text)
}

// shape says what a node is, for messages.
func shape(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias (aliases are not supported; write the value out)"
	case isNull(n):
		return "nothing"
	case n.Tag == "!!int" || n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!bool":
		return "true or false"
	default:
		return "a text"
	}
}
