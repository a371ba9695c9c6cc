package decode

import "encoding/json"

// A value that is known to be valid JSON is taken apart by its brackets and quotes alone, and its parts
// point into it. With encoding/json each order of a list was gone through eight times and copied twice,
// a tenth of what reading many accounts costs.

// eachMember gives the members of a valid object, in their order.
func eachMember(object json.RawMessage, give func(name string, value json.RawMessage)) {
	for at := skipSpace(object, 1); object[at] != '}'; at = skipSeparator(object, at) {
		end := valueEnd(object, at)
		name := literal(object[at:end])
		at = skipSpace(object, skipSpace(object, end)+1) // the colon
		end = valueEnd(object, at)
		give(name, object[at:end:end])
		at = end
	}
}

// elements are those of a valid list.
func elements(list json.RawMessage) []json.RawMessage {
	all := []json.RawMessage{}
	for at := skipSpace(list, 1); list[at] != ']'; at = skipSeparator(list, at) {
		end := valueEnd(list, at)
		all = append(all, list[at:end:end])
		at = end
	}
	return all
}

// skipSeparator skips the comma behind a member or an element, where there is one.
func skipSeparator(raw json.RawMessage, at int) int {
	if at = skipSpace(raw, at); raw[at] == ',' {
		at = skipSpace(raw, at+1)
	}
	return at
}

func skipSpace(raw json.RawMessage, at int) int {
	for isSpace(raw[at]) {
		at++
	}
	return at
}

func isSpace(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

// valueEnd is where the value ends that begins at at.
func valueEnd(raw json.RawMessage, at int) int {
	switch raw[at] {
	case '"':
		return stringEnd(raw, at)
	case '{', '[':
		return bracketEnd(raw, at)
	}
	for at < len(raw) && !isSpace(raw[at]) && raw[at] != ',' && raw[at] != '}' && raw[at] != ']' {
		at++
	}
	return at
}

func stringEnd(raw json.RawMessage, at int) int {
	for at++; raw[at] != '"'; at++ {
		if raw[at] == '\\' {
			at++
		}
	}
	return at + 1
}

func bracketEnd(raw json.RawMessage, at int) int {
	for open := 0; ; at++ {
		switch raw[at] {
		case '"':
			at = stringEnd(raw, at) - 1
		case '{', '[':
			open++
		case '}', ']':
			if open--; open == 0 {
				return at + 1
			}
		}
	}
}
