package life

import (
	"slices"

	"licensewatch/license"
)

// HasLostAlert says whether an alert was given up to the channel, and is kept in mind.
func (l *Ledger) HasLostAlert(channel string) bool {
	return slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool { return m.isAlert() && m.isLost(channel) })
}

// Lapses are the orders whose end was seen, by Order.Key.
func (l *Ledger) Lapses() map[string]license.Lapse { return l.stored.Lapses }
