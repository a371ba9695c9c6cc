package handler

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

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
}

// exportFiles are the files that a run has fetched. They lie in a directory of its own.
type exportFiles struct {
	transport http.RoundTripper
	endpoint  string // LICENSEWATCH_API_ENDPOINT
	sleep     func(ctx context.Context, d time.Duration) error
	logger    *slog.Logger

	mutex   sync.Mutex // guards dir and isOver: a run that breaks ends beside its download
	dir     string     // empty: none was fetched
	isOver  bool
	fetched []exportFile
	tried   []FileSummary
}

// fetch brings the file of a link to the disk. name is what it is called but for its end,
// which is by what it is.
func (f *exportFiles) fetch(ctx context.Context, link license.SignedURL, name string,
	taskID int64) (exportFile, *license.FileFailure) {
	started := time.Now()
	got, failure := f.tryFetch(ctx, link)
	elapsed := slog.Int64("elapsed_ms", time.Since(started).Milliseconds())
	task := slog.Int64("task_id", taskID)
	if failure != nil {
		unfetched := "the export could not be fetched: " + failure.Error()
		f.logger.LogAttrs(ctx, slog.LevelWarn, unfetched, slog.String("name", name), task, elapsed)
		f.tried = append(f.tried, FileSummary{Name: name, TaskID: taskID, Unfetched: unfetched})
		return exportFile{}, failure
	}
	file := exportFile{File: got, Name: name + "." + string(got.Kind), TaskID: taskID}
	f.fetched = append(f.fetched, file)
	f.tried = append(f.tried, FileSummary{Name: file.Name, TaskID: taskID, Bytes: file.Size, SHA256: file.SHA256})
	f.logger.LogAttrs(ctx, slog.LevelInfo, "the export was fetched", slog.String("name", file.Name),
		slog.Int64("bytes", file.Size), slog.String("sha256", file.SHA256), task, elapsed)
	return file, nil
}

func (f *exportFiles) tryFetch(ctx context.Context, link license.SignedURL) (download.File, *license.FileFailure) {
	if link.IsZero() {
		return download.File{}, &license.FileFailure{Problem: license.FileNoLink}
	}
	if host, safe := safeLink(link.Reveal()); !safe && !f.isStandIn(link.Reveal()) {
		return download.File{}, &license.FileFailure{Problem: license.FileHost, Where: "host " + host}
	}
	dir, err := f.directory()
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

// summaries tell of all that were to be fetched.
func (f *exportFiles) summaries() []FileSummary {
	if f == nil {
		return nil
	}
	return f.tried
}

// directory is where the files of the run lie.
func (f *exportFiles) directory() (string, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.isOver {
		return "", os.ErrClosed
	}
	if f.dir != "" {
		return f.dir, nil
	}
	var err error
	f.dir, err = os.MkdirTemp("", "licensewatch-")
	return f.dir, err
}

// remove removes what was fetched, at the end of the run.
func (f *exportFiles) remove() {
	if f == nil {
		return
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.isOver = true
	if f.dir != "" {
		_ = os.RemoveAll(f.dir) // nothing but the space depends on it
	}
}

// detailName is the name of the license details' file but for its end.
const detailName = "license-detail"

// fetchFile brings the file of an export to the disk that has finished, where somebody
// has a use for it.
func (e *exporter) fetchFile(ctx context.Context, export *license.Export) {
	if e.files == nil || export.Status != license.ExportFinished {
		return
	}
	file, failure := e.files.fetch(ctx, e.link, detailName, export.TaskID)
	export.File = &license.ExportFile{Name: file.Name, Size: file.Size, SHA256: file.SHA256, Failure: failure}
}
