package life

import (
	"slices"

	"licensewatch/license"
)

// A channel that is not to hear of an account any more hears when it is over what it has
// heard of, and nothing else.

// Heard says whether the channel has heard of something that fires, or is owed a message.
func (l *Ledger) Heard(channel string) bool {
	for _, s := range l.stored.Records {
		if s.Notified.of(channel) != nil || s.Superseded.of(channel) != nil {
			return true
		}
	}
	return slices.ContainsFunc(l.stored.OneOffs, func(n *oneOff) bool {
		return n.Resolved != nil && slices.Contains(n.Tell, channel)
	}) || slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool { return m.isOwed(channel) })
}

// keepEnds has the channel owed only messages that tell of nothing but ends.
func (l *Ledger) keepEnds(channel string) {
	for _, m := range slices.Clone(l.stored.Outbox) {
		if m.isOwed(channel) && !tellsOnlyEnds(m.Report) {
			l.endDelivery(m, channel)
		}
	}
}

func tellsOnlyEnds(r license.Report) bool {
	return len(r.Resolved) > 0 &&
		len(r.Firing)+len(r.SourceChanges)+len(r.Unwatched)+len(r.Gaps)+len(r.Unheard)+len(r.Unknown) == 0
}

// hearsOnlyEnds says whether it is such a channel.
func (in Input) hearsOnlyEnds(channel string) bool { return slices.Contains(in.OnlyEnds, channel) }
