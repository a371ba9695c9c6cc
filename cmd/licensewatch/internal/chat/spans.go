package chat

import (
	"cmp"
	"net/url"
	"strings"
	"unicode"
)

// spans collects the text of a line. What is nested inherits the look of what
// is around it.
type spans []Span

// add appends text that looks as the span does.
func (s *spans) add(text string, look Span) {
	if text == "" {
		return
	}
	look.Text = text
	if last := len(*s) - 1; last >= 0 && !look.Mention && look.Link == "" {
		before := (*s)[last]
		look.Text = before.Text
		if before == look {
			(*s)[last].Text += text
			return
		}
		look.Text = text
	}
	*s = append(*s, look)
}

// addMention appends a name that is called.
func (s *spans) addMention(name string, look Span) {
	look.Mention = true
	s.add("@"+strings.TrimPrefix(name, "@"), look)
}

// linkLook gives the look of a link, and the label to show for it. A label that
// is missing, or an address itself, is replaced by the site: an address may
// hold a signature.
func linkLook(address, label string, look Span) (Span, string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return look, cmp.Or(label, "…")
	}
	look.Link = address
	if label == "" || strings.Contains(label, "://") {
		label = look.Site() + "/…"
	}
	return look, label
}

// Site is the beginning of the link's address that may be shown, such as
// "https://console.cloud.tencent.com". Empty for what is no link.
func (s Span) Site() string {
	u, err := url.Parse(s.Link)
	if err != nil || s.Link == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Secure says whether the span is a link by https, which a page may offer.
func (s Span) Secure() bool { return strings.HasPrefix(s.Link, "https://") }

// wholeLines makes a line of each line of the text.
func wholeLines(text string, line func(string) Line) []Line {
	if text == "" {
		return nil
	}
	var lines []Line
	for part := range strings.Lines(text) {
		lines = append(lines, line(printableText(part)))
	}
	return lines
}

// printableText leaves control characters out: no chat shows them, and a terminal
// would obey.
func printableText(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		default:
			return r
		}
	}, text)
}

// plainLine is a line in which nothing is markup.
func plainLine(text string) Line {
	var s spans
	s.add(text, Span{})
	return Line{Spans: s}
}
