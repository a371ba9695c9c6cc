package message

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"licensewatch/license"
)

// Slack is the form of incoming webhooks: blocks within an attachment.
var Slack = Format{
	Unit:        Characters,
	Size:        func([]byte) (used, limit int) { return 0, 0 },
	Report:      slackReport,
	PlainReport: slackPlainReport,
	Note:        func(n license.Note) Rendered { return slackNote(n, slackBlocks("")) },
	PlainNote:   func(n license.Note) Rendered { return slackNote(n, slackPlain("")) },
}

// slackReport is the first message of a report.
func slackReport(r license.Report, mention []string) Rendered {
	return slackForm(r, slackBlocks(slackMention(r, mention)))
}

func slackPlainReport(r license.Report, mention []string) Rendered {
	return slackForm(r, slackPlain(slackMention(r, mention)))
}

func slackForm(r license.Report, render func(document, int) (slackMessage, bool)) Rendered {
	message, unnamed := fitToLimits(func(b bounds) document { return composeDocument(r, b) }, render)
	return Rendered{message, unnamed}
}

func slackNote(n license.Note, render func(document, int) (slackMessage, bool)) Rendered {
	message, _ := fitToLimits(func(bounds) document { return noteDocument(n) }, render)
	return Rendered{Body: message}
}

// Slack's limits, and the sum of all text that is known to be safe. Characters
// are counted, in escaped text.
const (
	slackMaxSection = 3000
	slackMaxBlocks  = 50
	slackMaxTotal   = 10000
	slackMaxMention = 1000 // bytes
)

// slackMessage is the webhook's payload. slack-go's own type would add fields
// that webhooks do not know.
type slackMessage struct {
	Text        string            `json:"text"`
	Attachments []slackAttachment `json:"attachments,omitempty"`
	// A preview would make Slack fetch the download link.
	UnfurlLinks bool `json:"unfurl_links"`
	UnfurlMedia bool `json:"unfurl_media"`
}

// slackAttachment gives the blocks their coloured bar.
type slackAttachment struct {
	Color    string        `json:"color"`
	Fallback string        `json:"fallback"`
	Blocks   []slack.Block `json:"blocks"`
}

// slackColors are the colours of the bar.
var slackColors = map[level]string{
	levelWell:     "good",
	levelInfo:     "#2f6fdb",
	levelWarning:  "warning",
	levelUnknown:  "#e8710a",
	levelCritical: "danger",
}

// slackMarkup is mrkdwn. Only & < > can be escaped; what would start or end
// emphasis has to be another character. Emphasis and code are seen only where
// their marks stand apart from letters, and from ideographs with their punctuation.
var slackMarkup = markup{
	escape:     escapeMrkdwn,
	escapeCode: mrkdwnCode.Replace,
	apart:      true,

	strong:   pair{"*", "*"},
	code:     pair{"`", "`"},
	link:     func(label, url string) string { return "<" + strings.ReplaceAll(url, "&", "&amp;") + "|" + label + ">" },
	headline: pair{"*", "*"},
}

var (
	mrkdwnText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "~", "∼", "`", "'")
	mrkdwnCode = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "`", "'")
)

// escapeMrkdwn writes a text so that Slack shows it as it is. An underscore within
// a word is no emphasis and stays, so that names_like_this can be copied.
func escapeMrkdwn(text string) string {
	text = mrkdwnText.Replace(text)
	if !strings.ContainsAny(text, "_:") {
		return text
	}
	var b strings.Builder
	var before rune
	for rest := text; rest != ""; {
		r, width := utf8.DecodeRuneInString(rest)
		rest = rest[width:]
		after, _ := utf8.DecodeRuneInString(rest)
		switch {
		case r == '_' && !(isASCIIWord(before) && isASCIIWord(after)):
			r = 'ˍ'
		case r == ':' && beginsEmoji(rest):
			r = '꞉'
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// beginsEmoji says whether a colon before this text would make an emoji of its first
// word, as in :wave:. A number is none: minutes, or a line of a file.
func beginsEmoji(text string) bool {
	name, _, closed := strings.Cut(text, ":")
	return closed && strings.Trim(name, "0123456789") != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_+-'", r)
	})
}

func isASCIIWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || isDigit(r)
}

// slackBlocks renders a document as headline and blocks.
func slackBlocks(mention string) func(document, int) (slackMessage, bool) {
	return func(d document, rows int) (slackMessage, bool) {
		m := &slackMarkup
		headline := m.headText(d)
		var blocks []slack.Block
		text := strings.TrimSpace(m.headline.around(headline) + " " + mention)
		total, fits := utf8.RuneCountInString(text), true
		add := func(part string, block func(*slack.TextBlockObject) slack.Block) {
			n := utf8.RuneCountInString(part)
			total += n
			fits = fits && n <= slackMaxSection
			// verbatim: Slack shall not turn outside text into links or mentions.
			blocks = append(blocks, block(slack.NewTextBlockObject(slack.MarkdownType, part, false, true)))
		}
		if len(d.context) > 0 {
			add(m.lineText(d.context), contextBlock)
		}
		for _, part := range slices.Concat(m.rowTexts(d, rows), m.blockTexts(d)) {
			add(part, sectionBlock)
		}
		if len(d.footer) > 0 {
			add(m.lineText(d.footer), contextBlock)
		}
		message := slackMessage{
			Text:        text,
			Attachments: []slackAttachment{{Color: slackColors[d.level], Fallback: headline, Blocks: blocks}},
		}
		if len(blocks) == 0 {
			message.Attachments = nil
		}
		return message, fits && total <= slackMaxTotal && len(blocks) <= slackMaxBlocks
	}
}

// slackSection is a section with a text alone. slack-go's own may hold buttons and menus, and
// the function would link how each of them is decoded.
type slackSection struct {
	Type slack.MessageBlockType `json:"type"`
	Text *slack.TextBlockObject `json:"text"`
}

// BlockType implements slack.Block.
func (s slackSection) BlockType() slack.MessageBlockType { return s.Type }

// ID implements slack.Block.
func (slackSection) ID() string { return "" }

func sectionBlock(text *slack.TextBlockObject) slack.Block {
	return slackSection{slack.MBTSection, text}
}

func contextBlock(text *slack.TextBlockObject) slack.Block {
	return slack.NewContextBlock("", text)
}

// slackPlain renders a document as text alone.
func slackPlain(mention string) func(document, int) (slackMessage, bool) {
	return func(d document, rows int) (slackMessage, bool) {
		text := strings.TrimSpace(slackMarkup.documentText(d, rows) + "\n" + mention)
		return slackMessage{Text: text}, utf8.RuneCountInString(text) <= slackMaxTotal
	}
}

// slackMention writes the people a report calls.
func slackMention(r license.Report, names []string) string {
	if !r.Mention {
		return ""
	}
	return writeMentions(names, slackMaxMention, func(name string) string {
		name = strings.TrimPrefix(name, "@")
		switch {
		case name == "here", name == "channel", name == "everyone":
			return "<!" + name + ">"
		case name == "" || strings.ContainsFunc(name, func(r rune) bool {
			return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
		}):
			return ""
		case name[0] == 'S':
			return "<!subteam^" + name + ">"
		default:
			return "<@" + name + ">"
		}
	})
}
