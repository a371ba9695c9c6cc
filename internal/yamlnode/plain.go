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
