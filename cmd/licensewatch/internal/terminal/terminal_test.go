package terminal_test

import (
	"testing"

	"licensewatch/cmd/licensewatch/internal/terminal"
)

func TestSafe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "",
		"17 个授权 · ok":                   "17 个授权 · ok",
		"\x1b[2Jgone\r\n\tx\x7f\u0085y": " [2Jgone   x  y",
		"a\u202eb\u2066c":               "a b c",
	} {
		if got := terminal.Safe(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
