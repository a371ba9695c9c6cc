package life

import "time"

// exportLife is how long an export is waited for.
const exportLife = day

// Exports are the export tasks whose end not everybody was told yet. Make changes by
// its methods.
//
//	Begin -> ExportRunning -> (finished, and told) -> End
//	              | after a day
//	         ExportOverdue -> (given up, and told) -> End
//	              | Begin, before everybody was told
//	         ExportSuperseded -> (told) -> End
type Exports struct {
	Running *ExportTask `json:"export,omitempty"`
	// Superseded was waited for too long and has made way for another one, while some
	// channel was not told of that.
	Superseded *ExportTask `json:"export_given_up,omitempty"`
}

// ExportTask is an export of the license details that was begun.
type ExportTask struct {
	TaskID    int64     `json:"task_id"`
	StartedAt time.Time `json:"started_at"`
	Tries     int       `json:"tries,omitempty"` // of earlier versions, which ack would else not know; nobody counts them
}

// ExportState is how far an export task has come.
type ExportState uint8

// The states.
const (
	ExportNone       ExportState = iota // there is no task
	ExportRunning                       // ask for it
	ExportOverdue                       // it was waited for long enough: say so
	ExportSuperseded                    // another one was begun: say that it was given up
)

// Begin remembers a task, before it is first asked for. An earlier one that was not
// ended is given up.
func (e *Exports) Begin(taskID int64, now time.Time) {
	if e.Running != nil {
		e.Superseded = e.Running
	}
	e.Running = &ExportTask{TaskID: taskID, StartedAt: now}
}

// Pending is the task to ask for, ExportRunning or ExportOverdue.
func (e *Exports) Pending(now time.Time) (ExportTask, ExportState) {
	switch {
	case e.Running == nil:
		return ExportTask{}, ExportNone
	case age(now, e.Running.StartedAt) >= exportLife:
		return *e.Running, ExportOverdue
	default:
		return *e.Running, ExportRunning
	}
}

// GivenUp is the task that has made way for the pending one.
func (e *Exports) GivenUp() (ExportTask, ExportState) {
	if e.Superseded == nil {
		return ExportTask{}, ExportNone
	}
	return *e.Superseded, ExportSuperseded
}

// End forgets the task: it is finished, or was given up, and that was said.
func (e *Exports) End(taskID int64) {
	for _, task := range []**ExportTask{&e.Running, &e.Superseded} {
		if *task != nil && (*task).TaskID == taskID {
			*task = nil
		}
	}
}

// Exports are the tasks that somebody has to see to.
func (l *Ledger) Exports() *Exports { return &l.stored.Exports }
