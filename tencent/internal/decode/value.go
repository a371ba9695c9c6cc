package decode

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Int reads an integer, exactly: 317, "317" and 317.0 are 317. It is nil for
// everything else, also for what is greater than an int64.
func Int(raw json.RawMessage) *int64 {
	text := strings.TrimSpace(literal(raw))
	if strings.ContainsAny(text, "eE") {
		return exponent(text)
	}
	whole, fraction, point := strings.Cut(text, ".")
	if point && strings.Trim(fraction, "0") != "" {
		return nil
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// exponent reads 3.17e2. A float holds integers exactly up to 2^53.
func exponent(text string) *int64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return nil
	}
	n := int64(f)
	return &n
}

// Count is Int for what cannot be negative.
func Count(raw json.RawMessage) *int64 {
	n := Int(raw)
	if n == nil || *n < 0 {
		return nil
	}
	return n
}

// Bool reads true and false, also in quotes; nil for everything else.
func Bool(raw json.RawMessage) *bool {
	var b bool
	switch strings.ToLower(literal(raw)) {
	case "true":
		b = true
	case "false":
	default:
		return nil
	}
	return &b
}

// Text reads a string; a number is taken as it is written. It is nil for
// everything else.
func Text(raw json.RawMessage) *string {
	if !isQuoted(raw) && !isNumber(raw) {
		return nil
	}
	text := literal(raw)
	return &text
}

// List is the elements of an array; nil when it is none. The value is a part of an Answer, or valid.
func List(raw json.RawMessage) []json.RawMessage {
	if !IsList(raw) {
		return nil
	}
	return elements(raw)
}

// IsList says whether there is a list, which may be empty.
func IsList(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '[' }

// Object is the members of an object, of those that share a name the last; nil when it is none. The value
// is a part of an Answer, or valid.
func Object(raw json.RawMessage) Fields {
	if len(raw) == 0 || raw[0] != '{' {
		return nil
	}
	fields := Fields{}
	eachMember(raw, func(name string, value json.RawMessage) { fields[name] = value })
	return fields
}

// literal is what a string holds, or the value as it is written.
func literal(raw json.RawMessage) string {
	if !isQuoted(raw) {
		return string(raw)
	}
	if plain := raw[1 : len(raw)-1]; !bytes.ContainsRune(plain, '\\') && utf8.Valid(plain) {
		return string(plain)
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

func isQuoted(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '"' }

func isNumber(raw json.RawMessage) bool {
	return len(raw) > 0 && (raw[0] == '-' || '0' <= raw[0] && raw[0] <= '9')
}
