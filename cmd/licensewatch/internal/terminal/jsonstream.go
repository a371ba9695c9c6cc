package terminal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// JSONStream writes a document as JSON does, part by part: the whole is never in memory.
type JSONStream struct {
	to      io.Writer
	depth   int
	isBegun bool // what is open has an element
	err     error
}

// NewJSONStream begins a document.
func NewJSONStream(to io.Writer) *JSONStream { return &JSONStream{to: to} }

// Err is the first error, if there was one. Nothing is written after it.
func (s *JSONStream) Err() error { return s.err }

// Open opens an object or a list by its bracket. The name is that of the field; it is empty
// in a list, and for the document itself.
func (s *JSONStream) Open(name, bracket string) {
	s.begin(name)
	s.write([]byte(bracket))
	s.depth++
	s.isBegun = false
}

// Value writes a field, or without a name an element of a list.
func (s *JSONStream) Value(name string, v any) {
	s.begin(name)
	var document bytes.Buffer
	encoder := json.NewEncoder(&document)
	encoder.SetIndent(s.indent(), "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil && s.err == nil {
		s.err = err
	}
	s.write(bytes.TrimSuffix(document.Bytes(), []byte("\n")))
	s.isBegun = true
}

// Close closes by its bracket what was opened last.
func (s *JSONStream) Close(bracket string) {
	s.depth--
	if s.isBegun {
		s.write([]byte("\n" + s.indent()))
	}
	s.write([]byte(bracket))
	if s.isBegun = true; s.depth == 0 {
		s.write([]byte("\n"))
	}
}

// begin writes what comes before a value.
func (s *JSONStream) begin(name string) {
	if s.depth == 0 {
		return
	}
	comma := ""
	if s.isBegun {
		comma = ","
	}
	s.write([]byte(comma + "\n" + s.indent()))
	if name != "" {
		quoted, _ := json.Marshal(name) // a text is always one
		s.write(append(quoted, ": "...))
	}
}

func (s *JSONStream) indent() string { return strings.Repeat("  ", s.depth) }

// write writes JSON line by line, so that its escaped form is not a second whole.
func (s *JSONStream) write(text []byte) {
	if s.err != nil {
		return
	}
	out := bufio.NewWriter(s.to)
	for line := range bytes.Lines(text) {
		_, _ = out.Write(Escaped(line)) // an error is kept for Flush
	}
	s.err = out.Flush()
}
