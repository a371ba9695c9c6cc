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
}

// IsDue says whether the history of a month is to be begun: it was not made, none is on its
// way, and none was tried today, in now's zone.
func (h *HistoryExports) IsDue(month string, now time.Time) bool {
	return h.Done < month && h.Running == nil && h.Tried != dateOf(now)
}

// Try remembers that the history was tried today, in now's zone.
func (h *HistoryExports) Try(now time.Time) { h.Tried = dateOf(now) }

// BeginMonth is Begin for the history of a month.
func (h *HistoryExports) BeginMonth(month string, taskID int64, now time.Time) {
	h.Begin(taskID, now)
	h.Running.Month = month
}

// Complain says whether it is to be told that the history of the month is not to be had,
// which is told once.
func (h *HistoryExports) Complain(month string) bool {
	isNew := h.Complained < month
	h.Complained = max(h.Complained, month)
	return isNew
}

// Finish remembers that the history of the month was made.
func (h *HistoryExports) Finish(month string) { h.Done = max(h.Done, month) }
