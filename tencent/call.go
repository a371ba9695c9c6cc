package tencent

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"licensewatch/internal/retry"
	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

// leastSkew is from when on a clock counts as wrong: the answer's Date has whole
// seconds, and answers take time.
const leastSkew = time.Minute

// callOperation calls an operation until it is answered, or until its failure's class or
// the context's deadline forbid another try. The error is an *APIError.
func (c *Client) callOperation(ctx context.Context, op operation, with parameters) (decode.Answer, error) {
	var answer decode.Answer
	var x *exchange // of the last try
	var tries int
	start := time.Now()
	err := c.policy.Do(ctx, func(ctx context.Context, try int) error {
		tries = try
		x = &exchange{base: c.transport, now: c.now}
		tryStart := time.Now()
		var failed *fault
		answer, failed = c.tryOnce(ctx, op, with, x)
		c.logTry(ctx, op, try, time.Since(tryStart), x, failed)
		if failed != nil {
			return newAPIError(op, x, failed)
		}
		return nil
	}, retryVerdict)
	if err != nil {
		c.logFailure(ctx, op, tries, time.Since(start), x, err)
	}
	return answer, err
}

// retryVerdict reads what to do next off the try's error.
func retryVerdict(err error) retry.Verdict {
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		return retry.Verdict{}
	}
	return retry.Verdict{Again: e.Retryable, Tries: e.class.tries, Wait: e.class.wait}
}

// newAPIError says of an operation what a try's fault means for it.
func newAPIError(op operation, x *exchange, f *fault) *APIError {
	e := &APIError{
		Service:    op.service,
		Action:     op.action,
		Code:       f.code,
		RequestID:  f.requestID,
		HTTPStatus: x.status,
		Retryable:  f.class.tries > once,
		Kind:       f.class.kind,
		class:      f.class,
		err:        f.reason,
	}
	if e.Kind == license.FailureClock && x.skew.Abs() >= leastSkew {
		e.ClockSkew = x.skew
	}
	if op.starts && !nothingBegun(x, f) {
		e.Retryable = false
		e.Ambiguous = !f.refused
	}
	return e
}

// nothingBegun says whether a call that begins something surely did not: it
// never left, or was turned away before anybody looked at it.
func nothingBegun(x *exchange, f *fault) bool {
	turnedAway := f.class.kind == license.FailureThrottled || f.code == codeSignatureExpire ||
		f.code == codeTokenFailure
	return turnedAway || !x.mayHaveLeft()
}

func (c *Client) logTry(ctx context.Context, op operation, try int, took time.Duration, x *exchange, failed *fault) {
	attrs := []slog.Attr{
		slog.String("action", op.camAction()),
		slog.Int("try", try),
		slog.Int("status", x.status),
		slog.Int("bytes", x.length),
		slog.Int64("ms", took.Milliseconds()),
	}
	if failed != nil {
		attrs = append(attrs, slog.String("code", failed.code))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "api try", attrs...)
}

func (c *Client) logFailure(ctx context.Context, op operation, tries int, took time.Duration, x *exchange, err error) {
	e, ok := errors.AsType[*APIError](err)
	if !ok {
		return
	}
	attrs := []slog.Attr{
		slog.String("action", op.camAction()),
		slog.String("code", e.Code),
		slog.String("api_request_id", e.RequestID),
		slog.Int("status", e.HTTPStatus),
		slog.Int("bytes", x.length),
		slog.Int("try", tries),
		slog.Int64("ms", took.Milliseconds()),
	}
	if e.err != nil {
		attrs = append(attrs, slog.String("reason", e.err.Error()))
	}
	if e.ClockSkew != 0 {
		attrs = append(attrs, slog.Duration("clock_ahead", e.ClockSkew))
	}
	c.logger.LogAttrs(ctx, slog.LevelWarn, "api call failed", attrs...)
}
