package chat

import (
	"encoding/json"
	"errors"
	"strings"
)

// dingtalkPayload is the part of a robot's payload that DingTalk shows.
type dingtalkPayload struct {
	MsgType  string `json:"msgtype"`
	Markdown struct {
		Text string `json:"text"`
	} `json:"markdown"`
	Text struct {
		Content string `json:"content"`
	} `json:"text"`
}

func parseDingTalk(payload []byte) (Message, error) {
	var m dingtalkPayload
	if json.Unmarshal(payload, &m) != nil {
		return Message{}, errors.New("the DingTalk payload is not the JSON of a message")
	}
	var lines []Line
	switch m.MsgType {
	case "markdown":
		lines = wholeLines(strings.ReplaceAll(m.Markdown.Text, "  \n", "\n"), markdownLine)
	case "text":
		lines = wholeLines(m.Text.Content, plainLine)
	default:
		return Message{}, errors.New("the DingTalk payload's msgtype is neither markdown nor text")
	}
	return Message{Parts: []Part{{Blocks: []Block{{Kind: Section, Lines: lines}}}}}, nil
}
