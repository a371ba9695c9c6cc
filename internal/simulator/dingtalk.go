package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dingtalkChat is DingTalk. Its robots check signatures.
var dingtalkChat = chat{
	name: "dingtalk",
	path: dingtalkPath,
	hook: func(index int) string {
		return dingtalkPath + "?access_token=" + dingtalkToken(index) + "#" + dingtalkSecret(index)
	},
	serve: serveDingTalk,
}

const (
	dingtalkPath  = "/robot/send"
	dingtalkLimit = 20000 // bytes of the request's body
)

func dingtalkToken(index int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "simulated DingTalk robot %d", index))
	return fmt.Sprintf("%x", sum)
}

func dingtalkSecret(index int) string { return fmt.Sprintf("SECsimulatedDingTalkSecret%03d", index+1) }

// serveDingTalk is a custom robot: always HTTP 200, the verdict is in the body.
func serveDingTalk(s *chats, w http.ResponseWriter, r *http.Request, body []byte) {
	index, channel, ok := s.matchWebhook("dingtalk", r.URL.Query().Get("access_token"), dingtalkToken)
	post := Post{Channel: channel, Body: body, Bytes: len(body), Limit: dingtalkLimit}
	var refuse http.HandlerFunc
	switch {
	case r.Method != http.MethodPost:
		refuse = wecomAnswer(43002, "require POST method")
	case !ok:
		refuse = wecomAnswer(300005, "token is not exist")
	case !isJSON(r.Header.Get("Content-Type")):
		refuse = wecomAnswer(43004, "invalid content type")
	case !isSignedByDingTalk(s, r, dingtalkSecret(index)):
		refuse = wecomAnswer(310000, "description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中;link:请参考接入文档;")
	case !s.takeQuota("dingtalk", index, time.Minute):
		refuse = wecomAnswer(130101, "send too fast, exceed 20 times per minute")
	case len(body) > dingtalkLimit:
		refuse = wecomAnswer(460101, "message too long, exceed 20000 bytes")
	default:
		called, v := checkDingTalk(body)
		post.Mentions = called
		if v != nil {
			refuse = wecomAnswer(40035, "缺少参数 "+v.at+" "+v.why)
		}
	}
	s.answerPost(w, r, post, "dingtalk", refuse, wecomAnswer(0, "ok"))
}

func isSignedByDingTalk(s *chats, r *http.Request, secret string) bool {
	query := r.URL.Query()
	at := query.Get("timestamp")
	milliseconds, err := strconv.ParseInt(at, 10, 64)
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(at + "\n" + secret))
	isNow := err == nil && s.options.SignatureClock().Sub(time.UnixMilli(milliseconds)).Abs() <= time.Hour
	return isNow && query.Get("sign") == base64.StdEncoding.EncodeToString(sum.Sum(nil))
}

// checkDingTalk judges a body and says who is called: those whom the robot is told
// of and who stand in the text. Whom only one of both names is a mistake that nobody
// would notice, so it is refused here.
func checkDingTalk(body []byte) (called []string, v *violation) {
	payload, err := decodeObject(body)
	if err != nil {
		return nil, newViolation("", "not the JSON of an object")
	}
	names := optionalProperty(listOf(1, 100, stringUpTo(64)))
	known := map[string]property{
		"msgtype": requiredProperty(oneOf("markdown")),
		"markdown": requiredProperty(objectOf(map[string]property{"title": requiredProperty(stringUpTo(1000)),
			"text": requiredProperty(stringUpTo(20000))})),
		"at": optionalProperty(objectOf(map[string]property{"atMobiles": names, "atUserIds": names,
			"isAtAll": optionalProperty(anyBoolean)})),
	}
	if payload["msgtype"] == "text" {
		delete(known, "markdown")
		known["msgtype"] = requiredProperty(oneOf("text"))
		known["text"] = requiredProperty(objectOf(map[string]property{"content": requiredProperty(stringUpTo(20000))}))
	}
	if v := objectOf(known)("", map[string]any(payload)); v != nil {
		return nil, v
	}
	markdown, _ := payload["markdown"].(map[string]any)
	plain, _ := payload["text"].(map[string]any)
	text := fmt.Sprint(markdown["text"], plain["content"])
	at, _ := payload["at"].(map[string]any)
	for _, name := range append(stringsOf(at["atMobiles"]), stringsOf(at["atUserIds"])...) {
		if !strings.Contains(text, "@"+name) {
			return nil, newViolation("at", "%s does not stand in the text", name)
		}
		called = append(called, name)
	}
	if at["isAtAll"] == true {
		called = append(called, "@all")
	}
	slices.Sort(called)
	return called, nil
}
