package yamlnode

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Lists and mappings in brackets, of the plain YAML that plain.go reads.

// deepest is how deep brackets may be in each other.
const deepest = 8

// readFlowList reads a list in brackets.
func (r *plainReader) readFlowList(from int) (n *yaml.Node, end int) {
	n = r.newNode(yaml.SequenceNode, "!!seq", from)
	n.Style = yaml.FlowStyle
	return r.readFlow(n, from, ']', false)
}

// readFlowMapping reads a mapping in brackets.
func (r *plainReader) readFlowMapping(from int) (n *yaml.Node, end int) {
	n = r.newNode(yaml.MappingNode, "!!map", from)
	n.Style = yaml.FlowStyle
	return r.readFlow(n, from, '}', true)
}

// readFlow reads what stands in brackets.
func (r *plainReader) readFlow(n *yaml.Node, from int, closing byte, isMapping bool) (filled *yaml.Node, end int) {
	if r.depth++; r.depth > deepest {
		return nil, 0
	}
	defer func() { r.depth-- }()
	for at := from + 1; ; {
		at = r.skipSpaces(at)
		if at < len(r.line) && r.line[at] == closing {
			return n, at + 1
		}
		if isMapping {
			key, end := r.readFlowKey(at)
			if key == nil {
				return nil, 0
			}
			n.Content = append(n.Content, key)
			at = r.skipSpaces(end)
		}
		value, end := r.readFlowValue(at)
		if value == nil {
			return nil, 0
		}
		n.Content = append(n.Content, value)
		if at = r.skipSpaces(end); at == len(r.line) || r.line[at] != closing && r.line[at] != ',' {
			return nil, 0
		}
		if r.line[at] == ',' {
			at++
		}
	}
}

// readFlowKey reads a key in brackets with the colon and the space behind it.
func (r *plainReader) readFlowKey(from int) (key *yaml.Node, end int) {
	key, end = r.readFlowValue(from)
	if key == nil || key.Kind != yaml.ScalarNode || !strings.HasPrefix(r.line[end:], ": ") {
		return nil, 0
	}
	return key, end + 1
}

func (r *plainReader) skipSpaces(at int) int {
	for at < len(r.line) && r.line[at] == ' ' {
		at++
	}
	return at
}

// readFlowValue reads a key or a value in brackets.
func (r *plainReader) readFlowValue(from int) (n *yaml.Node, end int) {
	if from == len(r.line) {
		return nil, 0
	}
	switch r.line[from] {
	case '\'', '"':
		return r.readQuoted(from)
	case '[':
		return r.readFlowList(from)
	case '{':
		return r.readFlowMapping(from)
	}
	length := strings.IndexAny(r.line[from:], ":,[]{}#")
	if length <= 0 || strings.IndexByte("|>&*!%@`?-", r.line[from]) >= 0 {
		return nil, 0
	}
	return r.newScalar(strings.TrimRight(r.line[from:from+length], " "), from), from + length
}
