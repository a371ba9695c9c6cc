package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// sourceUnjudged stands among the outages for what was read and cannot be judged: a value
// that nobody has documented, or one that is missing. It is told as a source is that
// stays unread.
const sourceUnjudged license.Source = "unjudged"

// observeUnjudged counts the runs in a row that could not judge something of what they
// read. While the list of orders is incomplete, that is what is told.
func (t *transition) observeUnjudged() {
	outages := t.ledger.stored.Outages
	switch o, goesOn := outages[sourceUnjudged]; {
	case outages[license.SourceOrders].Partly:
	case !t.hasUnjudged():
		delete(outages, sourceUnjudged)
	case goesOn:
		o.Runs++
		outages[sourceUnjudged] = o
	default:
		outages[sourceUnjudged] = outage{Runs: 1, Since: t.in.Now, Notified: map[string]time.Time{}}
	}
}

// hasUnjudged says whether something that was read cannot be judged, and nobody has
// acknowledged that.
func (t *transition) hasUnjudged() bool {
	isUnread := func(name string) bool { _, failing := t.ledger.stored.Outages[license.Source(name)]; return failing }
	return slices.ContainsFunc(t.in.Findings, func(f license.Finding) bool {
		isExplained := len(f.Missing) > 0 && !slices.ContainsFunc(f.Missing, func(name string) bool {
			return !isUnread(name)
		})
		return f.State == license.Unknown && !isExplained && !t.isAcknowledged(&f)
	})
}

// isAcknowledged says whether somebody has acknowledged a finding, about each of its
// subjects.
func (t *transition) isAcknowledged(f *license.Finding) bool {
	for subject := range f.Subjects() {
		if silencingAck(t.acks, f.Rule, subject) == nil {
			return false
		}
	}
	return true
}

// unjudgedFor is the doubt that a channel is to be told of: after three runs and then
// once a day. A digest shows it anyway.
func (t *telling) unjudgedFor(channel string, p undelivered) (outage, bool) {
	o, ok := t.ledger.stored.Outages[sourceUnjudged]
	if !ok || t.in.isDigest() {
		return o, ok
	}
	at, heard := o.lastToldTo(sourceUnjudged, channel, p)
	return o, o.Runs >= runsUntilTold && (!heard || isDueAgain(t.in.Now, at, outagePause))
}
