package chat

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
)

// feishuPayload is the part of a bot's payload that Feishu shows.
type feishuPayload struct {
	MsgType string `json:"msg_type"`
	Content struct {
		Text string `json:"text"`
	} `json:"content"`
	Card struct {
		Header struct {
			Template string      `json:"template"`
			Title    feishuPiece `json:"title"`
		} `json:"header"`
		Elements []struct {
			Tag      string        `json:"tag"`
			Text     feishuPiece   `json:"text"`
			Elements []feishuPiece `json:"elements"`
		} `json:"elements"`
	} `json:"card"`
}

type feishuPiece struct {
	Tag     string `json:"tag"`
	Content string `json:"content"`
}

// feishuBars are the colours of a card's header.
var feishuBars = map[string]string{"green": "good", "blue": "#2f6fdb", "yellow": "warning", "orange": "#e8710a",
	"red": "danger"}

func parseFeishu(payload []byte) (Message, error) {
	var m feishuPayload
	if json.Unmarshal(payload, &m) != nil {
		return Message{}, errors.New("the Feishu payload is not the JSON of a message")
	}
	switch m.MsgType {
	case "text":
		lines := wholeLines(asMarkdown(m.Content.Text), markdownLine)
		return Message{Parts: []Part{{Blocks: []Block{{Kind: Section, Lines: lines}}}}}, nil
	case "interactive":
	default:
		return Message{}, errors.New("the Feishu payload's msg_type is neither interactive nor text")
	}
	title := wholeLines(m.Card.Header.Title.Content, plainLine)
	for i := range title {
		title[i].Heading = true
	}
	card := Part{Bar: feishuBars[m.Card.Header.Template], Blocks: []Block{{Kind: Section, Lines: title}}}
	for _, element := range m.Card.Elements {
		if element.Tag == "div" {
			card.Blocks = append(card.Blocks,
				Block{Kind: Section, Lines: wholeLines(asMarkdown(element.Text.Content), markdownLine)})
		}
		for _, piece := range element.Elements {
			card.Blocks = append(card.Blocks,
				Block{Kind: Context, Lines: wholeLines(asMarkdown(piece.Content), markdownLine)})
		}
	}
	return Message{Parts: []Part{card}}, nil
}

var feishuAt = regexp.MustCompile(`<at (?:user_)?id="?([^">\s]+)"?></at>`)

// asMarkdown writes Feishu's own marks as WeCom does.
func asMarkdown(text string) string {
	text = strings.NewReplacer("<font color='red'>", `<font color="warning">`, "<font color='grey'>",
		`<font color="comment">`).Replace(text)
	return feishuAt.ReplaceAllString(text, "<@$1>")
}
