package rules

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// The built-in files are written in a small part of YAML, which this reads in a
// tenth of the time that all of YAML takes: every cold start waits for it. What
// it does not know, it leaves to YAML; a test compares the two.

// plainReader reads a file line by line.
type plainReader struct {
	lines []string
	next  int // the line to read, counted from 0
	ok    bool
}

// readPlain gives what a file holds; false when it is written in more of YAML.
func readPlain(text string) (*yaml.Node, bool) {
	r := &plainReader{lines: strings.Split(text, "\n"), ok: true}
	root := r.readMapping(0)
	if _, _, more := r.nextLine(); more {
		r.ok = false
	}
	return root, r.ok
}

// nextLine is the next line that holds something, and how far it is indented; false
// at the end.
func (r *plainReader) nextLine() (text string, indent int, ok bool) {
	for ; r.next < len(r.lines); r.next++ {
		text = strings.TrimRight(r.lines[r.next], " ")
		rest := strings.TrimLeft(text, " ")
		if rest != "" && rest[0] != '#' {
			return text, len(text) - len(rest), true
		}
	}
	return "", 0, false
}

// readMapping reads the keys at an indentation.
func (r *plainReader) readMapping(indent int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: r.next + 1, Column: indent + 1}
	for r.ok {
		text, at, ok := r.nextLine()
		if !ok || at != indent || strings.HasPrefix(text[at:], "- ") {
			break
		}
		if len(n.Content) == 0 {
			n.Line = r.next + 1
		}
		r.readPair(n, text, at)
	}
	return n
}

// readPair reads a key and its value. The line may begin with spaces in the place of
// a dash.
func (r *plainReader) readPair(n *yaml.Node, text string, at int) {
	key, rest, found := strings.Cut(text[at:], ":")
	if !found || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz_") != "" || rest != "" && rest[0] != ' ' {
		r.ok = false
		return
	}
	n.Content = append(n.Content, r.newScalar(key, at))
	if rest == "" {
		r.next++
		n.Content = append(n.Content, r.readBelow(at))
		return
	}
	from := at + len(key) + 1
	from += len(text[from:]) - len(strings.TrimLeft(text[from:], " "))
	value, end := r.readValue(text, from)
	if behind := strings.TrimLeft(text[end:], " "); behind != "" &&
		(behind[0] != '#' || len(behind) == len(text[end:])) {
		r.ok = false
	}
	n.Content = append(n.Content, value)
	r.next++
}

// readBelow reads what stands under a key: a list, or a mapping.
func (r *plainReader) readBelow(indent int) *yaml.Node {
	text, at, ok := r.nextLine()
	if !ok || at <= indent {
		r.ok = false
		return nil
	}
	if strings.HasPrefix(text[at:], "- ") {
		return r.readList(at)
	}
	return r.readMapping(at)
}

// readList reads the mappings of a list.
func (r *plainReader) readList(indent int) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: r.next + 1, Column: indent + 1}
	for r.ok {
		text, at, ok := r.nextLine()
		if !ok || at != indent || !strings.HasPrefix(text[at:], "- ") {
			break
		}
		r.lines[r.next] = text[:at] + " " + text[at+1:]
		n.Content = append(n.Content, r.readMapping(at+2))
	}
	return n
}

// readValue reads a scalar, or a list or a mapping in brackets, and says where it
// ends.
func (r *plainReader) readValue(text string, from int) (n *yaml.Node, end int) {
	switch text[from] {
	case '\'':
		return r.readQuoted(text, from)
	case '[':
		return r.readFlow(text, from, ']')
	case '{':
		return r.readFlow(text, from, '}')
	case '"', '|', '>', '&', '*', '!', '%', '@', '`', '?', '-', '#', ',', ']', '}':
		r.ok = false
		return nil, len(text)
	}
	end = len(text)
	if comment := strings.Index(text[from:], " #"); comment >= 0 {
		end = from + comment
	}
	value := strings.TrimRight(text[from:end], " ")
	if strings.Contains(value, ": ") || strings.HasSuffix(value, ":") {
		r.ok = false
	}
	return r.newScalar(value, utf8.RuneCountInString(text[:from])), end
}

// readQuoted reads a text in single quotes.
func (r *plainReader) readQuoted(text string, from int) (n *yaml.Node, end int) {
	var value strings.Builder
	for rest := text[from+1:]; ; {
		part, after, found := strings.Cut(rest, "'")
		if !found {
			r.ok = false
			return nil, len(text)
		}
		if !strings.HasPrefix(after, "'") {
			n = r.newScalar(part, utf8.RuneCountInString(text[:from]))
			if n.Tag, n.Style = "!!str", yaml.SingleQuotedStyle; value.Len() > 0 {
				n.Value = value.String() + part
			}
			return n, len(text) - len(after)
		}
		value.WriteString(part + "'")
		rest = after[1:]
	}
}

// readFlow reads a list or a mapping in brackets, of scalars.
func (r *plainReader) readFlow(text string, from int, closing byte) (n *yaml.Node, end int) {
	n = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Line: r.next + 1,
		Column: utf8.RuneCountInString(text[:from]) + 1}
	separators := ",]"
	if closing == '}' {
		n.Kind, n.Tag, separators = yaml.MappingNode, "!!map", ":,}"
	}
	for at := from + 1; ; {
		for at < len(text) && text[at] == ' ' {
			at++
		}
		if at == len(text) || strings.IndexByte(`"[{|>&*!%@`+"`?-#,", text[at]) >= 0 {
			break
		}
		if text[at] == closing {
			return n, at + 1
		}
		var element *yaml.Node
		if text[at] == '\'' {
			element, at = r.readQuoted(text, at)
		} else {
			length := strings.IndexAny(text[at:], separators)
			if length < 0 {
				break
			}
			element = r.newScalar(strings.TrimRight(text[at:at+length], " "), utf8.RuneCountInString(text[:at]))
			at += length
		}
		n.Content = append(n.Content, element)
		if at < len(text) && text[at] != closing {
			at++
		}
	}
	r.ok = false
	return n, len(text)
}

// newScalar makes the node of an unquoted value at a column, counted from 0 in characters.
func (r *plainReader) newScalar(value string, column int) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: plainTag(value), Value: value, Line: r.next + 1, Column: column + 1}
}

// plainTag is the type that YAML sees in an unquoted value.
func plainTag(value string) string {
	digits := strings.TrimLeft(value, "-+")
	switch {
	case value == "true" || value == "false":
		return "!!bool"
	case value == "" || value == "null" || value == "~":
		return "!!null"
	case len(value)-len(digits) > 1 || digits == "" || strings.Trim(digits, "0123456789.") != "":
		return "!!str"
	case !strings.Contains(digits, "."):
		return "!!int"
	case strings.Count(digits, ".") == 1 && len(digits) > 1:
		return "!!float"
	default:
		return "!!str"
	}
}
