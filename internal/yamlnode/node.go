package yamlnode

import (
	"strconv"

	"go.yaml.in/yaml/v4"
)

// IsNull says whether a node is null, written out or not.
func IsNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// Value is what a mapping holds under a key; nil when there is nothing, or no
// mapping.
func Value(n *yaml.Node, key string) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// Quoted is a part of a file in quotes, or as much of it as a message can bear.
func Quoted(text string) string {
	const longest = 60
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return strconv.Quote(text)
}

// Shape says what a node is, for messages.
func Shape(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias (aliases are not supported; write the value out)"
	case IsNull(n):
		return "nothing"
	case n.Tag == "!!int" || n.Tag == "!!float":
		return "a number"
	case n.Tag == "!!bool":
		return "true or false"
	default: // not repeated: it may be a whole file that is something else
		return "a text"
	}
}
