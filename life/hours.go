package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// What happened is said when it happens; what is due by the calendar waits for
// the hours in which somebody acts on it. Waiting is nothing but not being told:
// the first alert within the hours finds it as due as it was.

// isUrgent says whether a finding that is due is said outside the hours as well:
// something critical has happened, or it ends before they begin and the channel
// did not hear that within the last day.
func isUrgent(f license.Finding, change license.Change, h *said, now time.Time, hours license.Hours) bool {
	if change == license.ChangeOngoing {
		return false
	}
	if f.Severity == license.Critical && !f.Calendar && change != license.ChangeDue {
		return true
	}
	isAnnounced := h != nil && h.Days != nil && *h.Days <= 1
	return f.Severity.Rank() >= license.Warning.Rank() && f.Deadline.After(now) && f.Deadline.Before(hours.Next(now)) && !isAnnounced
}

// isClosed says whether the run may only say what is urgent.
func (in Input) isClosed() bool { return !in.isDigest() && !in.Hours.Contains(in.Now) }

// isNewsUrgent says whether a piece of news is said outside the hours as well.
func isNewsUrgent(n *news) bool {
	switch {
	case n.Event != nil:
		return n.Event.Severity == license.Critical
	case n.Resolved != nil: // one that is gone may be worse than what it was
		return n.Resolved.Gone && !n.Resolved.Destroyed && n.Resolved.Severity == license.Critical
	default:
		return false
	}
}

// isWorthAnAlert says whether there is more in an alert than what is only good to
// know: that waits for a digest, or for an alert about something else.
func (c content) isWorthAnAlert() bool {
	matters := func(s license.Severity) bool { return s != license.Info }
	return len(c.sources) > 0 || len(c.unwatched) > 0 ||
		slices.ContainsFunc(c.firing, func(f license.Finding) bool { return matters(f.Severity) }) ||
		slices.ContainsFunc(c.resolved, func(r license.Resolved) bool { return matters(r.Severity) })
}
