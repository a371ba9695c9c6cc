package rules

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
)

// mapping gives the values of a mapping by key, of the keys that are allowed.
// What else it holds is reported.
func (d *document) mapping(n *yaml.Node, what string, keys []string) map[string]*yaml.Node {
	if d.refused[n] {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		d.fail(n, "%s must be a mapping (key: value), not %s%s", what, shape(n), unquoted(n))
		return nil
	}
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case d.refused[key]:
		case key.Kind != yaml.ScalarNode:
			d.fail(key, "a key must be a word, not %s%s", shape(key), unquoted(n))
		case !slices.Contains(keys, key.Value):
			hint := suggest.DidYouMean(key.Value, keys)
			if hint == "" {
				hint = "; it has " + suggest.List(keys, "and")
			}
			d.fail(key, "%s has no key %q%s", what, key.Value, hint)
		case values[key.Value] != nil:
			d.fail(key, "%s is given twice", key.Value)
		default:
			values[key.Value] = n.Content[i+1]
		}
	}
	return values
}

// list gives the elements of a list.
func (d *document) list(n *yaml.Node, what string) ([]*yaml.Node, bool) {
	if d.refused[n] {
		return nil, false
	}
	if n.Kind != yaml.SequenceNode {
		d.fail(n, "%s must be a list, not %s", what, shape(n))
		return nil, false
	}
	return n.Content, true
}

// scalar gives the text of a single value that is not empty.
func (d *document) scalar(n *yaml.Node, what string) (string, bool) {
	switch {
	case d.refused[n]:
		return "", false
	case isNull(n) || n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) == "":
		d.fail(n, "%s is empty", what)
		return "", false
	case n.Kind != yaml.ScalarNode:
		d.fail(n, "%s must be a single value, not %s%s", what, shape(n), unquoted(n))
		return "", false
	}
	return n.Value, true
}

// word gives a value that must be one of a few.
func (d *document) word(n *yaml.Node, what string, words ...string) (string, bool) {
	value, ok := d.scalar(n, what)
	if !ok {
		return "", false
	}
	if !slices.Contains(words, value) {
		d.fail(n, "%s must be %s, not %q%s", what, choices(words), value, suggest.DidYouMean(value, words))
		return "", false
	}
	return value, true
}

// choices lists words as in "a, b or c".
func choices(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// integer gives a whole number.
func (d *document) integer(n *yaml.Node, what string) (int64, bool) {
	value, ok := d.scalar(n, what)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil:
		d.fail(n, "%s must be a whole number, not %q", what, value)
	case n.Tag != "!!int":
		d.fail(n, "%s must be a whole number without quotes", what)
	default:
		return number, true
	}
	return 0, false
}

// shape says what a node is, for messages.
func shape(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	default: // not repeated: whole files that are no rules end up here
		return "a text"
	}
}

// unquoted is a hint for {{ … }} outside quotes, which YAML reads as a mapping
// in a mapping.
func unquoted(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode {
		return "; a text with {{ }} must be quoted"
	}
	return ""
}
