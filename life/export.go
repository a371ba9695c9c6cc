package life

import (
	"slices"
	"time"
)

const (
	// exportLife is how long an export is waited for.
	exportLife = day
	// heldLife is how long its file is: until the next day's run, which may be late, has tried.
	heldLife = day + day/2
	// maxHeld bounds the tasks whose files are waited for; a file has up to 64 MB.
	maxHeld = 4
)

// Exports are the export tasks whose end not everybody was told yet. Make changes by
// its methods.
//
//	Begin -> ExportRunning -> (finished, and told) -> End
//	              | after a day
//	         ExportOverdue -> (given up, and told) -> End
//	              | Begin, before everybody was told
//	         ExportSuperseded -> (told) -> End
//
// Hold -> (its file was sent to whom it was promised, and is kept in an archive) -> MarkSent, MarkKept
type Exports struct {
	Running *ExportTask `json:"export,omitempty"`
	// Superseded was waited for too long and has made way for another one, while some
	// channel was not told of that.
	Superseded *ExportTask `json:"export_given_up,omitempty"`
	// Held are the tasks whose end was told, while their files are still to be sent or kept,
	// oldest first.
	Held []ExportTask `json:"export_files,omitempty"`
	// HeldFirst is where an earlier version has one.
	HeldFirst *ExportTask `json:"export_file,omitempty"`
}

// ExportTask is an export of the license details that was begun.
type ExportTask struct {
	TaskID    int64     `json:"task_id"`
	StartedAt time.Time `json:"started_at"`
	// of earlier versions, which ack would else not know; nobody counts them
	Tries int `json:"tries,omitempty"`
	// Month is that of a usage history, as "2026-10"; empty for the license details.
	Month string `json:"month,omitempty"`
	// Kept: the file is in a record of the archive, or of one that waits. One that was only
	// fetched is lost with its run.
	Kept bool `json:"kept,omitempty"`
	// Sent: no chat waits for the file.
	Sent bool `json:"sent,omitempty"`
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

// Waits says whether something of the task is still waited for.
func (e *Exports) Waits(taskID int64) bool {
	is := func(task *ExportTask) bool { return task != nil && task.TaskID == taskID }
	return is(e.Running) || is(e.Superseded) || e.held(taskID) != nil
}

// Hold remembers that the task's file is still to be sent, and kept where there is an
// archive. Of one that is held already, it changes nothing.
func (e *Exports) Hold(taskID int64, now time.Time) {
	e.hold(ExportTask{TaskID: taskID, StartedAt: now})
}

// HoldToKeep remembers that the task's file is still to be kept, while no chat waits for it.
func (e *Exports) HoldToKeep(taskID int64, now time.Time) {
	e.hold(ExportTask{TaskID: taskID, StartedAt: now, Sent: true})
}

func (e *Exports) hold(task ExportTask) {
	if e.held(task.TaskID) == nil {
		e.Held = append(e.Held, task)
		e.Held = e.Held[max(0, len(e.Held)-maxHeld):]
	}
}

// held is the task, nil where its file is not held.
func (e *Exports) held(taskID int64) *ExportTask {
	for i := range e.Held {
		if e.Held[i].TaskID == taskID {
			return &e.Held[i]
		}
	}
	return nil
}

// HeldFiles are the tasks whose files are still to be sent or kept, oldest first. One that
// nobody got within heldLife is forgotten.
func (e *Exports) HeldFiles(now time.Time) []ExportTask {
	e.Held = slices.DeleteFunc(e.Held, func(task ExportTask) bool { return age(now, task.StartedAt) >= heldLife })
	return slices.Clone(e.Held)
}

// Release forgets that the task's file is held.
func (e *Exports) Release(taskID int64) {
	e.Held = slices.DeleteFunc(e.Held, func(task ExportTask) bool { return task.TaskID == taskID })
}

// MarkSent remembers that no chat waits for the task's file.
func (e *Exports) MarkSent(taskID int64) {
	if task := e.held(taskID); task != nil {
		task.Sent = true
		e.releaseDone(task)
	}
}

// MarkKept remembers that the task's file is kept.
func (e *Exports) MarkKept(taskID int64) {
	for _, task := range []*ExportTask{e.Running, e.Superseded, e.held(taskID)} {
		if task != nil && task.TaskID == taskID {
			task.Kept = true
			e.releaseDone(task)
		}
	}
}

func (e *Exports) releaseDone(task *ExportTask) {
	if task.Sent && task.Kept {
		e.Release(task.TaskID)
	}
}

// tidy takes over what an earlier version has, and bounds what is kept.
func (e *Exports) tidy() {
	if e.HeldFirst != nil {
		e.hold(*e.HeldFirst)
		e.HeldFirst = nil
	}
	e.Held = e.Held[max(0, len(e.Held)-maxHeld):]
}

// End forgets the task: it is finished, or was given up, and that was said.
func (e *Exports) End(taskID int64) {
	for _, task := range []**ExportTask{&e.Running, &e.Superseded} {
		if *task != nil && (*task).TaskID == taskID {
			*task = nil
		}
	}
}
