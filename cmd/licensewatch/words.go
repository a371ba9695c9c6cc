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

// chatName is what a channel of the settings is called.
func chatName(channel string) string {
	return strings.NewReplacer("slack", "Slack", "wecom", "WeCom").Replace(channel)
}
