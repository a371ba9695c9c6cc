package state

import "strings"

// Limits of a name in bytes. A file system allows 255 a part, COS 850 a key.
const (
	maxPart = 200
	maxName = 500
)

// checkName says what is wrong with an object's name; empty when nothing is. A
// part that begins with a dot would be hidden, lead elsewhere, or be one of the
// file store's own temporary files.
func checkName(name string) string {
	if len(name) > maxName {
		return "the name is too long"
	}
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "":
			return "a part of the name is empty"
		case len(part) > maxPart:
			return "a part of the name is too long"
		case part[0] == '.':
			return "a part of the name begins with a dot"
		case strings.ContainsFunc(part, notInName):
			return "the name holds other characters than a-z, 0-9, dot, underscore and hyphen"
		}
	}
	return ""
}

func notInName(r rune) bool { return !isPlain(r) || 'A' <= r && r <= 'Z' }

// isPlain is true for what needs no escaping in a path, a header or a text:
// letters, digits, dot, underscore and hyphen.
func isPlain(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '_' || r == '-'
}
