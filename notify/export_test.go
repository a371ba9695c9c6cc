package notify

import (
	"net/http"
	"time"
)

// What the tests reach into, because it parses outside text.

func ParseRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	return parseRetryAfter(h, now)
}

func Redact(url, text string) string { return newRedactor(url).redactMessage(text) }
