package life

import (
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

// Key is what the identities of the channels are hashed with. A ledger that has none
// takes the fresh one, which is random.
func (l *Ledger) Key(fresh string) string {
	if l.stored.Key == "" {
		l.stored.Key = fresh
	}
	return l.stored.Key
}

// ChannelID is where the channel of the name leads, as a hash; empty where nobody knows.
func (l *Ledger) ChannelID(name string) string {
	if c := l.stored.Channels[name]; c != nil {
		return c.ID
	}
	return ""
}

// Bind tells the ledger where the channels of the settings lead. What it knows of a
// channel follows that: it gets the name that the settings give it now. One that they
// do not name any more is kept for a week with what it is owed, under its name unless
// another one has that now. Call it before anything else of a run whose settings are
// right; without channels it does nothing.
func (l *Ledger) Bind(channels []Channel, now time.Time) {
	b := &l.stored
	if len(channels) == 0 {
		return
	}
	l.channels = nil
	for _, c := range channels {
		l.channels = append(l.channels, c.Name)
	}
	if len(b.Channels) == 0 {
		b.adoptChannels(channels, now)
	}
	before, latest := now, now // a clock that is ahead, or behind, forgets nobody by itself
	if last := l.Runs().Last().At; !last.IsZero() {
		before, latest = earlierOf(last, now), laterOf(last, now)
	}
	isGone := func(c *channelRecord) bool { return before.Sub(c.Seen) >= channelLife }
	names, bound := map[string]string{}, map[string]*channelRecord{} // names: from what they were
	for _, c := range channels {
		bound[c.Name] = &channelRecord{c.ID, latest}
		for _, old := range sortedKeys(b.Channels) {
			if b.Channels[old].ID == c.ID && !isGone(b.Channels[old]) {
				names[old] = c.Name
				break
			}
		}
	}
	for _, old := range sortedKeys(b.Channels) {
		c := b.Channels[old]
		c.Seen = earlierOf(c.Seen, latest)
		if names[old] != "" || isGone(c) {
			continue
		}
		name := old
		for bound[name] != nil {
			name = formerPrefix + name
		}
		names[old], bound[name] = name, c
	}
	for old := range b.Channels {
		if names[old] != old {
			b.moveChannels(func(name string) string { return names[name] })
			break
		}
	}
	b.Channels = bound
}

// formerPrefix begins the name of a channel that the settings do not name any more where
// another one has its name.
const formerPrefix = "former "

func isFormer(channel string) bool { return strings.HasPrefix(channel, formerPrefix) }

// adoptChannels enters the channels of a ledger that was never bound: an earlier version
// knew them by their positions.
func (b *storedLedger) adoptChannels(channels []Channel, now time.Time) {
	b.Channels = map[string]*channelRecord{}
	b.moveChannels(func(name string) string {
		b.Channels[name] = &channelRecord{Seen: now}
		return name
	})
	for _, c := range channels {
		kind, _ := strings.CutSuffix(c.Name, "[0]") // a lone one has no number
		for _, name := range []string{c.Name, kind, kind + "[0]"} {
			if old := b.Channels[name]; old != nil && old.ID == "" {
				old.ID = c.ID
				break
			}
		}
	}
}
