package tencent

import (
	"context"
	"log/slog"

	"licensewatch/tencent/internal/decode"
)

// fillFields sets the fields of the struct that into points to from the answer's, and
// logs the names of those it could not set. It returns the ones whose value
// makes no sense.
func (c *Client) fillFields(ctx context.Context, op operation, answer decode.Answer, into any) []string {
	unparsed, absent := answer.Fields.Struct(into)
	if len(unparsed) > 0 {
		c.logFields(ctx, slog.LevelWarn, "api fields make no sense", op, answer.RequestID, unparsed)
	}
	if len(absent) > 0 {
		c.logFields(ctx, slog.LevelDebug, "api fields absent or null", op, answer.RequestID, absent)
	}
	return unparsed
}

func (c *Client) logFields(ctx context.Context, level slog.Level, what string, op operation, requestID string,
	fields []string) {
	c.logger.LogAttrs(ctx, level, what,
		slog.String("action", op.camAction()), slog.String("api_request_id", requestID), slog.Any("fields", fields))
}
