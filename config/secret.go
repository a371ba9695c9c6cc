package config

import (
	"fmt"
	"log/slog"
)

// secretMask is what a Secret prints, whatever it holds.
const secretMask = "[secret]"

// Secret is a text that must not be printed: a webhook URL, a key, a token.
// Whatever it is printed with, it prints "[secret]"; Reveal gives the text, to
// be called only where it is used.
//
// The text hides behind a pointer to a function because fmt, when it walks
// through an unexported field, calls no methods: there it finds an address.
// The zero Secret holds nothing. Two Secrets are equal by Equal, not by ==.
type Secret struct{ reveal *func() string }

// NewSecret wraps a text; the empty text gives the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	reveal := func() string { return text }
	return Secret{&reveal}
}

// Reveal returns the text itself.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return (*s.reveal)()
}

// IsZero says whether there is no text.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal says whether both hold the same text.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String returns the mask.
func (Secret) String() string { return secretMask }

// Format prints the mask for every verb, %#v and %x included.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(secretMask)) }

// MarshalText gives the mask, so that no encoder writes the text, neither as a
// value nor as a map's key.
func (Secret) MarshalText() ([]byte, error) { return []byte(secretMask), nil }

// LogValue logs the mask.
func (Secret) LogValue() slog.Value { return slog.StringValue(secretMask) }
