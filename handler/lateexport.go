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

// pendingExport is the task that an earlier run has begun and nobody has seen
// the end of; 0 when there is none, or when it was waited for too long.
func (r *run) pendingExport(now time.Time) (taskID int64) {
	if !r.memory.Works() {
		return 0
	}
	pending, overdue, ok := r.memory.Ledger.PendingExport(now)
	if !ok {
		return 0
	}
	r.setLate(pending, now)
	if overdue {
		r.givenUp = true
		return 0
	}
	return pending.TaskID
}

func (r *run) setLate(e life.Export, now time.Time) {
	r.late, r.lateSince = license.Export{Status: license.ExportPending, TaskID: e.TaskID}, e.StartedAt.In(now.Location())
}

// finishExport lets the ledger forget a task that has come to its end.
func (r *run) finishExport(export license.Export) license.Export {
	if r.memory.Works() && export.Status != license.ExportPending {
		r.memory.Ledger.EndExport(export.TaskID)
	}
	return export
}

// tellLateExport posts what became of an earlier run's export, as a short
// follow-up. It is forgotten once nobody waits for it any more.
func (r *run) tellLateExport(ctx context.Context) {
	if r.late.TaskID == 0 || r.late.Status == license.ExportPending && !r.givenUp {
		if !r.memory.Works() {
			return
		}
		before, ok := r.memory.Ledger.GivenUp() // has made way for another one before every channel was told
		if !ok {
			return
		}
		r.setLate(before, r.reportTime())
	}
	// A repeat has the same id, whichever run makes it.
	task := strconv.FormatInt(r.late.TaskID, 10)
	id := shortID(r.host.TencentcloudUin, triggerEvent{trigger: "export " + task, time: r.lateSince.UTC().Format(time.RFC3339)}, "", r.lateSince)
	r.logger.LogAttrs(ctx, slog.LevelInfo, "the word about an earlier export", slog.String("message_id", id), slog.String("task_id", task))
	note := message.ExportNote(r.config.Language, r.late, id)
	key := textOf(note) + task
	verdicts := r.noteOnce(ctx, r.channels, note, r.lateSince, key)
	if !r.waitsFor(verdicts, key) || r.reportTime().Sub(r.lateSince) > longestLate {
		r.memory.Ledger.EndExport(r.late.TaskID)
	}
}

// waitsFor says whether a channel may still be told of a late export: it was not, and
// did not refuse for good.
func (r *run) waitsFor(verdicts []deliveryVerdict, key string) bool {
	return r.memory.Works() && slices.ContainsFunc(r.channels, func(c Channel) bool {
		isDead := slices.ContainsFunc(verdicts, func(v deliveryVerdict) bool {
			return v.channel.Name() == c.Name() && v.refusal != nil && !v.refusal.Retryable
		})
		return !isDead && r.memory.Ledger.MayTellToday(c.Name(), key, "", r.lateSince)
	})
}

// renewLinks asks again for the links of messages that were written earlier:
// no link is ever stored.
func (r *run) renewLinks(ctx context.Context, messages []life.Message) {
	ctx, cancel := context.WithDeadline(ctx, r.budget.export)
	defer cancel()
	for i := range messages {
		export := &messages[i].Report.Export
		if !messages[i].Owed || export.Status != license.ExportFinished || export.TaskID == 0 || ctx.Err() != nil {
			continue
		}
		if task, err := r.client.ExportTasks(ctx, export.TaskID); err == nil && !task.DownloadURL.IsZero() {
			r.shareLink(export, task)
		}
	}
}
