package message

import (
	"fmt"
	"strings"
)

// MaxLink is how long a link may be that messages show, in bytes, and maxEscapedLink as it is
// written. Slack wants every & written as &amp; and allows 3000 characters around it; WeCom
// allows 4096 bytes for everything.
const (
	MaxLink        = 2048
	maxEscapedLink = 2700
)

// escapeLink makes a link that no channel's markup can be broken out of, by
// percent-encoding what could end it. It reports false for a link that is not
// https, or too long to fit every channel.
func escapeLink(link string) (string, bool) {
	if !strings.HasPrefix(link, "https://") || len(link) > MaxLink {
		return "", false
	}
	var b strings.Builder
	b.Grow(len(link))
	for i := range len(link) {
		if c := link[i]; c <= ' ' || c > '~' || strings.IndexByte("<>|()[]{}\"'`*\\^", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	escaped := b.Len() + strings.Count(link, "&")*len("amp;")
	return b.String(), b.Len() <= MaxLink && escaped <= maxEscapedLink
}
