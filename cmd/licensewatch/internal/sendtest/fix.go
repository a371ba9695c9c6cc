package sendtest

import (
	"strings"

	"licensewatch/notify"
)

// What is done about most refusals.
const (
	newRobot   = "add the robot to the group again, and copy its whole webhook URL into LICENSEWATCH_WECOM_WEBHOOK_URL"
	newWebhook = "add an incoming webhook to the Slack app again, and copy its whole URL into LICENSEWATCH_SLACK_WEBHOOK_URL"
	askAdmin   = "ask an administrator of the Slack workspace to allow it, or take a webhook of another channel"
	checkPath  = "licensewatch doctor tells how far the way to the host goes"
	wait       = "wait a minute, then try again"
)

// fixes are what to do, by the chat's code or one of notify's own.
var fixes = map[string]string{
	"93000":                             newRobot,
	"93004":                             "enable the robot in the group's settings",
	"93008":                             newRobot,
	"45009":                             wait,
	"45033":                             wait,
	"-1":                                wait,
	"NoErrcode":                         "copy the robot's whole webhook URL again: it begins with https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
	"NotOK":                             "copy the incoming webhook's whole URL again: it begins with https://hooks.slack.com/services/",
	"channel_is_archived":               "bring the channel back, or take a webhook of another one",
	"channel_not_found":                 newWebhook,
	"invalid_token":                     newWebhook,
	"no_active_hooks":                   newWebhook,
	"no_service":                        newWebhook,
	"no_service_id":                     newWebhook,
	"no_team":                           newWebhook,
	"user_not_found":                    newWebhook,
	"action_prohibited":                 askAdmin,
	"posting_to_general_channel_denied": askAdmin,
	"team_disabled":                     askAdmin,
	"rate_limited":                      wait,
	"rollup_error":                      wait,
	"Timeout":                           checkPath,
	"Unreachable":                       checkPath,
	"Proxy":                             "check HTTPS_PROXY (user name, password) and NO_PROXY, or let the proxy's rules allow the host",
	"TLS":                               "look for a proxy that opens TLS connections; " + checkPath,
}

// fix says what to do about a refusal.
func fix(channel string, refusal *notify.Error) string {
	known, ok := fixes[refusal.Code]
	switch {
	case ok:
		return known
	case refusal.Passing:
		return wait
	case strings.HasPrefix(channel, WeCom):
		return "check LICENSEWATCH_WECOM_WEBHOOK_URL: " + newRobot
	default:
		return "check LICENSEWATCH_SLACK_WEBHOOK_URL: " + newWebhook
	}
}
