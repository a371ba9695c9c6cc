package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"licensewatch/internal/hostname"
	"licensewatch/license"
	"licensewatch/notify"
)

// Channel is a chat that is told.
type Channel struct {
	Name    string // unique: "slack", or "slack[1]" where there are several of the kind
	Kind    *notify.ChannelKind
	Webhook Secret
	Mention []string // who is called
}

// readWebhooks reads the webhooks of a kind. It keeps those that are right, so that
// there is somebody to tell about the others, and each chat once.
func readWebhooks(f *settingMistakes, v variable, kind *notify.ChannelKind, mention []string) []Channel {
	var webhooks []Secret
	items := splitList(v.value)
	seen := map[string]int{}
	for i, item := range items {
		entry := entryOf(i, len(items))
		wrong, odd := CheckWebhook(item, kind)
		if wrong != "" {
			f.addMistake(v, "%s%s", entry, wrong)
			continue
		}
		secret := NewSecret(item)
		target := Destination(kind, secret)
		if first := seen[target]; first > 0 {
			f.addWarning(v, "%sleads to the same chat as entry %d, which is told once: remove one of them", entry,
				first)
			continue
		}
		seen[target] = i + 1
		webhooks = append(webhooks, secret)
		if odd != "" {
			f.addWarning(v, "%s%s", entry, odd)
		}
	}
	if v.value != "" && len(items) == 0 {
		f.addMistake(v, "holds only commas: write the URL")
	}
	return ChannelsOf(kind, webhooks, mention)
}

// ChannelsOf are the channels of a kind, named by their order.
func ChannelsOf(kind *notify.ChannelKind, webhooks []Secret, mention []string) []Channel {
	list := make([]Channel, len(webhooks))
	for i, webhook := range webhooks {
		name := kind.Name
		if len(webhooks) > 1 {
			name = fmt.Sprintf("%s[%d]", kind.Name, i)
		}
		list[i] = Channel{Name: name, Kind: kind, Webhook: webhook, Mention: mention}
	}
	return list
}

// CheckWebhook says what is wrong with a webhook of a kind, or what looks odd; the words
// hold no part of it.
func CheckWebhook(text string, kind *notify.ChannelKind) (wrong, odd string) {
	if strings.ContainsAny(text, "…<>") {
		return "still is the example: write the URL of your own webhook, or leave the setting out", ""
	}
	if wrong := Joined(text); wrong != "" {
		return wrong, ""
	}
	if !strings.Contains(text, "://") {
		if host, _, hasPath := strings.Cut(text, "/"); hasPath &&
			(slices.Contains(kind.Hosts, host) || kind.IsAnywhere() && strings.Contains(host, ".")) {
			return "lacks https:// at its beginning: write it there", ""
		}
		return kind.NotURL(text), ""
	}
	if kind.IsSigned() {
		var secret string
		var isSigned bool
		text, secret, isSigned = strings.Cut(text, "#")
		switch {
		case isSigned && secret == "":
			return "ends with a # and no secret behind it: write the secret of the signature there, or remove the #", ""
		case strings.ContainsFunc(secret, isBlank):
			return "has white space in the secret behind the #: copy it again, in one piece", ""
		}
	}
	u, wrong := checkURL(text)
	if wrong != "" {
		return wrong, ""
	}
	wrong, odd = checkWebhookURL(u, kind)
	if wrong == "" && hostname.IsLoopback(u) {
		odd = "goes to this machine itself: right for a trial, and for nothing else"
	}
	return wrong, odd
}

// checkWebhookURL lets the kind look at a URL of its own hosts, which may be all there
// are, and finds those of other kinds.
func checkWebhookURL(u *url.URL, kind *notify.ChannelKind) (wrong, odd string) {
	host := hostname.Of(u)
	if slices.Contains(kind.Hosts, host) {
		return kind.CheckURL(u)
	}
	if other := kindOfHost(host); other != nil {
		return "is a " + other.Title(license.English) + " webhook: it belongs in " + other.WebhookSetting, ""
	}
	if kind.IsAnywhere() {
		return kind.CheckURL(u)
	}
	return "", "does not go to " + kind.Hosts[0] + ": right for a proxy or a stand-in that takes " +
		kind.Title(license.English) + "'s messages"
}

// OtherKind is the kind of chat whose own hosts the webhook goes to, where that is not the
// kind that was asked for; nil: it goes elsewhere, or is no URL.
func OtherKind(text string, kind *notify.ChannelKind) *notify.ChannelKind {
	u, wrong := checkURL(text)
	if wrong != "" {
		return nil
	}
	if other := kindOfHost(hostname.Of(u)); other != kind {
		return other
	}
	return nil
}

// kindOfHost is the kind of chat that has the host for its own; nil: none has.
func kindOfHost(host string) *notify.ChannelKind {
	for _, kind := range notify.ChannelKinds() {
		if slices.Contains(kind.Hosts, host) {
			return kind
		}
	}
	return nil
}
