package chat

import (
	"encoding/json"
	"errors"
	"strings"
)

// wecomMessage is the part of a robot's payload that WeCom shows.
type wecomMessage struct {
	MsgType  string `json:"msgtype"`
	Markdown struct {
		Content string `json:"content"`
	} `json:"markdown"`
	Text struct {
		Content       string   `json:"content"`
		MentionedList []string `json:"mentioned_list"`
	} `json:"text"`
}

func parseWeCom(payload []byte) (Message, error) {
	var m wecomMessage
	if json.Unmarshal(payload, &m) != nil {
		return Message{}, errors.New("the WeCom payload is not the JSON of a message")
	}
	var lines []Line
	switch m.MsgType {
	case "markdown":
		lines = wholeLines(m.Markdown.Content, markdownLine)
	case "text":
		lines = addCalledNames(wholeLines(m.Text.Content, plainLine), m.Text.MentionedList)
	case "file": // its name and size came with the upload
		lines = wholeLines("📎", plainLine)
	default:
		return Message{}, errors.New("the WeCom payload's msgtype is none of markdown, text and file")
	}
	return Message{Parts: []Part{{Blocks: []Block{{Kind: Section, Lines: lines}}}}}, nil
}

// addCalledNames puts those whom a text calls at its end, where WeCom shows them.
func addCalledNames(lines []Line, names []string) []Line {
	if len(names) == 0 {
		return lines
	}
	if len(lines) == 0 {
		lines = []Line{{}}
	}
	last := &lines[len(lines)-1]
	s := spans(last.Spans)
	for _, name := range names {
		if len(s) > 0 {
			s.add(" ", Span{})
		}
		s.addMention(printableText(name), Span{})
	}
	last.Spans = s
	return lines
}

// markdownLine resolves one line of the robot's markdown.
func markdownLine(text string) Line {
	var line Line
	marks := len(text) - len(strings.TrimLeft(text, "#"))
	if rest, ok := strings.CutPrefix(text[marks:], " "); ok && marks >= 1 && marks <= 6 {
		line.Heading, text = true, rest
	}
	if rest, ok := strings.CutPrefix(text, ">"); ok {
		line.Quote, text = true, strings.TrimPrefix(rest, " ")
	}
	var s spans
	s.addMarkdown(text, Span{})
	line.Spans = s
	return line
}
