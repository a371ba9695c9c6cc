package main

import (
	"fmt"
	"strings"
)

// counted is a number of things: "1 rule", "2 rules".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// times is how often: "once", "2 times".
func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// listed are the words that are allowed: "slack, wecom or html".
func listed(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// chatName is what a channel of the settings is called.
func chatName(channel string) string {
	return strings.NewReplacer("slack", "Slack", "wecom", "WeCom").Replace(channel)
}
