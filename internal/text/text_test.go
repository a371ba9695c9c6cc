package text_test

import (
	"testing"

	"licensewatch/internal/text"
)

func TestIsHidden(t *testing.T) {
	t.Parallel()
	for _, r := range "\x00\t\n\x1b\x7f\u0080\u009b\u00ad\u034f\u061c\u115f\u180e\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202e" +
		"\u2060\u2066\u2069\u206f\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff9\ufdd0\U0001d173\U000e0001\U000e0041\U000e0100\U0010ffff" {
		if !text.IsHidden(r) {
			t.Errorf("%U is not hidden", r)
		}
	}
	for _, r := range " ~é中容한あ·…–“＊ˍ⚠🔴👩\u00a0\u3000\ufffd\u0301\ue000" {
		if text.IsHidden(r) {
			t.Errorf("%U is hidden", r)
		}
	}
}

func TestJoins(t *testing.T) {
	t.Parallel()
	for pair, want := range map[string]bool{
		"👩\u200d": true, "⚠\ufe0f": true, "ℹ\ufe0f": true, "\ufe0f\u200d": true, "ن\u200c": true, "\u094d\u200d": true, // an emoji, Arabic, Devanagari
		"a\u200d": false, "中\u200c": false, "1\ufe0f": false, "+\u200d": false, "\u200d\u200d": false, "\x00\u200d": false, "👩\u200b": false, "👩\u202e": false,
	} {
		runes := []rune(pair)
		if got := text.Joins(runes[0], runes[1]); got != want {
			t.Errorf("%q: %t", pair, got)
		}
	}
}
