package yamlnode

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Keys and values that are one text, of the plain YAML that plain.go reads.

// isPlainKey says whether a text is a key that means the same everywhere.
func isPlainKey(key string) bool {
	if key == "" || key[0] < 'A' {
		return false
	}
	for _, c := range []byte(key) {
		isWord := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf
		if !isWord && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return true
}

// readQuoted reads a text in quotes. Single ones are doubled within; what double ones
// escape is left to YAML.
func (r *plainReader) readQuoted(from int) (n *yaml.Node, end int) {
	quote := r.line[from]
	n = r.newNode(yaml.ScalarNode, "!!str", from)
	n.Style = yaml.SingleQuotedStyle
	if quote == '"' {
		n.Style = yaml.DoubleQuotedStyle
	}
	for at := from + 1; ; {
		length := strings.IndexByte(r.line[at:], quote)
		if length < 0 {
			return nil, 0
		}
		part := r.line[at : at+length]
		if quote == '"' && strings.IndexByte(part, '\\') >= 0 {
			return nil, 0
		}
		at += length + 1
		n.Value += part
		if quote == '"' || at == len(r.line) || r.line[at] != quote {
			return n, at
		}
		n.Value += "'"
		at++
	}
}

// newScalar makes the node of an unquoted value at a byte of the line.
func (r *plainReader) newScalar(value string, at int) *yaml.Node {
	tag := plainTag(value)
	if tag == "" {
		r.isPlain = false
	}
	n := r.newNode(yaml.ScalarNode, tag, at)
	n.Value = value
	return n
}

// plainTag is the type that YAML sees in an unquoted value; empty where that is not
// certain.
func plainTag(value string) string {
	if value == "" {
		return "!!null"
	}
	switch c := value[0]; {
	case c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.':
		return numberTag(value)
	case c == '~' || c == '<' || c == '=': // null, and what merges mappings
		return ""
	case strings.IndexByte("tTfFnN", c) < 0 || len(value) > len("false"):
		return "!!str"
	}
	switch value {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return "!!bool"
	case "null", "Null", "NULL":
		return "!!null"
	default:
		return "!!str"
	}
}

// numberTag is plainTag of what begins as a number does.
func numberTag(value string) string {
	const longest = 18 // digits that every number type has room for
	digits := strings.TrimLeft(value, "-+")
	switch {
	case digits == value && strings.Trim(digits, "0123456789._:-+eEtTzZ ") != "" && !strings.HasPrefix(digits, ".") &&
		(digits[0] != '0' || strings.IndexByte("xXoObB", digits[1]) < 0):
		return "!!str" // 7d, 3 machines
	case len(value)-len(digits) > 1 || digits == "" || len(digits) > longest ||
		strings.Trim(digits, "0123456789.") != "":
		return ""
	case !strings.Contains(digits, "."):
		if digits[0] == '0' && len(digits) > 1 {
			return ""
		}
		return "!!int"
	case strings.Count(digits, ".") == 1 && len(digits) > 1:
		return "!!float"
	default:
		return ""
	}
}
