package terminal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"licensewatch/internal/text"
)

// JSON writes a document for programs, indented.
func JSON(w io.Writer, v any) error {
	var document bytes.Buffer
	encoder := json.NewEncoder(&document)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(Escaped(document.Bytes()))
	return err
}

// Escaped is a JSON text in which what text.IsHidden is written as an escape: it
// means the same, and steers no terminal. Line ends between its parts stay.
func Escaped(document []byte) []byte {
	var out bytes.Buffer
	for len(document) > 0 {
		r, size := utf8.DecodeRune(document)
		switch {
		case r == utf8.RuneError && size == 1: // no UTF-8
			out.WriteString(`\ufffd`)
		case r == '\n' || !text.IsHidden(r):
			out.Write(document[:size])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		document = document[size:]
	}
	return out.Bytes()
}

// JSONLog is a writer of lines of JSON, such as a log, that Escaped goes through.
func JSONLog(w io.Writer) io.Writer { return jsonLog{w} }

type jsonLog struct{ to io.Writer }

func (l jsonLog) Write(lines []byte) (int, error) {
	if _, err := l.to.Write(Escaped(lines)); err != nil {
		return 0, err
	}
	return len(lines), nil
}
