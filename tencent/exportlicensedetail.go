package tencent

import (
	"context"
	"log/slog"

	"licensewatch/tencent/internal/decode"
)

var exportLicenseDetail = operation{service: "cwp", version: "2018-02-28", action: "ExportLicenseDetail", starts: true}

// ExportLicenseDetail starts an export of the license details, or of the usage history of
// a month ("2026-10"), and returns its task id, for ExportTasks; 0 when the answer held
// none. Each call starts a task: it is repeated only when no task can have been started.
// The error is an *APIError; when that is Ambiguous, a task may exist all the same.
func (c *Client) ExportLicenseDetail(ctx context.Context, month string) (taskID int64, err error) {
	var sent parameters
	if month != "" {
		sent = parameters{"IsHistory": true, "ExportMonth": month}
	}
	answer, err := c.callOperation(ctx, exportLicenseDetail, sent)
	if err != nil {
		return 0, err
	}
	id := decode.Count(answer.Fields["TaskId"])
	if id == nil || *id == 0 {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "export without a task id",
			slog.String("action", exportLicenseDetail.camAction()), slog.String("api_request_id", answer.RequestID))
		return 0, nil
	}
	return *id, nil
}
