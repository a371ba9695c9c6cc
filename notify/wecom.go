package notify

import (
	"encoding/json"
	"net/url"
	"path"
	"strconv"
	"strings"

	"licensewatch/message"
)

// wecomKind is WeCom, through group robots.
var wecomKind = ChannelKind{
	Name: "wecom",

	WebhookSetting: "LICENSEWATCH_WECOM_WEBHOOK_URL",
	MentionSetting: "LICENSEWATCH_WECOM_MENTION",

	Hosts:    []string{"qyapi.weixin.qq.com"},
	Path:     wecomPath,
	Example:  wecomExample,
	NotURL:   func(string) string { return "is a key, not a URL: write " + wecomExample },
	CheckURL: checkWeComURL,
	Identify: func(u *url.URL) (string, url.Values) {
		return path.Clean(u.Path), url.Values{"key": u.Query()["key"]}
	},
	CheckMention: checkWeComMention,

	Format: message.WeCom,

	Files: &FileTaking{
		Least: 6, Most: 20 << 20,
		field: "media", uploadURL: wecomUploadURL, mediaID: wecomMediaID, message: message.WeComFile,
	},

	Remedy:     wecomRemedy,
	NewWebhook: wecomNewWebhook,

	judge:         judgeWeCom,
	isFormRefused: isWeComFormRefused,
}

const (
	wecomPath       = "/cgi-bin/webhook/send"
	wecomExample    = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<the key>"
	wecomNewWebhook = "add the robot to the group again, and copy its whole webhook URL into LICENSEWATCH_WECOM_WEBHOOK_URL"
)

func checkWeComURL(u *url.URL) (wrong, odd string) {
	if u.Path != wecomPath {
		return "is not the URL of a group robot: those read " + wecomExample, ""
	}
	query, err := url.ParseQuery(u.RawQuery)
	switch key := query.Get("key"); {
	case err != nil:
		return "has a query that cannot be read: write " + wecomExample, ""
	case key == "":
		return "has no key: write " + wecomExample, ""
	case strings.Contains(key, "://"):
		return "has a whole URL where the key belongs: write " + wecomExample, ""
	}
	return "", ""
}

// wecomUploadURL is where the robot of a webhook takes files.
func wecomUploadURL(webhook string) string {
	u, err := url.Parse(webhook)
	if err != nil {
		return ""
	}
	u.Path = strings.TrimSuffix(u.Path, "/send") + "/upload_media"
	query := u.Query()
	query.Set("type", "file")
	u.RawQuery = query.Encode()
	return u.String()
}

// wecomMediaID is the id that an answer gives to a file; empty when it is none that can be
// one.
func wecomMediaID(body string) string {
	var answer struct {
		ID string `json:"media_id"`
	}
	isOdd := func(r rune) bool { return r <= ' ' || r > '~' }
	if json.Unmarshal([]byte(body), &answer) != nil || len(answer.ID) > 512 || strings.ContainsFunc(answer.ID, isOdd) {
		return ""
	}
	return answer.ID
}

// checkWeComMention takes @all and user ids.
func checkWeComMention(text string) (name, wrong, odd string) {
	const wanted = "write the user id of the member (in the admin console: Contacts, the member's account)"
	id := strings.TrimPrefix(text, "@")
	switch {
	case text == message.WeComAll:
		return text, "", ""
	case id == "all":
		return "", "calls nobody: to call everybody write @all", ""
	case isPhoneNumber(id) && !message.IsMobile(id):
		return "", "is a phone number, by which nobody is called: " + wanted, ""
	case !isUserID(id):
		return "", "cannot be called: write @all or the user id of the member (in the admin console: Contacts, the member's account), without < > and spaces", ""
	case message.IsMobile(id):
		return id, "", "looks like a phone number, by which nobody is called: unless it is the member's user id, " +
			wanted
	default:
		return id, "", ""
	}
}

func wecomRemedy(code string) string {
	switch code {
	case message.CodeNoErrcode:
		return "copy the robot's whole webhook URL again: it begins with https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
	case "93000", "93008":
		return wecomNewWebhook
	case "93004":
		return "enable the robot in the group's settings"
	case "45009", "45033", "-1":
		return waitAMinute
	default:
		return ""
	}
}

// Errcodes of WeCom that are treated in a way of their own. Every other one
// needs somebody to act.
const (
	errcodeOK          = 0
	errcodeBusy        = -1
	errcodeParameter   = 40058 // what content that is too long returns
	errcodeTooLarge    = 45002
	errcodeRateLimit   = 45009 // for about a minute
	errcodeConcurrency = 45033
)

// judgeWeCom: only HTTP 200 with errcode 0 and no warning is success. A warning
// means that our JSON was misread: sending it again would only repeat that.
func judgeWeCom(a chatAnswer) *Error {
	body, e := readErrcode(a)
	if body.Errcode == nil {
		return e
	}
	switch *body.Errcode {
	case errcodeOK:
		if !strings.Contains(strings.ToLower(body.Errmsg), "warning") {
			return nil
		}
	case errcodeBusy, errcodeConcurrency:
		e.Retryable, e.again = true, true
	case errcodeRateLimit:
		e.Retryable = true
	}
	return e
}

// isWeComFormRefused says whether WeCom refused a message for its length.
func isWeComFormRefused(code string) bool {
	return code == strconv.Itoa(errcodeParameter) || code == strconv.Itoa(errcodeTooLarge)
}
