package handler

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/rules"
)

// run is the state of one run. The steps fill it from top to bottom.
type run struct {
	handler *Handler
	host    *functioncontext.FunctionContext
	budget  budget
	event   event
	id      string
	logger  *slog.Logger

	config   config.Config
	mode     license.Mode
	rules    *rules.Set
	channels []Channel

	snapshot license.Snapshot
	export   license.Export
	findings []license.Finding

	outcome     Outcome
	reason      string
	delivered   []string
	undelivered []string
}

// do takes the steps in order.
func (r *run) do(ctx context.Context) error {
	r.outcome, r.reason = OutcomeFailed, "the run did not get far"
	r.export.Status = license.ExportOff
	if !r.budget.canRun() {
		r.reason = "too little time"
		return &DeadlineError{Milliseconds: max(0, r.budget.total.Milliseconds())}
	}
	if mistakes := r.setUp(ctx); len(mistakes) > 0 {
		return r.tellMistakes(ctx, mistakes)
	}
	now := r.now()
	r.read(ctx, now)
	r.judge(ctx, now)
	report, due := r.decide(now)
	if !due {
		r.heartbeat(ctx)
		return nil
	}
	if err := r.tell(ctx, report); err != nil {
		return err
	}
	r.heartbeat(ctx)
	return nil
}

// now is the time reports are written and days counted by, in the configured
// zone.
func (r *run) now() time.Time {
	now := r.handler.now()
	if r.config.Zone != nil {
		now = now.In(r.config.Zone)
	}
	return now
}

// judge lets the rules speak. A rule that breaks is reported as unknown by the
// rules themselves.
func (r *run) judge(ctx context.Context, now time.Time) {
	r.findings = r.rules.Evaluate(r.snapshot, now, r.config.Language)
	for _, f := range r.findings {
		if f.Problem != "" {
			r.logger.LogAttrs(ctx, slog.LevelWarn, "a rule could not be judged",
				slog.String("rule", f.Rule), slog.String("subject", f.Subject), slog.String("problem", f.Problem))
		}
	}
}

// panicked turns a panic of the run itself into an error. Its message is not
// shown anywhere, because it could hold data; the stack holds none.
func (r *run) panicked(ctx context.Context, cause any) error {
	kind := fmt.Sprintf("%T", cause)
	r.logger.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("kind", kind), slog.String("stack", string(debug.Stack())))
	r.outcome, r.reason = OutcomeFailed, "internal error"
	return &InternalError{Kind: kind, ID: r.id}
}

// guard runs one part so that its panic ends that part and nothing else;
// it reports whether the part came to its end.
func (r *run) guard(ctx context.Context, part string, f func()) (ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			r.logger.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("part", part),
				slog.String("kind", fmt.Sprintf("%T", cause)), slog.String("stack", string(debug.Stack())))
			ok = false
		}
	}()
	f()
	return true
}
