package main

import (
	"bytes"
	"encoding/json"

	"licensewatch/cmd/licensewatch/internal/page"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
)

// printReport writes the report in the form of --to.
func (p *preview) printReport(c console, r license.Report, settings config.Config) error {
	switch kind := notify.KindOf(p.to); {
	case kind != nil:
		return writePayload(c, kind, r, settings.Mentions[kind.Name])
	case p.to == "html":
		return writePreviewPage(c, r, settings)
	default:
		return message.Terminal(c.out, r, styleFor(c.out).on)
	}
}

// writePayload writes the JSON that would be posted, indented.
func writePayload(c console, kind *notify.ChannelKind, r license.Report, mention []string) error {
	body, err := kind.Payload(r, mention)
	if err != nil {
		return err
	}
	if kind.CallsApart(r, mention) {
		writeStyled(c.err, "A second, short message of type text follows this one: it calls @all, which markdown cannot.\n")
	}
	var text bytes.Buffer
	if err := json.Indent(&text, body, "", "  "); err != nil {
		return err
	}
	text.WriteByte('\n')
	return c.printJSONText(text.Bytes())
}

// writePreviewPage writes a page that shows the message in the chats.
func writePreviewPage(c console, r license.Report, settings config.Config) error {
	p := page.Page{
		Title:    "licensewatch preview",
		Facts:    []string{"mode " + string(r.Mode), "site " + string(r.Snapshot.Site), "not posted"},
		Language: r.Language,
		Now:      r.At,
	}
	for _, name := range sampleChats {
		kind := notify.KindOf(name)
		payload, err := kind.Payload(r, settings.Mentions[name])
		if err != nil {
			return err
		}
		used, limit := kind.Size(payload)
		p.Messages = append(p.Messages, page.Message{Channel: name, Payload: payload, Used: used, Limit: limit})
	}
	if r.Language == license.Chinese {
		p.Title = "licensewatch 预览"
		p.Facts = []string{"模式 " + string(r.Mode), "站点 " + string(r.Snapshot.Site), "未发送"}
	}
	return page.Write(c.out, p)
}
