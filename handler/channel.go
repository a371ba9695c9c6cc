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
	// Send delivers a report as one message; the receipt says what is left of one that
	// was accepted. A refusal is a *notify.Error.
	Send(ctx context.Context, report license.Report) (notify.Receipt, error)
	// Note delivers a short message of its own.
	Note(ctx context.Context, note license.Note) error
}

// newChannels makes the channels the settings name, in their order.
func (r *run) newChannels() []Channel {
	if r.handler.dryRun != nil {
		return []Channel{r.handler.dryRun}
	}
	client := &http.Client{Transport: r.handler.transport}
	options := func(name string, url config.Secret, mention []string) notify.Options {
		return notify.Options{Name: name, URL: url.Reveal(), Mention: mention, Client: client, Logger: r.logger, Sleep: r.handler.sleep}
	}
	var channels []Channel
	slack, wecom := r.config.SlackWebhookURLs, r.config.WeComWebhookURLs
	for i, name := range channelNames("slack", len(slack)) {
		channels = append(channels, notify.NewSlack(options(name, slack[i], r.config.SlackMention)))
	}
	for i, name := range channelNames("wecom", len(wecom)) {
		channels = append(channels, notify.NewWeCom(options(name, wecom[i], r.config.WeComMention)))
	}
	return channels
}

// channelNames are the names of n channels of a kind; a lone one has the kind's.
func channelNames(kind string, n int) []string {
	if n == 1 {
		return []string{kind}
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s[%d]", kind, i)
	}
	return names
}
