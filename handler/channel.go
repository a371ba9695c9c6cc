package handler

import (
	"context"
	"net/http"

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
	channels := make([]Channel, len(r.config.Channels))
	for i, c := range r.config.Channels {
		channels[i] = notify.NewChannel(c.Kind, notify.Options{
			Name: c.Name, URL: c.Webhook.Reveal(), Mention: c.Mention, Client: client, Logger: r.logger, Sleep: r.handler.sleep,
		})
	}
	return channels
}
