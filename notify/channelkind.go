package notify

import (
	"net/url"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/message"
)

// ChannelKind is all that is known of a kind of chat: its settings, how its
// webhooks look, whom it can call, what it shows and what its answers mean.
type ChannelKind struct {
	Name string // begins the names of its channels: "slack", "slack[1]"

	WebhookSetting string // the variable that holds its webhooks
	MentionSetting string // the variable that says who is called; empty where nobody can be

	Hosts   []string // the service's own, the usual one first; nil where a webhook may lead anywhere
	Path    string   // how the path of a webhook at the hosts begins
	Example string   // of a webhook's URL
	// NotURL says what a text is that is no URL, and what to write.
	NotURL func(text string) string
	// CheckURL says what is wrong with a URL at one of the hosts, or at any, or what looks
	// odd; the words hold no part of it.
	CheckURL func(u *url.URL) (wrong, odd string)
	// Identify reduces the path and query of a URL at one of the hosts to what
	// tells one chat from another. Ledgers hold hashes of it. Nil where there are no hosts.
	Identify func(u *url.URL) (path string, query url.Values)
	// CheckMention gives the name by which somebody is called, as Options.Mention
	// takes it; or it says what is wrong with it, or what looks odd. The words do
	// not repeat it. Nil where nobody can be called.
	CheckMention func(text string) (name, wrong, odd string)

	// sign adds the signature by the secret that stands in the webhook's fragment;
	// nil where the kind knows none.
	sign func(p *postRequest, secret string, now time.Time)
	// isByStatus: the HTTP status alone says whether a message was taken.
	isByStatus bool
	// IsByKeys: programs read it, which tell findings apart by their keys.
	IsByKeys bool

	message.Format

	// Files is how the chat takes files; nil where its webhooks take none.
	Files *FileTaking

	// Remedy says what to do about an answer with this code, one of the chat's or of
	// ours; in English, for the operator. It is empty where the kind knows nothing.
	Remedy func(code string) string
	// NewWebhook says how to get a webhook that works.
	NewWebhook string

	judge answerJudge
	// isFormRefused: the code says that a plainer message may be taken.
	isFormRefused func(code string) bool
}

// ChannelKinds are all kinds, in the order in which their channels are told and
// shown. A new kind is a line here.
func ChannelKinds() []*ChannelKind {
	return []*ChannelKind{&slackKind, &wecomKind, &feishuKind, &dingtalkKind, &webhookKind}
}

// KindOf is the kind of a channel's name, as "slack[1]"; nil when there is none.
func KindOf(channel string) *ChannelKind {
	name, _, _ := strings.Cut(channel, "[")
	for _, kind := range ChannelKinds() {
		if kind.Name == name {
			return kind
		}
	}
	return nil
}

// Title is the chat's own name.
func (k *ChannelKind) Title(language license.Language) string {
	return message.ChannelTitle(language, k.Name)
}

// IsSigned says whether a secret may stand in a webhook's fragment.
func (k *ChannelKind) IsSigned() bool { return k.sign != nil }

// IsAnywhere says whether webhooks may lead to any host.
func (k *ChannelKind) IsAnywhere() bool { return len(k.Hosts) == 0 }

// AnyWebhookSetting is "LICENSEWATCH_SLACK_WEBHOOK_URL or …", one of which has to
// be set.
func AnyWebhookSetting() string {
	var settings []string
	for _, kind := range ChannelKinds() {
		settings = append(settings, kind.WebhookSetting)
	}
	last := len(settings) - 1
	return strings.Join(settings[:last], ", ") + " or " + settings[last]
}

// waitAMinute is what to do about a chat that is busy.
const waitAMinute = "wait a minute, then try again"
