package handler

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

// longestLate is how long a channel that is down is waited for with the word about
// an export. The marks of who was told are kept no longer.
const longestLate = 48 * time.Hour

// lateExport is an export that an earlier run has begun, and what became of it. TaskID
// 0: there is none.
type lateExport struct {
	license.Export
	since     time.Time // when it was begun
	isGivenUp bool      // it was waited for too long
}

func newLateExport(task life.ExportTask, state life.ExportState, now time.Time) lateExport {
	return lateExport{
		Export: license.Export{Status: license.ExportPending, TaskID: task.TaskID},
		since:  task.StartedAt.In(now.Location()), isGivenUp: state != life.ExportRunning,
	}
}

// tellLateExport posts what became of an earlier run's export, as a short
// follow-up. It is forgotten once nobody waits for it any more.
func (f *followUps) tellLateExport(ctx context.Context, late lateExport, uin string) {
	if late.TaskID == 0 || late.Status == license.ExportPending && !late.isGivenUp {
		if !f.memory.Works() {
			return
		}
		before, state := f.memory.Ledger.Exports().GivenUp()
		if state == life.ExportNone {
			return
		}
		late = newLateExport(before, state, f.now())
	}
	// A repeat has the same id, whichever run makes it.
	task := strconv.FormatInt(late.TaskID, 10)
	id := shortID(uin, triggerEvent{trigger: "export " + task, time: late.since.UTC().Format(time.RFC3339)}, "",
		late.since)
	f.logger.LogAttrs(ctx, slog.LevelInfo, "the word about an earlier export", slog.String("message_id", id),
		slog.String("task_id", task))
	note := message.ExportNote(f.language, late.Export, id)
	key := textOf(note) + task
	verdicts := f.noteOnce(ctx, f.channels, note, late.since, key)
	if !f.waitsFor(verdicts, key, late.since) || f.now().Sub(late.since) > longestLate {
		f.memory.Ledger.Exports().End(late.TaskID)
	}
}

// waitsFor says whether a channel may still be told of a late export: it was not, and
// did not refuse for good.
func (f *followUps) waitsFor(verdicts []deliveryVerdict, key string, since time.Time) bool {
	return f.memory.Works() && slices.ContainsFunc(f.channels, func(c Channel) bool {
		isDead := slices.ContainsFunc(verdicts, func(v deliveryVerdict) bool {
			return v.channel.Name() == c.Name() && v.refusal != nil && !v.refusal.Retryable
		})
		return !isDead && f.memory.Ledger.Notes().MayTell(c.Name(), key, "", since)
	})
}
