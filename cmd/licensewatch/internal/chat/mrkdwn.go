package chat

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mrkdwnEntities are all there are.
var mrkdwnEntities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// mrkdwnLine resolves one line of Slack's markup.
func mrkdwnLine(text string) Line {
	var line Line
	for _, sign := range []string{">", "&gt;"} {
		if rest, ok := strings.CutPrefix(text, sign); ok {
			line.Quote, text = true, strings.TrimPrefix(rest, " ")
			break
		}
	}
	var s spans
	s.addMrkdwn(text, Span{})
	line.Spans = s
	return line
}

// addMrkdwn appends text with its markup resolved.
func (s *spans) addMrkdwn(text string, look Span) {
	for i := 0; i < len(text); {
		if n := s.mrkdwnMark(text, i, look); n > 0 {
			i += n
			continue
		}
		next := len(text)
		if at := strings.IndexAny(text[i+1:], "<`*_~"); at >= 0 {
			next = i + 1 + at
		}
		s.add(mrkdwnEntities.Replace(text[i:next]), look)
		i = next
	}
}

// mrkdwnMark appends what a mark at i encloses, and gives the bytes it takes; 0
// where there is no mark, or it encloses nothing.
func (s *spans) mrkdwnMark(text string, i int, look Span) int {
	switch text[i] {
	case '<':
		end := strings.IndexByte(text[i:], '>')
		if end > 0 && s.addControl(text[i+1:i+end], look) {
			return end + 1
		}
	case '`':
		if end := strings.IndexByte(text[i+1:], '`'); end > 0 {
			look.Code = true
			s.mrkdwnCode(text[i+1:i+1+end], look)
			return end + 2
		}
	case '*', '_', '~':
		if end := mrkdwnEnd(text, i); end > 0 {
			look.Strong = look.Strong || text[i] == '*'
			look.Italic = look.Italic || text[i] == '_'
			look.Struck = look.Struck || text[i] == '~'
			s.addMrkdwn(text[i+1:end], look)
			return end + 1 - i
		}
	}
	return 0
}

// mrkdwnEnd is where the emphasis that a mark at i opens ends; 0 if it opens
// none. Slack knows emphasis at the edges of words only: in snake_case_names
// there is none, nor between Chinese characters.
func mrkdwnEnd(text string, i int) int {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	if isWord(before) {
		return 0
	}
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '<', '`':
			j += skipEnclosed(text[j:])
		case text[i]:
			last, _ := utf8.DecodeLastRuneInString(text[:j])
			after, _ := utf8.DecodeRuneInString(text[j+1:])
			if j == i+1 || text[i+1] == ' ' {
				return 0
			}
			if last != ' ' && !isWord(after) {
				return j
			}
		}
	}
	return 0
}

// skipEnclosed is how many bytes behind the opening mark the closing one lies; 0
// if there is none.
func skipEnclosed(text string) int {
	closing := text[0]
	if closing == '<' {
		closing = '>'
	}
	return strings.IndexByte(text[1:], closing) + 1
}

func isWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// mrkdwnCode appends code: links and mentions are resolved in it, emphasis is
// not.
func (s *spans) mrkdwnCode(text string, look Span) {
	for text != "" {
		open := strings.IndexByte(text, '<')
		end := strings.IndexByte(text, '>')
		if open < 0 || end < open {
			break
		}
		s.add(mrkdwnEntities.Replace(text[:open]), look)
		if !s.addControl(text[open+1:end], look) {
			s.add(mrkdwnEntities.Replace(text[open:end+1]), look)
		}
		text = text[end+1:]
	}
	s.add(mrkdwnEntities.Replace(text), look)
}

// addControl appends what stands between < and >: a link, a mention, a date. It
// reports false for anything else.
func (s *spans) addControl(inner string, look Span) bool {
	inner = mrkdwnEntities.Replace(inner)
	target, label, _ := strings.Cut(inner, "|")
	shown := func(name string) string { return cmp.Or(label, name) }
	switch {
	case strings.HasPrefix(target, "https://"), strings.HasPrefix(target, "http://"):
		look, label = linkLook(target, label, look)
		s.add(label, look)
	case strings.HasPrefix(target, "mailto:"):
		s.add(shown(strings.TrimPrefix(target, "mailto:")), look)
	case strings.HasPrefix(target, "@"):
		s.addMention(shown(target), look)
	case strings.HasPrefix(target, "#"):
		s.add("#"+shown(target[1:]), look)
	case strings.HasPrefix(target, "!subteam^"):
		s.addMention(shown(strings.TrimPrefix(target, "!subteam^")), look)
	case target == "!here", target == "!channel", target == "!everyone":
		s.addMention(target[1:], look)
	case strings.HasPrefix(target, "!date^"):
		s.add(label, look)
	default:
		return false
	}
	return true
}
