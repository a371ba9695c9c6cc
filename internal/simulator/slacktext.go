package simulator

import (
	"regexp"
	"slices"
	"strings"
)

// slackControl is what may stand between < and > in mrkdwn, and slackColor what
// an attachment's bar may be.
var (
	slackControl = regexp.MustCompile(`^(` + strings.Join([]string{
		`https?://[^|<\s]+`, `mailto:[^|<\s]+`, slackMention, `#C[A-Z0-9]+`,
		`!date\^\d+\^[^|<^]+(\^https?://[^|<\s]+)?\|[^|<\n]+`, // its fallback is mandatory
	}, `|`) + `)(\|[^|<\n]*)?$`)
	slackColor     = regexp.MustCompile(`^(good|warning|danger|#[0-9A-Fa-f]{6})$`)
	slackMentioned = regexp.MustCompile(`<(` + slackMention + `)(\|[^>]*)?>`)
)

// slackMention are the ways to call somebody: a user, a group, everybody.
const slackMention = `@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!here|!channel|!everyone`

// slackEntities are the only ones there are; each other ampersand is unescaped.
var slackEntities = []string{"&amp;", "&lt;", "&gt;"}

// checkMrkdwn wants text in which the three characters & < > are escaped or part of
// a mention, a link or a date. A ">" that opens a line is a quotation.
func checkMrkdwn(at string, value any) *violation {
	rest, _ := value.(string)
	lineStart := true
	for rest != "" {
		length := 1
		switch rest[0] {
		case '&':
			if !opensEntity(rest) {
				return checkEscaped(at, rest)
			}
		case '<':
			end := strings.IndexByte(rest, '>')
			if end < 0 || !isControl(rest[1:end]) {
				return checkEscaped(at, rest)
			}
			length = end + 1
		case '>':
			if !lineStart {
				return checkEscaped(at, rest)
			}
		}
		lineStart = rest[0] == '\n'
		rest = rest[length:]
	}
	return nil
}

func opensEntity(text string) bool {
	return slices.ContainsFunc(slackEntities, func(e string) bool { return strings.HasPrefix(text, e) })
}

// isControl says whether this may stand between < and >. An address may hold
// ampersands as they are; the label behind it may not.
func isControl(inner string) bool {
	_, label, _ := strings.Cut(inner, "|")
	for i := range len(label) {
		if label[i] == '&' && !opensEntity(label[i:]) {
			return false
		}
	}
	return slackControl.MatchString(inner)
}

func checkEscaped(at, rest string) *violation {
	excerpt := []rune(rest)
	v := newViolation(at, "text is not escaped at %q", string(excerpt[:min(20, len(excerpt))]))
	v.unescaped = true
	return v
}

// attachmentColor wants good, warning, danger or #rrggbb.
func attachmentColor(at string, value any) *violation {
	if text, _ := value.(string); !slackColor.MatchString(text) {
		return newViolation(at, "not a color")
	}
	return nil
}

// slackMentions lists, sorted and each once, who a payload calls.
func slackMentions(message jsonObject) []string {
	var mentions []string
	eachText(map[string]any(message), func(text string) {
		for _, found := range slackMentioned.FindAllStringSubmatch(text, -1) {
			mentions = append(mentions, found[1])
		}
	})
	slices.Sort(mentions)
	return slices.Compact(mentions)
}
