package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// unjudged stands among the outages for what was read and cannot be judged: a value
// that nobody has documented, or one that is missing. It is told as a source is that
// stays unread.
const unjudged license.Source = "unjudged"

// observeDoubts counts the runs in a row that could not judge something of what they
// read. While the list of orders is incomplete, that is what is told.
func (t *turn) observeDoubts() {
	outages := t.ledger.book.Outages
	switch o, goesOn := outages[unjudged]; {
	case outages[license.SourceOrders].Partly:
	case !t.isInDoubt():
		delete(outages, unjudged)
	case goesOn:
		o.Runs++
		outages[unjudged] = o
	default:
		outages[unjudged] = outage{Runs: 1, Since: t.in.Now, Said: map[string]time.Time{}}
	}
}

// isInDoubt says whether something that was read cannot be judged, and nobody has
// acknowledged that.
func (t *turn) isInDoubt() bool {
	isUnread := func(name string) bool { _, failing := t.ledger.book.Outages[license.Source(name)]; return failing }
	return slices.ContainsFunc(t.in.Findings, func(f license.Finding) bool {
		isExplained := len(f.Missing) > 0 && !slices.ContainsFunc(f.Missing, func(name string) bool { return !isUnread(name) })
		return f.State == license.Unknown && !isExplained && !t.isAcknowledged(&f)
	})
}

// isAcknowledged says whether somebody has acknowledged a finding, about each of its
// subjects.
func (t *turn) isAcknowledged(f *license.Finding) bool {
	for subject := range f.Subjects() {
		if silencing(t.acks, f.Rule, subject) == nil {
			return false
		}
	}
	return true
}

// doubtFor is the doubt that a channel is to be told of: after three runs and then
// once a day. A digest shows it anyway.
func (t *turn) doubtFor(channel string, p pending) (outage, bool) {
	o, ok := t.ledger.book.Outages[unjudged]
	if !ok || t.in.isDigest() {
		return o, ok
	}
	at, heard := o.heard(unjudged, channel, p)
	return o, o.Runs >= runsUntilTold && (!heard || passed(t.in.Now, at, outagePause))
}
