package message

import "licensewatch/license"

// lead is what the headline is about.
type lead uint8

// What a headline can be about, first what goes before the others.
const (
	leadFinding      lead = iota
	leadOutage            // sources that stay unread
	leadResolved          // what is over
	leadAgain             // sources that can be read again
	leadUnwatched         // what is no longer watched
	leadUnknown           // what is not known
	leadAcknowledged      // nothing but what somebody knows of
	leadWell
	leadAccounts // how many accounts are well, and how many are not
)

// headlinesAccounts says whether the headline is about the accounts of a fleet; an alert says
// what fires, or has changed.
func (c *composer) headlinesAccounts() bool {
	isAlert := c.report.Mode == license.ModeAlert
	return c.report.Fleet != nil && !(isAlert && c.lead == leadFinding) &&
		!(c.tellsOnlyChanges() && c.lead <= leadUnknown)
}

// chooseLead says what the headline is about. Something that is not known matters more than
// a finding that is merely good to know; but in an alert that tells what has changed there
// is always something to say of the finding.
func (c *composer) chooseLead() lead {
	isChange := c.tellsOnlyChanges()
	switch {
	case !c.isQuiet() && (c.report.Worst().Rank() > license.Info.Rank() || !c.unknown.isIncomplete() || isChange):
		return leadFinding
	case isChange && len(c.sources.outages) > 0:
		return leadOutage
	case isChange && len(c.report.Resolved) > 0:
		return leadResolved
	case isChange && len(c.sources.again) > 0:
		return leadAgain
	case isChange && len(c.report.Unwatched) > 0:
		return leadUnwatched
	case c.unknown.isIncomplete():
		return leadUnknown
	case len(c.acks.acknowledged) > 0:
		return leadAcknowledged
	default:
		return leadWell
	}
}

// isQuiet says whether no finding is worth the headline: nothing fires, or in an alert
// only what is good to know, beside the better news that it was written for.
func (c *composer) isQuiet() bool {
	news := len(c.sources.again) + len(c.report.Resolved) + len(c.report.Unwatched)
	return len(c.findings.items) == 0 || c.tellsOnlyChanges() && news > 0 &&
		c.report.Worst().Rank() <= license.Info.Rank()
}

// tellsOnlyChanges says whether an alert tells only what has changed: then nothing follows
// from what it leaves out.
func (c *composer) tellsOnlyChanges() bool {
	r := c.report
	if r.Mode != license.ModeAlert {
		return false
	}
	return len(r.Resolved)+len(r.SourceChanges)+len(r.Unwatched)+r.Unjudged > 0 ||
		len(r.Firing) > 0 && r.Firing[0].Story != nil
}
