package ruletest

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// readScalar gives the text of a single value that is not empty.
func (d *document) readScalar(n *yaml.Node, what string) (string, bool) {
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

// readWord gives a value that must be one of a few; empty when it is none of them.
func (d *document) readWord(n *yaml.Node, what string, words ...string) string {
	value, ok := d.readScalar(n, what)
	if !ok || !d.OneOf(n, what, value, words...) {
		return ""
	}
	return value
}

// readInteger gives a whole number.
func (d *document) readInteger(n *yaml.Node, what string) (int64, bool) {
	number, err := strconv.ParseInt(n.Value, 10, 64)
	switch {
	case n.Kind != yaml.ScalarNode || err != nil:
		d.Fail(n, "%s must be a whole number, not %s", what, shownValue(n))
	case n.Tag != "!!int":
		d.Fail(n, "%s must be a whole number without quotes", what)
	default:
		return number, true
	}
	return 0, false
}

// shownValue is a value as a message repeats it.
func shownValue(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || yamlnode.IsNull(n) {
		return yamlnode.Shape(n)
	}
	return yamlnode.Quoted(n.Value)
}

// readWords gives a list of words, or a single one.
func (d *document) readWords(n *yaml.Node, what string) []string {
	elements := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		elements, _ = d.List(n, what)
		if len(elements) == 0 {
			d.Fail(n, "%s is empty", what)
		}
	}
	var all []string
	for _, element := range elements {
		if word, ok := d.readScalar(element, what); ok {
			all = append(all, word)
		}
	}
	return all
}
