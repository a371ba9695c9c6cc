package handler

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// What a run says that remembers nothing: all there is, since nobody knows what was said before.

// usualMorning is when the day's hours count as begun where alerts speak at all hours: nine, in
// minutes after midnight.
const usualMorning = 9 * 60

// decideAfresh says all there is to say to every channel: without memory nobody knows
// what was said before.
func (d Decision) decideAfresh(base license.Report) ([]life.Message, string) {
	if d.isRouted != nil {
		return d.decideRouted(base)
	}
	base.Firing = slices.DeleteFunc(slices.Clone(d.Findings), func(f license.Finding) bool {
		return f.State != license.Firing || f.Event || d.waitsForHours(f)
	})
	license.SortFindings(base.Firing)
	base.Mention = base.Worst() == license.Critical
	reason := "nothing is due"
	switch worst := base.Worst(); {
	case d.Mode == license.ModeDigest:
		reason = "daily digest"
	case worst != "" && worst != license.Info:
		reason = countNoun(len(base.Firing), "finding", "findings")
	case d.tellsBlindness():
		reason = "nothing could be read: " + strings.Join(failedSources(d.Snapshot), ", ")
	default:
		return nil, reason
	}
	return []life.Message{{ID: base.ID, Mode: base.Mode, Report: base, Channels: d.Channels}}, reason
}

// decideRouted says to each channel what is routed to it.
func (d Decision) decideRouted(base license.Report) (messages []life.Message, reason string) {
	for _, channel := range d.Channels {
		one := d
		one.Channels, one.isRouted = []string{channel}, nil
		if own, ok := d.perChannel[channel]; ok {
			one.Hours = own.Hours
		}
		one.Findings = slices.DeleteFunc(slices.Clone(d.Findings),
			func(f license.Finding) bool { return !d.isRouted(&f, channel) })
		var said []life.Message
		said, reason = one.decideAfresh(base)
		messages = append(messages, said...)
	}
	return messages, reason
}

// waitsForHours says whether an alert without memory leaves a finding for the hours.
// Nobody knows whether it is new: said at any time is what has ended and is
// critical, and what ends before the hours begin.
func (d Decision) waitsForHours(f license.Finding) bool {
	switch {
	case d.Mode != license.ModeAlert || d.Hours.Contains(d.Now):
		return false
	case f.Deadline.After(d.Now):
		return f.Severity.Rank() < license.Warning.Rank() || !f.Deadline.Before(d.Hours.Next(d.Now))
	default:
		return f.Severity != license.Critical
	}
}

// tellsBlindness says whether an alert without memory is to say that it could
// read nothing. It cannot know whether that was said before, so it is said in the
// first hour of the day's hours, and not by a rerun.
func (d Decision) tellsBlindness() bool {
	return isBlind(d.Snapshot) && !d.Rerun && isFirstHour(d.Hours, d.Now)
}

// tellsOnlyBlindness says whether that is all there is to say in an alert without memory.
func (d Decision) tellsOnlyBlindness(r license.Report) bool {
	return d.Mode == license.ModeAlert && isBlind(d.Snapshot) && r.Worst().Rank() <= license.Info.Rank()
}

// isFirstHour says whether the day's hours began within the last hour.
func isFirstHour(hours license.Hours, now time.Time) bool {
	began := hours.Began(now)
	if hours.Always() {
		year, month, day := now.Date()
		began = time.Date(year, month, day, 0, usualMorning, 0, 0, now.Location())
	}
	since := now.Sub(began)
	return !began.IsZero() && since >= 0 && since < time.Hour
}
