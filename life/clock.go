package life

import (
	"time"

	"licensewatch/license"
)

// A run whose clock is ahead finds everything due, old or over. It cannot know, but the
// next one can, and puts right what it left behind. Which of the two clocks was wrong
// cannot be known either, so the next run ends nothing; the one after it, by the same
// clock, does.

// shownChange is what a channel that was told so far reads of a change. Under a clock that was
// wrong it was told something, and how bad that was does not count: it is said again.
func shownChange(change license.Change, told *notification) license.Change {
	if change == license.ChangeWorse && told != nil && told.Severity == "" {
		return license.ChangeDue
	}
	return change
}

// clockRecord is what the runs' clocks showed.
type clockRecord struct {
	Latest time.Time `json:"latest,omitzero"`  // the latest time of any run
	Behind int       `json:"behind,omitempty"` // the last runs that were before it
	// Dropped is the ledger's before the last run.
	Dropped map[string]int `json:"dropped,omitempty" by:"channel"`
}

// isAhead says whether a time cannot have been yet, by more than clocks differ.
func isAhead(at, now time.Time) bool { return at.Sub(now) > timerSlack }
