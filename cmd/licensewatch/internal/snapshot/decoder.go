package snapshot

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// decoder reads nodes and gathers the mistakes in them.
type decoder struct{ *yamlnode.Problems }

func newDecoder(file string) *decoder { return &decoder{yamlnode.In(file)} }

// readText gives a single value as it is written: a text, or a date that YAML
// recognised as one.
func (d *decoder) readText(n *yaml.Node, what string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!timestamp" {
		d.Fail(n, "%s must be a text%s, not %s", what, inQuotes(n), yamlnode.Shape(n))
		return "", false
	}
	return n.Value, true
}

// inQuotes is the hint for what would be a text in quotes.
func inQuotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || yamlnode.IsNull(n) {
		return ""
	}
	return " in quotes"
}

// readWord gives a value that must be one of a few.
func (d *decoder) readWord(n *yaml.Node, what string, words ...string) (string, bool) {
	value, ok := d.readText(n, what)
	if !ok || !d.OneOf(n, what, value, words...) {
		return "", false
	}
	return value, true
}

// readRoot reads the only document of a file; nil when there is none to go on with.
func (d *decoder) readRoot(data []byte) *yaml.Node {
	switch {
	case len(data) > MaxFile:
		d.FailAt(1, 1, "the file has more than %d MiB; a snapshot has at most that", MaxFile>>20)
		return nil
	case !utf8.Valid(data):
		d.FailAt(1, 1, "the file is not UTF-8")
		return nil
	}
	root, second, fault := yamlnode.Load(jsonAsYAML(data))
	switch {
	case fault != nil && sdkError.Match(data):
		d.FailAt(1, 1, "%s, as a tool prints it; it holds nothing to judge: ask again when that is mended",
			refusalOf(string(sdkError.FindSubmatch(data)[1])))
	case fault != nil:
		d.FailAt(fault.Line, fault.Column, "the file is neither JSON nor YAML: %s", fault)
	case root == nil:
		d.FailAt(1, 1, "the file is empty; a snapshot file begins with `version: 1`")
	case second != nil:
		d.Fail(second, "a second document begins here, which would not be read; a file holds one snapshot")
	}
	return root
}

// different is what JSON and YAML read differently in a text: an escaped
// character beyond the basic plane, which JSON writes as two halves, or a half of
// one; and characters that YAML does not read or takes for a line break. Other
// escapes stand here so that a backslash is never taken for the next one's.
var different = regexp.MustCompile(`\\u([dD][89a-fA-F][0-9a-fA-F]{2})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|\\.|[\x{7f}-\x{9f}\x{feff}\x{fffe}\x{ffff}]`)

// jsonAsYAML is the file as YAML reads it: JSON is YAML, but for what is
// different.
func jsonAsYAML(data []byte) string {
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !json.Valid([]byte(text)) {
		return text
	}
	return different.ReplaceAllStringFunc(text, func(match string) string {
		parts := different.FindStringSubmatch(match)
		switch {
		case parts[1] != "":
			var whole strings.Builder
			for _, r := range utf16.Decode(utf16Units(parts[1:])) {
				fmt.Fprintf(&whole, `\U%08X`, r)
			}
			return whole.String()
		case match[0] == '\\':
			return match
		default:
			r, _ := utf8.DecodeRuneInString(match)
			return fmt.Sprintf(`\U%08X`, r)
		}
	})
}

// utf16Units reads UTF-16 written in hexadecimal digits.
func utf16Units(halves []string) []uint16 {
	var list []uint16
	for _, half := range halves {
		if unit, err := strconv.ParseUint(half, 16, 16); err == nil {
			list = append(list, uint16(unit))
		}
	}
	return list
}

func (d *decoder) readInteger(n *yaml.Node, what string) (int64, bool) {
	number, err := strconv.ParseInt(n.Value, 10, 64)
	switch {
	case n.Kind != yaml.ScalarNode || n.Tag != "!!int" && n.Tag != "!!float":
		d.Fail(n, "%s must be a whole number, not %s%s", what, yamlnode.Shape(n), withoutQuotes(n, err == nil))
	case err != nil:
		d.Fail(n, "%s must be a whole number, not %s", what, yamlnode.Quoted(n.Value))
	default:
		return number, true
	}
	return 0, false
}

func (d *decoder) readBoolean(n *yaml.Node, what string) (value, ok bool) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		d.Fail(n, "%s must be true or false, not %s%s", what, yamlnode.Shape(n),
			withoutQuotes(n, n.Value == "true" || n.Value == "false"))
		return false, false
	}
	return n.Value == "true" || n.Value == "True" || n.Value == "TRUE", true
}
