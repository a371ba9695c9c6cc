package message

import (
	"slices"
	"strings"

	"licensewatch/license"
)

// DingTalk is the form of custom robots: markdown.
var DingTalk = Format{
	Unit:        Bytes,
	Size:        func(payload []byte) (used, limit int) { return len(payload), 20000 },
	Report:      dingtalkReport,
	PlainReport: dingtalkPlain,
	Note:        dingtalkNote,
	PlainNote:   dingtalkNote,
}

// DingTalkAll is everybody in the group.
const DingTalkAll = "@all"

// How much of DingTalk's 20,000 bytes is used, in bytes of JSON.
const (
	dingtalkMaxBody    = 18000
	dingtalkMaxMention = 1000
	dingtalkMaxText    = 1900
)

// dingtalkMessage is the robot's payload.
type dingtalkMessage struct {
	Type     string            `json:"msgtype"`
	Markdown *dingtalkMarkdown `json:"markdown,omitempty"`
	Text     *dingtalkText     `json:"text,omitempty"`
	At       *dingtalkAt       `json:"at,omitempty"`
}

type dingtalkMarkdown struct {
	Title string `json:"title"` // what notifications and the list of chats show
	Text  string `json:"text"`
}

type dingtalkText struct {
	Content string `json:"content"`
}

// dingtalkAt says who is called. Each of them must stand in the text as well.
type dingtalkAt struct {
	Mobiles []string `json:"atMobiles,omitempty"`
	UserIDs []string `json:"atUserIds,omitempty"`
	All     bool     `json:"isAtAll,omitempty"`
}

// dingtalkMarkup is the robot's markdown. What means something to it becomes its
// full-width twin.
var dingtalkMarkup = markup{
	escape: strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "`", "｀", "*", "＊", "_", "ˍ", "~", "∼", "@",
		"＠").Replace,
	opening:  map[byte]string{'#': "＃", '-': "－", '+': "＋", '>': "＞"},
	strong:   pair{"**", "**"},
	code:     pair{"`", "`"},
	link:     func(label, url string) string { return "[" + label + "](" + url + ")" },
	headline: pair{"### ", ""},
	context:  pair{"> ", ""},
	spaced:   true,
}

// dingtalkPlainMarkup is plain text.
var dingtalkPlainMarkup = markup{
	escape: strings.NewReplacer("@", "＠").Replace,
	link:   func(label, _ string) string { return label },
}

// dingtalkReport is the first message of a report.
func dingtalkReport(r license.Report, names []string) Rendered {
	at, called := dingtalkMention(r, names)
	message, unnamed := fitToLimits(func(b bounds) document {
		return composeDocument(r, b)
	}, func(d document, rows int) (dingtalkMessage, bool) {
		message := dingtalkPage(d, rows, called)
		message.At = at
		payload, err := JSON(message)
		return message, err == nil && len(payload) <= dingtalkMaxBody
	})
	return Rendered{message, unnamed}
}

// dingtalkPage is the markdown of a document. A line ends only where two blanks
// stand before its end.
func dingtalkPage(d document, rows int, called string) dingtalkMessage {
	text := strings.TrimSpace(dingtalkMarkup.documentText(d, rows) + "\n\n" + called)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if l != "" && i+1 < len(lines) && lines[i+1] != "" {
			lines[i] = l + "  "
		}
	}
	title := strings.TrimPrefix(d.sign+" ", " ") + plainText(d.headline)
	return dingtalkMessage{Type: "markdown", Markdown: &dingtalkMarkdown{Title: title, Text: strings.Join(lines, "\n")}}
}

// dingtalkMention says who is called, for the robot and in the text.
func dingtalkMention(r license.Report, names []string) (at *dingtalkAt, called string) {
	if !r.Mention || len(names) == 0 {
		return nil, ""
	}
	at = &dingtalkAt{All: slices.Contains(names, DingTalkAll)}
	called = writeMentions(names, dingtalkMaxMention, func(name string) string {
		switch {
		case name == DingTalkAll:
			return name
		case IsMobile(name):
			at.Mobiles = append(at.Mobiles, name)
		default:
			at.UserIDs = append(at.UserIDs, name)
		}
		return "@" + name
	})
	return at, called
}

// dingtalkPlain is the report's shortened message, as text.
func dingtalkPlain(r license.Report, names []string) Rendered {
	at, called := dingtalkMention(r, names)
	text, unnamed := fitToLimits(func(bounds) document {
		return composeShort(r)
	}, func(d document, rows int) (string, bool) {
		page := strings.TrimSpace(dingtalkPlainMarkup.documentText(d, rows) + "\n" + called)
		return page, len(page) <= dingtalkMaxText
	})
	return Rendered{dingtalkMessage{Type: "text", Text: &dingtalkText{text}, At: at}, unnamed}
}

func dingtalkNote(n license.Note) Rendered {
	d := noteDocument(n)
	return Rendered{Body: dingtalkPage(d, len(d.rows), "")}
}
