package handler

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/session"
	"licensewatch/tencent"
)

// pollWaits are the pauses between the polls of an export; the first poll comes
// at once.
var pollWaits = []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 8 * time.Second}

// linkHosts are the domains a download link may point to: Tencent's object
// storage.
var linkHosts = []string{".myqcloud.com", ".tencentcos.cn", ".tencentcos.com"}

// exporter has the license details exported: one task at a time, from the request to
// its end, which a later run may have to see.
type exporter struct {
	client    *tencent.Client
	memory    *session.Session
	ownLedger *life.Ledger // of one of many accounts; nil: the memory's
	month     string       // of the usage history; empty: the license details
	sleep     func(ctx context.Context, d time.Duration) error
	share     config.ExportShare
	budget    budget
	logger    *slog.Logger

	isWanted   bool         // of one of many accounts: the run begins one
	files      *exportFiles // nil: nobody has a use for the file itself
	keepsFiles bool         // there is an archive
	takesFiles bool         // there are chats that take files

	link   license.SignedURL // of the task of this run, once it has finished
	since  time.Time         // when the run looked for exports
	export license.Export    // of this run
	file   *exportFile       // of this run; nil: it was not fetched
	late   lateExport        // of an earlier one
}

// tasks are those that the ledger remembers; there has to be one.
func (e *exporter) tasks() *life.Exports {
	if e.month != "" {
		return &e.ledger().History().Exports
	}
	return e.ledger().Exports()
}

// ledger is the one that remembers the tasks.
func (e *exporter) ledger() *life.Ledger {
	if e.ownLedger != nil {
		return e.ownLedger
	}
	return e.memory.Ledger
}

// run sees to the task that an earlier run has begun and nobody has seen the end of, and to one of
// the run's own.
func (e *exporter) run(ctx context.Context, isOff, isWanted bool, mode license.Mode, now time.Time) {
	e.since = now
	earlier := e.findLate(now)
	switch {
	case isOff:
	case !e.budget.canExport():
		if isWanted {
			e.export.Status = license.ExportSkipped
		}
	// A digest waits for the one that still runs, instead of beginning another.
	case earlier == life.ExportRunning && isWanted && mode == license.ModeDigest:
		e.takeOwn(ctx, e.poll(ctx, e.late.TaskID))
	default:
		if earlier != life.ExportNone {
			e.askOnce(ctx)
		}
		if isWanted && earlier != life.ExportRunning {
			e.takeOwn(ctx, e.start(ctx, now))
		}
	}
}

// takeOwn takes what became of the run's own export. Its task is remembered only while it runs.
func (e *exporter) takeOwn(ctx context.Context, export license.Export) {
	e.export = export
	if e.memory.Works() && export.Status != license.ExportPending {
		e.tasks().End(export.TaskID)
	}
	e.fetchFile(ctx)
}

// findLate looks for the task that an earlier run has begun and nobody has seen the
// end of.
func (e *exporter) findLate(now time.Time) life.ExportState {
	if !e.memory.Works() {
		return life.ExportNone
	}
	task, state := e.tasks().Pending(now)
	if state != life.ExportNone {
		e.late = newLateExport(task, state, now)
	}
	return state
}

// start begins an export and waits for it.
func (e *exporter) start(ctx context.Context, now time.Time) license.Export {
	taskID, err := e.client.ExportLicenseDetail(ctx, e.month)
	if err != nil {
		return notStarted(account.FailureOf(err), err)
	}
	if taskID == 0 {
		return license.Export{Status: license.ExportFailed, Problem: license.ExportNoTask}
	}
	if !e.memory.Works() {
		return e.poll(ctx, taskID)
	}
	e.begin(taskID, now)
	if e.ownLedger != nil { // it is saved with those of all accounts
		return e.poll(ctx, taskID)
	}
	var saving sync.WaitGroup // beside the first poll: neither needs the other
	end := instant.Halfway(time.Now(), e.budget.tell)
	saving.Go(func() { guard.Run(ctx, e.logger, "export", func() { e.memory.Save(ctx, end) }) })
	defer saving.Wait() // it reads the ledger
	return e.poll(ctx, taskID)
}

// begin remembers a task.
func (e *exporter) begin(taskID int64, now time.Time) {
	if e.month != "" {
		e.ledger().History().BeginMonth(e.month, taskID, now)
		return
	}
	e.tasks().Begin(taskID, now)
}

// poll waits for a task.
func (e *exporter) poll(ctx context.Context, taskID int64) license.Export {
	export := license.Export{Status: license.ExportPending, TaskID: taskID}
	for poll := 0; ; poll++ {
		task, err := e.client.ExportTasks(ctx, taskID)
		done := judgeTask(&export, task, err)
		if done || poll == len(pollWaits) || !e.pause(ctx, pollWaits[poll]) {
			e.link = task.DownloadURL
			e.shareLink(&export, task)
			return export
		}
	}
}

