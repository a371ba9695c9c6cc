package handler

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
)

// leastToExportHistory is the time until the end of telling that a usage history needs.
const leastToExportHistory = 4 * time.Second

// exportHistory has last month's usage history exported with the first digest of a month,
// and tells of it. It comes after all that the run has to say, so that it delays nothing.
func (r *run) exportHistory(ctx context.Context) {
	if !r.wantsHistory() || time.Until(r.budget.tell) < leastToExportHistory {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, r.budget.tell)
	defer cancel()
	now := r.reportTime()
	h := &exporter{
		client: r.client, memory: r.memory, month: lastMonth(now), sleep: r.handler.sleep, share: r.config.ExportShare,
		budget: r.budget, logger: r.logger, files: r.files, keepsFiles: r.exporter.keepsFiles,
	}
	r.history = h
	r.guardPart(ctx, "history", func() {
		h.seeToHistory(ctx, r.isHistoryDue(now), now)
		r.tellHistory(ctx, h)
	})
}

// wantsHistory says whether somebody has a use for usage histories.
func (r *run) wantsHistory() bool {
	c := r.config
	return c.ExportHistory == config.HistoryMonthly && c.Export != config.ExportOff && r.handler.dryRun == nil &&
		(c.ExportShare != config.ShareNone || c.ArchiveURL != "") &&
		slices.Contains(c.Sources, license.SourceOverview) && r.budget.canExport()
}

// isHistoryDue says whether the run begins an export. Without memory nobody knows whether
// an earlier one of the month has.
func (r *run) isHistoryDue(now time.Time) bool {
	today := now.In(license.APIZone)
	switch {
	case r.mode != license.ModeDigest:
		return false
	case r.memory.Works():
		return r.memory.Ledger.History().IsDue(lastMonth(now), today)
	default:
		return today.Day() == 1 && !r.rerun
	}
}

// lastMonth is the month before a time's, where the API is, as it takes it.
func lastMonth(now time.Time) string {
	year, month, _ := now.In(license.APIZone).Date()
	return time.Date(year, month, 0, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// seeToHistory asks for the export that an earlier run has begun, or begins one.
func (e *exporter) seeToHistory(ctx context.Context, isDue bool, now time.Time) {
	ctx, cancel := context.WithDeadline(ctx, halfwayBetween(time.Now(), e.budget.tell))
	defer cancel()
	switch state := e.findLate(now); {
	case state != life.ExportNone:
		e.askOnce(ctx)
		return
	case !isDue:
		return
	}
	if e.memory.Works() {
		e.memory.Ledger.History().Try(now.In(license.APIZone))
	}
	export := e.start(ctx, now)
	export.Month = e.month
	if export.Status == license.ExportPending && !e.memory.Works() { // nobody will ask again
		export.Status, export.Problem = license.ExportFailed, license.ExportUnfinished
	}
	e.late = lateExport{Export: export, link: e.link, since: now}
}

// tellHistory tells of an export that has come to its end: where it is, or that there is
// none, which is told once for a month.
func (r *run) tellHistory(ctx context.Context, h *exporter) {
	f, late := &r.followUps, h.late
	if late.Month == "" {
		return
	}
	f.logger.LogAttrs(ctx, slog.LevelInfo, "the usage history", slog.String("month", late.Month),
		slog.String("status", string(late.Status)), slog.Int64("task_id", late.TaskID))
	if late.Status == license.ExportPending && !late.isGivenUp {
		return
	}
	word := f.newExportWord(late, r.host.TencentcloudUin)
	h.fetchLate(ctx, f, late, &word)
	var channels []Channel
	if h.share != config.ShareNone && h.isWorthTelling(late) {
		channels = f.channels
	}
	verdicts := f.tellExport(ctx, channels, word)
	if !h.memory.Works() {
		return
	}
	if h.isMade(late, word) {
		h.memory.Ledger.History().Finish(late.Month)
	}
	if !f.waitsFor(channels, verdicts, word.key, late.since) || f.now().Sub(late.since) > longestLate {
		h.tasks().End(late.TaskID)
	}
}

// isWorthTelling says whether the chats hear of the end of an export: that there is none is
// told once for a month, however often it is tried.
func (e *exporter) isWorthTelling(late lateExport) bool {
	if late.Status == license.ExportFinished || !e.memory.Works() {
		return true
	}
	return e.memory.Ledger.History().Complain(late.Month)
}

// isMade says whether nothing is left to be got of a history. With an archive, a file that was
// fetched is still to be sealed.
func (e *exporter) isMade(late lateExport, word exportWord) bool {
	file := word.export.File
	switch {
	case late.Status == license.ExportFailed:
		return late.Problem == license.ExportNothing
	case late.Status != license.ExportFinished:
		return false
	default:
		isLost := file != nil && file.Failure != nil && !file.Failure.MayPass()
		return late.isKept || isLost || !e.keepsFiles
	}
}

// historySummary is what the Summary tells of a history; nil where there was nothing to do.
func (e *exporter) historySummary() *HistorySummary {
	if e == nil || e.late.Month == "" {
		return nil
	}
	return &HistorySummary{Month: e.late.Month, Status: e.late.Status, TaskID: e.late.TaskID}
}
