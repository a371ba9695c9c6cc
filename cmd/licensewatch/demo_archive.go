package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/internal/smallfile"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// demoDays are how many days before its own the demo has runs of, with an archive. Of one
// between there is none, for the gap to be seen.
var demoDays = []int{12, 11, 10, 9, 8, 7, 5, 4, 3, 2, 1}

// quarter is the scenario that tells of many days; see simulator.QuarterDays.
const quarter = "quarter"

// The acknowledgement of the quarter: of what, how many days before the last one, and until
// how many days after it.
const (
	ackedRule, ackedSubject = "cwp-order-expiring", "cwp-aaaa"
	ackedDaysAgo, ackedFor  = 4, 7
)

// daysBefore are how many days before its own the demo has runs of.
func (d demo) daysBefore() []int {
	if d.scenario != quarter {
		return demoDays
	}
	var all []int
	for day := simulator.QuarterDays; day > 0; day-- {
		if !slices.Contains(simulator.QuarterGaps, day) {
			all = append(all, day)
		}
	}
	return all
}

// fillArchive makes the directory of the archive and leaves the records of the days before
// in it. next is the demo that goes on with them and with the same chats; these and the memory
// go with closeDays.
func (d demo) fillArchive(ctx context.Context, c console, now time.Time) (next demo, closeDays func(), err error) {
	dir, err := makeArchiveDir(d.archive)
	if err != nil {
		return d, nil, err
	}
	memory, err := os.MkdirTemp("", "licensewatch-demo-")
	if err != nil {
		return d, nil, err
	}
	d.chats = simulator.New(simulator.Options{Scenario: d.scenario, Site: license.Site(d.site)})
	closeDays = func() {
		d.chats.Close()
		_ = os.RemoveAll(memory) // nothing but the space depends on it
	}
	if err := d.chats.Start(); err != nil {
		closeDays()
		return d, nil, &exitError{text: fmt.Sprintf("the simulator could not start: %v", err)}
	}
	d.archiveURL, d.stateURL = fileURL(dir), fileURL(memory)
	working := c.startProgress("running as on the days before")
	defer working.done()
	days := d.daysBefore()
	for i, daysAgo := range days {
		working.step("running as on the days before: %d of %d", i+1, len(days))
		if err := d.runDay(ctx, c, now, daysAgo); err != nil {
			closeDays()
			return d, nil, cmp.Or(interruptedError(ctx), err)
		}
	}
	return d, closeDays, nil
}

// runDay runs the digest of a day before, and an alert of its afternoon where much happens.
func (d demo) runDay(ctx context.Context, c console, now time.Time, daysAgo int) error {
	d.daysAgo, d.mode = daysAgo, string(license.ModeDigest)
	at := now.AddDate(0, 0, -daysAgo)
	runAt := func() error {
		r, err := d.runOnce(ctx, c, func() time.Time { return at })
		if err == nil && r.failed != nil {
			err = &exitError{text: r.failed.Error()}
		}
		return err
	}
	if err := runAt(); err != nil || d.scenario != quarter {
		return err
	}
	d.mode, at = string(license.ModeAlert), at.Add(7*time.Hour)
	if err := runAt(); err != nil || daysAgo != ackedDaysAgo {
		return err
	}
	return session.Edit(ctx, session.OptionsOf(config.Config{StateURL: d.stateURL}), func(ledger *life.Ledger) error {
		return ledger.Acknowledge(license.Ack{Rule: ackedRule, Subject: ackedSubject,
			Until: now.AddDate(0, 0, ackedFor), Reason: "renewal is with purchasing", By: "lin"}, at)
	})
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
		"report --archive " + d.archive + " --language " + d.language + " --html report.html"}
}
