package chat

import (
	"encoding/json"
	"errors"
	"regexp"
)

// slackMessage is the part of a webhook's payload that Slack shows.
type slackMessage struct {
	Text        string            `json:"text"`
	Blocks      []slackBlock      `json:"blocks"`
	Attachments []slackAttachment `json:"attachments"`
}

type slackAttachment struct {
	Color  string       `json:"color"`
	Text   string       `json:"text"`
	Blocks []slackBlock `json:"blocks"`
}

type slackBlock struct {
	Type     string      `json:"type"`
	Text     *slackText  `json:"text"`
	Fields   []slackText `json:"fields"`
	Elements []slackText `json:"elements"`
}

type slackText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

func parseSlack(payload []byte) (Message, error) {
	var m slackMessage
	if json.Unmarshal(payload, &m) != nil {
		return Message{}, errors.New("the Slack payload is not the JSON of a message")
	}
	var parts []Part
	if top := slackPart(m.Text, m.Blocks); len(top) > 0 {
		parts = append(parts, Part{Blocks: top})
	}
	for _, a := range m.Attachments {
		parts = append(parts, Part{Bar: attachmentColor(a.Color), Blocks: slackPart(a.Text, a.Blocks)})
	}
	return Message{Parts: parts}, nil
}

// slackPart is the blocks, or the text where there are none: beside blocks the
// text is for notifications only.
func slackPart(text string, blocks []slackBlock) []Block {
	var shown []Block
	for _, b := range blocks {
		shown = append(shown, slackBlockOf(b))
	}
	if len(blocks) == 0 && text != "" {
		shown = append(shown, Block{Kind: Section, Lines: wholeLines(text, mrkdwnLine)})
	}
	return shown
}

func slackBlockOf(b slackBlock) Block {
	switch b.Type {
	case "divider":
		return Block{Kind: Divider}
	case "context":
		return Block{Kind: Context, Lines: slackTexts(b.Elements)}
	}
	texts := b.Fields
	if b.Text != nil {
		texts = append([]slackText{*b.Text}, b.Fields...)
	}
	lines := slackTexts(texts)
	for i := range lines {
		lines[i].Heading = b.Type == "header"
	}
	return Block{Kind: Section, Lines: lines}
}

func slackTexts(texts []slackText) []Line {
	var lines []Line
	for _, t := range texts {
		line := mrkdwnLine
		if t.Type == "plain_text" {
			line = plainLine
		}
		lines = append(lines, wholeLines(t.Text, line)...)
	}
	return lines
}

var barColor = regexp.MustCompile(`^(good|warning|danger|#[0-9A-Fa-f]{6})$`)

// attachmentColor is the colour of an attachment's bar; grey, as in Slack, where none is
// given.
func attachmentColor(color string) string {
	if barColor.MatchString(color) {
		return color
	}
	return "#dddddd"
}
