package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
)

// Fields are the members of a JSON object, not decoded yet.
type Fields map[string]json.RawMessage

// Answer is an API answer with its frame taken off.
type Answer struct {
	RequestID string // empty when there was none that makes sense
	ErrorCode string // the API's refusal; empty when it is none
	Fields    Fields // the members of Response
}

// The ways an answer can be no answer.
var (
	// ErrNotJSON is a body that is cut short, empty, or of another kind.
	ErrNotJSON = errors.New("the answer is no JSON")
	// ErrNoResponse is JSON without a Response object, or with an error that
	// has no code.
	ErrNoResponse = errors.New("the answer holds no usable Response object")
)

// longestWord bounds codes and request ids: both end up in messages.
const longestWord = 128

// Parse takes the frame off an answer, whose fields point into the body. The error is
// ErrNotJSON or ErrNoResponse and never holds a part of the body.
func Parse(body []byte) (Answer, error) {
	if !json.Valid(body) {
		return Answer{}, ErrNotJSON
	}
	var responses []Fields
	if body = bytes.TrimSpace(body); body[0] == '{' {
		eachMember(body, func(name string, value json.RawMessage) {
			if strings.EqualFold(name, "Response") {
				responses = append(responses, Object(value))
			}
		})
	}
	if len(responses) != 1 || responses[0] == nil {
		return Answer{}, ErrNoResponse
	}
	response := responses[0]
	answer := Answer{RequestID: word(response["RequestId"]), Fields: response}
	refusal := response["Error"]
	if isNull(refusal) {
		return answer, nil
	}
	var e struct{ Code json.RawMessage }
	if json.Unmarshal(refusal, &e) == nil {
		answer.ErrorCode = word(e.Code)
	}
	if answer.ErrorCode == "" {
		return answer, ErrNoResponse
	}
	return answer, nil
}

// word reads a code or an id. Whatever has other characters than those is none:
// it would be shown to people and written to logs.
func word(raw json.RawMessage) string {
	text := Text(raw)
	if text == nil || len(*text) > longestWord || strings.ContainsFunc(*text, notInWord) {
		return ""
	}
	return *text
}

func notInWord(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return false
	default:
		return !strings.ContainsRune("._-", r)
	}
}

// isNull says whether there is no value: the member is absent or null.
func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || string(raw) == "null"
}
