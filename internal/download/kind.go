package download

import (
	"bytes"
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// Kind is what a file is, by its first bytes; it is also the end of a file's name. What a
// server calls a file says nothing.
type Kind string

// The kinds.
const (
	XLSX    Kind = "xlsx"
	CSV     Kind = "csv"
	Text    Kind = "txt"
	Zip     Kind = "zip"
	Gzip    Kind = "gz"
	Unknown Kind = "bin"

	page Kind = "page" // of a server that has no file
)

// headBytes is how many of the first bytes are looked at.
const headBytes = 4 << 10

// zipEnd begins the record at the end of every zip, which is followed by a comment at most:
// it lies within the last tailBytes.
const (
	zipEnd    = "PK\x05\x06"
	tailBytes = 22 + 1<<16
)

// kindOf tells a file by its first headBytes.
func kindOf(head []byte) Kind {
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return zipKind(head)
	case bytes.HasPrefix(head, []byte(zipEnd)): // nothing is in it
		return Zip
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return Gzip
	case isPage16(head):
		return page
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")): // UTF-16
		return Text
	case bytes.ContainsFunc(head, isBinary):
		return Unknown
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))
	line, _, _ := bytes.Cut(text, []byte("\n"))
	switch {
	case bytes.HasPrefix(text, []byte("<")): // HTML, or COS's own XML
		return page
	case bytes.ContainsAny(line, ",\t"):
		return CSV
	default:
		return Text
	}
}

// isPage16 says whether it is HTML or XML in UTF-16: with its mark, or at once with a bracket.
func isPage16(head []byte) bool {
	for _, order := range []struct {
		mark, bracket string
		of            binary.ByteOrder
	}{{"\xff\xfe", "<\x00", binary.LittleEndian}, {"\xfe\xff", "\x00<", binary.BigEndian}} {
		text, isMarked := bytes.CutPrefix(head, []byte(order.mark))
		if bytes.HasPrefix(text, []byte(order.bracket)) {
			return true
		}
		for ; isMarked && len(text) > 1; text = text[2:] {
			if r := rune(order.of.Uint16(text)); !unicode.IsSpace(r) {
				return r == '<'
			}
		}
	}
	return false
}

// zipKind tells a workbook from another zip by the name of its first entry.
func zipKind(head []byte) Kind {
	const nameAt, lengthAt = 30, 26
	if len(head) < nameAt {
		return Zip
	}
	name := head[nameAt:]
	name = name[:min(len(name), int(head[lengthAt])|int(head[lengthAt+1])<<8)]
	for _, part := range []string{"[Content_Types].xml", "_rels/", "docProps/", "xl/"} {
		if bytes.HasPrefix(name, []byte(part)) {
			return XLSX
		}
	}
	return Zip
}

// isBinary is true for a character that no text has. What is no UTF-8 may be GBK.
func isBinary(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != utf8.RuneError
}
