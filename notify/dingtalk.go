package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"licensewatch/message"
)

// dingtalkKind is DingTalk, through custom robots.
var dingtalkKind = ChannelKind{
	Name: "dingtalk",

	WebhookSetting: "LICENSEWATCH_DINGTALK_WEBHOOK_URL",
	MentionSetting: "LICENSEWATCH_DINGTALK_MENTION",

	Hosts:    []string{"oapi.dingtalk.com"},
	Path:     dingtalkPath,
	Example:  dingtalkExample,
	NotURL:   func(string) string { return "is a token, not a URL: write " + dingtalkExample },
	CheckURL: checkDingTalkURL,
	Identify: func(u *url.URL) (string, url.Values) {
		return path.Clean(u.Path), url.Values{"access_token": u.Query()["access_token"]}
	},
	CheckMention: checkDingTalkMention,
	sign:         signDingTalk,

	Format: message.DingTalk,

	Remedy:     dingtalkRemedy,
	NewWebhook: dingtalkNewWebhook,

	judge:         judgeDingTalk,
	isFormRefused: isDingTalkFormRefused,
}

const (
	dingtalkPath       = "/robot/send"
	dingtalkExample    = "https://oapi.dingtalk.com/robot/send?access_token=<the token>, with #<the secret> behind it where the robot has one"
	dingtalkNewWebhook = "add the custom robot to the group again, and copy its whole webhook URL into LICENSEWATCH_DINGTALK_WEBHOOK_URL"
)

func checkDingTalkURL(u *url.URL) (wrong, odd string) {
	query, err := url.ParseQuery(u.RawQuery)
	switch {
	case u.Path != dingtalkPath:
		return "is not the URL of a custom robot: those read " + dingtalkExample, ""
	case err != nil || query.Get("access_token") == "":
		return "has no access_token: write " + dingtalkExample, ""
	case query.Has("sign") || query.Has("timestamp"):
		return "holds a signature, which is made anew for every message: remove timestamp and sign, and write the robot's secret behind the URL, after a #", ""
	}
	return "", ""
}

// checkDingTalkMention takes @all, user ids, and the numbers of mobile phones.
func checkDingTalkMention(text string) (name, wrong, odd string) {
	id := strings.TrimPrefix(text, "@")
	switch {
	case strings.EqualFold(id, "all"):
		return message.DingTalkAll, "", ""
	case isPhoneNumber(id) && !message.IsMobile(id):
		return "", "is a phone number that is not written as DingTalk knows it: write its 11 digits, or the member's user id", ""
	case !isUserID(id):
		return "", "cannot be called: write @all, the user id of the member, or the number of the member's mobile phone", ""
	default:
		return id, "", ""
	}
}

func dingtalkRemedy(code string) string {
	switch code {
	case message.CodeNoErrcode:
		return "copy the robot's whole webhook URL again: it begins with https://oapi.dingtalk.com/robot/send?access_token="
	case "300005", "400101", "400013", "400106":
		return dingtalkNewWebhook
	case "400102":
		return "enable the robot in the group's settings"
	case "310000":
		return "look at the robot's security settings: switch keywords off and the signature on, and write its secret behind the URL, after a #"
	case "-1", "130101", "410100":
		return "wait ten minutes, then try again"
	default:
		return ""
	}
}

// signDingTalk puts time and signature into the query.
func signDingTalk(p *postRequest, secret string, now time.Time) {
	at := strconv.FormatInt(now.UnixMilli(), 10)
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(at + "\n" + secret))
	p.url += "&timestamp=" + at + "&sign=" + url.QueryEscape(base64.StdEncoding.EncodeToString(sum.Sum(nil)))
}

// isDingTalkFormRefused says whether DingTalk refused a parameter or the kind of message, or found
// it too long.
func isDingTalkFormRefused(code string) bool {
	switch code {
	case "40035", "400105", "101002", "460101":
		return true
	default:
		return false
	}
}

// judgeDingTalk: only HTTP 200 with errcode 0 is success. Who was too fast is blocked
// for ten minutes, so that another try in this run does not help.
func judgeDingTalk(a chatAnswer) *Error {
	body, e := readErrcode(a)
	if body.Errcode == nil {
		return e
	}
	switch *body.Errcode {
	case errcodeOK:
		return nil
	case -1, 130101, 410100:
		e.Retryable = true
	}
	return e
}
