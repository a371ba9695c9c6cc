package handler

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/tencent"
)

// pollWaits are the pauses between the polls of an export; the first poll comes
// at once.
var pollWaits = []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 8 * time.Second}

// linkHosts are the domains a download link may point to: Tencent's object
// storage.
var linkHosts = []string{".myqcloud.com", ".tencentcos.cn", ".tencentcos.com"}

// maxLink bounds a download link so that it fits a message, in bytes.
const maxLink = 2048

// runExport has the license details exported and waits for it as long as the
// budget allows; or asks for the export that an earlier run has begun.
func (r *run) runExport(ctx context.Context, now time.Time) {
	ctx, cancel := context.WithDeadline(ctx, r.budget.export)
	defer cancel()
	ok := r.guardPart(ctx, "export", func() { r.export = r.exportNow(ctx, now) })
	if !ok {
		r.export = license.Export{
			Status:  license.ExportFailed,
			Problem: license.ExportRefused,
			Failure: &license.Failure{Kind: license.FailureInternal, Code: "Internal"},
		}
	}
}

func (r *run) exportNow(ctx context.Context, now time.Time) license.Export {
	wanted := r.wantsExport(now)
	pending := r.pendingExport(now)
	switch {
	case r.busy, r.handler.dryRun != nil, r.config.Export == config.ExportOff, !slices.Contains(r.config.Sources, license.SourceOverview):
		return license.Export{Status: license.ExportOff}
	case !r.budget.canExport() && wanted:
		return license.Export{Status: license.ExportSkipped}
	case !r.budget.canExport():
		return license.Export{Status: license.ExportOff}
	case pending != 0 && wanted && r.mode == license.ModeDigest: // it is not finished: that is the one to wait for
		return r.finishExport(r.pollExport(ctx, pending))
	case pending != 0 || r.givenUp:
		r.askOnce(ctx)
	}
	if pending != 0 || !wanted {
		return license.Export{Status: license.ExportOff}
	}
	return r.finishExport(r.startAndPoll(ctx, now))
}

// wantsExport says whether what the run says has a place for the details. The
// rerun of a digest says what the first run wrote.
func (r *run) wantsExport(now time.Time) bool {
	if r.mode != license.ModeDigest {
		return r.config.Export == config.ExportAlways
	}
	isRerun := r.memory.Works() && r.memory.Ledger.IsRerun(r.event.digestSlot(), now)
	return r.config.Export != config.ExportOff && !isRerun
}

func (r *run) startAndPoll(ctx context.Context, now time.Time) license.Export {
	taskID, err := r.client.ExportLicenseDetail(ctx)
	if err != nil {
		return notStarted(account.FailureOf(err), err)
	}
	if taskID == 0 {
		return license.Export{Status: license.ExportFailed, Problem: license.ExportNoTask}
	}
	if !r.memory.Works() {
		return r.pollExport(ctx, taskID)
	}
	r.memory.Ledger.BeginExport(taskID, now)
	var saving sync.WaitGroup // beside the first poll: neither needs the other
	end := halfwayBetween(time.Now(), r.budget.tell)
	saving.Go(func() { r.guardPart(ctx, "export", func() { r.memory.Save(ctx, end) }) })
	defer saving.Wait()
	return r.pollExport(ctx, taskID)
}

func (r *run) pollExport(ctx context.Context, taskID int64) license.Export {
	export := license.Export{Status: license.ExportPending, TaskID: taskID}
	for poll := 0; ; poll++ {
		task, err := r.client.ExportTasks(ctx, taskID)
		done := judgeTask(&export, task, err)
		if done || poll == len(pollWaits) || !r.pauseForPoll(ctx, pollWaits[poll]) {
			r.shareLink(&export, task)
			return export
		}
	}
}

// askOnce asks for the export that an earlier run has begun.
func (r *run) askOnce(ctx context.Context) {
	export := license.Export{Status: license.ExportPending, TaskID: r.late.TaskID}
	task, err := r.client.ExportTasks(ctx, export.TaskID)
	if !judgeTask(&export, task, err) {
		return // the next run asks again, or it is given up
	}
	r.shareLink(&export, task)
	r.late, r.givenUp = export, false
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

// pauseForPoll waits, unless that would leave no time for another poll.
func (r *run) pauseForPoll(ctx context.Context, d time.Duration) bool {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d+time.Second {
		return false
	}
	return r.handler.sleep(ctx, d) == nil
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
func (r *run) shareLink(export *license.Export, task tencent.Task) {
	if export.Status != license.ExportFinished || r.config.ExportShare == config.ShareNone {
		return
	}
	if host, safe := safeLink(task.DownloadURL.Reveal()); !safe {
		export.Withheld = host
		return
	}
	export.Link = task.DownloadURL
}

// safeLink says whether a download link may be posted: https on Tencent's
// object storage, nothing odd about it. The host is for the reader, "invalid"
// when there is none.
func safeLink(link string) (host string, safe bool) {
	u, err := url.Parse(link)
	if err != nil || u.Hostname() == "" {
		return "invalid", false
	}
	host = strings.ToLower(u.Hostname())
	odd := u.Scheme != "https" || u.User != nil || u.Port() != "" || len(link) > maxLink ||
		strings.ContainsFunc(link, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune("<>|\"`\\", c) })
	known := slices.ContainsFunc(linkHosts, func(domain string) bool { return strings.HasSuffix(host, domain) })
	return host, known && !odd
}

func isAmbiguous(err error) bool {
	var api *tencent.APIError
	return errors.As(err, &api) && api.Ambiguous
}

func mayPass(err error) bool {
	var api *tencent.APIError
	return errors.As(err, &api) && api.Retryable
}
