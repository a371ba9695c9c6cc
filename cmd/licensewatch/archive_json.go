package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"unicode/utf8"
)

// Bounds of a record's file that is read into memory. What runs write stays far below them;
// an archive that somebody else made must not take more than 64 MB.
const (
	mostFields = 5_000     // of a section, or of an order
	mostBytes  = 256 << 10 // of a section, or of an order
	mostOrders = 20_000
	mostValues = 250_000 // of a file that is shown
	mostNested = 20      // levels
)

// errOdd refuses a file that is larger or deeper than any that a run has written.
var errOdd = errors.New("as no run has written it: licensewatch archive get writes it to a file")

// checkSealed refuses what is no JSON, what nests deeper than a run writes, and what has
// more values than most.
func checkSealed(data []byte, most int) error {
	if !json.Valid(data) {
		return errors.New("it is no JSON")
	}
	deepest, values := measureJSON(data)
	switch {
	case deepest > mostNested:
		return fmt.Errorf("it nests %d levels, %w", deepest, errOdd)
	case values > most:
		return fmt.Errorf("it has more than %d values, %w", most, errOdd)
	}
	return nil
}

// checkFields refuses a section or an order that is larger than any.
func checkFields(what string, value json.RawMessage) error {
	fields := 0
	if len(value) > 2*mostFields { // else it cannot have so many, of two bytes each
		for range rawElements(value) {
			if fields++; fields > mostFields {
				return fmt.Errorf("%s has more than %d fields, %w", what, mostFields, errOdd)
			}
		}
	}
	if len(value) > mostBytes {
		return fmt.Errorf("%s has more than %d bytes, %w", what, mostBytes, errOdd)
	}
	return nil
}

// elements gives the elements of an array, or the fields of an object, of valid JSON; none of
// anything else. Each value is a part of the text, and nothing is copied.
func elements(value json.RawMessage) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		for name, value := range rawElements(value) {
			if !yield(unquoted(name), value) {
				return
			}
		}
	}
}

// unquoted is the text of a name as it stands in valid JSON. Nearly all are plain.
func unquoted(name []byte) (text string) {
	if len(name) < 2 {
		return ""
	}
	for _, c := range name {
		if c == '\\' || c >= utf8.RuneSelf {
			_ = json.Unmarshal(name, &text) // a text, since the whole is valid
			return text
		}
	}
	return string(name[1 : len(name)-1])
}

// rawElements is elements with each name as it stands there.
func rawElements(value json.RawMessage) iter.Seq2[[]byte, json.RawMessage] {
	return func(yield func([]byte, json.RawMessage) bool) {
		rest := skipSpace(value)
		if len(rest) == 0 || rest[0] != '{' && rest[0] != '[' {
			return
		}
		isObject := rest[0] == '{'
		rest = skipSpace(rest[1:])
		for len(rest) > 0 && rest[0] != '}' && rest[0] != ']' {
			var name []byte
			if isObject {
				n := lengthOf(rest)
				name = rest[:n]
				rest = skipSpace(skipSpace(rest[n:])[1:])
			}
			n := lengthOf(rest)
			if !yield(name, json.RawMessage(rest[:n:n])) {
				return
			}
			if rest = skipSpace(rest[n:]); len(rest) > 0 && rest[0] == ',' {
				rest = skipSpace(rest[1:])
			}
		}
	}
}

func skipSpace(text []byte) []byte { return bytes.TrimLeft(text, " \t\r\n") }

// lengthOf is how many bytes the first value of the text has, without white space before it.
func lengthOf(text []byte) int {
	depth := 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '"':
			at += textLength(text[at:]) - 1
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return at
			}
			depth--
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return at
			}
			continue
		default: // of a number or a word, which its end shows
			continue
		}
		if depth == 0 {
			return at + 1
		}
	}
	return len(text)
}

// textLength is how many bytes a text has, with its quotes.
func textLength(text []byte) int {
	for at := 1; at < len(text); at++ {
		switch text[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(text)
}

// measureJSON says how deep valid JSON nests, and how many values it has at most.
func measureJSON(data []byte) (deepest, values int) {
	depth := 0
	for at := 0; at < len(data); at++ {
		switch data[at] {
		case '"':
			at += textLength(data[at:]) - 1
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
			values++
		case '}', ']':
			depth--
		case ',':
			values++
		}
	}
	return deepest, values + 1
}
