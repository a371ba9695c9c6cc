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

	"licensewatch/license"
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

	Unit: Bytes,
	Size: func(payload []byte) (used, limit int) { return len(payload), webhookMaxBody },

	Remedy:     webhookRemedy,
	NewWebhook: "copy the receiver's whole URL again, with its secret behind a #",

	report:        func(r license.Report, _ []string) renderedMessage { return webhookReport(r, webhookMaxBody) },
	plain:         func(r license.Report, _ []string) renderedMessage { return webhookReport(r, webhookShortBody) },
	note:          func(n license.Note) any { return webhookNote(n) },
	plainNote:     func(n license.Note) any { return webhookNote(n) },
	judge:         judgeWebhook,
	isFormRefused: func(code string) bool { return code == codeTooLarge },
}

const webhookExample = "https://<host>/<path>, with #<the secret> behind it where the receiver checks signatures"

// How large a body may be, in bytes of JSON; the shorter one is for a receiver that
// finds that too large.
const (
	webhookMaxBody   = 256 << 10
	webhookShortBody = 24 << 10
)

// What receivers answer, in words of ours: they have none that all of them share.
const (
	codeUnauthorized = "Unauthorized" // HTTP 401, 403
	codeNobody       = "NobodyThere"  // HTTP 404, 410
	codeTooLarge     = "TooLarge"     // HTTP 413
)

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
	case codeUnauthorized:
		return "write the secret that the receiver checks behind the URL, after a #, or look at the clocks of both"
	case codeTooLarge:
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
		e.Code = codeUnauthorized
	case http.StatusNotFound, http.StatusGone:
		e.Code = codeNobody
	case http.StatusRequestEntityTooLarge:
		e.Code = codeTooLarge
	}
	return e
}
