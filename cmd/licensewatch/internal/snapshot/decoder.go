package snapshot

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/suggest"
	"licensewatch/cmd/licensewatch/internal/yamlnode"
)

// decoder reads nodes and gathers the mistakes in them.
type decoder struct{ *yamlnode.Problems }

func newDecoder(file string) *decoder { return &decoder{yamlnode.In(file)} }

// member is one key of a mapping with its value.
type member struct{ key, value *yaml.Node }

// members gives what a mapping holds, in its order. Keys that are no words or
// are given twice are reported and left out.
func (d *decoder) members(n *yaml.Node, what string) ([]member, bool) {
	if n.Kind != yaml.MappingNode {
		d.Fail(n, "%s must be a mapping (key: value), not %s", what, yamlnode.Shape(n))
		return nil, false
	}
	var list []member
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			d.Fail(key, "a key must be a word, not %s", yamlnode.Shape(key))
		case seen[key.Value]:
			d.Fail(key, "%s is given twice", yamlnode.Quoted(key.Value))
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
		d.Fail(m.key, "%s has no key %s%s", what, yamlnode.Quoted(m.key.Value), hint)
	}
	return values, ok
}

// text gives a single value as it is written: a text, or a date that YAML
// recognised as one.
func (d *decoder) text(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" {
		d.Fail(n, "%s must be a text%s, not %s", what, inQuotes(n), yamlnode.Shape(n))
		return "", false
	}
	return n.Value, true
}

// inQuotes is the hint for what would be a text in quotes.
func inQuotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || yamlnode.IsNull(n) {
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
		d.Fail(n, "%s must be one of %s, not %s%s", what, strings.Join(words, ", "), yamlnode.Quoted(value), suggest.DidYouMean(value, words))
		return "", false
	}
	return value, true
}
