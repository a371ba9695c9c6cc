package handler

import (
	"slices"
	"strconv"
	"strings"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

// memoryInput is what the ledger is told, to say what each channel was not told yet.
func (d Decision) memoryInput(ledger *life.Ledger, base license.Report) life.Input {
	return life.Input{
		Now:      d.Now,
		Mode:     d.Mode,
		Channels: d.Channels,
		Findings: d.Findings,
		Snapshot: d.Snapshot,
		RuleIDs:  d.ruleIDs(ledger),
		Base:     base,
		Slot:     d.Slot,
		Hours:    d.Hours,

		OnlyChanges: d.Digest == config.DigestChanges,
		PerChannel:  d.perChannel,
		IsRouted:    d.isRouted,
		IsOneOfMany: d.isRouted != nil,
		OnlyEnds:    d.onlyEnds,

		OwnsFindings: d.isRouted == nil,
		Headline:     message.Headline,
	}
}

// ruleIDs are the rules that exist. Before the first reading nothing is
// remembered that a rule could have left behind, and nobody needs to know.
func (d Decision) ruleIDs(ledger *life.Ledger) []string {
	if d.Snapshot.Fleet == nil && ledger.PreviousReading() == nil {
		return nil
	}
	return d.Rules.IDs()
}

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

// quietOutcome is how a run ends that has nothing to say. It is quiet only when it
// knows that nothing is due.
func (d Decision) quietOutcome(why string, unknown []license.Finding) (Outcome, string) {
	switch unread := failedSources(d.Snapshot); {
	case len(unread) > 0:
		return OutcomeUnknown, why + ", but could not read " + strings.Join(unread, ", ")
	case len(unknown) > 0:
		return OutcomeUnknown, why + ", but " + countNoun(license.CountFindings(unknown), "rule", "rules") +
			" could not be judged"
	default:
		return OutcomeQuiet, why
	}
}

// unknownOf gives the findings that are unknown.
func unknownOf(findings []license.Finding) (unknown []license.Finding) {
	for _, f := range findings {
		if f.State == license.Unknown {
			unknown = append(unknown, f)
		}
	}
	return unknown
}

// failedSources names the sources that were not read, or not whole.
func failedSources(s license.Snapshot) []string {
	var names []string
	for _, source := range s.Wanted {
		if code := sourceCode(s, source); code != codeOK {
			names = append(names, string(source)+" ("+code+")")
		}
	}
	return names
}

// runNotices are what the reader should know about the run itself.
func (d Decision) runNotices() []license.Notice {
	notices := slices.Clone(d.Notices)
	if orders := d.Snapshot.Orders; orders != nil && orders.Incomplete {
		notices = append(notices, license.Notice{Code: license.NoticeOrdersIncomplete,
			Args: []string{strconv.Itoa(len(orders.List)), strconv.FormatInt(orders.TotalCount, 10)}})
	}
	if fields := d.Snapshot.Unparsed(); len(fields) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeFieldsUnread, Args: fields})
	}
	for _, source := range d.Snapshot.Refused() {
		if d.Mode == license.ModeDigest { // once a day
			notices = append(notices, license.Notice{Code: license.NoticeNotAllowed,
				Args: []string{string(source), source.Info().CAM()}})
		}
	}
	for _, unknown := range d.Unknown {
		notices = append(notices, license.Notice{Code: license.NoticeUnknownSetting,
			Args: []string{unknown.Name, unknown.Meant}})
	}
	return notices
}
