package ruletest

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/suggest"
	"licensewatch/cmd/licensewatch/internal/yamlnode"
)

// mapping gives the values of a mapping by key, of the keys that are allowed.
// What else it holds is reported; nil is no mapping at all.
func (d *document) mapping(n *yaml.Node, what string, keys ...string) map[string]*yaml.Node {
	values, ok := d.entries(n, what)
	if !ok {
		return nil
	}
	byKey := make(map[string]*yaml.Node, len(values))
	for _, e := range values {
		if !slices.Contains(keys, e.name) {
			d.Fail(e.key, "%s has no key %q%s", what, e.name, suggestKey(e.name, keys))
			continue
		}
		byKey[e.name] = e.value
	}
	return byKey
}

// suggestKey names the key that was meant, or all there are when they are few.
func suggestKey(word string, keys []string) string {
	const few = 12
	if meant := suggest.DidYouMean(word, keys); meant != "" || len(keys) > few {
		return meant
	}
	return "; it has " + suggest.List(keys, "and")
}

// entry is a key of a mapping with its value.
type entry struct {
	name       string
	key, value *yaml.Node
}

// entries gives the keys of a mapping in the order of the file. A key that is
// no word, or that is given twice, is reported and left out.
func (d *document) entries(n *yaml.Node, what string) ([]entry, bool) {
	if n.Kind != yaml.MappingNode {
		d.Fail(n, "%s must be a mapping (key: value), not %s", what, yamlnode.Shape(n))
		return nil, false
	}
	var all []entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			d.Fail(key, "a key must be a word, not %s", yamlnode.Shape(key))
		case slices.ContainsFunc(all, func(e entry) bool { return e.name == key.Value }):
			d.Fail(key, "%s is given twice", key.Value)
		default:
			all = append(all, entry{key.Value, key, n.Content[i+1]})
		}
	}
	return all, true
}

// list gives the elements of a list.
func (d *document) list(n *yaml.Node, what string) ([]*yaml.Node, bool) {
	if n.Kind != yaml.SequenceNode {
		d.Fail(n, "%s must be a list, not %s", what, yamlnode.Shape(n))
		return nil, false
	}
	return n.Content, true
}

// scalar gives the text of a single value that is not empty.
func (d *document) scalar(n *yaml.Node, what string) (string, bool) {
	switch {
	case yamlnode.IsNull(n) || n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) == "":
		d.Fail(n, "%s is empty", what)
		return "", false
	case n.Kind != yaml.ScalarNode:
		d.Fail(n, "%s must be a single value, not %s", what, yamlnode.Shape(n))
		return "", false
	}
	return n.Value, true
}

// word gives a value that must be one of a few; empty when it is none of them.
func (d *document) word(n *yaml.Node, what string, words ...string) string {
	value, ok := d.scalar(n, what)
	if !ok {
		return ""
	}
	if !slices.Contains(words, value) {
		d.Fail(n, "%s must be %s, not %q%s", what, suggest.List(words, "or"), value, suggest.DidYouMean(value, words))
		return ""
	}
	return value
}

// integer gives a whole number.
func (d *document) integer(n *yaml.Node, what string) (int64, bool) {
	number, err := strconv.ParseInt(n.Value, 10, 64)
	switch {
	case n.Kind != yaml.ScalarNode || err != nil:
		d.Fail(n, "%s must be a whole number, not %s", what, shown(n))
	case n.Tag != "!!int":
		d.Fail(n, "%s must be a whole number without quotes", what)
	default:
		return number, true
	}
	return 0, false
}

// shown is a value as a message repeats it.
func shown(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || yamlnode.IsNull(n) {
		return yamlnode.Shape(n)
	}
	return yamlnode.Quoted(n.Value)
}
