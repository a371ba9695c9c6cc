package rules

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
)

// readMapping gives the values of a mapping by key, of the keys that are allowed.
// What else it holds is reported.
func (d *ruleFile) readMapping(n *yaml.Node, what string, keys []string) map[string]*yaml.Node {
	if d.refused[n] {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		d.failAtNode(n, "%s must be a mapping (key: value), not %s%s", what, nodeShape(n), unquotedHint(n))
		return nil
	}
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case d.refused[key]:
		case key.Kind != yaml.ScalarNode:
			d.failAtNode(key, "a key must be a word, not %s%s", nodeShape(key), unquotedHint(n))
		case !slices.Contains(keys, key.Value):
			hint := suggest.DidYouMean(key.Value, keys)
			if hint == "" {
				hint = "; it has " + suggest.List(keys, "and")
			}
			d.failAtNode(key, "%s has no key %q%s", what, key.Value, hint)
		case values[key.Value] != nil:
			d.failAtNode(key, "%s is given twice", key.Value)
		default:
			values[key.Value] = n.Content[i+1]
		}
	}
	return values
}

// readList gives the elements of a list.
func (d *ruleFile) readList(n *yaml.Node, what string) ([]*yaml.Node, bool) {
	if d.refused[n] {
		return nil, false
	}
	if n.Kind != yaml.SequenceNode {
		d.failAtNode(n, "%s must be a list, not %s", what, nodeShape(n))
		return nil, false
	}
	return n.Content, true
}

// readScalar gives the text of a single value that is not empty.
func (d *ruleFile) readScalar(n *yaml.Node, what string) (string, bool) {
	switch {
	case d.refused[n]:
		return "", false
	case yamlnode.IsNull(n) || n.Kind == yaml.ScalarNode && strings.TrimSpace(n.Value) == "":
		d.failAtNode(n, "%s is empty", what)
		return "", false
	case n.Kind != yaml.ScalarNode:
		d.failAtNode(n, "%s must be a single value, not %s%s", what, nodeShape(n), unquotedHint(n))
		return "", false
	}
	return n.Value, true
}

// readWord gives a value that must be one of a few.
func (d *ruleFile) readWord(n *yaml.Node, what string, words ...string) (string, bool) {
	value, ok := d.readScalar(n, what)
	if !ok {
		return "", false
	}
	if !slices.Contains(words, value) {
		d.failAtNode(n, "%s must be %s, not %q%s", what, suggest.List(words, "or"), value,
			suggest.DidYouMean(value, words))
		return "", false
	}
	return value, true
}

// readInteger gives a whole number.
func (d *ruleFile) readInteger(n *yaml.Node, what string) (int64, bool) {
	value, ok := d.readScalar(n, what)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseInt(value, 10, 64)
	switch {
	case err != nil:
		d.failAtNode(n, "%s must be a whole number, not %q", what, value)
	case n.Tag != "!!int":
		d.failAtNode(n, "%s must be a whole number without quotes", what)
	default:
		return number, true
	}
	return 0, false
}

// readNumber reads a number.
func (d *ruleFile) readNumber(n *yaml.Node, what string) (float64, bool) {
	value, ok := d.readScalar(n, what)
	if !ok {
		return 0, false
	}
	number, err := strconv.ParseFloat(value, 64)
	switch isNumber := n.Tag == "!!int" || n.Tag == "!!float"; {
	case err != nil || number != number:
		d.failAtNode(n, "%s must be a number, not %q", what, value)
	case !isNumber:
		d.failAtNode(n, "%s must be a number without quotes", what)
	default:
		return number, true
	}
	return 0, false
}

// readPlainText reads a text without expressions.
func (d *ruleFile) readPlainText(n *yaml.Node, what string) string {
	text, ok := d.readScalar(n, what)
	switch {
	case !ok:
		return ""
	case len(text) > maxText:
		d.failAtNode(n, "the text is longer than %d bytes", maxText)
	case strings.Contains(text, "{{"):
		d.failAtNode(n, "%s is a plain text: it is said of many orders at once, so there is nothing for {{ }} to read",
			what)
	}
	return strings.TrimSpace(lineBreaks.Replace(text))
}

// nodeShape says what a node is, for messages; numbers are texts.
func nodeShape(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode && !yamlnode.IsNull(n) {
		return "a text"
	}
	return yamlnode.Shape(n)
}

// unquotedHint is a hint for {{ … }} outside quotes, which YAML reads as a mapping
// in a mapping.
func unquotedHint(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 && n.Content[0].Kind == yaml.MappingNode {
		return "; a text with {{ }} must be quoted"
	}
	return ""
}
