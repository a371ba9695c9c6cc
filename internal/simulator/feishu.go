package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// feishuChat is Feishu. Its bots check signatures.
var feishuChat = chat{
	name:  "feishu",
	path:  feishuPath,
	hook:  func(index int) string { return feishuHook(index) + "#" + feishuSecret(index) },
	serve: serveFeishu,
}

const (
	feishuPath  = "/open-apis/bot/v2/hook/"
	feishuLimit = 20 << 10 // bytes of the request's body
)

func feishuHook(index int) string {
	return feishuPath + uuidFrom(fmt.Sprintf("simulated Feishu bot %d", index))
}

func feishuSecret(index int) string { return fmt.Sprintf("SimulatedFeishuSecret%03d", index+1) }

// serveFeishu is a custom bot: the verdict is in the body.
func serveFeishu(s *chats, w http.ResponseWriter, r *http.Request, body []byte) {
	index, channel, ok := s.matchWebhook("feishu", r.URL.Path, feishuHook)
	post := Post{Channel: channel, Body: body, Bytes: len(body), Limit: feishuLimit, Mentions: feishuMentions(body)}
	var refuse http.HandlerFunc
	switch {
	case !ok:
		refuse = feishuAnswer(19001, "param invalid: incoming webhook access token invalid")
	case r.Method != http.MethodPost || !isJSON(r.Header.Get("Content-Type")):
		refuse = feishuAnswer(9499, "Bad Request")
	case len(body) > feishuLimit:
		refuse = feishuAnswer(19036, "the message is larger than 20KB")
	case !s.takeQuota("feishu", index, time.Minute):
		refuse = feishuAnswer(11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]")
	default:
		if code, why := checkFeishu(s, body, feishuSecret(index)); code != 0 {
			refuse = feishuAnswer(code, why)
		}
	}
	s.answerPost(w, r, post, "feishu", refuse,
		Answer(`{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}`))
}

// checkFeishu judges a body: what it is, and who has signed it.
func checkFeishu(s *chats, body []byte, secret string) (code int, why string) {
	payload, err := decodeObject(body)
	if err != nil {
		return 9499, "Bad Request"
	}
	text := map[string]property{"tag": requiredProperty(oneOf("plain_text", "lark_md")),
		"content": requiredProperty(stringUpTo(10000))}
	element := func(at string, value any) *violation {
		if inner, _ := value.(map[string]any); inner["tag"] == "note" {
			return objectOf(map[string]property{"tag": requiredProperty(oneOf("note")),
				"elements": requiredProperty(listOf(1, 10, objectOf(text)))})(at, value)
		}
		return objectOf(map[string]property{"tag": requiredProperty(oneOf("div")),
			"text": requiredProperty(objectOf(text))})(at, value)
	}
	signed := map[string]property{"timestamp": requiredProperty(stringUpTo(20)),
		"sign": requiredProperty(stringUpTo(100))}
	known := map[string]property{"msg_type": requiredProperty(oneOf("text")),
		"content": requiredProperty(objectOf(map[string]property{"text": requiredProperty(stringUpTo(20000))}))}
	if payload["msg_type"] == "interactive" {
		known = map[string]property{"msg_type": requiredProperty(oneOf("interactive")),
			"card": requiredProperty(objectOf(map[string]property{
				"config": optionalProperty(objectOf(map[string]property{
					"wide_screen_mode": requiredProperty(anyBoolean),
				})),
				"header": requiredProperty(objectOf(map[string]property{"template": requiredProperty(oneOf("green",
					"blue", "yellow", "orange", "red", "grey")), "title": requiredProperty(objectOf(text))})),
				"elements": requiredProperty(listOf(1, 200, element)),
			}))}
	}
	maps.Copy(known, signed)
	if v := objectOf(known)("", map[string]any(payload)); v != nil {
		if v.at == "sign" || v.at == "timestamp" {
			return 19021, "sign match fail or timestamp is not within one hour from current time"
		}
		return 9499, fmt.Sprintf("Bad Request: %s %s", v.at, v.why)
	}
	at, _ := payload["timestamp"].(string)
	seconds, err := strconv.ParseInt(at, 10, 64)
	sum := hmac.New(sha256.New, []byte(at+"\n"+secret))
	if err != nil || s.options.SignatureClock().Sub(time.Unix(seconds, 0)).Abs() > time.Hour ||
		payload["sign"] != base64.StdEncoding.EncodeToString(sum.Sum(nil)) {
		return 19021, "sign match fail or timestamp is not within one hour from current time"
	}
	return 0, ""
}

// feishuCalled is a mention in a card or a text.
var feishuCalled = regexp.MustCompile(`<at (?:user_)?id=\\?"?([^">\\]+)\\?"?></at>`)

func feishuMentions(body []byte) []string {
	var called []string
	for _, found := range feishuCalled.FindAllStringSubmatch(string(body), -1) {
		called = append(called, strings.TrimSpace(found[1]))
	}
	slices.Sort(called)
	return slices.Compact(called)
}

func feishuAnswer(code int, message string) http.HandlerFunc {
	answer, err := json.Marshal(map[string]any{"code": code, "data": map[string]any{}, "msg": message})
	if err != nil {
		panic(err) // a number and a string can always be written
	}
	return Answer(string(answer))
}
