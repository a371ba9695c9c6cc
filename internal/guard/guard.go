// Package guard ends a part of a run that breaks, and nothing else.
package guard

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
)

// Run runs one part so that its panic ends that part and nothing else; it reports
// whether the part came to its end. The panic's message is not logged, because it could
// hold data; the stack holds none.
func Run(ctx context.Context, logger *slog.Logger, part string, f func()) (ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			logger.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("part", part),
				slog.String("kind", fmt.Sprintf("%T", cause)), slog.String("stack", string(debug.Stack())))
			ok = false
		}
	}()
	f()
	return true
}
