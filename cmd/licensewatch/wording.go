package main

import (
	"fmt"
	"strings"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/notify"
)

// countOf is a number of things: "1 rule", "2 rules".
func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// timesText is how often: "once", "2 times".
func timesText(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// chatName is what a channel of the settings is called: "Slack", "Slack[1]".
func chatName(channel string) string {
	kind := notify.KindOf(channel)
	if kind == nil {
		return channel
	}
	return kind.Title(license.English) + strings.TrimPrefix(channel, kind.Name)
}

// chatNames are the names of the kinds of chats, as options take them.
func chatNames() []string {
	var names []string
	for _, kind := range notify.ChannelKinds() {
		names = append(names, kind.Name)
	}
	return names
}

// webhooksOf are the channels of a kind.
func webhooksOf(settings config.Config, kind *notify.ChannelKind) []config.Channel {
	var channels []config.Channel
	for _, channel := range settings.Channels {
		if channel.Kind == kind {
			channels = append(channels, channel)
		}
	}
	return channels
}

// sampleChats are those that a sample shows.
var sampleChats = []string{"slack", "wecom"}

// sizeText is a number of bytes for people.
func sizeText(n int64) string {
	switch {
	case n < 10_000:
		return countOf(int(n), "byte")
	case n < 10_000_000:
		return fmt.Sprintf("%.1f KB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}
