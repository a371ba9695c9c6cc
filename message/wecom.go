package message

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/license"
)

// WeCom is the form of group robots: markdown.
var WeCom = Format{
	Unit:        Bytes,
	Size:        wecomSize,
	Report:      wecomReport,
	PlainReport: wecomShort,
	Note:        wecomNote,
	PlainNote:   wecomNote,
	Call:        wecomCall,
}

// How much of WeCom's limits is used, in bytes: 4096 for markdown, 2048 for text.
const (
	wecomMaxMarkdown = 4000
	wecomMaxText     = 1900
	wecomMaxMention  = 320 // of the markdown
)

// wecomMessage is the robot's payload.
type wecomMessage struct {
	Type     string        `json:"msgtype"`
	Markdown *wecomContent `json:"markdown,omitempty"`
	Text     *wecomText    `json:"text,omitempty"`
	File     *wecomFile    `json:"file,omitempty"`
}

type wecomFile struct {
	MediaID string `json:"media_id"`
}

type wecomContent struct {
	Content string `json:"content"`
}

type wecomText struct {
	Content   string   `json:"content"`
	Mentioned []string `json:"mentioned_list,omitempty"`
}

// wecomSize counts the bytes of the markdown.
func wecomSize(payload []byte) (used, limit int) {
	var message wecomMessage
	if json.Unmarshal(payload, &message) != nil || message.Markdown == nil {
		return 0, 0
	}
	return len(message.Markdown.Content), 4096
}

// wecomMarkup is the robot's markdown. It knows no escapes, so what means
// something to it becomes its full-width twin. Orange-red is for what is wrong,
// grey for what is of little interest; a third colour would only be noise.
var wecomMarkup = markup{
	escape:  strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "`", "｀", "*", "＊").Replace,
	opening: map[byte]string{'#': "＃"},
	strong:  pair{"**", "**"},
	code:    pair{"`", "`"},
	tones: map[tone]pair{
		toneAlarm: {`<font color="warning">`, "</font>"},
		toneMuted: {`<font color="comment">`, "</font>"},
	},
	link:     func(label, url string) string { return "[" + label + "](" + url + ")" },
	headline: pair{"### ", ""},
	context:  pair{"> ", ""},
	footer:   pair{`<font color="comment">`, "</font>"},
	spaced:   true,
}

// wecomTextMarkup is the robot's plain text: only < > mean something there.
var wecomTextMarkup = markup{
	escape: strings.NewReplacer("<", "＜", ">", "＞").Replace,
	link:   func(label, _ string) string { return label },
}

func wecomMarkdown(content string) wecomMessage {
	return wecomMessage{Type: "markdown", Markdown: &wecomContent{Content: content}}
}

// wecomReport is a report's markdown message.
func wecomReport(r license.Report, names []string) Rendered {
	mention := wecomMention(r, names, wecomMaxMention)
	content, unnamed := fitToLimits(func(b bounds) document {
		return composeDocument(r, b)
	}, wecomPage(&wecomMarkup, mention, wecomMaxMarkdown))
	return Rendered{wecomMarkdown(content), unnamed}
}

// wecomPage renders a document, the mention below it, within limit bytes.
func wecomPage(m *markup, mention string, limit int) func(document, int) (string, bool) {
	return func(d document, rows int) (string, bool) {
		page := strings.TrimSpace(m.documentText(d, rows) + "\n" + mention)
		return page, len(page) <= limit
	}
}

// wecomShort is the report's shortened message, as text.
func wecomShort(r license.Report, names []string) Rendered {
	content, unnamed := fitToLimits(func(bounds) document {
		return composeShort(r)
	}, wecomPage(&wecomTextMarkup, "", wecomMaxText))
	text := wecomText{Content: content}
	if r.Mention {
		text.Mentioned = names
	}
	return Rendered{wecomMessage{Type: "text", Text: &text}, unnamed}
}

// wecomCall is the text that calls everybody, which markdown cannot: the headline
// and the run's id.
func wecomCall(r license.Report, names []string) (message Rendered, isDue bool) {
	if !r.Mention || !slices.Contains(names, WeComAll) {
		return Rendered{}, false
	}
	m, d := &wecomTextMarkup, composeShort(r)
	d.context, d.rows, d.omitted, d.blocks = nil, nil, nil, nil
	return Rendered{Body: wecomMessage{Type: "text",
		Text: &wecomText{Content: m.documentText(d, 0), Mentioned: []string{WeComAll}}}}, true
}

// WeComFile shows a file that the robot was given, by the id that it got.
func WeComFile(mediaID string) Rendered {
	return Rendered{Body: wecomMessage{Type: "file", File: &wecomFile{MediaID: mediaID}}}
}

func wecomNote(n license.Note) Rendered {
	content, _ := fitToLimits(func(bounds) document {
		return noteDocument(n)
	}, wecomPage(&wecomMarkup, "", wecomMaxMarkdown))
	return Rendered{Body: wecomMarkdown(content)}
}

// WeComAll is everybody in the group.
const WeComAll = "@all"

// wecomMention writes the people a report calls, in markdown.
func wecomMention(r license.Report, names []string, limit int) string {
	if !r.Mention {
		return ""
	}
	return writeMentions(names, limit, func(name string) string {
		id := strings.TrimPrefix(name, "@")
		odd := func(r rune) bool {
			return r == utf8.RuneError || r == ' ' || !unicode.IsPrint(r) || strings.ContainsRune("<>[]()`@*", r)
		}
		if name == WeComAll || id == "" || strings.ContainsFunc(id, odd) {
			return ""
		}
		return "<@" + id + ">"
	})
}
