package message

import (
	"strings"

	"licensewatch/license"
)

// Feishu is the form of custom bots: a card.
var Feishu = Format{
	Unit:        Bytes,
	Size:        func(payload []byte) (used, limit int) { return len(payload), 20 << 10 },
	Report:      feishuReport,
	PlainReport: feishuPlain,
	Note:        func(n license.Note) Rendered { return Rendered{Body: feishuCard(noteDocument(n))} },
	PlainNote:   feishuPlainNote,
}

// How much of Feishu's 20 KB is used, in bytes of JSON. The signature needs some.
const (
	feishuMaxBody    = 18000
	feishuMaxMention = 1000
	feishuMaxText    = 1900
)

// feishuMessage is the bot's payload.
type feishuMessage struct {
	Type    string         `json:"msg_type"`
	Card    *feishuContent `json:"card,omitempty"`
	Content *feishuText    `json:"content,omitempty"`
}

type feishuText struct {
	Text string `json:"text"`
}

// feishuContent is a card.
type feishuContent struct {
	Config   feishuConfig    `json:"config"`
	Header   feishuHeader    `json:"header"`
	Elements []feishuElement `json:"elements"`
}

type feishuConfig struct {
	Wide bool `json:"wide_screen_mode"`
}

type feishuHeader struct {
	Template string      `json:"template"` // the colour
	Title    feishuPiece `json:"title"`
}

// feishuElement is a paragraph, or small print with pieces.
type feishuElement struct {
	Tag      string        `json:"tag"` // div, note
	Text     *feishuPiece  `json:"text,omitempty"`
	Elements []feishuPiece `json:"elements,omitempty"`
}

type feishuPiece struct {
	Tag     string `json:"tag"` // plain_text, lark_md
	Content string `json:"content"`
}

// feishuColors are the colours of the header.
var feishuColors = map[level]string{
	levelWell:     "green",
	levelInfo:     "blue",
	levelWarning:  "yellow",
	levelUnknown:  "orange",
	levelCritical: "red",
}

// feishuMarkup is the card's markdown. What means something to it becomes its
// full-width twin.
var feishuMarkup = markup{
	escape: strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "`", "｀", "*", "＊", "~", "∼", "&",
		"＆").Replace,
	opening: map[byte]string{'#': "＃", '-': "－"},
	strong:  pair{"**", "**"},
	code:    pair{"`", "`"},
	tones: map[tone]pair{
		toneAlarm: {"<font color='red'>", "</font>"},
		toneMuted: {"<font color='grey'>", "</font>"},
	},
	link: func(label, url string) string { return "[" + label + "](" + url + ")" },
}

// feishuPlainMarkup is plain text: only < > mean something there.
var feishuPlainMarkup = markup{
	escape: strings.NewReplacer("<", "＜", ">", "＞").Replace,
	link:   func(label, _ string) string { return label },
}

// feishuReport is the first message of a report.
func feishuReport(r license.Report, names []string) Rendered {
	mention := feishuMention(r, names, func(id string) string { return "<at id=" + id + "></at>" })
	message, unnamed := fitToLimits(func(b bounds) document {
		return composeDocument(r, b)
	}, func(d document, rows int) (feishuMessage, bool) {
		message := feishuCardOf(d, rows, mention)
		payload, err := JSON(message)
		return message, err == nil && len(payload) <= feishuMaxBody
	})
	return Rendered{message, unnamed}
}

func feishuMention(r license.Report, names []string, write func(id string) string) string {
	if !r.Mention {
		return ""
	}
	return writeMentions(names, feishuMaxMention, write)
}

// feishuCard is the card of a document that fits whole.
func feishuCard(d document) feishuMessage { return feishuCardOf(d, len(d.rows), "") }

func feishuCardOf(d document, rows int, mention string) feishuMessage {
	m := &feishuMarkup
	card := feishuContent{Config: feishuConfig{Wide: true}}
	title := strings.TrimPrefix(d.sign+" ", " ") + plainText(d.headline)
	card.Header = feishuHeader{Template: feishuColors[d.level], Title: feishuPiece{"plain_text", title}}
	small := func(l line) {
		if len(l) > 0 {
			card.Elements = append(card.Elements,
				feishuElement{Tag: "note", Elements: []feishuPiece{{"lark_md", m.lineText(l)}}})
		}
	}
	paragraph := func(text string) {
		if text != "" {
			card.Elements = append(card.Elements, feishuElement{Tag: "div", Text: &feishuPiece{"lark_md", text}})
		}
	}
	small(d.context)
	for _, part := range m.rowTexts(d, rows) {
		paragraph(part)
	}
	for _, part := range m.blockTexts(d) {
		paragraph(part)
	}
	paragraph(mention)
	small(d.footer)
	return feishuMessage{Type: "interactive", Card: &card}
}

// feishuPlain is the report's shortened message, as text.
func feishuPlain(r license.Report, names []string) Rendered {
	mention := feishuMention(r, names, func(id string) string { return `<at user_id="` + id + `"></at>` })
	text, unnamed := fitToLimits(func(bounds) document {
		return composeShort(r)
	}, func(d document, rows int) (string, bool) {
		page := strings.TrimSpace(feishuPlainMarkup.documentText(d, rows) + "\n" + mention)
		return page, len(page) <= feishuMaxText
	})
	return Rendered{feishuMessage{Type: "text", Content: &feishuText{text}}, unnamed}
}

func feishuPlainNote(n license.Note) Rendered {
	d := noteDocument(n)
	return Rendered{Body: feishuMessage{Type: "text",
		Content: &feishuText{feishuPlainMarkup.documentText(d, len(d.rows))}}}
}
