// Package chat reads the payloads that are posted to the chats, and says
// what their readers see: parts, blocks, lines and spans of text, free of
// markup. Everything that shows a message, in a terminal or on a page, shows
// this.
package chat

import (
	"fmt"
	"strings"
)

// Message is what a chat shows of one payload.
type Message struct {
	Parts []Part
}

// Part is a piece of a message that stands by itself: the text, or what lies
// behind one coloured bar.
type Part struct {
	// Bar is the colour of the bar at its left: good, warning, danger or #rrggbb.
	// Empty where there is none.
	Bar    string
	Blocks []Block
}

// Kind is how a chat sets a block.
type Kind string

// The kinds of blocks.
const (
	Section Kind = "section"
	Context Kind = "context" // small print
	Divider Kind = "divider" // a line across, without text
)

// Block is one or several lines that belong together.
type Block struct {
	Kind  Kind
	Lines []Line
}

// Line is one line of the payload; where it is broken is up to the reader's
// screen. A line without spans is empty.
type Line struct {
	Heading bool
	Quote   bool
	Spans   []Span
}

// Tone is a colour of WeCom's markdown, by the name it has there.
type Tone string

// The tones.
const (
	NoTone  Tone = ""
	Info    Tone = "info"    // green
	Comment Tone = "comment" // grey
	Warning Tone = "warning" // orange-red
)

// Span is a piece of text of one look.
type Span struct {
	Text                         string
	Strong, Italic, Struck, Code bool
	Mention                      bool
	Tone                         Tone
	// Link is where it leads: an http or https URL. It may be a signed one and is
	// not for showing; Site is.
	Link string
}

// parsers read the payloads of the kinds of chats, by their names.
var parsers = map[string]func(payload []byte) (Message, error){
	"slack":    parseSlack,
	"wecom":    parseWeCom,
	"feishu":   parseFeishu,
	"dingtalk": parseDingTalk,
	"webhook":  parseWebhook,
}

// Parse reads a payload as the chat of the channel ("slack[1]") would. The error says what is
// wrong with the payload, without repeating it.
func Parse(channel string, payload []byte) (Message, error) {
	kind, _, _ := strings.Cut(channel, "[")
	parse, ok := parsers[kind]
	if !ok {
		return Message{}, fmt.Errorf("the channel %q is of no kind that can be shown", channel)
	}
	return parse(payload)
}
