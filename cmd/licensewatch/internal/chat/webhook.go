package chat

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
)

// webhookPayload is the part of a webhook's body that is shown: the text for people,
// and what a program reads beside it.
type webhookPayload struct {
	Version  int    `json:"version"`
	Type     string `json:"type"`
	Level    string `json:"level"`
	Text     string `json:"text"`
	Findings []struct {
		DedupKey string `json:"dedup_key"`
		Severity string `json:"severity"`
	} `json:"findings"`
	Resolved []struct {
		DedupKey string `json:"dedup_key"`
	} `json:"resolved"`
}

// parseWebhook shows a body as a reader of it sees it: the text, and below that the
// keys by which a program tells incidents apart.
func parseWebhook(payload []byte) (Message, error) {
	var m webhookPayload
	if json.Unmarshal(payload, &m) != nil || m.Version != 1 || m.Text == "" {
		return Message{}, errors.New("the webhook's body is not the JSON of a message of version 1")
	}
	facts := []Line{{Spans: []Span{{Text: fmt.Sprintf("JSON, version %d · %s · level %s", m.Version, m.Type,
		m.Level)}}}}
	for _, f := range m.Findings {
		facts = append(facts, Line{Spans: []Span{{Text: printableText(f.DedupKey), Code: true},
			{Text: " " + printableText(f.Severity)}}})
	}
	for _, r := range m.Resolved {
		facts = append(facts, Line{Spans: []Span{{Text: printableText(r.DedupKey), Code: true}, {Text: " resolved"}}})
	}
	return Message{Parts: []Part{{Blocks: []Block{{Kind: Section, Lines: wholeLines(m.Text, addressLine)},
		{Kind: Context, Lines: facts}}}}}, nil
}

// address is a link in a text without markup.
var address = regexp.MustCompile(`<(https://[^<>\s]+)>`)

// addressLine is a line in which only links are something else than text.
func addressLine(text string) Line {
	var s spans
	at := 0
	for _, found := range address.FindAllStringSubmatchIndex(text, -1) {
		s.add(text[at:found[0]], Span{})
		look, label := linkLook(text[found[2]:found[3]], "", Span{})
		s.add(label, look)
		at = found[1]
	}
	s.add(text[at:], Span{})
	return Line{Spans: s}
}
