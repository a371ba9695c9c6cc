package life

import (
	"maps"
	"strings"
	"time"
)

// channelLife is how long a channel is known that the settings do not name any
// more.
const channelLife = 7 * day

// Channel is a channel of the settings.
type Channel struct {
	Name string // among those of the run: "slack", "slack[1]"
	ID   string // where it leads: a hash with the ledger's key, never empty
}

// channelRecord is what is known of a channel besides what it was told.
type channelRecord struct {
	ID   string    `json:"id,omitempty"` // empty: nobody knows where it led
	Seen time.Time `json:"seen"`         // when the settings named it last
}

// formerPrefix begins the name of a channel that the settings do not name any more where
// another one has its name.
const formerPrefix = "former "

func isFormer(channel string) bool { return strings.HasPrefix(channel, formerPrefix) }

// channelDirectory is what the ledger knows of the channels themselves.
type channelDirectory struct {
	// Key is what the identities of the channels are hashed with, and Channels are
	// those that the settings name, or did within the last week, by the names by which
	// everything else in the ledger speaks of them.
	Key      string                    `json:"key,omitempty"`
	Channels map[string]*channelRecord `json:"channels,omitempty"`
}

func (d *channelDirectory) tidy() {
	maps.DeleteFunc(d.Channels, func(name string, c *channelRecord) bool { return c == nil || name == "" })
}
