package notify

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"licensewatch/message"
)

// Error is why a chat did not take a message. It never holds a URL, a key or
// this machine's address.
type Error struct {
	Channel    string // the channel's name
	HTTPStatus int    // 0 when there was no answer
	// Code is the chat's own word or number ("no_service", "93000"), or one of
	// ours in capitals ("Timeout"); empty when only HTTPStatus tells.
	Code    string
	Message string // what the chat said besides, at most 100 bytes; may be empty
	// Retryable says that a later try may help; otherwise somebody has to act.
	Retryable bool
	// Ambiguous says that the message was sent and that no answer tells what became of
	// it: it may have arrived. Then Retryable is true as well.
	Ambiguous bool
	// Call says that it was the call to everybody alone that was not accepted.
	Call bool
	// RetryAfter is how long the chat asked to be left alone; 0 when it did not.
	RetryAfter time.Duration

	again bool  // another try in this run may help
	cause error // what to unwrap: a context's error; never one that holds a URL
}

// Error names the channel, the code and what the chat said.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Channel + ":")
	if e.Code != "" {
		b.WriteString(" " + e.Code)
	}
	if e.HTTPStatus != 0 && (e.HTTPStatus != 200 || e.Code == "") {
		b.WriteString(" (HTTP " + strconv.Itoa(e.HTTPStatus) + ")")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Ambiguous {
		b.WriteString(" (the message may have arrived)")
	}
	return b.String()
}

// Unwrap gives the context's error when that ended the delivery.
func (e *Error) Unwrap() error { return e.cause }

// Failure is what the channels that work, and the operator, are told of it.
func (e *Error) Failure() message.DeliveryFailure {
	f := message.DeliveryFailure{
		Channel: e.Channel, HTTPStatus: e.HTTPStatus, Code: e.Code, Message: e.Message,
		Retryable: e.Retryable, Ambiguous: e.Ambiguous,
	}
	if kind := KindOf(e.Channel); kind != nil {
		f.Setting = kind.WebhookSetting
	}
	return f
}

// codeOf is the code of an Error; empty for any other.
func codeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
