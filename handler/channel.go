package handler

import (
	"context"

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

func namesOf(channels []Channel) []string {
	names := make([]string, len(channels))
	for i, channel := range channels {
		names[i] = channel.Name()
	}
	return names
}

// ChannelNames are the names of the channels that the settings make, in their
// order.
func ChannelNames(c config.Config) []string {
	names := make([]string, len(c.Channels))
	for i, channel := range c.Channels {
		names[i] = channel.Name
	}
	return names
}
