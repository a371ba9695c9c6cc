package notify

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"licensewatch/internal/text"
)

// maxMessage bounds what is kept of a chat's own words, in bytes.
const maxMessage = 100

// withheldAnswer stands for words that repeat the webhook's URL.
const withheldAnswer = "[answer withheld: it repeats the webhook URL]"

// secretWindow is how many characters in a row of the URL's secret count as repeating
// it.
const secretWindow = 8

// redactor takes what must not be seen out of a chat's words. Error pages like
// to repeat the address they were asked for, and WeCom names this machine's.
type redactor struct {
	secrets []string // the parts of the URL that let one post
}

func newRedactor(link string) redactor {
	_, rest, _ := strings.Cut(link, "://")
	_, rest, _ = strings.Cut(rest, "/")
	var secrets []string
	for _, part := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("/?&=#", r) }) {
		// What every webhook's path has is no secret, and is in honest answers.
		if len(part) < secretWindow || slices.Contains([]string{"services", "webhook", "workflows", "triggers"}, part) {
			continue
		}
		secrets = append(secrets, strings.ToLower(part))
		if plain, err := url.PathUnescape(part); err == nil && plain != part && len(plain) >= secretWindow {
			secrets = append(secrets, strings.ToLower(plain))
		}
	}
	return redactor{secrets}
}

// repeatsURL says whether a text holds a piece of the URL's secret.
func (r redactor) repeatsURL(words string) bool {
	words = strings.ToLower(words)
	variants := []string{words}
	if plain, err := url.PathUnescape(words); err == nil {
		variants = append(variants, plain)
	}
	for _, secret := range r.secrets {
		for i := 0; i+secretWindow <= len(secret); i++ {
			if slices.ContainsFunc(variants, func(v string) bool {
				return strings.Contains(v, secret[i:i+secretWindow])
			}) {
				return true
			}
		}
	}
	return false
}

// redactMessage is a chat's words made fit for an error or the log: one line of at
// most maxMessage bytes, without the hint that WeCom appends, without addresses
// and without anything that could be a key.
func (r redactor) redactMessage(outside string) string {
	// Cleaning comes first: it may join what was apart.
	words := text.OneLine(outside, maxBody)
	for _, mark := range []string{", hint:", ", from ip", ", more info"} {
		words, _, _ = strings.Cut(words, mark)
	}
	if r.repeatsURL(words) {
		return withheldAnswer
	}
	return text.Cut(maskTokens(words), maxMessage)
}

// maskTokens replaces addresses, and runs of characters so long that they are
// no words.
func maskTokens(words string) string {
	const longest = 24
	var b strings.Builder
	for words != "" {
		n := strings.IndexFunc(words, func(r rune) bool { return !isTokenRune(r) })
		switch {
		case n < 0:
			n = len(words)
		case n == 0:
			_, n = utf8.DecodeRuneInString(words)
		}
		token := words[:n]
		if _, err := netip.ParseAddr(strings.Trim(token, ".:")); err == nil || n > longest {
			token = "…"
		}
		b.WriteString(token)
		words = words[n:]
	}
	return b.String()
}

// isTokenRune says whether a rune may be part of a key or an address.
func isTokenRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	default:
		return strings.ContainsRune("+/=_%.:-", r)
	}
}
