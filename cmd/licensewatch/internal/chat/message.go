// Package chat reads the payloads that are posted to Slack and WeCom, and says
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

// The chats.
const (
	Slack = "Slack"
	WeCom = "WeCom"
)

// Of is the chat of a channel, whose name begins with slack or wecom, as in
// "slack[1]". Empty for any other name.
func Of(channel string) string {
	switch {
	case strings.HasPrefix(channel, "slack"):
		return Slack
	case strings.HasPrefix(channel, "wecom"):
		return WeCom
	default:
		return ""
	}
}

// Parse reads a payload as the channel's chat would. The error says what is
// wrong with the payload, without repeating it.
func Parse(channel string, payload []byte) (Message, error) {
	switch Of(channel) {
	case Slack:
		return parseSlack(payload)
	case WeCom:
		return parseWeCom(payload)
	default:
		return Message{}, fmt.Errorf("the channel %q is neither slack nor wecom", channel)
	}
}
