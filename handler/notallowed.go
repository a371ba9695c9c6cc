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
func (f *followUps) tellRefused(ctx context.Context, refused []license.Source, isRerun bool) {
	if f.mode != license.ModeAlert || len(refused) == 0 {
		return
	}
	now := f.now()
	isDue := func(string) bool { return f.hours.Contains(now) }
	switch {
	case !f.memory.Works():
		isFirst := !isRerun && isFirstHour(f.hours, now)
		isDue = func(string) bool { return isFirst }
	case isDue(""):
		isDue = func(channel string) bool { return !f.memory.Ledger.HadDigest(channel, now.Add(-refusedPause)) }
	}
	channels := slices.DeleteFunc(slices.Clone(f.channels), func(c Channel) bool {
		return slices.Contains(f.refused, c.Name()) || !isDue(c.Name())
	})
	for _, source := range refused {
		f.noteOnce(ctx, channels, func(language license.Language) license.Note {
			return message.NotAllowedNote(language, source, f.id)
		}, now, "not allowed "+string(source))
	}
}

// refusedPause is how long alerts leave what the role lacks to the digest; it may be late.
const refusedPause = 25 * time.Hour
