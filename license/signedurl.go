package license

import (
	"fmt"
	"log/slog"
)

// SignedURL is a download link that carries its own permission: who has it can
// read the file. It prints as a placeholder; Reveal gives the link.
//
// The link lies behind a pointer, because fmt reaches through unexported fields
// without asking for a method: what it finds then is an address.
type SignedURL struct{ url *string } //nolint:recvcheck // reading text must change it, nothing else may

// NewSignedURL wraps a link; the empty one is the zero SignedURL.
func NewSignedURL(url string) SignedURL {
	if url == "" {
		return SignedURL{}
	}
	return SignedURL{&url}
}

// Reveal returns the link itself, for the one message it belongs in.
func (s SignedURL) Reveal() string {
	if s.url == nil {
		return ""
	}
	return *s.url
}

// IsZero says whether there is no link.
func (s SignedURL) IsZero() bool { return s.url == nil }

// Equal says whether both are the same link.
func (s SignedURL) Equal(other SignedURL) bool { return s.Reveal() == other.Reveal() }

// Format prints the placeholder for every verb.
func (s SignedURL) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.placeholder())) }

// MarshalText gives the placeholder, so that no encoder writes the link.
func (s SignedURL) MarshalText() ([]byte, error) { return []byte(s.placeholder()), nil }

// UnmarshalText gives no link, whatever the text is: what was written down is the
// placeholder.
func (s *SignedURL) UnmarshalText([]byte) error {
	*s = SignedURL{}
	return nil
}

// LogValue logs the placeholder.
func (s SignedURL) LogValue() slog.Value { return slog.StringValue(s.placeholder()) }

func (s SignedURL) placeholder() string {
	if s.IsZero() {
		return ""
	}
	return "[signed link]"
}
