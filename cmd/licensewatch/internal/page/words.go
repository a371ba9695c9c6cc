package page

import (
	"strings"

	"licensewatch/cmd/licensewatch/internal/chat"
)

// words are the page's own, in one language.
type words struct {
	Lang     string
	Robot    string // the badge beside a robot's name
	Answered string
	Summary  string
	Nothing  string
	Note     string

	slack, wecom      string
	characters, bytes string // used, limit
}

var english = words{
	Lang:     "en",
	Robot:    "BOT",
	Answered: "answered",
	Summary:  "Summary, returned to the platform",
	Nothing:  "Nothing was posted.",
	Note:     "Drawn by licensewatch from the payloads as they were made. The chats' own apps differ in detail.",

	slack: "Slack", wecom: "WeCom",
	characters: "%d of %d characters", bytes: "%d of %d bytes",
}

var chinese = words{
	Lang:     "zh-CN",
	Robot:    "机器人",
	Answered: "返回",
	Summary:  "返回给平台的 Summary",
	Nothing:  "没有发出消息。",
	Note:     "由 licensewatch 按实际消息内容绘制，细节与聊天应用略有不同。",

	slack: "Slack", wecom: "企业微信",
	characters: "%d / %d 个字符", bytes: "%d / %d 字节",
}

// channel is a channel's name for people: "slack[1]" is Slack[1].
func (w words) channel(name string) string {
	if chat.Of(name) == chat.WeCom {
		return w.wecom + strings.TrimPrefix(name, "wecom")
	}
	return w.slack + strings.TrimPrefix(name, "slack")
}
