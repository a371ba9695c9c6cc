package handler

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
)

// uncalledPeople are the calls to everybody that were not accepted while channels answer, of
// reports that were.
type uncalledPeople struct {
	mutex   sync.Mutex
	refused []*notify.Error
}

func (c *uncalledPeople) noteVerdict(v deliveryVerdict) {
	refusal := v.receipt.Uncalled
	if v.refusal != nil && v.refusal.Call {
		refusal = v.refusal
	}
	if refusal != nil {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.refused = append(c.refused, refusal)
	}
}

// tellUncalled says of the calls that were not accepted, in the log and, by what it
// returns, in the Summary; and of those that nobody will make any more in the channels that
// work, or where there is no other in the very one: somebody has to hear of it, and reads
// there.
func (f *followUps) tellUncalled(ctx context.Context, living []Channel, refused []*notify.Error) (reason string) {
	if len(refused) == 0 {
		return ""
	}
	var reasons []string
	for _, refusal := range refused {
		reasons = append(reasons, refusal.Error())
		f.logger.LogAttrs(ctx, slog.LevelWarn, "a channel took the report, but not the call to everybody",
			slog.String("channel", refusal.Channel),
			slog.String("error", refusal.Error()), slog.Bool("passing", refusal.Retryable))
		if f.memory.Works() && f.memory.Ledger.OwesCall(refusal.Channel) { // a later run makes it
			continue
		}
		others := slices.DeleteFunc(slices.Clone(living), func(c Channel) bool { return c.Name() == refusal.Channel })
		if len(others) == 0 {
			others = living
		}
		f.noteOnce(ctx, others, func(language license.Language) license.Note {
			return message.UncalledNote(language, refusal.Failure(), f.id)
		}, f.now(), "")
	}
	return "; the call to everybody was not accepted: " + strings.Join(reasons, "; ")
}
