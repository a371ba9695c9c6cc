package main

import (
	"encoding/json"
	"fmt"
	"regexp"
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

// viewWeCom shows a payload as WeCom would.
func viewWeCom(payload []byte, s style) (string, error) {
	var m wecomMessage
	if err := json.Unmarshal(payload, &m); err != nil {
		return "", fmt.Errorf("the WeCom payload is no JSON: %w", err)
	}
	if m.MsgType == "text" {
		words := []string{m.Text.Content}
		for _, who := range m.Text.MentionedList {
			words = append(words, "@"+strings.TrimPrefix(who, "@"))
		}
		return strings.Join(words, " "), nil
	}
	lines := strings.Split(m.Markdown.Content, "\n")
	for i, line := range lines {
		lines[i] = wecomLine(line, s)
	}
	return strings.Join(lines, "\n"), nil
}

var (
	wecomFont    = regexp.MustCompile(`<font color="(info|comment|warning)">(.*?)</font>`)
	wecomStrong  = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	wecomLink    = regexp.MustCompile(`\[([^\]]*)\]\((https?://[^/)]+)[^)]*\)`) // the host is enough here
	wecomMention = regexp.MustCompile(`<@([^>]+)>`)
	wecomHeading = regexp.MustCompile(`^#{1,6} `)
	wecomColors  = map[string]string{"info": ansiGreen, "comment": ansiDim, "warning": ansiYellow}
)

func wecomLine(line string, s style) string {
	heading := wecomHeading.FindString(line)
	line = strings.TrimPrefix(line, heading)
	line = wecomFont.ReplaceAllStringFunc(line, func(m string) string {
		part := wecomFont.FindStringSubmatch(m)
		return s.paint(wecomColors[part[1]], part[2])
	})
	line = wecomStrong.ReplaceAllStringFunc(line, func(m string) string { return s.paint(ansiBold, m[2:len(m)-2]) })
	line = wecomLink.ReplaceAllString(line, "$1 ‹$2/…›")
	line = wecomMention.ReplaceAllString(line, "@$1")
	if quote, ok := strings.CutPrefix(line, "> "); ok {
		line = s.paint(ansiDim, "▏") + quote
	}
	if heading != "" {
		line = s.paint(ansiBold, line)
	}
	return line
}
