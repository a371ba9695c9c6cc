package handler

import (
	"context"
	"fmt"
	"net/http"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/notify"
)

// Channel is one place that is told.
type Channel interface {
	// Name is unique in a run: "slack", or "slack[1]" where there are several.
	Name() string
	// Send delivers a report as one message. A refusal is a *notify.Error.
	Send(ctx context.Context, report license.Report) error
	// Note delivers a short message of its own.
	Note(ctx context.Context, note license.Note) error
}

// newChannels makes the channels the settings name, in their order.
func (r *run) newChannels() []Channel {
	if r.handler.dryRun != nil {
		return []Channel{r.handler.dryRun}
	}
	client := &http.Client{Transport: r.handler.transport}
	options := func(kind string, i, n int, url config.Secret, mention []string) notify.Options {
		name := kind
		if n > 1 {
			name = fmt.Sprintf("%s[%d]", kind, i)
		}
		return notify.Options{Name: name, URL: url.Reveal(), Mention: mention, Client: client, Logger: r.logger, Sleep: r.handler.sleep}
	}
	var channels []Channel
	slack, wecom := r.config.SlackWebhookURLs, r.config.WeComWebhookURLs
	for i, url := range slack {
		channels = append(channels, notify.NewSlack(options("slack", i, len(slack), url, r.config.SlackMention)))
	}
	for i, url := range wecom {
		channels = append(channels, notify.NewWeCom(options("wecom", i, len(wecom), url, r.config.WeComMention)))
	}
	return channels
}
