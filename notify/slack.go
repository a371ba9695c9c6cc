package notify

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"licensewatch/message"
)

// slackKind is Slack, through incoming webhooks.
var slackKind = ChannelKind{
	Name: "slack",

	WebhookSetting: "LICENSEWATCH_SLACK_WEBHOOK_URL",
	MentionSetting: "LICENSEWATCH_SLACK_MENTION",

	Hosts:   []string{"hooks.slack.com", "hooks.slack-gov.com"},
	Path:    "/services/",
	Example: slackExample,
	NotURL: func(text string) string {
		if strings.HasPrefix(text, "xox") {
			return "is a token, not a URL: add an incoming webhook to the Slack app and write its URL, " + slackExample
		}
		return "is not a URL: write the whole URL of the incoming webhook, " + slackExample
	},
	CheckURL:     checkSlackURL,
	Identify:     func(u *url.URL) (string, url.Values) { return path.Clean(u.Path), nil },
	CheckMention: checkSlackMention,

	Format: message.Slack,

	Remedy:     slackRemedy,
	NewWebhook: slackNewWebhook,

	judge:         judgeSlack,
	isFormRefused: isSlackFormRefused,
}

const (
	slackExample    = "https://hooks.slack.com/services/T…/B…/…"
	slackNewWebhook = "add an incoming webhook to the Slack app again, and copy its whole URL into LICENSEWATCH_SLACK_WEBHOOK_URL"
)

func checkSlackURL(u *url.URL) (wrong, odd string) {
	const services = "/services/"
	switch where := u.EscapedPath(); {
	case strings.HasPrefix(where, "/workflows/") || strings.HasPrefix(where, "/triggers/"):
		return "starts a workflow, which takes variables and no messages: only incoming webhooks work, " + slackExample,
			""
	case strings.Trim(strings.TrimPrefix(where, services), "/") == "" || !strings.HasPrefix(where, services):
		return "is not the URL of an incoming webhook: those read " + slackExample, ""
	case strings.Count(strings.Trim(where, "/"), "/") != 3:
		return "", "does not have the three parts of " + slackExample + ": it may have been cut"
	}
	return "", ""
}

// checkSlackMention takes here, channel, everyone, member ids (U…, W…) and user
// group ids (S…), each without the @ that people write before them.
func checkSlackMention(text string) (name, wrong, odd string) {
	word := strings.TrimPrefix(text, "@")
	lower := strings.ToLower(word)
	switch {
	case lower == "here" || lower == "channel" || lower == "everyone":
		return lower, "", ""
	case isSlackID(word):
		return word, "", ""
	case isSlackID(strings.ToUpper(word)) && strings.ContainsAny(word, "0123456789"):
		return "", "looks like an id in small letters: write it in capitals", ""
	default:
		return "", "cannot be called: write here, channel, everyone, a member id (U… or W…, from the profile's Copy member ID) or a user group id (S…); a webhook does not know people by name", ""
	}
}

// isSlackID says whether the text is the id of a member or a user group.
func isSlackID(text string) bool {
	if len(text) < 2 || !strings.ContainsRune("UWS", rune(text[0])) {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

func slackRemedy(code string) string {
	switch code {
	case message.CodeNotOK:
		return "copy the incoming webhook's whole URL again: it begins with https://hooks.slack.com/services/"
	case "channel_is_archived":
		return "bring the channel back, or take a webhook of another one"
	case "action_prohibited", "posting_to_general_channel_denied", "team_disabled":
		return "ask an administrator of the Slack workspace to allow it, or take a webhook of another channel"
	case "channel_not_found", "invalid_token", "no_active_hooks", "no_service", "no_service_id", "no_team",
		"user_not_found":
		return slackNewWebhook
	case "rate_limited", "rollup_error":
		return waitAMinute
	default:
		return ""
	}
}

// judgeSlack: only 200 with the body "ok" is success. An error is one word, nearly
// always of several parts: "no_service".
func judgeSlack(a chatAnswer) *Error {
	if a.status == http.StatusOK && strings.TrimSpace(a.body) == "ok" {
		return nil
	}
	word := slackWord(a)
	e := judgeStatus(a, strings.Contains(word, "_"))
	if e.Code == "" {
		e.Code = word
	}
	if e.Code == "" && a.status == http.StatusOK {
		e.Code = message.CodeNotOK
	}
	if e.Code != strings.TrimSpace(a.body) {
		e.Message = a.redact.redactMessage(a.body)
	}
	return e
}

// slackWord is the one word that Slack's errors consist of; empty when the body
// is something else.
func slackWord(a chatAnswer) string {
	word := strings.TrimSpace(a.body)
	isOther := func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }
	if len(word) < 3 || len(word) > 48 || strings.ContainsFunc(word, isOther) || a.redact.repeatsURL(word) {
		return ""
	}
	return word
}

// isSlackFormRefused says whether Slack refused how a message was built, so that the
// same words without blocks may be taken.
func isSlackFormRefused(code string) bool {
	switch code {
	case "invalid_payload", "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long",
		"msg_too_long":
		return true
	default:
		return false
	}
}
