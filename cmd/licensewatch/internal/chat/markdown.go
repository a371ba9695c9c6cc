package chat

import "strings"

// addMarkdown appends text of the robot's markdown with its markup resolved.
func (s *spans) addMarkdown(text string, look Span) {
	for i := 0; i < len(text); {
		if n := s.markdownMark(text[i:], look); n > 0 {
			i += n
			continue
		}
		next := len(text)
		if at := strings.IndexAny(text[i+1:], "*`[<"); at >= 0 {
			next = i + 1 + at
		}
		s.add(text[i:next], look)
		i = next
	}
}

// markdownMark appends what a mark at the beginning of the text encloses, and
// gives the bytes it takes; 0 where there is no mark, or it encloses nothing.
func (s *spans) markdownMark(text string, look Span) int {
	if inner, n := enclosedText(text, "**", "**"); n > 0 {
		look.Strong = true
		s.addMarkdown(inner, look)
		return n
	}
	if inner, n := enclosedText(text, "`", "`"); n > 0 {
		look.Code = true
		s.add(inner, look)
		return n
	}
	if inner, n := enclosedText(text, "<@", ">"); n > 0 {
		s.addMention(inner, look)
		return n
	}
	for _, tone := range []Tone{Info, Comment, Warning} {
		if inner, n := enclosedText(text, `<font color="`+string(tone)+`">`, "</font>"); n > 0 {
			look.Tone = tone
			s.addMarkdown(inner, look)
			return n
		}
	}
	return s.markdownLink(text, look)
}

// markdownLink appends a link of the form [label](address).
func (s *spans) markdownLink(text string, look Span) int {
	label, n := enclosedText(text, "[", "]")
	if n == 0 {
		return 0
	}
	address, m := enclosedText(text[n:], "(", ")")
	if m == 0 {
		return 0
	}
	look, label = linkLook(address, label, look)
	s.addMarkdown(label, look)
	return n + m
}

// enclosedText is the text between two marks, the first of which opens it, and the
// bytes it takes with them; 0 if there is nothing between them.
func enclosedText(text, opening, closing string) (inner string, n int) {
	rest, ok := strings.CutPrefix(text, opening)
	if !ok {
		return "", 0
	}
	end := strings.Index(rest, closing)
	if end <= 0 {
		return "", 0
	}
	return rest[:end], len(opening) + end + len(closing)
}
