package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// wecomChat is WeCom.
var wecomChat = chat{
	name:  "wecom",
	path:  wecomPath,
	hook:  func(index int) string { return wecomPath + "?key=" + wecomKey(index) },
	serve: serveWeCom,
}

const wecomPath = "/cgi-bin/webhook/send"

// wecomKey is the secret key of the WeCom robot with this index.
func wecomKey(index int) string {
	return uuidFrom(fmt.Sprintf("simulated WeCom robot %d", index))
}

// serveWeCom is a WeCom group robot: always HTTP 200, the verdict is in the
// body. The key is looked at first, the body last.
func serveWeCom(s *chats, w http.ResponseWriter, r *http.Request, body []byte) {
	index, channel, ok := s.matchWebhook("wecom", r.URL.Query().Get("key"), wecomKey)
	message, refused := readWeCom(body)
	post := Post{Channel: channel, Body: body, Bytes: message.contentBytes(), Limit: message.byteLimit(),
		Mentions: message.mentions()}
	switch {
	case r.Method != http.MethodPost:
		refused = &wecomRefusal{43002, "require POST method"}
	case !ok:
		refused = &wecomRefusal{93000, "invalid webhook url"}
	case !s.takeQuota("wecom", index, time.Minute):
		refused = &wecomRefusal{45009, "api freq out of limit"}
	case refused == nil && message.kind == "file":
		refused = s.checkMedia(channel, message.media)
	}
	var refuse http.HandlerFunc
	if refused != nil {
		refuse = wecomAnswer(refused.code, refused.errmsg())
	}
	s.answerPost(w, r, post, "wecom", refuse, wecomAnswer(0, "ok"))
}

func wecomAnswer(code int, message string) http.HandlerFunc {
	answer, err := json.Marshal(struct {
		Code    int    `json:"errcode"`
		Message string `json:"errmsg"`
	}{code, message})
	if err != nil {
		panic(err) // a number and a string can always be written
	}
	return Answer(string(answer))
}

// wecomRefusal is why the robot would not take a message. Code 0 is the robot's
// odd way to say that the JSON was bad.
type wecomRefusal struct {
	code int
	text string
}

// Error names the code and the robot's own words.
func (r *wecomRefusal) Error() string { return fmt.Sprintf("errcode %d: %s", r.code, r.text) }

// errmsg is the text as the robot writes it: with a hint, the caller's address
// and a link behind it. The address is one reserved for documentation.
func (r *wecomRefusal) errmsg() string {
	if r.code == 0 {
		return r.text
	}
	return fmt.Sprintf("%s, hint: [1700000000123456789012345], from ip: 203.0.113.7, "+
		"more info at https://open.work.weixin.qq.com/devtool/query?e=%d", r.text, r.code)
}

// CheckWeComPayload says why a WeCom group robot would refuse a body; nil when
// it would take it. The error begins with the errcode. It gives the bytes of
// the content, which is what the robot's limit counts, also when they are too
// many.
//
// It is stricter than the robot where the robot says nothing but the reader
// misses something: properties the message type does not have are refused,
// mention lists beside markdown among them.
func CheckWeComPayload(body []byte) (bytes int, err error) {
	message, refused := readWeCom(body)
	if refused != nil {
		return message.contentBytes(), refused
	}
	return message.contentBytes(), nil
}
