package handler

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// decide makes the report of this run. due is false when there is nothing to
// say; outcome and reason then tell why.
func (r *run) decide(now time.Time) (report license.Report, due bool) {
	firing, unknown := split(r.findings)
	report = license.Report{
		ID:       r.id,
		Mode:     r.mode,
		Language: r.config.Language,
		At:       now,
		Snapshot: r.snapshot,
		Firing:   firing,
		Unknown:  unknown,
		Export:   r.export,
		Notices:  r.notices(),
	}
	report.Mention = report.Worst() == license.Critical
	switch {
	case r.mode == license.ModeDigest:
		r.reason = "daily digest"
		return report, true
	case len(firing) > 0:
		r.reason = count(len(firing), "finding", "findings")
		return report, true
	case len(r.snapshot.Failures) > 0:
		r.outcome, r.reason = OutcomeUnknown, "nothing is due, but could not read "+strings.Join(failed(r.snapshot), ", ")
	case len(unknown) > 0:
		r.outcome, r.reason = OutcomeQuiet, "nothing is due; "+count(len(unknown), "rule", "rules")+" could not be judged"
	default:
		r.outcome, r.reason = OutcomeQuiet, "nothing is due"
	}
	return report, false
}

// split gives the firing findings, worst first and soonest first, and the
// unknown ones in the rules' order.
func split(findings []license.Finding) (firing, unknown []license.Finding) {
	for _, f := range findings {
		switch f.State {
		case license.Firing:
			firing = append(firing, f)
		case license.Unknown:
			unknown = append(unknown, f)
		}
	}
	slices.SortStableFunc(firing, func(a, b license.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), compareDeadline(a, b))
	})
	return firing, unknown
}

// compareDeadline puts the sooner deadline first, and one that is known before
// none.
func compareDeadline(a, b license.Finding) int {
	switch {
	case a.Deadline.IsZero() && b.Deadline.IsZero():
		return 0
	case a.Deadline.IsZero():
		return 1
	case b.Deadline.IsZero():
		return -1
	default:
		return a.Deadline.Compare(b.Deadline)
	}
}

func failed(s license.Snapshot) []string {
	var names []string
	for _, source := range s.Wanted {
		if failure := s.Failures[source]; failure != nil {
			names = append(names, string(source)+" ("+failure.Code+")")
		}
	}
	return names
}

// notices are what the reader should know about the run itself.
func (r *run) notices() []license.Notice {
	var notices []license.Notice
	if orders := r.snapshot.Orders; orders != nil && orders.Incomplete {
		notices = append(notices, license.Notice{Code: license.NoticeOrdersIncomplete,
			Args: []string{strconv.Itoa(len(orders.List)), strconv.FormatInt(orders.TotalCount, 10)}})
	}
	if fields := unparsed(r.snapshot); len(fields) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeFieldsUnread, Args: fields})
	}
	for _, unknown := range r.config.Unknown {
		notices = append(notices, license.Notice{Code: license.NoticeUnknownSetting, Args: []string{unknown.Name, unknown.Meant}})
	}
	return notices
}
