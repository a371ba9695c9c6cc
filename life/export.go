package life

import "time"

// exportLife is how long an export is waited for.
const exportLife = day

// Export is an export of the license details that was begun and is not finished.
type Export struct {
	TaskID    int64     `json:"task_id"`
	StartedAt time.Time `json:"started_at"`
	Tries     int       `json:"tries,omitempty"` // of earlier versions, which ack would else not know; nobody counts them
}

// BeginExport remembers the task of an export, before it is first asked for. An
// earlier one that was not ended is given up.
func (l *Ledger) BeginExport(taskID int64, now time.Time) {
	if l.book.Export != nil {
		l.book.GivenUp = l.book.Export
	}
	l.book.Export = &Export{TaskID: taskID, StartedAt: now}
}

// PendingExport is the export to ask for; false when there is none. overdue says
// that it was waited for long enough: say so, and EndExport.
func (l *Ledger) PendingExport(now time.Time) (export Export, overdue, ok bool) {
	if l.book.Export == nil {
		return Export{}, false, false
	}
	return *l.book.Export, age(now, l.book.Export.StartedAt) >= exportLife, true
}

// GivenUp is the export that made way for the pending one; false when there is
// none. Say so, and EndExport.
func (l *Ledger) GivenUp() (Export, bool) {
	if l.book.GivenUp == nil {
		return Export{}, false
	}
	return *l.book.GivenUp, true
}

// EndExport forgets the export of this task: it is finished, or was given up and
// that was said.
func (l *Ledger) EndExport(taskID int64) {
	for _, e := range []**Export{&l.book.Export, &l.book.GivenUp} {
		if *e != nil && (*e).TaskID == taskID {
			*e = nil
		}
	}
}
