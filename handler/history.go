package handler

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// leastToExportHistory is the time until the end of telling that a usage history needs.
const leastToExportHistory = 4 * time.Second

// historyExport has last month's usage history exported with the first digest of a month, and
// tells of it. It comes after all that the run has to say, so that it delays nothing.
type historyExport struct {
	exportTeller
}

// newHistoryExport makes it, for a month, of what exports the license details.
func newHistoryExport(details exportTeller, month string) *historyExport {
	e := details.exporter
	details.exporter = &exporter{
		client: e.client, memory: e.memory, month: month, sleep: e.sleep, share: e.share,
		budget: e.budget, logger: e.logger, files: e.files, keepsFiles: e.keepsFiles,
	}
	return &historyExport{details}
}

// run exports and tells; isDue says whether it begins an export.
func (h *historyExport) run(ctx context.Context, isDue bool, now time.Time) {
	ctx, cancel := context.WithDeadline(ctx, h.budget.tell)
	defer cancel()
	guard.Run(ctx, h.logger, "history", func() {
		h.findOrBegin(ctx, isDue, now)
		h.tell(ctx)
	})
}

// wantsHistory says whether somebody has a use for usage histories, and there is time.
func wantsHistory(c config.Config, b budget) bool {
	return c.ExportHistory == config.HistoryMonthly && c.Export != config.ExportOff &&
		(c.ExportShare != config.ShareNone || c.ArchiveURL != "") &&
		slices.Contains(c.Sources, license.SourceOverview) && b.canExport() &&
		time.Until(b.tell) >= leastToExportHistory
}

// dueHistory is the month whose history a run may begin, and whether it does. Without memory
// nobody knows whether an earlier digest of the month has.
func dueHistory(memory *session.Session, isArchiveBroken, isDigest, isRerun bool,
	now time.Time) (month string, isDue bool) {
	today := now.In(license.APIZone)
	if memory.Works() {
		return memory.Ledger.History().Due(lastMonth(now), today, isDigest, isArchiveBroken)
	}
	return lastMonth(now), isDigest && today.Day() == 1 && !isRerun
}

// lastMonth is the month before a time's, where the API is, as it takes it.
func lastMonth(now time.Time) string {
	year, month, _ := now.In(license.APIZone).Date()
	return time.Date(year, month, 0, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// findOrBegin asks for the export that an earlier run has begun, or begins one.
func (h *historyExport) findOrBegin(ctx context.Context, isDue bool, now time.Time) {
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), h.budget.tell))
	defer cancel()
	switch state := h.findLate(now); {
	case state != life.ExportNone:
		h.askOnce(ctx)
		return
	case !isDue:
		return
	}
	if h.memory.Works() {
		h.memory.Ledger.History().Try(now.In(license.APIZone))
	}
	export := h.start(ctx, now)
	export.Month = h.month
	if export.Status == license.ExportPending && !h.memory.Works() { // nobody will ask again
		export.Status, export.Problem = license.ExportFailed, license.ExportUnfinished
	}
	h.late = lateExport{Export: export, link: h.link, since: now,
		isTold: h.memory.Works() && h.memory.Ledger.History().Unkept == h.month}
}

// tell tells of an export that has come to its end: where it is, or that there is none, which
// is told once for a month.
func (h *historyExport) tell(ctx context.Context) {
	f, late := h.followUps, h.late
	if late.Month == "" {
		return
	}
	f.logger.LogAttrs(ctx, slog.LevelInfo, "the usage history", slog.String("month", late.Month),
		slog.String("status", string(late.Status)), slog.Int64("task_id", late.TaskID))
	if late.Status == license.ExportPending && !late.isGivenUp {
		return
	}
	word := h.wordAbout(late)
	h.fetchLate(ctx, late, &word)
	var channels []Channel
	if h.share != config.ShareNone && h.isWorthTelling(late) {
		channels = f.channels
	}
	verdicts := h.tellWord(ctx, channels, word)
	if !h.memory.Works() {
		return
	}
	if h.isMade(late, word) {
		h.memory.Ledger.History().Finish(late.Month)
	}
	if !h.followUps.waitsFor(channels, verdicts, word.key, late.since) || f.now().Sub(late.since) > longestLate {
		h.tasks().End(late.TaskID)
	}
}

// isWorthTelling says whether the chats hear of the end of an export: that there is none is
// told once for a month, however often it is tried, and one that was told is not told again.
func (h *historyExport) isWorthTelling(late lateExport) bool {
	switch {
	case !h.memory.Works():
		return true
	case late.Status == license.ExportFinished:
		return !late.isTold
	default:
		return h.memory.Ledger.History().Complain(late.Month) && !late.isTold
	}
}

// isMade says whether nothing is left to be got of a history. With an archive, a file that was
// fetched is still to be sealed.
func (h *historyExport) isMade(late lateExport, word exportWord) bool {
	file := word.export.File
	switch {
	case late.Status == license.ExportFailed:
		return late.Problem == license.ExportNothing
	case late.Status != license.ExportFinished:
		return false
	default:
		isLost := file != nil && file.Failure != nil && !file.Failure.MayPass()
		return late.isKept || isLost || !h.keepsFiles
	}
}

// summary is what the Summary tells of a history; nil where there was nothing to do.
func (h *historyExport) summary() *HistorySummary {
	if h == nil || h.late.Month == "" {
		return nil
	}
	return &HistorySummary{Month: h.late.Month, Status: h.late.Status, TaskID: h.late.TaskID}
}
