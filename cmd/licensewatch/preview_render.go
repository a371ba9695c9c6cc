package main

import (
	"bytes"
	"encoding/json"
	"slices"

	"licensewatch/cmd/licensewatch/internal/page"
	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
)

// render writes the report in the form of --to.
func (p *preview) render(c console, r license.Report, settings config.Config) error {
	switch p.to {
	case "slack":
		return writePayload(c, r, settings.SlackMention, notify.SlackPayload)
	case "wecom":
		if r.Mention && slices.Contains(settings.WeComMention, "@all") {
			say(c.err, "A second, short message of type text follows this one: it calls @all, which markdown cannot.\n")
		}
		return writePayload(c, r, settings.WeComMention, notify.WeComPayload)
	case "html":
		return writePreviewPage(c, r, settings)
	default:
		return notify.Terminal(c.out, r, styleFor(c.out).on)
	}
}

// payload is how a chat's payload is made.
type payload func(r license.Report, mention []string) ([]byte, error)

// writePayload writes the JSON that would be posted, indented.
func writePayload(c console, r license.Report, mention []string, of payload) error {
	body, err := of(r, mention)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, body, "", "  "); err != nil {
		return err
	}
	text.WriteByte('\n')
	return c.jsonText(text.Bytes())
}

// writePreviewPage writes a page that shows the message in both chats.
func writePreviewPage(c console, r license.Report, settings config.Config) error {
	slack, err := notify.SlackPayload(r, settings.SlackMention)
	if err != nil {
		return err
	}
	wecom, err := notify.WeComPayload(r, settings.WeComMention)
	if err != nil {
		return err
	}
	const wecomLimit = 4096 // bytes of markdown
	used, _ := simulator.CheckWeComPayload(wecom)
	p := page.Page{
		Title:    "licensewatch preview",
		Facts:    []string{"mode " + string(r.Mode), "site " + string(r.Snapshot.Site), "not posted"},
		Language: r.Language,
		Now:      r.At,
		Messages: []page.Message{
			{Channel: "slack", Payload: slack},
			{Channel: "wecom", Payload: wecom, Used: used, Limit: wecomLimit},
		},
	}
	if r.Language == license.Chinese {
		p.Title = "licensewatch 预览"
		p.Facts = []string{"模式 " + string(r.Mode), "站点 " + string(r.Snapshot.Site), "未发送"}
	}
	return page.Write(c.out, p)
}
