package simulator

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// wecomLimits are the message types that are simulated, with the most bytes of
// UTF-8 their content may have.
var wecomLimits = map[string]int{"text": 2048, "markdown": 4096, "markdown_v2": 4096}

// wecomMention is a mention inside a content.
var wecomMention = regexp.MustCompile(`<@([^<>\s]+)>`)

// wecomMessage is a message to a robot, as far as it could be understood.
type wecomMessage struct {
	kind    string // msgtype
	content string
	called  []string // from the mention lists
	media   string   // the id of a file
}

func (m wecomMessage) contentBytes() int { return len(m.content) }
func (m wecomMessage) byteLimit() int    { return wecomLimits[m.kind] }

// mentions lists, sorted and each once, who the message calls. markdown_v2
// cannot call anybody.
func (m wecomMessage) mentions() []string {
	mentions := slices.Clone(m.called)
	if m.kind != "markdown_v2" {
		for _, found := range wecomMention.FindAllStringSubmatch(m.content, -1) {
			mentions = append(mentions, found[1])
		}
	}
	slices.Sort(mentions)
	return slices.Compact(mentions)
}

// readWeCom reads and checks a body. What it understood is returned beside a
// refusal.
func readWeCom(body []byte) (wecomMessage, *wecomRefusal) {
	var m wecomMessage
	payload, err := decodeObject(body)
	if err != nil {
		return m, &wecomRefusal{0, "ok. Warning: wrong json format. "}
	}
	m.kind, _ = payload["msgtype"].(string)
	if m.kind == "file" {
		inner, _ := payload["file"].(map[string]any)
		m.media, _ = inner["media_id"].(string)
		if v := wecomFile("", map[string]any(payload)); v != nil {
			return m, &wecomRefusal{40058, fmt.Sprintf("%s %s. invalid Request Parameter", v.at, v.why)}
		}
		return m, nil
	}
	if m.byteLimit() == 0 {
		return m, &wecomRefusal{40008, "invalid message type"}
	}
	inner, _ := payload[m.kind].(map[string]any)
	m.content, _ = inner["content"].(string)
	m.called = append(stringsOf(inner["mentioned_list"]), stringsOf(inner["mentioned_mobile_list"])...)
	return m, m.check(payload, body)
}

// check judges a message whose type is known.
func (m wecomMessage) check(payload jsonObject, body []byte) *wecomRefusal {
	v := wecomPayload(m.kind)("", map[string]any(payload))
	switch {
	case strings.TrimSpace(m.content) == "":
		return &wecomRefusal{44004, "empty content"}
	case v != nil:
		return &wecomRefusal{40058, fmt.Sprintf("%s %s. invalid Request Parameter", v.at, v.why)}
	case m.contentBytes() > m.byteLimit():
		return &wecomRefusal{40058, fmt.Sprintf("%s.content exceed max length %d. invalid Request Parameter", m.kind,
			m.byteLimit())}
	case hasUnicodeEscape(body):
		return &wecomRefusal{40033, "invalid charset"}
	}
	return nil
}

// wecomPayload is the form of a message of this type.
func wecomPayload(kind string) schemaCheck {
	known := map[string]property{"content": requiredProperty(stringUpTo(1 << 20))}
	if kind == "text" {
		known["mentioned_list"] = optionalProperty(listOf(0, 1000, stringUpTo(64)))
		known["mentioned_mobile_list"] = optionalProperty(listOf(0, 1000, stringUpTo(64)))
	}
	return objectOf(map[string]property{"msgtype": requiredProperty(oneOf(kind)),
		kind: requiredProperty(objectOf(known))})
}

// wecomFile is the form of a message that is a file.
var wecomFile = objectOf(map[string]property{"msgtype": requiredProperty(oneOf("file")),
	"file": requiredProperty(objectOf(map[string]property{"media_id": requiredProperty(stringUpTo(512))}))})

// hasUnicodeEscape says whether the JSON text holds a \uxxxx sequence, which the
// robot's documents forbid. A backslash escapes the one behind it.
func hasUnicodeEscape(body []byte) bool {
	for {
		i := bytes.IndexByte(body, '\\')
		if i < 0 || i+1 >= len(body) {
			return false
		}
		if body[i+1] == 'u' {
			return true
		}
		body = body[i+2:]
	}
}

// stringsOf gives the strings of a list.
func stringsOf(value any) []string {
	elements, _ := value.([]any)
	var found []string
	for _, element := range elements {
		if text, ok := element.(string); ok {
			found = append(found, text)
		}
	}
	return found
}
