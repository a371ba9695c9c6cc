package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"licensewatch/message"
)

// webhookKind is a receiver of somebody's own, which takes the report as JSON. What
// it may count on stands in docs/webhook.md and docs/webhook.schema.json.
var webhookKind = ChannelKind{
	Name: "webhook",

	WebhookSetting: "LICENSEWATCH_WEBHOOK_URL",

	Example:    webhookExample,
	NotURL:     func(string) string { return "is no URL: write " + webhookExample },
	CheckURL:   checkWebhookURL,
	sign:       signWebhook,
	isByStatus: true,
	IsByKeys:   true,

	Format: message.Webhook,

	Remedy:     webhookRemedy,
	NewWebhook: "copy the receiver's whole URL again, with its secret behind a #",

	judge:         judgeWebhook,
	isFormRefused: func(code string) bool { return code == message.CodeTooLarge },
}

const webhookExample = "https://<host>/<path>, with #<the secret> behind it where the receiver checks signatures"

// checkWebhookURL finds services that take events of their own form alone.
func checkWebhookURL(u *url.URL) (wrong, odd string) {
	switch u.Hostname() {
	case "events.pagerduty.com", "events.eu.pagerduty.com", "api.opsgenie.com", "api.eu.opsgenie.com":
		return "", "takes events of its own form alone: put a relay between, as docs/webhook.md shows"
	}
	return "", ""
}

func webhookRemedy(code string) string {
	switch code {
	case message.CodeUnauthorized:
		return "write the secret that the receiver checks behind the URL, after a #, or look at the clocks of both"
	case message.CodeTooLarge:
		return "let the receiver take 24 KB at least; 256 KB are the most that is sent"
	case "rate_limited":
		return waitAMinute
	default:
		return ""
	}
}

// signWebhook puts time and signature into the headers. What is signed is the time, a
// dot, and the body.
func signWebhook(p *postRequest, secret string, now time.Time) {
	at := strconv.FormatInt(now.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(at + "."))
	_, _ = sum.Write(p.payload)
	p.header.Set("X-Licensewatch-Timestamp", at)
	p.header.Set("X-Licensewatch-Signature", "sha256="+hex.EncodeToString(sum.Sum(nil)))
}

// judgeWebhook: every 2xx is success, whatever the body. A 503 is the receiver's own
// word where it says when to come back; else a gateway may have said it.
func judgeWebhook(a chatAnswer) *Error {
	if a.status >= http.StatusOK && a.status < http.StatusMultipleChoices {
		return nil
	}
	comesBack := a.status == http.StatusServiceUnavailable && a.retryLater
	e := judgeStatus(a, comesBack)
	e.Message = a.redact.redactMessage(strings.TrimSpace(a.body))
	if comesBack {
		e.RetryAfter = a.retryAfter
	}
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden:
		e.Code = message.CodeUnauthorized
	case http.StatusNotFound, http.StatusGone:
		e.Code = message.CodeNobody
	case http.StatusRequestEntityTooLarge:
		e.Code = message.CodeTooLarge
	}
	return e
}
