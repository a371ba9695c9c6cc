package notify

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"licensewatch/message"
)

// errcodeAnswer is an answer of the form {"errcode":0,"errmsg":"ok"}.
type errcodeAnswer struct {
	Errcode *int64
	Errmsg  string
}

// readMembers reads members of a JSON object by name, and says whether it is one. Letter case
// counts: a gateway on the way may have words of its own, such as {"ErrCode":0}.
func readMembers(text string, into map[string]any) bool {
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return false
	}
	for name, value := range into {
		if raw, has := members[name]; has && json.Unmarshal(raw, value) != nil {
			return false
		}
	}
	return members != nil
}

// readErrcode reads such an answer. Without an errcode it is no verdict, and the
// refusal is what that means; else the refusal has the code, for the kind to class.
func readErrcode(a chatAnswer) (errcodeAnswer, *Error) {
	var body errcodeAnswer
	isVerdict := readMembers(a.body, map[string]any{"errcode": &body.Errcode, "errmsg": &body.Errmsg}) &&
		body.Errcode != nil
	if a.status == http.StatusOK && isVerdict {
		return body, &Error{Code: strconv.FormatInt(*body.Errcode, 10), Message: a.redact.redactMessage(body.Errmsg)}
	}
	e := judgeStatus(a, isVerdict && *body.Errcode != errcodeOK)
	e.Message = a.redact.redactMessage(a.body)
	if a.status == http.StatusOK {
		e.Code = message.CodeNoErrcode
	}
	return errcodeAnswer{}, e
}

// judgeStatus classes an answer by its HTTP status; isVerdict says that its body is the
// chat's own word of refusal. Where nobody but a gateway has answered, and where a
// success has no verdict, the message may have arrived.
func judgeStatus(a chatAnswer, isVerdict bool) *Error {
	isGateway := a.status > http.StatusNotImplemented && (a.status != http.StatusServiceUnavailable || !isVerdict)
	switch {
	case isGateway, a.status < 300 && !isVerdict:
		return &Error{Retryable: true, Ambiguous: true}
	case a.status >= 300 && a.status < 400:
		return &Error{Code: message.CodeRedirect}
	case a.status == http.StatusTooManyRequests:
		e := &Error{Code: "rate_limited", Retryable: true, RetryAfter: a.retryAfter, again: true}
		if !a.retryLater {
			e.RetryAfter = time.Second // what every chat sustains
		}
		return e
	case a.status >= 500, a.status == http.StatusRequestTimeout, a.status == http.StatusTooEarly:
		return &Error{Retryable: true, again: true}
	default:
		return &Error{}
	}
}

// maxRetryAfter stands for a wait nobody will sit through.
const maxRetryAfter = 365 * 24 * time.Hour

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
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return maxRetryAfter, true
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
	return min(max(until.Sub(now), 0), maxRetryAfter), true
}
