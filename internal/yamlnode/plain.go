package yamlnode

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Files that are read in every run are nearly always written in a small part of YAML,
// which this reads in a tenth of the time that all of YAML takes. What it does not know,
// or what might mean something else to YAML, it leaves to YAML; a test compares the two.

// plainReader reads a file line by line.
type plainReader struct {
	rest     string // behind the line
	line     string // that is read, without spaces at its end
	number   int    // the line's, counted from 1
	depth    int    // of brackets
	isPlain  bool
	from     int // a byte of the line, and its column counted from 0 in characters
	column   int
	reserved []yaml.Node
}

// ReadPlain gives what a file holds; false when it is written in more of YAML.
func ReadPlain(text string) (*yaml.Node, bool) {
	if !isPlainText(text) {
		return nil, false
	}
	r := &plainReader{rest: text, isPlain: true}
	r.nextLine()
	root := r.readMapping(0)
	if _, more := r.indent(); more || len(root.Content) == 0 {
		r.isPlain = false
	}
	return root, r.isPlain
}

// isPlainText says whether a text has no characters that YAML takes for ends of lines,
// indentation, or refuses.
func isPlainText(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c < ' ' && c != '\n' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError || r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r >= 0xfffe &&
			r <= 0xffff {
			return false
		}
		i += size
	}
	return true
}

// nextLine goes on to the next line that holds something.
func (r *plainReader) nextLine() {
	for r.rest != "" {
		r.number++
		r.line, r.rest, _ = strings.Cut(r.rest, "\n")
		r.line = strings.TrimRight(r.line, " ")
		r.from, r.column = 0, 0
		if rest := strings.TrimLeft(r.line, " "); rest != "" && rest[0] != '#' {
			return
		}
	}
	r.line = ""
}

// indent is how far the line is indented; false behind the last one.
func (r *plainReader) indent() (int, bool) {
	return len(r.line) - len(strings.TrimLeft(r.line, " ")), r.line != ""
}

// fail leaves the file to YAML.
func (r *plainReader) fail() { r.isPlain, r.line, r.rest = false, "", "" }

// newNode makes a node at a byte of the line.
func (r *plainReader) newNode(kind yaml.Kind, tag string, at int) *yaml.Node {
	const together = 256
	if len(r.reserved) == 0 {
		r.reserved = make([]yaml.Node, together)
	}
	n := &r.reserved[0]
	r.reserved = r.reserved[1:]
	n.Kind, n.Tag, n.Line, n.Column = kind, tag, r.number, r.columnOf(at)+1
	return n
}

// columnOf counts the characters before a byte of the line, going on from the last one
// that was asked about.
func (r *plainReader) columnOf(at int) int {
	if at < r.from {
		r.from, r.column = 0, 0
	}
	r.column += utf8.RuneCountInString(r.line[r.from:at])
	r.from = at
	return r.column
}

// isItem says whether a line has an item of a list at a byte.
func isItem(line string, at int) bool { return strings.HasPrefix(line[at:], "- ") }

// readMapping reads the keys at an indentation.
func (r *plainReader) readMapping(indent int) *yaml.Node {
	n := r.newNode(yaml.MappingNode, "!!map", min(indent, len(r.line)))
	for {
		at, ok := r.indent()
		if !ok || at != indent || isItem(r.line, at) {
			return n
		}
		r.readPair(n, at)
	}
}

// readPair reads a key and its value.
func (r *plainReader) readPair(n *yaml.Node, at int) {
	key, rest, found := strings.Cut(r.line[at:], ":")
	if !found || !isPlainKey(key) || rest != "" && rest[0] != ' ' {
		r.fail()
		return
	}
	n.Content = append(n.Content, r.newScalar(key, at))
	if behind := strings.TrimLeft(rest, " "); behind == "" || behind[0] == '#' {
		r.nextLine()
		n.Content = append(n.Content, r.readBelow(at))
		return
	}
	n.Content = append(n.Content, r.readLast(len(r.line)-len(strings.TrimLeft(rest, " "))))
}

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

// readBelow reads what stands under a key: a list, or a mapping.
func (r *plainReader) readBelow(indent int) *yaml.Node {
	at, ok := r.indent()
	switch {
	case ok && at >= indent && isItem(r.line, at):
		return r.readList(at)
	case !ok || at <= indent:
		r.fail()
		return nil
	}
	return r.readMapping(at)
}

// readList reads the items at an indentation.
func (r *plainReader) readList(indent int) *yaml.Node {
	n := r.newNode(yaml.SequenceNode, "!!seq", indent)
	for {
		at, ok := r.indent()
		if !ok || at != indent || !isItem(r.line, at) {
			return n
		}
		r.line = r.line[:at] + " " + r.line[at+1:]
		if inner, _ := r.indent(); strings.IndexByte(`{["'`, r.line[inner]) < 0 && isPairAt(r.line, inner) {
			n.Content = append(n.Content, r.readMapping(inner))
		} else {
			n.Content = append(n.Content, r.readLast(inner))
		}
	}
}

// isPairAt says whether a line has a key at a byte.
func isPairAt(line string, at int) bool {
	return strings.Contains(line[at:], ": ") || strings.HasSuffix(line, ":")
}

// readLast reads a value with which the line ends, but for a comment.
func (r *plainReader) readLast(from int) *yaml.Node {
	value, end := r.readValue(from)
	if value == nil {
		r.fail()
		return nil
	}
	if behind := strings.TrimLeft(r.line[end:], " "); behind != "" && (behind[0] != '#' || r.line[end] != ' ') {
		r.fail()
		return nil
	}
	r.nextLine()
	return value
}

// readValue reads a scalar, or a list or a mapping in brackets, and says where it
// ends; nil when it is more of YAML.
func (r *plainReader) readValue(from int) (n *yaml.Node, end int) {
	switch r.line[from] {
	case '\'', '"':
		return r.readQuoted(from)
	case '[':
		return r.readFlowList(from)
	case '{':
		return r.readFlowMapping(from)
	case '|', '>', '&', '*', '!', '%', '@', '`', '?', '-', '#', ',', ']', '}', ':':
		return nil, 0
	}
	end = len(r.line)
	if comment := strings.Index(r.line[from:], " #"); comment >= 0 {
		end = from + comment
	}
	value := strings.TrimRight(r.line[from:end], " ")
	if strings.Contains(value, ": ") || strings.HasSuffix(value, ":") {
		return nil, 0
	}
	return r.newScalar(value, from), end
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

// deepest is how deep brackets may be in each other.
const deepest = 8

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
