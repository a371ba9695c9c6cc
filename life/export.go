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
	if l.stored.Export != nil {
		l.stored.GivenUp = l.stored.Export
	}
	l.stored.Export = &Export{TaskID: taskID, StartedAt: now}
}

// PendingExport is the export to ask for; false when there is none. overdue says
// that it was waited for long enough: say so, and EndExport.
func (l *Ledger) PendingExport(now time.Time) (export Export, overdue, ok bool) {
	if l.stored.Export == nil {
		return Export{}, false, false
	}
	return *l.stored.Export, age(now, l.stored.Export.StartedAt) >= exportLife, true
}

// GivenUp is the export that made way for the pending one; false when there is
// none. Say so, and EndExport.
func (l *Ledger) GivenUp() (Export, bool) {
	if l.stored.GivenUp == nil {
		return Export{}, false
	}
	return *l.stored.GivenUp, true
}

// EndExport forgets the export of this task: it is finished, or was given up and
// that was said.
func (l *Ledger) EndExport(taskID int64) {
	for _, e := range []**Export{&l.stored.Export, &l.stored.GivenUp} {
		if *e != nil && (*e).TaskID == taskID {
			*e = nil
		}
	}
}
