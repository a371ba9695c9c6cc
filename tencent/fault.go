package tencent

import (
	"errors"
	"fmt"

	"licensewatch/internal/hostname"
	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

// fault is why a try failed. It is born where the failure is seen, from words of
// ours: an error of net/http or the SDK may hold the URL, the whole body or a
// header, and none is wrapped.
type fault struct {
	code      string
	class     failureClass
	requestID string
	refused   bool  // the other side said no: it has begun nothing
	reason    error // safe to show; may be nil
}

func (f *fault) Error() string {
	if f.reason == nil {
		return f.code
	}
	return f.code + ": " + f.reason.Error()
}

// internalFault is a mistake of ours, or something in the SDK that must not
// happen.
func internalFault(reason string) *fault {
	return &fault{
		code:   codeInternal,
		class:  failureClass{kind: license.FailureInternal, tries: once},
		reason: errors.New(reason),
	}
}

// credentialsFault says that there are no keys to sign with.
func credentialsFault(reason error) *fault {
	return &fault{
		code:   codeNoCredentials,
		class:  failureClass{kind: license.FailureCredentials, tries: once},
		reason: reason,
	}
}

// apiFault is the API's refusal.
func apiFault(answer decode.Answer) *fault {
	return &fault{
		code:      answer.ErrorCode,
		class:     classOfCode(answer.ErrorCode),
		requestID: answer.RequestID,
		refused:   true,
	}
}

// statusFault is an answer with another status than 200. When it holds an error
// of the API nevertheless, that says more.
func statusFault(status int, body []byte) *fault {
	if answer, err := decode.Parse(body); err == nil && answer.ErrorCode != "" {
		return apiFault(answer)
	}
	return &fault{code: statusCode(status), class: classOfStatus(status), refused: 400 <= status && status < 500}
}

// redirectFault is an answer that wants us elsewhere. Keys and token go nowhere
// but to the host they were meant for.
func redirectFault(location string) *fault {
	return &fault{
		code:    codeRedirect,
		class:   failureClass{kind: license.FailureRedirect, tries: once},
		refused: true,
		reason:  errors.New("to " + hostname.OfRedirect(location)),
	}
}

// errNotAsked is an answer about something else.
var errNotAsked = errors.New("the answer does not hold what was asked for")

// answerFault is a body that is no answer. One that was cut short may be whole
// the next time; one that is whole and odd is asked for once more only.
func answerFault(answer decode.Answer, err error, length int) *fault {
	tries := twice
	if errors.Is(err, decode.ErrNotJSON) {
		tries = asAllowed
	}
	return &fault{
		code:      codeUnexpectedAnswer,
		class:     failureClass{kind: license.FailureAnswer, tries: tries},
		requestID: answer.RequestID,
		reason:    fmt.Errorf("%w (%d bytes)", err, length),
	}
}

// tooLargeFault is a body over the limit; it would be so the next time.
func tooLargeFault() *fault {
	return &fault{
		code:   codeAnswerTooLarge,
		class:  failureClass{kind: license.FailureAnswer, tries: once},
		reason: fmt.Errorf("more than %d bytes", maxBody),
	}
}
