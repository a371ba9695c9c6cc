package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"licensewatch/message"
)

// feishuKind is Feishu, abroad Lark, through custom bots.
var feishuKind = ChannelKind{
	Name: "feishu",

	WebhookSetting: "LICENSEWATCH_FEISHU_WEBHOOK_URL",
	MentionSetting: "LICENSEWATCH_FEISHU_MENTION",

	Hosts:        []string{"open.feishu.cn", "open.larksuite.com"},
	Path:         feishuPath,
	Example:      feishuExample,
	NotURL:       func(string) string { return "is no URL: write " + feishuExample },
	CheckURL:     checkFeishuURL,
	Identify:     func(u *url.URL) (string, url.Values) { return path.Clean(u.Path), nil },
	CheckMention: checkFeishuMention,
	sign:         signFeishu,

	Format: message.Feishu,

	Remedy:     feishuRemedy,
	NewWebhook: feishuNewWebhook,

	judge:         judgeFeishu,
	isFormRefused: isFeishuFormRefused,
}

const (
	feishuPath       = "/open-apis/bot/v2/hook/"
	feishuExample    = "https://open.feishu.cn/open-apis/bot/v2/hook/<the id>, with #<the secret> behind it where the bot has one"
	feishuNewWebhook = "add the custom bot to the group again, and copy its whole webhook URL into LICENSEWATCH_FEISHU_WEBHOOK_URL"
)

func checkFeishuURL(u *url.URL) (wrong, odd string) {
	if id := strings.Trim(strings.TrimPrefix(u.Path, feishuPath), "/"); id == "" ||
		!strings.HasPrefix(u.Path, feishuPath) {
		return "is not the URL of a custom bot: those read " + feishuExample, ""
	}
	return "", ""
}

// checkFeishuMention takes all, and the open_id (ou_…) or user_id of a member.
func checkFeishuMention(text string) (name, wrong, odd string) {
	id := strings.TrimPrefix(text, "@")
	isOther := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
	}
	switch {
	case strings.EqualFold(id, "all"):
		return "all", "", ""
	case message.IsMobile(id):
		return "", "is a phone number, by which nobody is called: write the open_id (ou_…) of the member", ""
	case id == "" || len(id) > longestUserID || strings.ContainsFunc(id, isOther):
		return "", "cannot be called: write all, or the open_id (ou_…) or user_id of the member; a bot does not know people by name", ""
	default:
		return id, "", ""
	}
}

func feishuRemedy(code string) string {
	switch code {
	case message.CodeNoErrcode:
		return "copy the bot's whole webhook URL again: it begins with https://open.feishu.cn/open-apis/bot/v2/hook/"
	case "19001":
		return feishuNewWebhook
	case "19021":
		return "write the secret of the bot's signature check behind the URL, after a #, or look at the clock"
	case "19022":
		return "take this machine's address into the bot's list of addresses, or switch the list off"
	case "19024":
		return "switch the bot's keywords off and its signature check on, and write the secret behind the URL, after a #"
	case "11232":
		return waitAMinute
	default:
		return ""
	}
}

// signFeishu puts time and signature into the message. The secret is a part of the
// key, and what is signed is empty.
func signFeishu(p *postRequest, secret string, now time.Time) {
	at := strconv.FormatInt(now.Unix(), 10)
	sum := hmac.New(sha256.New, []byte(at+"\n"+secret))
	signature, err := message.JSON(map[string]string{"timestamp": at,
		"sign": base64.StdEncoding.EncodeToString(sum.Sum(nil))})
	if err == nil && len(p.payload) > 1 {
		p.payload = append(append(signature[:len(signature)-1], ','), p.payload[1:]...)
	}
}

// isFeishuFormRefused says whether Feishu refused the body or its card, or found it too large.
func isFeishuFormRefused(code string) bool {
	switch code {
	case "9499", "11246", "19002", "19036":
		return true
	default:
		return false
	}
}

// judgeFeishu: only HTTP 200 with code 0 is success; old bots say StatusCode.
func judgeFeishu(a chatAnswer) *Error {
	var body struct {
		Code, StatusCode *int64
		Msg              string
	}
	isVerdict := readMembers(a.body, map[string]any{"code": &body.Code, "StatusCode": &body.StatusCode, "msg": &body.Msg}) &&
		(body.Code != nil || body.StatusCode != nil)
	if body.Code == nil {
		body.Code = body.StatusCode
	}
	switch {
	case !isVerdict, a.status != http.StatusOK && *body.Code == 0:
		e := judgeStatus(a, false)
		e.Message = a.redact.redactMessage(a.body)
		if a.status == http.StatusOK {
			e.Code = message.CodeNoErrcode
		}
		return e
	case *body.Code == 0:
		return nil
	default:
		const rateLimit = 11232
		e := &Error{Code: strconv.FormatInt(*body.Code, 10), Message: a.redact.redactMessage(body.Msg)}
		e.Retryable = *body.Code == rateLimit || a.status >= http.StatusInternalServerError
		return e
	}
}
