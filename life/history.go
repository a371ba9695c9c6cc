package life

import "time"

// HistoryExports are the exports of usage histories: one for each month, made with the
// first digest after it.
type HistoryExports struct {
	Exports

	Done  string `json:"done,omitempty"`  // the last month of which it was made
	Tried string `json:"tried,omitempty"` // the day of the last try
	// Complained is the last month of which it was told that it is not to be had.
	Complained string `json:"complained,omitempty"`
	// Unkept is the last month of which the file was told, and not kept, as the archive is broken.
	Unkept string `json:"unkept,omitempty"`
}

// Due is the month whose history is to be begun, the last one or one that only the archive lacks:
// with a digest, and no more than one a day, in now's zone. What only the archive lacks waits
// while that is broken, and is begun by any run once it works. isDue is false while there is
// nothing to begin.
func (h *HistoryExports) Due(last string, now time.Time, isDigest, isArchiveBroken bool) (month string, isDue bool) {
	month = last
	if h.Unkept > max(h.Done, h.Complained) && !isArchiveBroken { // else it is not to be had any more
		month, isDigest = h.Unkept, true
	}
	isWaiting := h.Unkept == month && isArchiveBroken
	return month, isDigest && !isWaiting && h.Done < month && h.Running == nil && h.Tried != dateOf(now)
}

// Try remembers that the history was tried today, in now's zone.
func (h *HistoryExports) Try(now time.Time) { h.Tried = dateOf(now) }

// BeginMonth is Begin for the history of a month. No chat waits for one that only the archive
// lacks.
func (h *HistoryExports) BeginMonth(month string, taskID int64, now time.Time) {
	h.Begin(taskID, now)
	h.Running.Month, h.Running.Sent = month, h.Unkept == month
}

// Lose remembers that the file of a month was told, and could not be kept.
func (h *HistoryExports) Lose(month string) { h.Unkept = max(h.Unkept, month) }

// Complain says whether it is to be told that the history of the month is not to be had,
// which is told once.
func (h *HistoryExports) Complain(month string) bool {
	isNew := h.Complained < month
	h.Complained = max(h.Complained, month)
	return isNew
}

// Finish remembers that the history of the month was made.
func (h *HistoryExports) Finish(month string) { h.Done = max(h.Done, month) }
