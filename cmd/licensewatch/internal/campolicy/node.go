package campolicy

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// The kinds of JSON values that a policy is made of.
type jsonKind int

const (
	other  jsonKind = iota // a number, true, false or null
	text                   // a string
	array                  // a list
	object                 // an object
)

// node is a JSON value with its place: the offset of its first byte.
type node struct {
	kind   jsonKind
	at     int
	text   string
	items  []node
	fields []field
}

type field struct {
	name string
	at   int
	node
}

// jsonReader builds the nodes of a text that is known to be JSON.
type jsonReader struct {
	data    []byte
	decoder *json.Decoder
}

// readJSON reads one JSON value. When the text is none, at is where it goes wrong.
func readJSON(data []byte) (root node, at int, err error) {
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return node{}, errorAt(data, err), err
	}
	r := jsonReader{data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	r.decoder.UseNumber()
	root, err = r.readValue()
	return root, 0, err
}

// errorAt is the offset of the character an error of encoding/json is about.
func errorAt(data []byte, err error) int {
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return 0
	}
	if strings.Contains(syntax.Error(), "unexpected end") {
		return len(data)
	}
	return max(0, int(syntax.Offset)-1)
}

// nextOffset is where the next value or key begins.
func (r *jsonReader) nextOffset() int {
	at := int(r.decoder.InputOffset())
	for at < len(r.data) && strings.IndexByte(" \t\r\n,:", r.data[at]) >= 0 {
		at++
	}
	return at
}

func (r *jsonReader) readValue() (node, error) {
	n := node{at: r.nextOffset()}
	token, err := r.decoder.Token()
	if err != nil {
		return n, err
	}
	switch token := token.(type) {
	case string:
		n.kind, n.text = text, token
	case json.Delim:
		if token == '[' {
			n.kind, err = array, r.readItems(&n)
		} else {
			n.kind, err = object, r.readFields(&n)
		}
	}
	return n, err
}

func (r *jsonReader) readItems(n *node) error {
	for r.decoder.More() {
		item, err := r.readValue()
		if err != nil {
			return err
		}
		n.items = append(n.items, item)
	}
	_, err := r.decoder.Token()
	return err
}

func (r *jsonReader) readFields(n *node) error {
	for r.decoder.More() {
		f := field{at: r.nextOffset()}
		key, err := r.decoder.Token()
		if err != nil {
			return err
		}
		f.name, _ = key.(string)
		if f.node, err = r.readValue(); err != nil {
			return err
		}
		n.fields = append(n.fields, f)
	}
	_, err := r.decoder.Token()
	return err
}

// lineAndColumn is an offset as line and column, both counted from 1, columns in
// characters.
func lineAndColumn(data []byte, at int) (line, column int) {
	before := data[:min(at, len(data))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[start:]) + 1
}
