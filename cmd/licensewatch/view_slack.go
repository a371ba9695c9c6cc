package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// slackMessage is the part of a webhook payload that Slack shows.
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

// viewSlack shows a payload as Slack would: the text, and the attachment behind
// its coloured bar.
func viewSlack(payload []byte, s style) (string, error) {
	var m slackMessage
	if err := json.Unmarshal(payload, &m); err != nil {
		return "", fmt.Errorf("the Slack payload is no JSON: %w", err)
	}
	lines := append([]string{mrkdwn(m.Text, s)}, blockLines(m.Blocks, s)...)
	for _, a := range m.Attachments {
		bar := s.paint(barColor(a.Color), "┃") + " "
		for _, line := range append(textLines(a.Text, s), blockLines(a.Blocks, s)...) {
			lines = append(lines, strings.TrimRight(bar+line, " "))
		}
	}
	return strings.Join(lines, "\n"), nil
}

// barColor is the terminal's colour nearest to an attachment's.
func barColor(color string) string {
	switch {
	case color == "good":
		return ansiGreen
	case color == "danger":
		return ansiRed
	case color == "warning":
		return ansiYellow
	case len(color) == 7 && color[0] == '#':
		var r, g, b int
		if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &r, &g, &b); err == nil {
			return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", r, g, b)
		}
	}
	return ansiBlue
}

func blockLines(blocks []slackBlock, s style) []string {
	var lines []string
	for i, b := range blocks {
		if i > 0 && b.Type != "divider" {
			lines = append(lines, "")
		}
		lines = append(lines, oneBlock(b, s)...)
	}
	return lines
}

func oneBlock(b slackBlock, s style) []string {
	var lines []string
	switch b.Type {
	case "divider":
		return []string{s.paint(ansiDim, strings.Repeat("─", 40))}
	case "context":
		for _, e := range b.Elements {
			for _, line := range textLines(e.Text, style{}) {
				lines = append(lines, s.paint(ansiDim, line))
			}
		}
		return lines
	}
	if b.Text != nil {
		lines = append(lines, textLines(b.Text.Text, s)...)
	}
	for _, f := range b.Fields {
		lines = append(lines, textLines(f.Text, s)...)
	}
	return lines
}

func textLines(text string, s style) []string {
	if text == "" {
		return nil
	}
	return strings.Split(mrkdwn(text, s), "\n")
}

var (
	slackLink    = regexp.MustCompile(`<(https?://[^/|>]+)[^|>]*\|([^>]*)>`) // the host is enough here
	slackUser    = regexp.MustCompile(`<@([UW][A-Z0-9]+)>`)
	slackGroup   = regexp.MustCompile(`<!subteam\^(S[A-Z0-9]+)>`)
	slackSpecial = regexp.MustCompile(`<!(here|channel|everyone)>`)
	slackStrong  = regexp.MustCompile(`\*([^*\n]+)\*`)
	slackEscapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// mrkdwn resolves Slack's markup for a terminal.
func mrkdwn(text string, s style) string {
	text = slackStrong.ReplaceAllStringFunc(text, func(m string) string { return s.paint(ansiBold, m[1:len(m)-1]) })
	text = slackLink.ReplaceAllString(text, "$2 ‹$1/…›")
	text = slackUser.ReplaceAllString(text, "@$1")
	text = slackGroup.ReplaceAllString(text, "@$1")
	text = slackSpecial.ReplaceAllString(text, "@$1")
	return slackEscapes.Replace(text)
}
