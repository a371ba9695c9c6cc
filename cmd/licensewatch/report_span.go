package main

import (
	"fmt"
	"time"

	"licensewatch/archive"
	"licensewatch/report"
)

// reportSpan is the time that a report is about.
type reportSpan struct {
	now      time.Time // the reader's today
	from, to time.Time // days that are looked back at, in UTC as tables by day have them
	until    time.Time // how far is looked ahead
	// since and before bound the records that are read: a day that was named begins and ends in the
	// reader's zone. before is zero where the report is as of now.
	since, before time.Time
}

// The defaults of --from and --to.
const (
	daysBack  = 90
	daysAhead = 365
)

// longestReport bounds what is looked back at and ahead.
const longestReport = 20 * 366

func (r *reportCommand) span(now time.Time) (reportSpan, error) {
	s := reportSpan{now: now, to: now.UTC().Truncate(24 * time.Hour), until: now.AddDate(0, 0, daysAhead)}
	from, to, err := parseDays(r.from, r.to)
	if err != nil {
		return s, err
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if !to.IsZero() && to.Before(today) { // as of the end of that day
		s.before = beginningOf(to.AddDate(0, 0, 1), now.Location())
		s.to, s.now = to, s.before.Add(-time.Second)
		s.until = s.now.AddDate(0, 0, daysAhead)
	} else if to.After(today) {
		s.until = beginningOf(to.AddDate(0, 0, 1), now.Location()).Add(-time.Second)
	}
	s.from = s.to.AddDate(0, 0, 1-daysBack)
	if !from.IsZero() {
		if from.After(s.to) {
			return s, fmt.Errorf("--from %s lies ahead: it is the first day that is looked back at", r.from)
		}
		s.from = from
	}
	s.since = beginningOf(s.from, now.Location())
	if days := s.until.Sub(s.from).Hours() / 24; days > longestReport {
		return s, fmt.Errorf("--from and --to are %.0f days apart, at most %d are looked at", days, longestReport)
	}
	return s, nil
}

// beginningOf is when a day begins in a zone.
func beginningOf(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
}

func reportOptions(span reportSpan) report.Options {
	return report.Options{Now: span.now, From: span.from, To: span.to, Until: span.until}
}

// recordDays are the first and the last day in UTC that have records of the span.
func (s *reportSpan) recordDays() (from, to time.Time) {
	from, to = s.since.UTC().Truncate(24*time.Hour), s.to
	if !s.before.IsZero() {
		to = s.before.Add(-time.Second).UTC().Truncate(24 * time.Hour)
	}
	return from, to
}

// has says whether a record is of the span; what is no record's name is.
func (s *reportSpan) has(record string) bool {
	if !archive.IsRecordName(record) {
		return true
	}
	at := archive.Link{Record: record}.At()
	return !at.Before(s.since) && (s.before.IsZero() || at.Before(s.before))
}
