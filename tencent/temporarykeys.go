package tencent

import (
	"fmt"
	"log/slog"
	"time"
)

// TemporaryKeys are what AssumeRole gives: keys for another account, for a while. Whatever
// they are printed with, they print "[keys]"; Reveal gives them, to be called only where a
// request is signed. The zero value holds none.
//
// They lie behind a pointer to a function, because fmt reaches through unexported fields
// without asking for a method: there it finds an address.
type TemporaryKeys struct {
	reveal  *func() (id, key, token string)
	expires time.Time
}

// keysMask is what TemporaryKeys print.
const keysMask = "[keys]"

// Reveal gives the keys themselves; empty texts for the zero value.
func (k TemporaryKeys) Reveal() (id, key, token string) {
	if k.reveal == nil {
		return "", "", ""
	}
	return (*k.reveal)()
}

// Expires is until when the keys are good, by the clock of this machine: it is counted from
// when they were asked for, so that a clock that is wrong makes no difference.
func (k TemporaryKeys) Expires() time.Time { return k.expires }

// IsZero says whether there are no keys.
func (k TemporaryKeys) IsZero() bool { return k.reveal == nil }

// Format prints the mask for every verb.
func (TemporaryKeys) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(keysMask)) }

// MarshalText gives the mask, so that no encoder writes the keys.
func (TemporaryKeys) MarshalText() ([]byte, error) { return []byte(keysMask), nil }

// LogValue logs the mask.
func (TemporaryKeys) LogValue() slog.Value { return slog.StringValue(keysMask) }
