package simulator

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Slack's limits on a whole message. The total is not documented: messages of
// about 13 200 characters were refused as msg_blocks_too_long.
const (
	maxSlackBlocks = 50
	maxSlackTotal  = 13000
)

// slackRefusal is why Slack would not take a payload.
type slackRefusal struct {
	word string // Slack's answer
	at   string // the place in the payload; empty for the whole
	why  string
}

// Error names Slack's word, the place and the reason.
func (r *slackRefusal) Error() string {
	if r.at == "" {
		return r.word + ": " + r.why
	}
	return r.word + ": " + r.at + ": " + r.why
}

// CheckSlackPayload says why an incoming webhook of Slack would refuse a body;
// nil when it would take it. The error begins with the word that Slack answers.
//
// It is stricter than Slack where Slack is silent but the reader is not served:
// the top-level text is required, properties that only legacy webhooks honour
// are unknown, and text has to be escaped.
func CheckSlackPayload(body []byte) error {
	message, err := decodeObject(body)
	if err != nil {
		return &slackRefusal{"invalid_payload", "", err.Error()}
	}
	if shown, _ := message["text"].(string); strings.TrimSpace(shown) == "" {
		return &slackRefusal{"no_text", "text", "missing or empty"}
	}
	if v := slackMessage()("", map[string]any(message)); v != nil {
		return &slackRefusal{v.slackWord(), v.at, v.why}
	}
	if refused := checkSlackWhole(message); refused != nil {
		return refused
	}
	return nil
}

// slackWord is the word Slack answers to a violation.
func (v *violation) slackWord() string {
	switch {
	case v.at == "attachments":
		return "too_many_attachments"
	case v.unescaped:
		return "invalid_payload"
	case strings.Contains(v.at, "blocks"):
		return "invalid_blocks"
	default:
		return "invalid_payload"
	}
}

// checkSlackWhole checks what concerns all blocks together, those of the
// attachments included.
func checkSlackWhole(message jsonObject) *slackRefusal {
	blocks := slackBlocks(message)
	if len(blocks) > maxSlackBlocks {
		return &slackRefusal{"invalid_blocks", "blocks",
			fmt.Sprintf("%d in all, the limit is %d", len(blocks), maxSlackBlocks)}
	}
	seen := map[string]bool{}
	for _, block := range blocks {
		id, given := block["block_id"].(string)
		if given && seen[id] {
			return &slackRefusal{"invalid_blocks", "blocks", fmt.Sprintf("block_id %q is used twice", id)}
		}
		seen[id] = true
	}
	if total := slackCharacters(map[string]any(message)); total > maxSlackTotal {
		return &slackRefusal{"msg_blocks_too_long", "",
			fmt.Sprintf("%d characters of text in all, the limit is %d", total, maxSlackTotal)}
	}
	return nil
}

// slackBlocks are the blocks of a checked message and of its attachments.
func slackBlocks(message jsonObject) []jsonObject {
	lists := []any{message["blocks"]}
	attachments, _ := message["attachments"].([]any)
	for _, attachment := range attachments {
		lists = append(lists, attachment.(map[string]any)["blocks"])
	}
	var blocks []jsonObject
	for _, list := range lists {
		list, _ := list.([]any)
		for _, block := range list {
			blocks = append(blocks, block.(map[string]any))
		}
	}
	return blocks
}

// slackCharacters counts the characters of every text in a decoded payload.
func slackCharacters(value any) int {
	count := 0
	eachText(value, func(text string) { count += utf8.RuneCountInString(text) })
	return count
}

// eachText visits every string that is called "text", wherever it is.
func eachText(value any, visit func(string)) {
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			eachText(element, visit)
		}
	case map[string]any:
		for name, element := range value {
			if text, ok := element.(string); ok && name == "text" {
				visit(text)
			}
			eachText(element, visit)
		}
	}
}

// measureSlack gives what the total limit counts, that limit, and who is
// called; nothing when the body is no JSON object.
func measureSlack(body []byte) (characters, limit int, mentions []string) {
	message, err := decodeObject(body)
	if err != nil {
		return 0, 0, nil
	}
	return slackCharacters(map[string]any(message)), maxSlackTotal, slackMentions(message)
}