// askOnce asks for the export that an earlier run has begun.
func (e *exporter) askOnce(ctx context.Context) {
	export := license.Export{Status: license.ExportPending, TaskID: e.late.TaskID}
	task, err := e.client.ExportTasks(ctx, export.TaskID)
	if !judgeTask(&export, task, err) {
		return // the next run asks again, or it is given up
	}
	e.shareLink(&export, task)
	export.Month = e.late.Month
	e.late.Export, e.late.link, e.late.isGivenUp = export, task.DownloadURL, false
}

// pause waits, unless that would leave no time for another poll.
func (e *exporter) pause(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d+time.Second {
		return false
	}
	return e.sleep(ctx, d) == nil
}

// renewLinks asks again for the links of messages that were written earlier:
// no link is ever stored.
func (e *exporter) renewLinks(ctx context.Context, messages []life.Message) {
	ctx, cancel := context.WithDeadline(ctx, e.budget.export)
	defer cancel()
	for i := range messages {
		export := &messages[i].Report.Export
		if !messages[i].Owed || export.Status != license.ExportFinished || export.TaskID == 0 || ctx.Err() != nil {
			continue
		}
		if task, err := e.client.ExportTasks(ctx, export.TaskID); err == nil && !task.DownloadURL.IsZero() {
			e.shareLink(export, task)
		}
	}
}

// judgeTask puts a poll's answer into export and says whether it is final.
func judgeTask(export *license.Export, task tencent.Task, err error) (done bool) {
	if err != nil {
		failure := account.FailureOf(err)
		if isNothing(failure) {
			export.Status, export.Problem = license.ExportFailed, license.ExportNothing
			return true
		}
		// A poll that failed in passing says nothing about the task.
		if mayPass(err) {
			return false
		}
		export.Status, export.Problem, export.Failure = license.ExportFailed, license.ExportRefused, failure
		return true
	}
	// Until a later poll says otherwise, this is how the export stands.
	export.Status, export.Problem = license.ExportPending, ""
	switch {
	case task.Status == tencent.TaskFinished && !task.DownloadURL.IsZero():
		export.Status = license.ExportFinished
		return true
	case task.Status == tencent.TaskError:
		export.Status, export.Problem = license.ExportFailed, license.ExportError
		return true
	case task.Status == tencent.TaskFinished:
		export.Status, export.Problem = license.ExportFailed, license.ExportNoLink
	case task.Status != tencent.TaskPending: // not documented: pending, until it lasts
		export.Status, export.Problem = license.ExportFailed, license.ExportError
	}
	return false
}

// notStarted is the export of which no task is known.
func notStarted(failure *license.Failure, err error) license.Export {
	export := license.Export{Status: license.ExportFailed, Problem: license.ExportRefused, Failure: failure}
	switch {
	case isNothing(failure):
		export.Problem = license.ExportNothing
	case isAmbiguous(err):
		export.Problem = license.ExportAmbiguous
	}
	return export
}

// isNothing recognises the one business error the export's page lists.
func isNothing(f *license.Failure) bool {
	return f.Code == "ResourceNotFound" || strings.HasPrefix(f.Code, "ResourceNotFound.")
}

// shareLink decides what of the download link may be shown.
func (e *exporter) shareLink(export *license.Export, task tencent.Task) {
	if export.Status != license.ExportFinished || e.share == config.ShareNone {
		return
	}
	if host, isSafe := checkLink(task.DownloadURL.Reveal()); !isSafe {
		export.Withheld = host
		return
	}
	export.Link = task.DownloadURL
}

// checkLink says whether a download link may be posted: https on Tencent's
// object storage, nothing odd about it. The host is for the reader, "invalid"
// when there is none.
func checkLink(link string) (host string, isSafe bool) {
	u, err := url.Parse(link)
	if err != nil || u.Hostname() == "" {
		return "invalid", false
	}
	host = strings.ToLower(u.Hostname())
	odd := u.Scheme != "https" || u.User != nil || u.Port() != "" || len(link) > message.MaxLink ||
		strings.ContainsFunc(link, func(c rune) bool {
			return c <= ' ' || c > '~' || strings.ContainsRune("<>|\"`\\", c)
		})
	known := slices.ContainsFunc(linkHosts, func(domain string) bool { return strings.HasSuffix(host, domain) })
	return host, known && !odd
}

func isAmbiguous(err error) bool {
	api, ok := errors.AsType[*tencent.APIError](err)
	return ok && api.Ambiguous
}

func mayPass(err error) bool {
	api, ok := errors.AsType[*tencent.APIError](err)
	return ok && api.Retryable
}
