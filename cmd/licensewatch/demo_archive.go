package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"licensewatch/internal/smallfile"
)

// demoDays are how many days before its own the demo has runs of, with an archive. Of one
// between there is none, for the gap to be seen.
var demoDays = []int{12, 11, 10, 9, 8, 7, 5, 4, 3, 2, 1}

// fillArchive makes the directory of the archive and leaves the records of the days before
// in it. next is the demo that goes on with them; their memory goes with removeState.
func (d demo) fillArchive(ctx context.Context, c console, now time.Time) (next demo, removeState func(), err error) {
	dir, err := makeArchiveDir(d.archive)
	if err != nil {
		return d, nil, err
	}
	memory, err := os.MkdirTemp("", "licensewatch-demo-")
	if err != nil {
		return d, nil, err
	}
	removeState = func() { _ = os.RemoveAll(memory) } // nothing but the space depends on it
	d.archiveURL, d.stateURL = fileURL(dir), fileURL(memory)
	working := c.startProgress("running as on the days before")
	defer working.done()
	for _, days := range demoDays {
		at := now.AddDate(0, 0, -days)
		r, err := d.runOnce(ctx, c, func() time.Time { return at })
		if err == nil && r.failed != nil {
			err = &exitError{text: r.failed.Error()}
		}
		if err != nil {
			removeState()
			return d, nil, err
		}
	}
	return d, removeState, nil
}

// makeArchiveDir makes the directory of --archive, and gives its whole path.
func makeArchiveDir(name string) (string, error) {
	dir, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", fmt.Errorf("--archive: %s cannot be made: %w; name a directory that is not there yet", name,
			smallfile.Reason(err))
	}
	return dir, nil
}

// fileURL is the URL of a directory.
func fileURL(dir string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String()
}

// archiveCommands are what to try with an archive; of one of many accounts where it has those.
func (d demo) archiveCommands() []string {
	list, history := "list --archive "+d.archive, "history cwp.UsedLicenseCnt --archive "+d.archive
	if d.fleet {
		list, history = list+" --account fleet", history+" --account "+demoSelf
	}
	return []string{"archive verify " + d.archive, "archive " + list, "archive " + history,
		"report --archive " + d.archive + " --html report.html"}
}
