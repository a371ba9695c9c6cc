package tencent

import (
	"context"
	"strconv"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

var exportTasks = operation{service: "cwp", version: "2018-02-28", action: "ExportTasks"}

// The documented values of Task.Status.
const (
	TaskPending  = "PENDING"
	TaskFinished = "FINISHED"
	TaskError    = "ERROR"
)

// Task is how an export stands.
type Task struct {
	// Status is one of the Task constants, or what else the API wrote; empty
	// when it wrote nothing that makes sense.
	Status string
	// DownloadURL is where the file is; empty as long as there is none. Whether
	// it may be shown is for the caller to decide.
	DownloadURL license.SignedURL
}

// ExportTasks asks how the export of that id stands. The error is an *APIError.
func (c *Client) ExportTasks(ctx context.Context, taskID int64) (Task, error) {
	// The id is an integer where it is given out, and a string here.
	answer, err := c.callOperation(ctx, exportTasks, parameters{"TaskId": strconv.FormatInt(taskID, 10)})
	if err != nil {
		return Task{}, err
	}
	var task Task
	if status := decode.Text(answer.Fields["Status"]); status != nil {
		task.Status = *status
	}
	if link := decode.Text(answer.Fields["DownloadUrl"]); link != nil {
		task.DownloadURL = license.NewSignedURL(*link)
	}
	return task, nil
}
