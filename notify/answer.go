package notify

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// judgeSlack: only 200 with the body "ok" is success. An error is one word, nearly
// always of several parts: "no_service".
func judgeSlack(a answer) *Error {
	if a.status == http.StatusOK && strings.TrimSpace(a.body) == "ok" {
		return nil
	}
	word := slackWord(a)
	e := judgeStatus(a, strings.Contains(word, "_"))
	if e.Code == "" {
		e.Code = word
	}
	if e.Code == "" && a.status == http.StatusOK {
		e.Code = codeNotOK
	}
	if e.Code != strings.TrimSpace(a.body) {
		e.Message = a.redact.message(a.body)
	}
	return e
}

// slackWord is the one word that Slack's errors consist of; empty when the body
// is something else.
func slackWord(a answer) string {
	word := strings.TrimSpace(a.body)
	isOther := func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }
	if len(word) < 3 || len(word) > 48 || strings.ContainsFunc(word, isOther) || a.redact.repeats(word) {
		return ""
	}
	return word
}

// isFormRefused says whether Slack refused how a message was built, so that the
// same words without blocks may be taken.
func isFormRefused(err error) bool {
	switch codeOf(err) {
	case "invalid_payload", "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "msg_blocks_too_long", "msg_too_long":
		return true
	default:
		return false
	}
}

// Errcodes of WeCom that are treated in a way of their own. Every other one
// needs somebody to act.
const (
	errcodeOK          = 0
	errcodeBusy        = -1
	errcodeParameter   = 40058 // what content that is too long returns
	errcodeTooLarge    = 45002
	errcodeRateLimit   = 45009 // for about a minute
	errcodeConcurrency = 45033
)

// judgeWeCom: only HTTP 200 with errcode 0 and no warning is success. A warning
// means that our JSON was misread: sending it again would only repeat that.
func judgeWeCom(a answer) *Error {
	var body struct {
		Errcode *int64 `json:"errcode"`
		Errmsg  string `json:"errmsg"`
	}
	isVerdict := json.Unmarshal([]byte(a.body), &body) == nil && body.Errcode != nil
	if a.status != http.StatusOK || !isVerdict {
		e := judgeStatus(a, isVerdict && *body.Errcode != errcodeOK)
		e.Message = a.redact.message(a.body)
		if a.status == http.StatusOK {
			e.Code = codeNoErrcode
		}
		return e
	}
	e := &Error{Code: strconv.FormatInt(*body.Errcode, 10), Message: a.redact.message(body.Errmsg)}
	switch *body.Errcode {
	case errcodeOK:
		if !strings.Contains(strings.ToLower(body.Errmsg), "warning") {
			return nil
		}
	case errcodeBusy, errcodeConcurrency:
		e.Passing, e.again = true, true
	case errcodeRateLimit:
		e.Passing = true
	}
	return e
}

// isTooLong says whether WeCom refused a message for its length.
func isTooLong(err error) bool {
	code := codeOf(err)
	return code == strconv.Itoa(errcodeParameter) || code == strconv.Itoa(errcodeTooLarge)
}

// judgeStatus classes an answer by its HTTP status; isVerdict says that its body is the
// chat's own word of refusal. Where nobody but a gateway has answered, and where a
// success has no verdict, the message may have arrived.
func judgeStatus(a answer, isVerdict bool) *Error {
	isGateway := a.status > http.StatusNotImplemented && (a.status != http.StatusServiceUnavailable || !isVerdict)
	switch {
	case isGateway, a.status < 300 && !isVerdict:
		return &Error{Passing: true, Ambiguous: true}
	case a.status >= 300 && a.status < 400:
		return &Error{Code: codeRedirect}
	case a.status == http.StatusTooManyRequests:
		e := &Error{Code: "rate_limited", Passing: true, RetryAfter: a.retryAfter, again: true}
		if !a.retryLater {
			e.RetryAfter = time.Second // what both chats sustain
		}
		return e
	case a.status >= 500:
		return &Error{Passing: true, again: true}
	default:
		return &Error{}
	}
}

// farAway stands for a wait nobody will sit through.
const farAway = 365 * 24 * time.Hour

// parseRetryAfter reads the header Retry-After: seconds, or a date, which is
// compared with the answer's own Date where there is one, for our clock may be
// off. It reports false when the header is missing or makes no sense.
func parseRetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if text == "" {
		return 0, false
	}
	if strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds > int64(farAway/time.Second) {
			return farAway, true
		}
		return time.Duration(seconds) * time.Second, true
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), farAway), true
}
