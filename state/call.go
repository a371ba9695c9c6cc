package state

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"licensewatch/internal/retry"
)

// Bounds of a call. Two tries, because whoever waits for the state has a
// message to send, with or without it.
const (
	maxTries   = 2
	tryTimeout = 5 * time.Second
)

// caller makes the calls of a store: it checks the name, repeats what is worth
// repeating, and logs.
type caller struct {
	kind    string
	policy  retry.Policy
	lease   *lease // nil: writes are nobody's in particular
	setting string // names the store
	archive bool   // its names may hold capitals
	now     func() time.Time
	log     *slog.Logger
}

// isOver says whether the lease is, by the clock: nobody may have missed its holder.
func (c caller) isOver() bool { return c.lease.isOver(c.now()) }

func newCaller(kind string, options Options) caller {
	c := caller{kind: kind, policy: retry.Default(), setting: settingName, now: options.Now, log: options.Logger}
	c.policy.Tries, c.policy.TryTimeout, c.policy.Sleep = maxTries, tryTimeout, options.Sleep
	if c.now == nil {
		c.now = time.Now
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	return c
}

// callStore makes one call.
func (c caller) callStore(ctx context.Context, op, name string, try func(context.Context) error) error {
	if reason := c.checkName(op, name); reason != "" {
		return &Error{Store: c.kind, Op: op, Code: codeName, reason: reason}
	}
	start, count, ambiguous, writes := c.now(), 0, false, isWrite(op)
	err := c.policy.Do(ctx, func(ctx context.Context, n int) error {
		count = n
		if writes && c.isOver() {
			return ErrLost
		}
		err := try(ctx)
		failure, ok := errors.AsType[*Error](err)
		ambiguous = ambiguous || ok && failure.Ambiguous
		return err
	}, retryVerdict)
	if _, ok := errors.AsType[*Error](err); ok && writes && c.isOver() {
		err = ErrLost // whatever the store says of it
	}
	if failure, ok := errors.AsType[*Error](err); ok {
		failure.Store, failure.Op, failure.Name, failure.Ambiguous = c.kind, op, name, ambiguous
	}
	c.log.LogAttrs(ctx, slog.LevelDebug, "state",
		slog.String("store", c.kind), slog.String("op", op), slog.String("name", name),
		slog.Int("tries", count), slog.Int64("ms", c.now().Sub(start).Milliseconds()),
		slog.String("outcome", outcomeWord(err)))
	return err
}

// checkName says what is wrong with the name of an object, or of a folder.
func (c caller) checkName(op, name string) string {
	switch {
	case op == opList && name == "": // the top
		return ""
	case c.archive:
		return checkName(strings.ToLower(name))
	default:
		return checkName(name)
	}
}

// callRevoke makes a Revoke, which has no object of its own.
func (c caller) callRevoke(ctx context.Context, try func(context.Context) error) error {
	c.lease = nil // an ended lease can be ended
	return c.callStore(ctx, opRevoke, "lease", try)
}

// callCreate makes a Create. When there is an object after a try that had no answer,
// it may be our own: whose it is, it says itself.
func (c caller) callCreate(ctx context.Context, name string, data []byte,
	get func(context.Context, string) ([]byte, error), try func(context.Context) error) error {
	doubt := false
	return c.callStore(ctx, opCreate, name, func(ctx context.Context) error {
		err := try(ctx)
		failure, failed := errors.AsType[*Error](err)
		taken := errors.Is(err, ErrExists)
		if taken && doubt || failed && failure.conflict {
			there, getErr := get(ctx, name)
			return settleCreate(err, getErr, doubt && bytes.Equal(there, data))
		}
		doubt = doubt || failed && failure.Ambiguous
		return err
	})
}

// settleCreate says how a Create ended, of which err alone does not tell: what
// came of looking at the object, and whether it is ours.
func settleCreate(err, getErr error, ours bool) error {
	failure, failed := errors.AsType[*Error](getErr)
	switch {
	case getErr == nil && ours:
		return nil
	case getErr == nil:
		return ErrExists
	case failed:
		failure.Ambiguous = true
		return failure
	default: // it is not there, so nobody has it
		return err
	}
}

func retryVerdict(err error) retry.Verdict {
	failure, ok := errors.AsType[*Error](err)
	return retry.Verdict{Again: ok && failure.Retryable}
}

// outcomeWord is a call's end in a word.
func outcomeWord(err error) string {
	switch failure, ok := errors.AsType[*Error](err); {
	case err == nil:
		return "ok"
	case ok:
		return failure.Code
	case errors.Is(err, ErrExists):
		return "exists"
	case errors.Is(err, ErrLost):
		return "lost"
	default:
		return "not found"
	}
}
