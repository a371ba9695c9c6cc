package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// An alert is given up towards one silent channel beside others that know. What no
// channel knows is said to the first that accepts anything.

// Revive notes that the channel accepted a note: what it was told without an answer, and
// no other channel knows either, is not left to the next digest.
func (l *Ledger) Revive(channel string) {
	for _, m := range l.stored.Outbox {
		if m.isLost(channel) && m.isAlert() && !l.isKnownElsewhere(m, channel) {
			m.Lost[channel] = time.Time{}
		}
	}
}

// Unaccepted are the alerts that got no answer and that no channel knows, by the channels
// that are left alone with them; for each the last. What would be said now is worth asking
// whether the channel is there.
func (l *Ledger) Unaccepted(channels []string, now time.Time, hours license.Hours) []license.Unheard {
	var all []license.Unheard
	misses := l.missesAtNight
	if hours.Contains(now) {
		misses = func(channel string, m *pendingMessage) bool { return l.missesAny(channel, m, isRecordFiring) }
	}
	for _, channel := range channels {
		for _, m := range slices.Backward(l.stored.Outbox) {
			if m.isLeftToDigest(channel, now) && misses(channel, m) && !l.isKnownElsewhere(m, channel) {
				all = append(all, license.Unheard{Channel: channel, ID: m.ID, At: m.At, GivenUp: m.Lost[channel]})
				break
			}
		}
	}
	return all
}

// missesAtNight is misses for what is said outside the hours as well.
func (l *Ledger) missesAtNight(channel string, m *pendingMessage) bool {
	isCritical := func(s *findingRecord) bool { return isRecordFiring(s) && s.Severity == license.Critical }
	return l.missesFinding(channel, m, isCritical) || slices.ContainsFunc(l.stored.OneOffs, func(n *oneOff) bool {
		return slices.Contains(n.Tell, channel) && m.tellsOneOff(n) && isOneOffUrgent(n)
	})
}

// isKnownElsewhere says whether some other channel of the run was told all that a message
// said. One that the settings name no more tells nobody.
func (l *Ledger) isKnownElsewhere(m *pendingMessage, channel string) bool {
	return slices.ContainsFunc(l.channels, func(other string) bool {
		return other != channel && l.knowsAllOf(other, m)
	})
}

// knowsAllOf says whether the channel was told all that a message said, by whichever message.
func (l *Ledger) knowsAllOf(channel string, m *pendingMessage) bool {
	for key, mark := range m.Findings {
		if s := l.stored.Records[key]; s != nil && mark.isAbout(s) && !s.Notified.of(channel).saysAtLeast(*mark) {
			return false
		}
	}
	return !l.missesOutage(channel, m) && !slices.ContainsFunc(l.stored.OneOffs, func(n *oneOff) bool {
		return slices.Contains(n.Tell, channel) && slices.Contains(m.OneOffs, n.Number)
	})
}

// saysAtLeast says whether a channel that knows h was told at least as much as the notification says.
func (h *lastNotification) saysAtLeast(m notification) bool {
	return h != nil && h.Severity.Rank() >= m.Severity.Rank() &&
		(m.Threshold == nil || h.Threshold != nil && *h.Threshold <= *m.Threshold)
}
