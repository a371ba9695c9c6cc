package config

import (
	"net/url"
	"strings"
)

// hosts and paths of the two services.
const (
	slackHost    = "hooks.slack.com"
	slackGovHost = "hooks.slack-gov.com"
	slackPath    = "/services/"
	slackExample = "https://hooks.slack.com/services/T…/B…/…"

	wecomHost    = "qyapi.weixin.qq.com"
	wecomPath    = "/cgi-bin/webhook/send"
	wecomExample = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<the key>"
)

// service knows the webhook URLs of one kind.
type service struct {
	host string
	// notURL says what a text is that is no URL, and what to write.
	notURL func(text string) string
	// check says what is wrong with a URL, or what looks odd.
	check func(u *url.URL) (wrong, odd string)
}

// webhooks reads the URLs of one service. It keeps those that are right, so
// that there is somebody to tell about the others, and each chat once.
func webhooks(f *findings, v variable, s service) []Secret {
	var list []Secret
	items := splitList(v.value)
	seen := map[string]int{}
	for i, item := range items {
		entry := entryOf(i, len(items))
		wrong, odd := s.judge(item)
		if wrong != "" {
			f.problem(v, "%s%s", entry, wrong)
			continue
		}
		secret := NewSecret(item)
		target := Destination(secret)
		if first := seen[target]; first > 0 {
			f.warn(v, "%sleads to the same chat as entry %d, which is told once: remove one of them", entry, first)
			continue
		}
		seen[target] = i + 1
		list = append(list, secret)
		if odd != "" {
			f.warn(v, "%s%s", entry, odd)
		}
	}
	if v.value != "" && len(items) == 0 {
		f.problem(v, "holds only commas: write the URL")
	}
	return list
}

func (s service) judge(text string) (wrong, odd string) {
	if strings.ContainsAny(text, "…<>") {
		return "still is the example: write the URL of your own webhook, or leave the setting out", ""
	}
	if wrong := Joined(text); wrong != "" {
		return wrong, ""
	}
	if !strings.Contains(text, "://") {
		if strings.HasPrefix(text, s.host+"/") {
			return "lacks https:// at its beginning: write it there", ""
		}
		return s.notURL(text), ""
	}
	u, wrong := checkURL(text)
	if wrong != "" {
		return wrong, ""
	}
	wrong, odd = s.check(u)
	if wrong == "" && isLoopback(u) {
		odd = "goes to this machine itself: right for a trial, and for nothing else"
	}
	return wrong, odd
}

// slack is the service behind LICENSEWATCH_SLACK_WEBHOOK_URL.
func slack() service {
	return service{
		host: slackHost,
		notURL: func(text string) string {
			if strings.HasPrefix(text, "xox") {
				return "is a token, not a URL: add an incoming webhook to the Slack app and write its URL, " + slackExample
			}
			return "is not a URL: write the whole URL of the incoming webhook, " + slackExample
		},
		check: checkSlack,
	}
}

func checkSlack(u *url.URL) (wrong, odd string) {
	path := u.EscapedPath()
	switch host := hostOf(u); {
	case host == wecomHost:
		return "is a WeCom webhook: it belongs in LICENSEWATCH_WECOM_WEBHOOK_URL", ""
	case host != slackHost && host != slackGovHost:
		return "", "does not go to " + slackHost + ": right for a proxy or a stand-in that takes Slack's messages"
	case strings.HasPrefix(path, "/workflows/") || strings.HasPrefix(path, "/triggers/"):
		return "starts a workflow, which takes variables and no messages: only incoming webhooks work, " + slackExample, ""
	case strings.Trim(strings.TrimPrefix(path, slackPath), "/") == "" || !strings.HasPrefix(path, slackPath):
		return "is not the URL of an incoming webhook: those read " + slackExample, ""
	case strings.Count(strings.Trim(path, "/"), "/") != 3:
		return "", "does not have the three parts of " + slackExample + ": it may have been cut"
	}
	return "", ""
}

// wecom is the service behind LICENSEWATCH_WECOM_WEBHOOK_URL.
func wecom() service {
	return service{
		host: wecomHost,
		notURL: func(string) string {
			return "is a key, not a URL: write " + wecomExample
		},
		check: checkWeCom,
	}
}

func checkWeCom(u *url.URL) (wrong, odd string) {
	switch host := hostOf(u); {
	case host == slackHost || host == slackGovHost:
		return "is a Slack webhook: it belongs in LICENSEWATCH_SLACK_WEBHOOK_URL", ""
	case host != wecomHost:
		return "", "does not go to " + wecomHost + ": right for a proxy or a stand-in that takes WeCom's messages"
	case u.Path != wecomPath:
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
