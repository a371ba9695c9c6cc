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
// did not hear that in time.
func isUrgent(f license.Finding, reason dueReason, h *lastNotification, now time.Time, hours license.Hours) bool {
	if reason == notDue {
		return false
	}
	if f.Severity == license.Critical && !f.Calendar && reason.change() != license.ChangeDue {
		return true
	}
	isAnnounced := h != nil && (h.Days != nil && *h.Days <= 1 || heardInTime(f, h.notification, h.Written, hours))
	return deservesAlert(f.Severity) && f.Deadline.After(now) && f.Deadline.Before(hours.Next(now)) && !isAnnounced
}

// isLastChance says whether a finding that goes on is said once more now, within the
// hours: it ends before they begin again, and the next day on which it would be said
// has none.
func isLastChance(f license.Finding, m notification, written, now time.Time, hours license.Hours) bool {
	began, ended := lastHours(f, m, now, hours)
	return !ended.IsZero() && !now.Before(began) && now.Before(ended) && !heardInTime(f, m, written, hours)
}

// lastHours are the hours that are the last before the end of a finding, where the
// next threshold to be spoken comes after them; zero when there are none.
func lastHours(f license.Finding, m notification, now time.Time, hours license.Hours) (began, ended time.Time) {
	if hours.Always() || !deservesAlert(f.Severity) || !f.Deadline.After(now) {
		return began, ended
	}
	threshold := nextThreshold(f, m, now.Location())
	if threshold.IsZero() || threshold.After(f.Deadline) {
		return began, ended
	}
	if began, ended = hours.Last(f.Deadline); threshold.Before(ended) {
		return time.Time{}, time.Time{}
	}
	return began, ended
}

// heardInTime says whether a channel that was told m heard of it, or was called if it
// is critical, on the last day before the hours end that are the last before the end
// of the finding.
func heardInTime(f license.Finding, m notification, written time.Time, hours license.Hours) bool {
	_, ended := hours.Last(f.Deadline)
	heard := written
	if f.Severity == license.Critical {
		heard = m.Called
	}
	return !ended.IsZero() && !heard.Before(ended.Add(-day))
}

// deservesAlert says whether a severity is worth an alert.
func deservesAlert(s license.Severity) bool { return s.Rank() >= license.Warning.Rank() }

// isOneOffUrgent says whether a one-off is said outside the hours as well.
func isOneOffUrgent(n *oneOff) bool {
	switch {
	case n.Event != nil:
		return n.Event.Severity == license.Critical
	case n.Resolved != nil:
		return isEndUrgent(*n.Resolved)
	default:
		return false
	}
}

// isEndUrgent says whether the end of a finding is: an order that is gone may be worse
// than what it was.
func isEndUrgent(r license.Resolved) bool {
	return r.Gone && !r.Destroyed && r.Severity == license.Critical
}

// isWorthAnAlert says whether there is more in an alert than what is only good to
// know: that waits for a digest, or for an alert about something else.
func (c *messageContent) isWorthAnAlert() bool {
	return len(c.sources) > 0 || len(c.unwatched) > 0 || c.unjudged > 0 ||
		slices.ContainsFunc(c.firing, func(told toldFinding) bool { return deservesAlert(told.finding.Severity) }) ||
		slices.ContainsFunc(c.resolved, func(r license.Resolved) bool { return deservesAlert(r.Severity) })
}
