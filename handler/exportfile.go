package handler

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"time"

	"licensewatch/config"
	"licensewatch/internal/download"
	"licensewatch/internal/hostname"
	"licensewatch/internal/retry"
	"licensewatch/license"
)

// exportFile is an exported file on the disk, until the run ends.
type exportFile struct {
	download.File

	Name   string // of our own: "license-detail.xlsx"
	TaskID int64
	Month  string // of a usage history; empty: the license details
}

// exportFiles are the files that a run has fetched.
type exportFiles struct {
	transport http.RoundTripper
	endpoint  string // LICENSEWATCH_API_ENDPOINT
	sleep     func(ctx context.Context, d time.Duration) error
	logger    *slog.Logger

	scratch scratchDirectory // where they lie
	fetched []exportFile     // those that a record is to hold
	tried   []FileSummary
	opened  []*os.File // to be sealed
}

// fetch brings the file of an export to the disk. Its name ends as what it is. One that isKept
// is in an earlier run's record, and not to be sealed again.
func (f *exportFiles) fetch(ctx context.Context, link license.SignedURL, export license.Export,
	isKept bool) (exportFile, *license.FileFailure) {
	started, name, taskID := time.Now(), detailName, export.TaskID
	if export.Month != "" {
		name = historyName
	}
	got, failure := f.tryFetch(ctx, link)
	elapsed := slog.Int64("elapsed_ms", time.Since(started).Milliseconds())
	task := slog.Int64("task_id", taskID)
	if failure != nil {
		unfetched := "the export could not be fetched: " + failure.Error()
		f.logger.LogAttrs(ctx, slog.LevelWarn, unfetched, slog.String("name", name), task, elapsed)
		f.tried = append(f.tried, FileSummary{Name: name, TaskID: taskID, Unfetched: unfetched})
		return exportFile{}, failure
	}
	file := exportFile{File: got, Name: name + "." + string(got.Kind), TaskID: taskID, Month: export.Month}
	if !isKept {
		f.fetched = append(f.fetched, file)
	}
	f.tried = append(f.tried, FileSummary{Name: file.Name, TaskID: taskID, Bytes: file.Size, SHA256: file.SHA256})
	f.logger.LogAttrs(ctx, slog.LevelInfo, "the export was fetched", slog.String("name", file.Name),
		slog.Int64("bytes", file.Size), slog.String("sha256", file.SHA256), task, elapsed)
	return file, nil
}

func (f *exportFiles) tryFetch(ctx context.Context, link license.SignedURL) (download.File, *license.FileFailure) {
	if link.IsZero() {
		return download.File{}, &license.FileFailure{Problem: license.FileNoLink}
	}
	if host, isSafe := checkLink(link.Reveal()); !isSafe && !f.isStandIn(link.Reveal()) {
		return download.File{}, &license.FileFailure{Problem: license.FileHost, Where: "host " + host}
	}
	dir, err := f.scratch.directory()
	if err != nil {
		return download.File{}, &license.FileFailure{Problem: license.FileDisk}
	}
	policy := retry.Default()
	policy.Sleep = f.sleep
	return download.Fetch(ctx, link, download.Options{Transport: f.transport, Dir: dir, Policy: policy})
}

// isStandIn says whether a link leads to the stand-in of the API on this machine, where
// there is one.
func (f *exportFiles) isStandIn(link string) bool {
	endpoint, err := url.Parse(f.endpoint)
	if err != nil || !hostname.IsLoopback(endpoint) {
		return false
	}
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil &&
		hostname.Of(u) == hostname.Of(endpoint)
}

// hasFetched says whether a file was fetched that a record is to hold.
func (f *exportFiles) hasFetched() bool { return len(f.all()) > 0 }

// all are the files that were fetched and that a record is to hold.
func (f *exportFiles) all() []exportFile {
	if f == nil {
		return nil
	}
	return f.fetched
}

// summaries tell of all that were to be fetched.
func (f *exportFiles) summaries() []FileSummary {
	if f == nil {
		return nil
	}
	return f.tried
}

// remove removes what was fetched, at the end of the run.
func (f *exportFiles) remove() {
	if f == nil {
		return
	}
	for _, file := range f.opened {
		_ = file.Close() // nothing was written
	}
	f.scratch.remove()
}

// The names of the files but for their ends.
const (
	detailName  = "license-detail"
	historyName = "license-history"
)

// fetchFile brings the file of the run's export to the disk when it has finished, where
// somebody has a use for it. What a chat is promised by it, or is to be kept and may come
// later, is remembered before the chat is told.
func (e *exporter) fetchFile(ctx context.Context) {
	sends := e.share == config.ShareFile && e.takesFiles
	if e.files == nil || e.export.Status != license.ExportFinished || e.isKept() && !sends {
		return
	}
	file, failure := e.files.fetch(ctx, e.link, e.export, e.isKept())
	e.export.File = e.describeFile(file, failure)
	if failure == nil {
		e.file = &file
	}
	if e.memory.Works() {
		e.holdFile(e.export.TaskID, e.since, failure, sends)
		if e.isKept() {
			e.tasks().MarkKept(e.export.TaskID)
		}
	}
}

// holdFile remembers what a later run has to do with the file of a task, which was fetched or
// failed: to send it where chats were promised it, and to keep it where there is an archive.
func (e *exporter) holdFile(taskID int64, since time.Time, failure *license.FileFailure, sends bool) {
	switch {
	case failure == nil && sends, failure != nil && failure.MayPass() && e.keepsFiles:
		e.tasks().Hold(taskID, since)
	case failure == nil && e.keepsFiles: // until it is sealed
		e.tasks().HoldToKeep(taskID, since)
	}
}

// isKept says whether the run's export is one that an earlier run has begun and sealed.
func (e *exporter) isKept() bool { return e.late.isKept && e.late.TaskID == e.export.TaskID }

// endSending remembers that no chat waits for the file of a task.
func (e *exporter) endSending(taskID int64) {
	if e.keepsFiles {
		e.tasks().MarkSent(taskID)
		return
	}
	e.tasks().Release(taskID)
}

// describeFile is what messages tell of a file.
func (e *exporter) describeFile(file exportFile, failure *license.FileFailure) *license.ExportFile {
	return &license.ExportFile{Name: file.Name, Size: file.Size, SHA256: file.SHA256, Failure: failure,
		IsShared: e.share == config.ShareFile}
}
