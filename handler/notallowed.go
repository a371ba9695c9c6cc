package handler

import (
	"context"
	"slices"
	"time"

	"licensewatch/license"
	"licensewatch/message"
)

// tellRefused says which actions the role lacks for sources that were added after it was
// made: a digest has them in a line, and alerts tell them where none has come for a day.
// Without memory nobody knows when it was said last; it is said in the first hour of the
// day's hours then.
func (r *run) tellRefused(ctx context.Context) {
	refused := r.snapshot.Refused()
	if r.mode != license.ModeAlert || len(refused) == 0 {
		return
	}
	now := r.reportTime()
	isDue := func(string) bool { return r.config.Hours.Contains(now) }
	switch {
	case !r.memory.Works():
		isFirst := !r.rerun && isFirstHour(r.config.Hours, now)
		isDue = func(string) bool { return isFirst }
	case isDue(""):
		isDue = func(channel string) bool { return !r.memory.Ledger.HadDigest(channel, now.Add(-refusedPause)) }
	}
	channels := slices.DeleteFunc(slices.Clone(r.channels), func(c Channel) bool {
		return slices.Contains(r.refused, c.Name()) || !isDue(c.Name())
	})
	for _, source := range refused {
		r.noteOnce(ctx, channels, message.NotAllowedNote(r.config.Language, source, r.id), now, "not allowed "+string(source))
	}
}

// refusedPause is how long alerts leave what the role lacks to the digest; it may be late.
const refusedPause = 25 * time.Hour
